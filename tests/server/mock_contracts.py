"""Contracts to serve, and a client that sends bytes as they are."""

from __future__ import annotations

import socket
from typing import Any


def contract(*interactions: dict[str, Any], version: str = "3.0.0", **parties: str) -> dict[str, Any]:
    """A contract document; each interaction is described by its number from 1 unless it has a description."""
    return {
        "consumer": {"name": parties.get("consumer", "c")},
        "provider": {"name": parties.get("provider", "p")},
        "interactions": [
            {"description": str(number), "response": {"status": 200}, **each}
            for number, each in enumerate(interactions, start=1)
        ],
        "metadata": {"pactSpecification": {"version": version}},
    }


def interaction(method: str = "GET", path: str = "/", body: Any = None, **request: Any) -> dict[str, Any]:
    """An interaction whose response names its request."""
    asked = {"method": method, "path": path, **request} | ({} if body is None else {"body": body})
    return {
        "request": asked,
        "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"path": path}},
    }


USERS = contract(interaction("GET", "/users"))


def raw(port: int, *pieces: bytes, timeout: float = 10.0) -> bytes:
    """What a server sends until it closes, or stops sending for a moment, when it gets these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        return received(connection)


def received(connection: socket.socket) -> bytes:
    """Everything until the other side closes."""
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except (TimeoutError, ConnectionResetError):
        pass
    return found


def is_listening(port: int) -> bool:
    """Whether a connection to a port of this machine is accepted."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True
