"""Sessions that nobody would like to have: an export ends in bounded time, says what it could not use, and is true."""

import json
import time
from pathlib import Path

import pytest

from pact_recorder.http import Body, Exchange, Headers, Request, Response
from pact_recorder.recordings import RecordedExchange

# Far more than it takes, far less than it would take if a cost were not linear.
BOUND_SECONDS = 45
MEBIBYTE = 1 << 20


def answered(path: str, body: bytes, content_type: str = "application/json", asked: bytes | None = None) -> Exchange:
    fields = Headers([("Content-Type", content_type)])
    request = Request(
        "GET" if asked is None else "POST",
        path,
        headers=Headers() if asked is None else fields,
        body=None if asked is None else Body(asked),
        host="odd.test",
    )
    return Exchange(request, Response(200, "", fields, Body(body)))


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    return opening * depth + b"1" + closing * depth


WIDE = json.dumps({f"key{place}": place for place in range(100_000)}).encode()
UTF16 = '{"name":"Zoë"}'.encode("utf-16")

SESSIONS: dict[str, list[Exchange]] = {
    "not_their_type": [
        answered("/json", b"<html>oops</html>"),
        answered("/json", b'{"a": 1'),
        answered("/json", b"\x89PNG\r\n\x1a\n\x00\xff"),
        answered("/json", b'{"a": 1}'),
        answered("/xml", b'{"a": 1}', "application/xml"),
        answered("/xml", b"<a><b></a>", "application/xml"),
        answered("/form", b"\xff\xfe\x00", "application/x-www-form-urlencoded", b"\xff=%ff&&&=="),
        answered("/text", b"\xff\xfe\x00\x01", "text/plain; charset=utf-8"),
        answered("/empty", b"", "application/json"),
        answered("/odd", b'{"a":1}', "nonsense"),
    ],
    "mixed_encodings": [
        answered("/names", UTF16, "application/json; charset=utf-16"),
        answered("/names", '{"name":"Zoë"}'.encode("latin-1"), "application/json; charset=iso-8859-1"),
        answered("/names", '{"name":"Zoë"}'.encode(), "application/json; charset=utf-8"),
        answered("/names", '{"name":"Zoë"}'.encode("latin-1"), "application/json"),
        answered("/names", b'{"name":"Zo"}', "application/json; charset=no-such-charset"),
    ],
    "many_first_segments": [answered(f"/w{place}x", b'{"n":%d}' % place) for place in range(10_000)],
    "wide_object": [answered("/wide", WIDE), answered("/wide", WIDE, asked=WIDE)],
    "deep_arrays": [answered("/deep", nested(5_000)), answered("/deep", nested(5_000), asked=nested(5_000))],
    # Deeper than any Python reads.
    "too_deep_arrays": [answered("/deep", nested(50_000)), answered("/deep", nested(50_000), asked=nested(50_000))],
    "deep_objects": [answered("/deep", nested(5_000, b'{"a":', b"}"))],
    "deep_xml": [answered("/deep", nested(5_000, b"<a>", b"</a>"), "application/xml")],
    "long_path": [answered("/x" * 5_000, b"{}"), answered("/" + "y" * 100_000, b"{}"), answered("/%zz/%/..//.", b"{}")],
    "long_text": [answered("/text", b'"' + b"a" * MEBIBYTE + b'"'), answered("/text", b"b" * MEBIBYTE, "text/plain")],
    "many_parameters": [answered(f"/s?{'&'.join(f'p{place}=1' for place in range(5_000))}", b"{}")],
    "huge_numbers": [answered("/n", b'{"n":1e400,"m":-0,"o":%s,"nan":NaN}' % (b"9" * 5_000))],
}


@pytest.mark.parametrize("name", list(SESSIONS))
def test_an_export_of_bad_input_ends_and_is_true(run, entries, tmp_path: Path, name: str) -> None:
    exchanges = [_split(each) for each in SESSIONS[name]]
    entries.write(tmp_path / "recordings", "odd", tuple(map(RecordedExchange, exchanges)))
    started = time.monotonic()
    ran = run("export", "odd", "--consumer", "web", "--spec", "4", "--report", "report.json")
    took = time.monotonic() - started
    assert ran.status == 0, ran.err
    assert took < BOUND_SECONDS
    contract = tmp_path / "pacts" / "web-odd.test.json"
    verified = run("verify", contract, "--session", "odd")
    assert verified.status == 0, verified.out[-2000:]
    assert run("export", "odd", "--consumer", "web", "--report", "report.html", "-o", "v3").status == 0
    assert len((tmp_path / "report.html").read_bytes()) < 20 * MEBIBYTE


@pytest.mark.parametrize(
    ("name", "words"),
    [("not_their_type", "is not what its type"), ("too_deep_arrays", "is not what its type"), ("wide_object", "a map")],
)
def test_the_report_says_what_could_not_be_used(run, entries, tmp_path: Path, name: str, words: str) -> None:
    entries.write(tmp_path / "recordings", "odd", tuple(map(RecordedExchange, map(_split, SESSIONS[name]))))
    assert run("export", "odd", "--consumer", "web", "--report", "report.json").status == 0
    report = (tmp_path / "report.json").read_text()
    assert words in report
    assert len(report) < 4 * MEBIBYTE


def _split(exchange: Exchange) -> Exchange:
    """The exchange with its target parted into path and query."""
    path, mark, query = exchange.request.path.partition("?")
    names = {name: getattr(exchange.request, name) for name in exchange.request.__slots__}
    request = Request(**{**names, "path": path, "query": query if mark else None})
    return Exchange(request, exchange.response)
