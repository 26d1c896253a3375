import random
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.flow import Flow
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from pact_recorder.capture.flow import exchange_of, request_of, response_of
from pact_recorder.errors import ImportFileError
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.recordings.importers.flows import NO_ANSWER, NOT_HTTP, NOT_TAKEN, WEBSOCKET, FlowFile


def convert(flow: HTTPFlow) -> Exchange | None:
    assert flow.response is not None
    if flow.request.method == "TRACE":
        return None
    return Exchange(Request(flow.request.method, flow.request.path), Response(flow.response.status_code))


def write(path: Path, *flows: Flow) -> Path:
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for flow in flows:
            writer.add(flow)
    return path


def answered(path: str, method: str = "GET", status: int = 200) -> HTTPFlow:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    flow.response.status_code = status
    flow.request.path = path
    flow.request.method = method
    return flow


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.flows"


def test_flows_with_an_answer_become_exchanges_in_order(path: Path) -> None:
    file = FlowFile(write(path, answered("/1"), answered("/2")), convert)
    assert [exchange.request.path for exchange in file] == ["/1", "/2"]
    assert not file.skipped


def test_trailers_are_kept(path: Path) -> None:
    flow = answered("/")
    flow.request.trailers = http.Headers(((b"x-in", b"1"),))
    assert flow.response is not None
    flow.response.trailers = http.Headers(((b"grpc-status", b"0"),))

    def whole(read: HTTPFlow) -> Exchange:
        return exchange_of(read, request_of(read, 1_000), response_of(read, 1_000))

    (exchange,) = FlowFile(write(path, flow), whole)
    assert exchange.request.trailers.fields == (("x-in", "1"),)
    assert exchange.response.trailers.fields == (("grpc-status", "0"),)


@pytest.mark.parametrize(
    ("flow", "reason"),
    [
        (tflow.tflow(), NO_ANSWER),
        (tflow.tflow(err=True), NO_ANSWER),
        (tflow.tflow(resp=True, err=True), NO_ANSWER),
        (tflow.twebsocketflow(), WEBSOCKET),
        (tflow.ttcpflow(), NOT_HTTP),
        (tflow.tdnsflow(), NOT_HTTP),
        (answered("/", "TRACE"), NOT_TAKEN),
        (answered("/", ""), "request: the method is empty, first in flow 1"),
        (answered("/", status=1000), "response: the status is not one of 100 to 999, first in flow 1"),
        (answered("/", status=42), "response: the status is not one of 100 to 999, first in flow 1"),
    ],
)
def test_what_is_skipped_is_counted(path: Path, flow: Flow, reason: str) -> None:
    file = FlowFile(write(path, flow, answered("/1"), flow), convert)
    assert [exchange.request.path for exchange in file] == ["/1"]
    assert file.skipped == {reason: 2}


def test_a_file_that_ends_too_soon_gives_what_is_whole_and_then_an_error(path: Path) -> None:
    write(path, answered("/1"), answered("/2"))
    path.write_bytes(path.read_bytes()[:-100])
    exchanges = iter(FlowFile(path, convert))
    assert next(exchanges).request.path == "/1"
    with pytest.raises(ImportFileError, match=r"some\.flows, flow 2: mitmproxy cannot read it: "):
        next(exchanges)


@pytest.mark.parametrize("content", [b"1:", b"3:abc;", b"0:}", b"9:4:type;1:x;}", b"999999999999:x,", b"4:1:a,]"])
def test_a_wrong_file_is_told_with_the_flows_number(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match="flow 1: mitmproxy cannot read it: "):
        list(FlowFile(path, convert))


def test_mutated_files_give_exchanges_or_the_error_and_nothing_else(path: Path) -> None:
    chance = random.Random(7)
    whole = write(path, answered("/1"), tflow.twebsocketflow()).read_bytes()
    failed = 0
    for _ in range(300):
        mutated = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            mutated[chance.randrange(len(mutated))] = chance.choice([*b"0123456789:;,]}~!#^", chance.randrange(256)])
        path.unlink()
        path.write_bytes(mutated)
        try:
            list(FlowFile(path, convert))
        except ImportFileError:
            failed += 1
    assert failed > 100


def test_a_missing_file_is_an_error(path: Path) -> None:
    with pytest.raises(ImportFileError, match="it cannot be read: No such file"):
        list(FlowFile(path, convert))
