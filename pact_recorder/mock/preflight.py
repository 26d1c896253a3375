"""CORS preflights (Fetch standard, "CORS-preflight request") for calls that are mocked."""

from __future__ import annotations

from pact_recorder.http import Body, Headers, Request, Response


def preflight_method(request: Request) -> str | None:
    """The method that a preflight asks for, or None when the request is no preflight."""
    if request.method != "OPTIONS" or "origin" not in request.headers:
        return None
    return request.headers.get("access-control-request-method")


def preflight_answer(request: Request) -> Response:
    """Allow exactly what the preflight asks for, to the origin that asks."""
    fields = [
        ("Access-Control-Allow-Origin", request.headers.get("origin") or "*"),
        ("Access-Control-Allow-Methods", request.headers.get("access-control-request-method") or "GET"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Max-Age", "600"),
        ("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    ]
    wanted = request.headers.get("access-control-request-headers")
    if wanted:
        fields.append(("Access-Control-Allow-Headers", wanted))
    return Response(204, "No Content", Headers(fields), Body(b""))
