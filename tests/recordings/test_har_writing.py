"""Exchanges written as HAR are read again as the same exchanges."""

import json
from pathlib import Path

import pytest
from builders import json_request, request, response

from pact_recorder.http import Body, Exchange, Headers, Response
from pact_recorder.recordings.har_writing import har_document
from pact_recorder.recordings.importers.har import HarFile

PICTURE = Response(200, "OK", Headers([("Content-Type", "image/png")]), Body(b"\x89PNG\x00\xff"))
EXCHANGES = [
    Exchange(request("GET", "/a?x=1&y=%20", None, ("Cookie", "a=1; b=2")), response(b'{"n":1.50}'), 1.5, 0.25, 0.125),
    Exchange(json_request("POST", "/b", {"n": "ä"}), response(b'"made"', 201, ("Set-Cookie", "s=1; Path=/")), 2.0),
    Exchange(request("GET", "/picture"), PICTURE, 3.0),
    Exchange(request("DELETE", "/c"), Response(204, "No Content"), 4.0),
]


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda each: each.request.path)
def test_what_is_written_is_read(tmp_path: Path, exchange: Exchange) -> None:
    path = tmp_path / "a.har"
    path.write_text(json.dumps(har_document([exchange], "1.0")))
    (read,) = HarFile(path)
    assert (read.request.method, read.request.url) == (exchange.request.method, exchange.request.url)
    assert read.request.headers == exchange.request.headers
    assert read.request.body == exchange.request.body
    assert read.response.status == exchange.response.status
    assert read.response.headers == exchange.response.headers
    assert (read.response.body or Body(b"")).content == (exchange.response.body or Body(b"")).content
    assert read.started == exchange.started
    assert read.duration == pytest.approx(exchange.duration)


def test_an_entry_has_what_the_format_asks_for() -> None:
    (entry,) = har_document(EXCHANGES[:1], "1.0")["log"]["entries"]
    assert entry["startedDateTime"] == "1970-01-01T00:00:01.500+00:00"
    assert entry["time"] == 250
    assert entry["timings"] == {"send": 0, "wait": 125, "receive": 125}
    assert entry["request"]["cookies"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    assert entry["request"]["queryString"] == [{"name": "x", "value": "1"}, {"name": "y", "value": " "}]
    assert entry["response"]["content"] == {"size": 10, "mimeType": "application/json", "text": '{"n":1.50}'}


def test_bytes_that_are_no_text_can_be_written() -> None:
    odd = request("GET", "/a", None, ("X-Odd", "\udcff"))
    document = har_document([Exchange(odd, Response(0))], "1.0")
    assert json.dumps(document, ensure_ascii=False).encode()
