import os
import random
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.errors import SessionError, StorageError
from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response
from pact_recorder.http.heads import head_fault
from pact_recorder.recordings.session import JournalMark, RecordedExchange, Session, SessionHeader
from pact_recorder.recordings.session_file import (
    iterate_session,
    load_session,
    read_session_header,
    write_session,
)
from tests.recordings.strategies import any_exchanges, exchanges

HEADER = SessionHeader("demo", 1_795_183_200.0, "pact-recorder 1.0")
EXCHANGE = Exchange(
    Request(
        "POST", "/users", "page=2", Headers([("Content-Type", "application/json"), ("X-A", "1"), ("X-A", "")]),
        Body(b'{"name":"Ada"}'), "https", "api.example.com", 443,
    ),
    Response(
        201, "Created", Headers([("Content-Type", "text/plain"), ("ETag", '"a"')]), Body(b"one\ntwo\n"), "HTTP/2.0"
    ),
    1_795_183_200.123456,
    0.0123,
)  # fmt: skip
PLAIN = Exchange(Request("GET", "/", host="a.example"), Response(204))

places = st.sets(st.integers(1, 60), max_size=8).map(lambda found: tuple(sorted(found)))
recorded = st.builds(
    lambda exchange, count, at: RecordedExchange(exchange, len(at) or count, at), exchanges, st.integers(1, 5), places
)


@pytest.fixture(scope="module")
def shared_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("session") / "demo.yaml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "demo.yaml"


@given(st.lists(recorded, max_size=3), st.sampled_from([0, 30, 32 * 1024]))
def test_a_session_comes_back_exactly(shared_path: Path, entries: list[RecordedExchange], limit: int) -> None:
    write_session(shared_path, HEADER, entries, inline_limit=limit)
    assert load_session(shared_path) == Session("demo", HEADER, tuple(entries))


@given(any_exchanges)
def test_what_has_no_fault_can_be_read_and_nothing_else(shared_path: Path, exchange: Exchange) -> None:
    write_session(shared_path, HEADER, [RecordedExchange(exchange)])
    if head_fault(exchange):
        with pytest.raises(SessionError):
            load_session(shared_path)
    else:
        assert load_session(shared_path).entries == (RecordedExchange(exchange),)


def test_the_file_reads_well(path: Path) -> None:
    header = replace(HEADER, journal=JournalMark("0f", 77, 3))
    write_session(path, header, [RecordedExchange(EXCHANGE, 3, (1, 2, 5)), RecordedExchange(PLAIN)])
    assert (
        path.read_text()
        == """\
# A session of pact-recorder. You may edit it: each document below is one request with its response.
# Bodies that are large or not text are in the folder demo.bodies.
pact-recorder: session
version: 1
name: demo
created: 2026-11-20T14:00:00Z
tool: pact-recorder 1.0
journal: 0f 77 3
---
request:
  method: POST
  url: https://api.example.com/users?page=2
  headers:
  - Content-Type: application/json
  - X-A: '1'
  - X-A: ''
  body:
    json: |
      {
        "name": "Ada"
      }
    layout: compact
response:
  status: 201
  reason: Created
  version: HTTP/2.0
  headers:
  - Content-Type: text/plain
  - ETag: '"a"'
  body:
    text: |
      one
      two
started: 2026-11-20T14:00:00.123456Z
duration: 0.0123
count: 3
at: 1-2, 5
---
request:
  method: GET
  url: http://a.example/
response:
  status: 204
started: 1970-01-01T00:00:00Z
duration: 0.0
"""
    )
    assert read_session_header(path) == header
    assert not (path.parent / "demo.bodies").exists()


