"""The Rust reference's verdicts: its mock server on requests, its verifier on responses."""

from __future__ import annotations

import http.client
import json
import os
import sys
import tempfile
import threading
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

os.environ["PACT_DO_NOT_TRACK"] = "true"  # without it the library sends usage metrics out

from pact_ffi.ffi import ffi, lib

from tests.differential.cases import Case, Message, query_text

_V4 = 5
_BATCH = 500
_TIMEOUT_SECONDS = 10


def verdicts(cases: Sequence[Case]) -> list[bool]:
    """Whether the actual message of each case matches, in the order of the cases."""
    requests = [index for index, case in enumerate(cases) if case.is_request]
    responses = [index for index, case in enumerate(cases) if not case.is_request]
    found = {index: request_matches(cases[index]) for index in requests}
    for start in range(0, len(responses), _BATCH):
        batch = responses[start : start + _BATCH]
        found |= dict(zip(batch, _responses_match([cases[index] for index in batch]), strict=True))
    return [found[index] for index in range(len(cases))]


def request_matches(case: Case) -> bool:
    """Whether the reference's mock server answers the request with the only interaction that it has."""
    pact = lib.pactffi_new_pact(b"c", b"p")
    lib.pactffi_with_specification(pact, _V4)
    add_interaction(pact, case)
    port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", b"{}")
    assert port > 0, f"the reference starts no mock server ({port}) for {case}"
    try:
        return status_of(port, case.actual) == 200
    finally:
        lib.pactffi_cleanup_mock_server(port)
        lib.pactffi_free_pact_handle(pact)


def add_interaction(pact: int, case: Case, description: str = "i") -> None:
    """Add the expected request of a case to a pact of the reference."""
    expected = case.expected
    interaction = lib.pactffi_new_interaction(pact, description.encode())
    lib.pactffi_with_request(interaction, expected.method.encode(), expected.path.encode())
    for name, values in expected.query.items():
        for index, value in enumerate(values):
            lib.pactffi_with_query_parameter_v2(interaction, name.encode(), index, value.encode())
    for name, values in expected.headers.items():
        value = values[0] if len(values) == 1 else json.dumps({"value": values})
        lib.pactffi_with_header_v2(interaction, 0, name.encode(), 0, value.encode())
    if expected.body is not None:
        [media_type] = expected.headers["Content-Type"]
        lib.pactffi_with_body(interaction, 0, media_type.encode(), expected.body)
    if case.rules:
        assert lib.pactffi_with_matching_rules(interaction, 0, json.dumps(case.rules).encode()), case


def status_of(port: int, actual: Message) -> int:
    """The status of the answer to a message at a port of this machine."""
    target = f"{actual.path}?{query_text(actual.query)}" if actual.query else actual.path
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)) as connection:
        connection.putrequest(actual.method, target, skip_accept_encoding=True)
        for name, values in actual.headers.items():
            for value in values:
                connection.putheader(name, value)
        if actual.body is not None:
            connection.putheader("Content-Length", str(len(actual.body)))
        connection.endheaders(actual.body)
        return connection.getresponse().status


def _responses_match(cases: Sequence[Case]) -> list[bool]:
    provider = _Provider([case.actual for case in cases])
    with tempfile.TemporaryDirectory() as folder, provider:
        file = Path(folder) / "c-p.json"
        file.write_text(json.dumps(_contract(cases)))
        results = _verify(file, provider.server_port)
    matched = {result["description"]: result["result"] == "OK" for result in results}
    assert len(matched) == len(cases), "the reference did not verify every interaction"
    return [matched[str(number)] for number in range(len(cases))]


def _verify(file: Path, port: int) -> list[dict[str, Any]]:
    verifier = lib.pactffi_verifier_new_for_application(b"differential", b"0")
    try:
        lib.pactffi_verifier_set_provider_info(verifier, b"p", b"http", b"127.0.0.1", port, b"/")
        lib.pactffi_verifier_set_follow_redirects(verifier, False)
        lib.pactffi_verifier_add_file_source(verifier, str(file).encode())
        with _silence():
            lib.pactffi_verifier_execute(verifier)
        text = lib.pactffi_verifier_json(verifier)
        results: list[dict[str, Any]] = json.loads(ffi.string(text))["interactionResults"]
        return results
    finally:
        lib.pactffi_verifier_shutdown(verifier)


@contextmanager
def _silence() -> Iterator[None]:
    """Send what the library prints on standard output nowhere."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)


def _contract(cases: Sequence[Case]) -> dict[str, Any]:
    return {
        "consumer": {"name": "c"},
        "provider": {"name": "p"},
        "interactions": [
            {
                "type": "Synchronous/HTTP",
                "description": str(number),
                "request": {"method": "GET", "path": f"/{number}"},
                "response": _response(case),
            }
            for number, case in enumerate(cases)
        ],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    }


def _response(case: Case) -> dict[str, Any]:
    expected = case.expected
    # A single line as text, as documents of V3 have it: of a list every value is one, commas and all.
    headers = {name: values[0] if len(values) == 1 else values for name, values in expected.headers.items()}
    written: dict[str, Any] = {"status": expected.status, "headers": headers, "matchingRules": case.rules}
    if expected.body is not None:
        content = b64encode(expected.body).decode()
        written["body"] = {
            "content": content,
            "contentType": expected.headers["Content-Type"][0],
            "encoded": "base64",
        }
    return written


class _Provider(ThreadingHTTPServer):
    """Answers `/n` with the n-th response."""

    daemon_threads = True

    def __init__(self, responses: Sequence[Message]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.responses = responses

    def __enter__(self) -> _Provider:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Provider

    def do_GET(self) -> None:
        response = self.server.responses[int(self.path.strip("/"))]
        self.send_response_only(response.status)
        for name, values in response.headers.items():
            for value in values:
                self.send_header(name, value)
        if response.status not in (204, 304):
            self.send_header("Content-Length", str(len(response.body or b"")))
        self.end_headers()
        self.wfile.write(response.body or b"")

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""
