"""What the script is when it is a server itself."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

from mock_servers.contracts import ANSWER, request_of


def be_bare() -> None:
    import asyncio

    from pact_recorder.server.listener import listen
    from pact_recorder.server.serving_thread import new_event_loop

    content = json.dumps(ANSWER).encode()
    fields = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]

    async def app(scope: dict, receive: Callable, send: Callable) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": content})

    loop = new_event_loop()
    asyncio.set_event_loop(loop)
    print("port", loop.run_until_complete(listen(app, "127.0.0.1", 0)).port, flush=True)
    loop.run_forever()


def be_ours(path: str) -> None:
    from pact_recorder import MockServer

    with MockServer(Path(path)) as server:
        print("port", server.port, flush=True)
        signal.pause()


def be_reference(kind: str, count: str) -> None:
    from pact_ffi.ffi import lib

    pact = lib.pactffi_new_pact(b"benchmark", kind.encode())
    lib.pactffi_with_specification(pact, 4)
    for number in range(int(count)):
        asked = request_of(kind, number)
        interaction = lib.pactffi_new_interaction(pact, str(number).encode())
        path = asked["path"]
        if kind == "rules":
            rule = asked["matchingRules"]["path"]["matchers"][0]["regex"]
            path = json.dumps({"value": path, "pact:matcher:type": "regex", "regex": rule})
        lib.pactffi_with_request(interaction, asked["method"].encode(), path.encode())
        for name, values in asked.get("query", {}).items():
            lib.pactffi_with_query_parameter_v2(interaction, name.encode(), 0, values[0].encode())
        for name, value in asked.get("headers", {}).items():
            lib.pactffi_with_header_v2(interaction, 0, name.encode(), 0, value.encode())
        if "body" in asked:
            body = asked["body"]
            document = {"pact:matcher:type": "type", "value": body} if kind == "rules" else body
            lib.pactffi_with_body(interaction, 0, b"application/json", json.dumps(document).encode())
        lib.pactffi_response_status(interaction, 200)
        lib.pactffi_with_body(interaction, 1, b"application/json", json.dumps(ANSWER).encode())
    port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", b"{}")
    print("port", port, flush=True)
    signal.pause()


ROLES: dict[str, Callable[..., None]] = {"bare": be_bare, "ours": be_ours, "reference": be_reference}
