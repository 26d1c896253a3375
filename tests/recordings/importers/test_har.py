import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.errors import ImportFileError
from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings.importers.har import HarFile
from pact_recorder.recordings.importers.har_exchange import (
    NO_ANSWER,
    NO_BODY_IN_FILE,
    NOT_DECODABLE,
    NOT_HTTP,
    WEBSOCKET,
)

SHARED = Path(__file__).parents[3] / "../shared"

REQUEST = {"method": "GET", "url": "https://api.example.com/a?b=c"}
RESPONSE = {"status": 200, "content": {"text": "hi", "mimeType": "text/plain"}}
ENTRY = {"request": REQUEST, "response": RESPONSE}

Json = dict[str, Any]


def har(path: Path, *entries: object) -> HarFile:
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return HarFile(path)


def asking(**changes: object) -> Json:
    return {"request": REQUEST | changes, "response": RESPONSE}


def answering(**changes: object) -> Json:
    return {"request": REQUEST, "response": RESPONSE | changes}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.har"


def test_a_whole_entry(path: Path) -> None:
    entry = {
        "startedDateTime": "2026-11-20T15:00:00.250+01:00",
        "time": 120.5,
        "timings": {"blocked": -1, "dns": 10, "connect": 20, "ssl": 15, "send": 1, "wait": 50, "receive": 39.5},
        "request": {
            "method": "POST",
            "url": "https://api.example.com:8443/users?page=2",
            "httpVersion": "h2",
            "headers": [
                {"name": ":authority", "value": "api.example.com"},
                {"name": "content-type", "value": "application/json"},
                {"name": "X-A", "value": "1"},
            ],
            "queryString": [{"name": "page", "value": "2"}],
            "postData": {"mimeType": "application/json", "text": '{"a":"é"}'},
        },
        "response": {
            "status": 201,
            "statusText": "Created",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Set-Cookie", "value": "a=1\nb=2"}, {"name": "Content-Type", "value": "image/gif"}],
            "content": {"size": 3, "mimeType": "image/gif", "text": "AAH/", "encoding": "base64"},
        },
    }
    assert list(har(path, entry)) == [
        Exchange(
            Request(
                "POST", "/users", "page=2", Headers([("content-type", "application/json"), ("X-A", "1")]),
                Body('{"a":"é"}'.encode()), "https", "api.example.com", 8443, "HTTP/2.0",
            ),
            Response(
                201, "Created", Headers([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Type", "image/gif")]),
                Body(b"\x00\x01\xff"), "HTTP/1.1",
            ),
            1795183200.25,
            0.1205,
            0.081,
        )
    ]  # fmt: skip


def test_what_is_missing_or_null_has_a_meaning(path: Path) -> None:
    nothing: Json = {
        "startedDateTime": None, "time": None, "timings": {"wait": -1},
        "request": REQUEST | {"headers": None, "queryString": None, "postData": None, "httpVersion": None},
        "response": {"status": 200, "headers": None, "content": None, "statusText": None},
    }  # fmt: skip
    [exchange] = har(path, nothing)
    assert exchange == Exchange(
        Request("GET", "/a", "b=c", scheme="https", host="api.example.com", port=443), Response(200, body=Body(b""))
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?y=1#part", "https://a.example/x?y=1"),
        ("https://A.Example:443/X", "https://a.example/X"),
        ("HTTP://me:secret@a.example/x@y", "http://a.example/x@y"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example/ä b|c%20?d=\u20ac", "http://a.example/%C3%A4%20b|c%20?d=%E2%82%AC"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://a.example/x?", "http://a.example/x?"),
    ],
)
def test_urls(path: Path, url: str, expected: str) -> None:
    [exchange] = har(path, asking(url=url))
    assert exchange.request.url == expected


def test_a_query_that_is_only_listed_is_written(path: Path) -> None:
    listed = [{"name": "a b", "value": "ä"}, {"name": "c"}]
    [exchange] = har(path, asking(url="http://a/x", queryString=listed))
    assert exchange.request.query == "a+b=%C3%A4&c="


@pytest.mark.parametrize(
    ("posted", "content", "content_type"),
    [
        ({"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "1&2"}]}, b"a+b=1%262",
         "application/x-www-form-urlencoded"),
        ({"params": [{"name": "a", "value": 1}], "text": ""}, b"a=1", None),
        ({"mimeType": "text/plain; charset=iso-8859-1", "text": "é"}, b"\xe9", "text/plain; charset=iso-8859-1"),
        ({"mimeType": "text/plain; charset=ascii", "text": "é"}, "é".encode(), "text/plain; charset=ascii"),
        ({"mimeType": "text/plain; charset=unicode_escape", "text": "é€"}, "é€".encode(),
         "text/plain; charset=unicode_escape"),
        ({"mimeType": "text/plain; charset=punycode", "text": "é€"}, "é€".encode(), "text/plain; charset=punycode"),
        ({"mimeType": "text/plain; charset=zip", "text": "é"}, "é".encode(), "text/plain; charset=zip"),
        ({"mimeType": "x-unknown", "text": "a"}, b"a", None),
        ({"text": "AAE=", "encoding": "base64"}, b"\x00\x01", None),
        ({"text": "\ud83d"}, b"\xed\xa0\xbd", None),
    ],
)  # fmt: skip
def test_request_bodies(path: Path, posted: Json, content: bytes, content_type: str | None) -> None:
    [exchange] = har(path, asking(method="POST", postData=posted))
    assert exchange.request.body == Body(content)
    assert exchange.request.headers.get("content-type") == content_type


def test_an_empty_declared_body_is_not_an_absent_one(path: Path) -> None:
    declared = [{"name": "Content-Length", "value": "0"}]
    first, second = har(path, asking(method="POST", headers=declared), asking(method="POST", postData={}))
    assert (first.request.body, second.request.body) == (Body(b""), None)


@pytest.mark.parametrize(
    ("method", "response", "body"),
    [
        ("GET", {"status": 204}, None),
        ("GET", {"status": 304, "content": {"size": 20}}, None),
        ("HEAD", {"status": 200, "content": {"size": 20, "text": ""}}, None),
        ("GET", {"status": 200, "content": {"size": 0}}, Body(b"")),
        ("GET", {"status": 200, "content": {"size": -1}}, Body(b"")),
        ("GET", {"status": 404, "content": {"text": "no"}}, Body(b"no")),
    ],
)
def test_response_bodies(path: Path, method: str, response: Json, body: Body | None) -> None:
    [exchange] = har(path, {"request": REQUEST | {"method": method}, "response": response})
    assert exchange.response.body == body


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"request": REQUEST}, NO_ANSWER),
        (answering(status=0, _error="net::ERR_FAILED"), NO_ANSWER),
        (answering(status=-1), NO_ANSWER),
        (answering(status=101), WEBSOCKET),
        (asking(url="data:text/plain,hello"), NOT_HTTP),
        (asking(url="wss://a.example/socket"), NOT_HTTP),
        (asking(url=""), NOT_HTTP),
        (asking(url="http://a:99999999/"), NOT_HTTP),
        (answering(content={"size": 12, "mimeType": "text/plain"}), NO_BODY_IN_FILE),
        (asking(postData={"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "f"}]}), NO_BODY_IN_FILE),
        (answering(content={"text": "?", "encoding": "base64"}), NOT_DECODABLE),
        (asking(method=""), "request: the method is empty, first in entry 2"),
        (
            answering(headers=[{"name": "a\r\nb", "value": "c"}]),
            "response: the name of a header has a line end, first in entry 2",
        ),
        (answering(statusText="a\nb"), "response: the reason has a line end, first in entry 2"),
        (answering(status=1000), "response: the status is not one of 100 to 999, first in entry 2"),
    ],
)
def test_what_is_skipped_is_counted(path: Path, entry: Json, reason: str) -> None:
    file = har(path, ENTRY, entry, entry)
    assert len(list(file)) == 1
    assert file.skipped == {reason: 2}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"log":\n{"entries": [}', ", line 2: this is not JSON: expecting value"),
        (b'{"interactions": []}', ": this is JSON, but not a HAR file: it has no log.entries"),
        (b'{"log": {"entries": {}}}', ": this is JSON, but not a HAR file: it has no log.entries"),
        (b"[]", ": this is JSON, but not a HAR file"),
        (b"[" * 200_000, ": this is not JSON: "),
        (b'{"a": "\xff"}', ": this is not JSON: "),
        (b'{"log": {"entries": [7]}}', ", entry 1: input should be a valid dictionary"),
        (b'{"log": {"entries": [{}]}}', ", entry 1, request: field required"),
        (b'{"log": {"entries": [{"request": {"method": "GET"}}]}}', ", entry 1, request.url: field required"),
        (b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://a/"}, "response": {"status": "x"}}]}}',
         ", entry 1, response.status: input should be a valid integer"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_place(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ImportFileError) as caught:
        list(HarFile(path))
    assert str(caught.value).startswith(f"{path}{reason}")


def test_a_missing_file_is_an_error(path: Path) -> None:
    with pytest.raises(ImportFileError, match="it cannot be read: No such file"):
        list(HarFile(path))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
paths = st.sampled_from(
    ["startedDateTime", "time", "timings", "timings.wait", "request", "request.url", "request.headers",
     "request.postData", "request.postData.text", "request.queryString", "response", "response.status",
     "response.content", "response.content.text", "response.content.size", "response.content.encoding"]
)  # fmt: skip


@given(st.lists(st.tuples(paths, anything), max_size=4))
def test_whatever_stands_in_an_entry_it_is_taken_skipped_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, object]]
) -> None:
    entry: Json = json.loads(json.dumps(ENTRY))
    for place, value in changes:
        *around, last = place.split(".")
        target = entry
        for name in around:
            target = target[name] if isinstance(target.get(name), dict) else target.setdefault(f"{name}?", {})
        target[last] = value
    file = har(tmp_path_factory.getbasetemp() / "any.har", entry)
    try:
        assert len(list(file)) + file.skipped.total() == 1
    except ImportFileError:
        assert changes


@pytest.mark.corpus
@pytest.mark.skipif(not SHARED.exists(), reason="the corpora in ../shared are not there")
def test_a_recorded_corpus_comes_through_a_har_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = SHARED / "data/traffic/trello-ruby.jsonl.gz"
    made = tmp_path / "corpus.har"
    monkeypatch.setattr(sys, "argv", ["to_har.py", str(corpus), str(made)])
    runpy.run_path(str(SHARED / "tools/to_har.py"), run_name="__main__")
    file = HarFile(made)
    exchanges = list(file)
    assert len(exchanges) == len(json.loads(made.read_bytes())["log"]["entries"]) > 200
    assert not file.skipped
