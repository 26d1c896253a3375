"""Verdicts of the Rust reference beside those of the engine here: its mock server on requests, its verifier on answers.

Each interaction goes to it as a V3 document, the form in which contracts are exported. Bodies travel decoded, since
what is compared is their content.
"""

import http.client
import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

os.environ["PACT_DO_NOT_TRACK"] = "true"  # without it the library sends usage metrics out

from pact_recorder.http import Body, Request, Response
from pact_recorder.matching import ExpectedRequest, ExpectedResponse
from pact_recorder.pact import Contract, Interaction, contract_to_json, format_contract
from pact_recorder.verification import Promise

_BATCH = 200
_TIMEOUT_SECONDS = 10
_SHOWN = 500
_UNSENT = ("content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade")
_BODILESS = (204, 304)


@dataclass(frozen=True)
class RequestCase:
    """A request and an interaction that it may match."""

    promise: Promise
    request: Request


@dataclass(frozen=True)
class ResponseCase:
    """An answer and an interaction that may accept it."""

    promise: Promise
    response: Response


@dataclass(frozen=True)
class Agreement:
    """How many verdicts there were, and each on which the two disagree, as text."""

    requests: int
    responses: int
    disagreements: tuple[str, ...]

    def __str__(self) -> str:
        head = (
            f"{len(self.disagreements)} disagreements with the reference "
            f"on {self.requests} requests and {self.responses} answers"
        )
        return "\n    ".join((head, *self.disagreements))


def judge_with_reference(requests: Sequence[RequestCase], responses: Sequence[ResponseCase]) -> Agreement:
    """Put the cases to both engines."""
    askable = [case for case in requests if _is_askable(case.promise.interaction.request)]
    found = [told for case in askable if (told := _request_difference(case)) is not None]
    sendable = [case for case in responses if case.response.status >= 200]
    for start in range(0, len(sendable), _BATCH):
        found += _response_differences(sendable[start : start + _BATCH])
    return Agreement(len(askable), len(sendable), tuple(found))


def _is_askable(expected: ExpectedRequest) -> bool:
    """Whether the library can be told of the request: it takes bodies as text, and gives each a Content-Type."""
    if expected.body is None:
        return True
    try:
        expected.body.content.decode()
    except UnicodeDecodeError:
        return False
    return expected.media_type is not None


def _request_difference(case: RequestCase) -> str | None:
    """Both verdicts where they differ; None where they agree, or the reference cannot be asked."""
    body = case.request.body or Body(b"")
    request = replace(case.request, headers=case.request.headers.without(_UNSENT), body=replace(body, encoded=None))
    ours = [str(each) for each in case.promise.request.match(request)]
    theirs = _request_refusal(case.promise.interaction, request)
    if theirs is None or bool(theirs) == bool(ours):
        return None
    where = f"request {request.method} {request.target[:80]}"
    return f"{where} to {case.promise.interaction.description[:60]!r}: {_verdicts(ours, theirs)}"


def _verdicts(ours: Sequence[str], theirs: str) -> str:
    if ours:
        return f"refused here only: {ours[0][:_SHOWN]}"
    return f"refused by the reference only: {theirs[:_SHOWN]}"


def _request_refusal(interaction: Interaction, request: Request) -> str | None:
    """Why its mock server does not answer the request, empty when it does; None when it cannot be asked."""
    from pact_ffi.ffi import ffi, lib

    pact = lib.pactffi_new_pact(b"c", b"p")
    port = 0
    try:
        _expect(pact, interaction.request)
        port = lib.pactffi_create_mock_server_for_transport(pact, b"127.0.0.1", 0, b"http", b"{}")
        if port <= 0:
            return None
        matches = _status(port, request) == 200
        return "" if matches else ffi.string(lib.pactffi_mock_server_mismatches(port)).decode()
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        if port > 0:
            lib.pactffi_cleanup_mock_server(port)
        lib.pactffi_free_pact_handle(pact)


