"""Contracts to verify providers with, and a place where none is."""

import socket
from typing import Any


def interaction(description: str = "it", request: Any = None, response: Any = None, **members: Any) -> dict[str, Any]:
    return {
        "type": "Synchronous/HTTP",
        "description": description,
        "request": {"method": "GET", "path": "/a", **(request or {})},
        "response": {"status": 200, **(response or {})},
        **members,
    }


def json_body(value: Any) -> dict[str, Any]:
    return {"content": value, "contentType": "application/json", "encoded": False}


def answered(value: Any) -> dict[str, Any]:
    return {"headers": {"Content-Type": ["application/json"]}, "body": json_body(value)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