def test_the_file_is_for_its_owner_and_alone_in_its_folder(path: Path) -> None:
    write_session(path, HEADER, [RecordedExchange(PLAIN)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["demo.yaml"]


def failing() -> Iterator[RecordedExchange]:
    yield RecordedExchange(PLAIN)
    raise SessionError("elsewhere", "broken")


def test_a_failed_write_leaves_the_older_file(path: Path) -> None:
    write_session(path, HEADER, [RecordedExchange(EXCHANGE)])
    before = path.read_bytes()
    with pytest.raises(SessionError):
        write_session(path, HEADER, failing())
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["demo.yaml"]


def test_a_folder_that_refuses_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "demo.yaml"
    with pytest.raises(StorageError, match=r"demo\.yaml cannot be written: No such file"):
        write_session(path, HEADER, [])


def answering(body: Body, media_type: str = "") -> Exchange:
    headers = Headers([("Content-Type", media_type)] if media_type else [])
    return replace(PLAIN, response=Response(200, headers=headers, body=body))


def test_entries_are_read_one_at_a_time(path: Path) -> None:
    write_session(path, HEADER, [RecordedExchange(PLAIN)])
    with path.open("a") as file:
        file.write("---\nwrong: 1\n")
    entries = iterate_session(path)
    assert next(entries).exchange == PLAIN
    with pytest.raises(SessionError):
        next(entries)


def test_too_many_places_are_left_out_and_the_session_still_loads(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pact_recorder.recordings.session_file.MAX_PLACES", 3)
    write_session(path, HEADER, [RecordedExchange(PLAIN, 2, (1, 3)), RecordedExchange(EXCHANGE, 2, (2, 4))])
    assert [(entry.count, entry.at) for entry in iterate_session(path)] == [(2, (1, 3)), (2, ())]


EDITABLE = """\
pact-recorder: session
version: 1
---
request: {method: GET, url: "https://api.example.com?a=1"}
response:
  status: 200
  body:
    json: |
      { "a": 1,
        "b": [true]
      }
    layout: compact
---
request:
  method: GET
  url: https://api.example.com
response: {status: 200, body: {json: '{ "as": "is" }'}}
started: 2026-11-20 15:00:00+01:00
at: 7
---
"""


def test_a_file_written_by_hand_may_leave_out_what_is_usual(path: Path) -> None:
    path.write_text(EDITABLE)
    session = load_session(path)
    first, second = session.entries
    assert session.header == SessionHeader("demo")
    assert (first.exchange.request.target, second.exchange.request.target) == ("/?a=1", "/")
    assert first.exchange.response.body == Body(b'{"a":1,"b":[true]}')
    assert second.exchange.response.body == Body(b'{ "as": "is" }')
    assert second.exchange.started == 1_795_183_200.0
    assert (second.count, second.at) == (1, (7,))


def test_an_edited_text_outdates_the_bytes_that_travelled(path: Path) -> None:
    body = Body(b"hello", EncodedBody("gzip", b"\x1f\x8b..."))
    write_session(path, HEADER, [RecordedExchange(answering(body, "text/plain"))])
    path.write_text(path.read_text().replace("text: hello", "text: bye"))
    [entry] = load_session(path).entries
    assert entry.exchange.response.body == Body(b"bye")


HEAD = "pact-recorder: session\nversion: 1\n"
REQUEST = "---\nrequest:\n  method: GET\n  url: http://a.example/\n"
GOOD = REQUEST + "response:\n  status: 200\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, 'this is not a session: a session begins with "pact-recorder: session"'),
        ("- a\n", 1, 'this is not a session: a session begins with "pact-recorder: session"'),
        ("interactions: []\n", 1, 'this is not a session: a session begins with "pact-recorder: session"'),
        ("pact-recorder: contract\nversion: 1\n", 1, "\"pact-recorder\": input should be 'session'"),
        ("\npact-recorder: session\n", 2, 'the document has no "version"'),
        ("pact-recorder: session\nversion: 2\nnews: x\n", 2, "the session has version 2, this pact-recorder reads up"),
        ("pact-recorder: session\nversion: x\n", 2, "\"version\" must be a whole number, not 'x'"),
        (HEAD + "nmae: x\n", 3, '"nmae" is not known here; did you mean "name"?'),
        (HEAD + REQUEST, 4, 'the document has no "response"'),
        (HEAD + "---\nfoo\n", 4, "the document must be keys with values under it, not 'foo'"),
        (HEAD + "---\nrequest: foo\nresponse: {status: 1}\n", 4, '"request" must be keys with values under it'),
        (HEAD + "---\nrequest:\n  url: http://a/\nresponse: {status: 1}\n", 5, '"request" has no "method"'),
        (HEAD + "---\nrequest:\n  method: GET\nresponse: {status: 1}\n", 5, '"request": either url or all of scheme'),
        (HEAD + GOOD + "  reson: x\n", 9, '"reson" is not known here; did you mean "reason"?'),
        (
            HEAD + GOOD + "  zzz: x\n",
            9,
            '"zzz" is not known here; known are body, headers, reason, status, trailers, version',
        ),
        (HEAD + REQUEST + "response:\n  status: ok\n", 8, "\"response.status\" must be a whole number, not 'ok'"),
        (HEAD + REQUEST + "response:\n  status:\n", 8, '"response.status" must be a whole number, not nothing'),
        (HEAD + REQUEST + "response:\n  status: [1]\n", 8, '"response.status" must be a whole number, not a list'),
        (HEAD + GOOD + "  headers: {A: b}\n", 9, '"response.headers" must be a list, not keys with values'),
        (HEAD + GOOD + "  headers:\n  - A\n", 10, "each header must be one item of the form `- Name: value`"),
        (HEAD + GOOD + "  headers:\n  - A: b\n    C: d\n", 10, "each header must be one item"),
        (HEAD + GOOD + "  headers:\n  - A: [b]\n", 10, '"response.headers.0.A" must be a text, not a list'),
        (HEAD + GOOD.replace("method: GET", "method: ''"), 5, '"request.method": the method is empty'),
        (HEAD + GOOD.replace("method: GET", "method: G T"), 5, '"request.method": the method has a blank or a control'),
        (HEAD + GOOD + '  headers:\n  - "A\\r\\nB": c\n', 10, '"response.headers.0": the name of a header has a line'),
        (HEAD + GOOD + "  headers:\n  - '': c\n", 10, '"response.headers.0": a header has no name'),
        (HEAD + GOOD + '  headers:\n  - A: "b\\nC: d"\n', 10, '"response.headers.0": the value of a header has a line'),
        (HEAD + GOOD + '  reason: "a\\nb"\n', 9, '"response.reason": the reason has a line end'),
        (HEAD + GOOD + "  body: {}\n", 9, '"response.body": exactly one of text, json, file and base64 must be'),
        (HEAD + GOOD + "  body:\n    text: a\n    json: b\n", 10, '"response.body": exactly one of text, json'),
        (HEAD + GOOD + "  body:\n    text: a\n    cut: maybe\n", 11, '"response.body.cut" must be true or false'),
        (
            HEAD + GOOD + "  body:\n    json: a\n    layout: x\n",
            11,
            "\"response.body.layout\": input should be 'compact'",
        ),
        (
            HEAD + GOOD + "  body:\n    json: '[\"a]'\n    layout: compact\n",
            10,
            "the json is not valid:",
        ),
        (HEAD + GOOD + "  body:\n    base64: '?'\n", 10, "the base64 cannot be decoded: Only base64 data is allowed"),
        (
            HEAD + GOOD + "  body:\n    file: x.png\n",
            10,
            "the body file demo.bodies/x.png cannot be read: No such file",
        ),
        (HEAD + GOOD + "  body: {text: é, charset: ascii}\n", 9, "the charset ascii has no character 'é': use utf-8"),
        (HEAD + GOOD + "  body: {text: a, charset: idna}\n", 9, "the charset 'idna' is not known: use utf-8"),
        (HEAD + GOOD + "started: soon\n", 9, "\"started\": 'soon' is not a date like 2026-11-20T14:00:00Z"),
        (HEAD + GOOD + "started: nan\n", 9, "\"started\": 'nan' is not a date like"),
        (HEAD + GOOD + "duration: long\n", 9, "\"duration\" must be a number, not 'long'"),
        (HEAD + GOOD + "count: 0\n", 9, '"count": input should be greater than or equal to 1'),
        (HEAD + GOOD + "at: 3-1\n", 9, "\"at\": '3-1' is not a list of ascending places like 1-2, 5"),
        (HEAD + GOOD + "at: 1, x\n", 9, "\"at\": '1, x' is not a list of ascending places"),
        (HEAD + GOOD + "at: 1-999999999\n", 9, "\"at\": '1-999999999' is more than 1000000 places"),
        (HEAD + GOOD + "count: 2\nat: 1\n", 4, "the document: count is 2, but at names 1 places"),
        (HEAD + GOOD.replace("http:", "ftp:"), 6, "'ftp://a.example/' is not an absolute URL like https://api."),
        (HEAD + GOOD.replace("a.example", "a:99999"), 6, "'http://a:99999/' is not an absolute URL"),
        (HEAD + GOOD.replace("a.example", "a b"), 6, "'http://a b/' is not an absolute URL"),
        (HEAD + GOOD.replace("a.example", "u:p@a"), 6, "'http://u:p@a/' is not an absolute URL"),
        (HEAD + GOOD.replace("a.example", "a:99999999"), 6, "'http://a:99999999/' is not an absolute URL"),
        (HEAD + GOOD + "count: &a 1\n", 9, "anchors (&) and aliases (*) are not allowed"),
    ],
)
def test_a_wrong_file_is_told_with_line_and_reason(path: Path, text: str, line: int, reason: str) -> None:
    path.write_text(text)
    with pytest.raises(SessionError) as caught:
        load_session(path)
    assert str(caught.value).startswith(f"{path}, line {line}: {reason}")


def test_a_session_of_many_places_in_all_is_refused(path: Path) -> None:
    path.write_text(HEAD + GOOD + "at: 1-600000\n" + GOOD + "at: 600001-1200000\n")
    with pytest.raises(SessionError, match=r"line 16: the session names more than 1000000 places"):
        for _ in iterate_session(path):
            pass


def test_mutated_files_load_or_are_session_errors_and_nothing_else(path: Path) -> None:
    chance = random.Random(11)
    body = Body(b"\x00\xff" * 50, EncodedBody("gzip", b"zip"))
    entries = [RecordedExchange(EXCHANGE, 3, (1, 2, 5)), RecordedExchange(answering(body, "image/png"))]
    write_session(path, HEADER, entries)
    whole = path.read_bytes()
    refused = 0
    for _ in range(400):
        mutated = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(mutated))
            noise = chance.choice([b"", b"\n", b": ", b"- ", b"'", b"[", b"&a ", b"\t", bytes([chance.randrange(256)])])
            mutated[start : start + chance.choice([0, 1, 1, 30])] = noise
        path.unlink()
        path.write_bytes(mutated)
        try:
            load_session(path)
        except SessionError as error:
            refused += 1
            assert error.location.startswith("line ")
    assert 100 < refused < 400