def _expect(pact: int, expected: ExpectedRequest) -> None:
    from pact_ffi.ffi import lib

    handle = lib.pactffi_new_interaction(pact, b"i")
    lib.pactffi_with_request(handle, expected.method.encode(), expected.path.encode())
    for name, values in (expected.query or {}).items():
        text = json.dumps({"value": [value or "" for value in values]})
        lib.pactffi_with_query_parameter_v2(handle, name.encode(), 0, text.encode())
    for name, values in expected.headers.items():
        text = json.dumps({"value": list(values)}) if len(values) > 1 else values[0]
        lib.pactffi_with_header_v2(handle, 0, name.encode(), 0, text.encode())
    if expected.body is not None:
        lib.pactffi_with_body(handle, 0, str(expected.media_type).encode(), expected.body.content)
    document, _ = contract_to_json(Contract("c", "p", (Interaction("i", expected, ExpectedResponse(200)),)), 3)
    rules = document["interactions"][0]["request"].get("matchingRules")
    if rules:
        lib.pactffi_with_matching_rules(handle, 0, json.dumps(rules).encode())


def _status(port: int, request: Request) -> int:
    content = request.body.content if request.body else b""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)) as connection:
        connection.putrequest(request.method, request.target, skip_accept_encoding=True, skip_host=True)
        for name, value in request.headers:
            connection.putheader(name, _wire(value))
        if content:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content or None)
        return connection.getresponse().status


def _wire(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _response_differences(cases: Sequence[ResponseCase]) -> Iterator[str]:
    answers = [_sent(case.response) for case in cases]
    refusals = _response_refusals([case.promise.interaction.response for case in cases], answers)
    for case, answer, theirs in zip(cases, answers, refusals, strict=True):
        ours = [str(each) for each in case.promise.response.match(answer)]
        if theirs is not None and bool(theirs) != bool(ours):
            yield f"answer {answer.status} to {case.promise.interaction.description[:60]!r}: {_verdicts(ours, theirs)}"


def _sent(response: Response) -> Response:
    body = None if response.body is None or response.status in _BODILESS else replace(response.body, encoded=None)
    return replace(response, headers=response.headers.without(_UNSENT), body=body)


def _response_refusals(expected: Sequence[ExpectedResponse], answers: Sequence[Response]) -> list[str | None]:
    """Why its verifier refuses each answer, empty where it does not; None where it says nothing."""
    interactions = (
        Interaction(str(number), ExpectedRequest("GET", f"/{number}"), each) for number, each in enumerate(expected)
    )
    contract = format_contract(Contract("c", "p", tuple(interactions)), 3)
    with tempfile.TemporaryDirectory() as folder, _Provider(answers) as provider:
        file = Path(folder) / "c-p.json"
        file.write_text(contract, encoding="utf-8", errors="surrogatepass")
        found = _verify(file, provider.server_port)
    return [found.get(str(number)) for number in range(len(answers))]


def _verify(file: Path, port: int) -> dict[str, str]:
    from pact_ffi.ffi import ffi, lib

    verifier = lib.pactffi_verifier_new_for_application(b"benchmark", b"0")
    try:
        lib.pactffi_verifier_set_provider_info(verifier, b"p", b"http", b"127.0.0.1", port, b"/")
        lib.pactffi_verifier_set_follow_redirects(verifier, False)
        lib.pactffi_verifier_add_file_source(verifier, str(file).encode())
        with _silence():
            lib.pactffi_verifier_execute(verifier)
        results = json.loads(ffi.string(lib.pactffi_verifier_json(verifier)))["interactionResults"]
        return {
            each["description"]: "" if each["result"] == "OK" else json.dumps(each.get("mismatch") or "refused")
            for each in results
        }
    finally:
        lib.pactffi_verifier_shutdown(verifier)


@contextmanager
def _silence() -> Iterator[None]:
    """Send what the library prints on standard output nowhere."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(nowhere)
        os.close(kept)


class _Provider(ThreadingHTTPServer):
    """Answers `/n` with the n-th response."""

    daemon_threads = True

    def __init__(self, responses: Sequence[Response]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.responses = responses

    def __enter__(self) -> "_Provider":
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
        content = response.body.content if response.body else b""
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, _wire(value))
        if response.status not in _BODILESS:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""
