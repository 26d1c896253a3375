"""Text bodies of expectations in an export: the reference's verifier takes the answers that were set, all of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any

from pact_recorder.capture.recorder import Recorder
from pact_recorder.http import Request, Response
from pact_recorder.mock import replayable
from tests.differential.reference import _verify as verify_by_reference
from tests.server.control_client import ControlClient

TEXTS = [
    "text", "dGV4dA==", '{"a":1}', '{"a": 1}', '{"a":1}\n', '{"a":1.50}', '{"-x": 1}', "{a:1}", "[1,2]", "[1, 2] ",
    "[1",
    "1", "1 ", "1.0", "-1.50", "1e2", "12 monkeys", "true", "true story", "null", "null ", '"x"', '"x" ', "a=1&b=2",
    "<a/>", "<a> <b/></a>", "<a>", "{ users }", "é",
]  # fmt: skip
TYPES = [
    None, "text/plain", "text/plain; charset=utf-16", "text/html; charset=iso-8859-1", "text/json", "application/json",
    "application/json; charset=utf-16", "application/vnd.a+json", "application/x-amz-json-1.1", "application/x-ndjson",
    "application/javascript", "application/graphql", "application/xml", "image/svg+xml", "image/png",
    "application/octet-stream", "application/x-www-form-urlencoded",
]  # fmt: skip
CASES = list(product(TYPES, TEXTS))


class _Provider(ThreadingHTTPServer):
    """Answers `/n` with the n-th response."""

    daemon_threads = True

    def __init__(self, responses: list[Response]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.responses = responses


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Provider

    def do_GET(self) -> None:
        response = self.server.responses[int(self.path[1:])]
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        assert response.body is not None
        self.wfile.write(response.body.content)

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@contextmanager
def provider(responses: list[Response]) -> Iterator[int]:
    with _Provider(responses) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.server_port
        server.shutdown()


def expectation(number: int, declared: str | None, text: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"body": {"type": "STRING", "string": text}}
    if declared is not None:
        answer["headers"] = {"Content-Type": [declared]}
    return {"id": str(number), "httpRequest": {"method": "GET", "path": f"/{number}"}, "httpResponse": answer}


def test_the_reference_takes_every_answer_that_was_set(
    control: ControlClient, recorder: Recorder, tmp_path: Path
) -> None:
    documents = [expectation(number, *case) for number, case in enumerate(CASES)]
    assert control.put("/mockserver/expectation", documents).status == 201
    answers = []
    for number in range(len(CASES)):
        asked = Request("GET", f"/{number}")
        found = recorder.answer(asked, None)
        assert isinstance(found, Response)
        answers.append(replayable(found, asked, "Thu, 01 Jan 2026 00:00:00 GMT"))
    exported = control.put("/mockserver/pact")
    file = tmp_path / "contract.json"
    file.write_bytes(exported.body)
    assert control.put("/mockserver/pact/verify", exported.body).status == 202
    with provider(answers) as port:
        results = verify_by_reference(file, port)
    assert len(results) == len(CASES)
    wrong = [(CASES[int(each["description"])], each["mismatch"]) for each in results if each["result"] != "OK"]
    assert wrong == []
    kept = sum("body" in each["response"] for each in exported.json()["interactions"])
    # What no document can say is left out by name (as text under XML); that is not an excuse for the rest.
    assert kept + int(exported.headers["x-pact-recorder-left-out"]) == len(CASES)
    assert kept >= len(CASES) * 0.65


def test_a_request_that_a_contract_cannot_say_is_left_out(control: ControlClient) -> None:
    for number, (declared, text) in enumerate(
        [(None, "null"), ("application/json", "null"), ("application/graphql", "{ users }"), ("application/xml", "1")]
    ):
        asked: dict[str, Any] = {"method": "POST", "path": f"/{number}", "body": {"type": "STRING", "string": text}}
        if declared is not None:
            asked["headers"] = {"Content-Type": [declared]}
        control.put("/mockserver/expectation", {"id": str(number), "httpRequest": asked, "httpResponse": {}})
    exported = control.put("/mockserver/pact")
    assert exported.json()["interactions"] == []
    told = json.loads(exported.headers["x-pact-recorder-skipped"])
    whys = ["is the JSON null, which is no body to other tools"] * 2 + ["is not what its Content-Type says"] * 2
    assert told == [f"{n}: the request's body {why}, so a contract cannot describe it" for n, why in enumerate(whys)]
