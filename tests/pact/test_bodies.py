import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, MediaType
from pact_recorder.pact.bodies import is_misread, read_body, read_v4_body, write_body, write_v4_body
from pact_recorder.pact.json_text import format_json, parse_json
from tests.pact.reference import reference_response_bodies
from tests.pact.strategies import typed_bodies

JSON, TEXT, PNG = "application/json", "text/plain", "image/png"
LATIN = "text/plain; charset=ISO-8859-1"

# The form of V1 to V3, the declared type, the content that it stands for.
PLAIN_FORMS = [
    (None, JSON, b""),
    ("", JSON, b""),
    (None, None, b""),
    ({"a": [1, 1.0]}, JSON, b'{"a":[1,1.0]}'),
    ({"a": [1, 1.0]}, None, b'{"a":[1,1.0]}'),
    ({"a": 1}, TEXT, b'{"a":1}'),
    ([], None, b"[]"),
    (5, None, b"5"),
    ("hello", JSON, b'"hello"'),
    ('"hello"', JSON, b'"hello"'),
    ('{"a": 1}', JSON, b'{"a": 1}'),
    ("[1]", JSON, b'"[1]"'),
    ("5", JSON, b'"5"'),
    ('say "hi"', JSON, b'"say \\"hi\\""'),
    ("hello", "application/hal+json", b'"hello"'),
    ("hello", TEXT, b"hello"),
    ("aGVsbG8=", "application/javascript", b"hello"),
    ("aGVsbG8=", "application/x-amz-json-1.1", b"hello"),
    ("a b", "application/javascript", b"a b"),
    ("[1]", TEXT, b"[1]"),
    ("12 monkeys", None, b"12 monkeys"),
    ("é", TEXT, b"\xc3\xa9"),
    ("é", "text/plain; charset=ISO-8859-1", b"\xe9"),
    ("€", "text/plain; charset=ISO-8859-1", b"\xe2\x82\xac"),
    ("é", "text/plain; charset=idna", b"\xc3\xa9"),
    ("é", "text/plain; charset=nonsense", b"\xc3\xa9"),
    ("<a/>", "application/xml", b"<a/>"),
    ("a=1&b=2", "application/x-www-form-urlencoded", b"a=1&b=2"),
    ("aGVsbG8=", PNG, b"hello"),
    ("not base64", PNG, b"not base64"),
    ("aGVsbG8=", "multipart/form-data; boundary=x", b"hello"),
]
V4_FORMS = [
    ({"content": ""}, JSON, b"", None),
    ({"content": None}, None, b"", None),
    ({"content": None, "contentType": JSON, "encoded": False}, None, b"", JSON),
    ({"content": {"a": 1}, "contentType": JSON, "encoded": False}, JSON, b'{"a":1}', None),
    ({"content": {"a": 1}, "contentType": JSON, "encoded": False}, None, b'{"a":1}', JSON),
    ({"content": "hello", "contentType": JSON, "encoded": False}, JSON, b'"hello"', None),
    ({"content": "hello"}, JSON, b'"hello"', None),
    ({"content": "hello"}, None, b"hello", None),
    ({"content": '{"a": 1}', "contentType": JSON, "encoded": "json"}, JSON, b'{"a": 1}', None),
    ({"content": [1], "contentType": JSON, "encoded": "JSON"}, JSON, b"[1]", None),
    ({"content": "aGVsbG8=", "contentType": PNG, "encoded": "base64"}, PNG, b"hello", None),
    ({"content": "not base64", "contentType": PNG, "encoded": "base64"}, PNG, b"not base64", None),
    ({"content": "aGVsbG8=", "contentType": PNG, "encoded": False}, PNG, b"aGVsbG8=", None),
    ({"content": "a", "contentType": "text/csv;charset=utf-8"}, "text/csv", b"a", "text/csv;charset=utf-8"),
    ({"a": 1}, JSON, b'{"a":1}', None),
    ([1], None, b"[1]", None),
    ("", None, b"", None),
]


def media(text: str | None) -> MediaType | None:
    return MediaType.parse(text)


@pytest.mark.parametrize(("form", "declared", "content"), PLAIN_FORMS)
def test_forms_before_v4(form, declared: str | None, content: bytes) -> None:
    assert read_body(form, media(declared)) == Body(content)


@pytest.mark.parametrize(("form", "declared", "content", "media_type"), V4_FORMS)
def test_forms_of_v4(form, declared: str | None, content: bytes, media_type: str | None) -> None:
    assert read_v4_body(form, declared) == (Body(content, media_type=media_type), {})


def test_members_of_a_v4_body_without_a_place_are_given_back() -> None:
    body, extras = read_v4_body({"content": "a", "contentTypeHint": "TEXT", "encoded": False}, TEXT)
    assert (body, extras) == (Body(b"a"), {"contentTypeHint": "TEXT"})


@pytest.mark.parametrize(
    ("content", "declared", "form"),
    [
        (b"", JSON, ""),
        (b'{"a": 1.0}', JSON, {"a": 1.0}),
        (b'\xef\xbb\xbf{"a":1}', JSON, {"a": 1}),
        (b'{"a":1}', None, {"a": 1}),
        (b"12", None, 12),
        (b"-1.50", None, "-1.50"),
        (b"true", None, True),
        (b'{"-x": 1}', None, '{"-x": 1}'),
        (b'"hello"', None, '"hello"'),
        (b"hello", "application/javascript", "aGVsbG8="),
        (b"aGVsbG8=", "application/x-ndjson", "YUdWc2JHOD0="),
        (b'"hello"', JSON, "hello"),
        (b'"{}"', JSON, '"{}"'),
        (b'""', JSON, '""'),
        (b"hello", TEXT, "hello"),
        (b"\xe9", "text/plain; charset=ISO-8859-1", "é"),
        (b"hello", PNG, "aGVsbG8="),
        (b"<a/>", "application/xml", "<a/>"),
    ],
)
def test_the_written_form_before_v4_reads_back(content: bytes, declared: str | None, form) -> None:
    written, same = write_body(Body(content), media(declared))
    assert (written, same) == (form, True)
    back = read_body(written, media(declared)).content
    assert back == content or parse_json(back.decode()) == parse_json(content.decode("utf-8-sig"))


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (b"null", JSON),
        (b"{bad", JSON),
        (b"\xff", JSON),
        (b"\xff", TEXT),
        (b"\xff", None),
        (b"[" * 5000 + b"]" * 5000, JSON),
        (b'["\\ud800"]', JSON),
    ],
)
def test_what_has_no_form_before_v4_is_said_and_v4_keeps_it(content: bytes, declared: str | None) -> None:
    assert write_body(Body(content), media(declared))[1] is False
    written = write_v4_body(Body(content), declared)
    assert written["encoded"] == "base64"
    assert read_v4_body(written, declared) == (Body(content), {})


@pytest.mark.parametrize(
    ("body", "declared", "form"),
    [
        (Body(b""), JSON, {"content": ""}),
        (Body(b"", media_type=JSON), None, {"content": "", "contentType": JSON}),
        (Body(b'{"a":1}'), JSON, {"content": {"a": 1}, "contentType": JSON, "encoded": False}),
        (Body(b'"a"'), JSON, {"content": "a", "contentType": JSON, "encoded": False}),
        (Body(b'""'), JSON, {"content": "IiI=", "contentType": JSON, "encoded": "base64"}),
        (Body(b"a", media_type=TEXT), None, {"content": "a", "contentType": TEXT, "encoded": False}),
        (Body(b"a", media_type=TEXT), JSON, {"content": "a", "contentType": TEXT, "encoded": False}),
        (Body(b"a"), None, {"content": "a", "encoded": False}),
        (Body(b"hello"), PNG, {"content": "aGVsbG8=", "contentType": PNG, "encoded": "base64"}),
        (Body("é".encode()), TEXT, {"content": "é", "contentType": TEXT, "encoded": False}),
        (Body(b"e"), LATIN, {"content": "e", "contentType": LATIN, "encoded": False}),
        (Body(b"\xe9"), LATIN, {"content": "6Q==", "contentType": LATIN, "encoded": "base64"}),
    ],
)
def test_the_written_form_of_v4(body: Body, declared: str | None, form) -> None:
    assert write_v4_body(body, declared) == form


def test_half_a_surrogate_pair_never_gets_into_the_document() -> None:
    content = b'{"a":"\\ud800"}'
    written, same = write_body(Body(content), media(JSON))
    assert (written, same) == ('{"a":"\\ud800"}', True)
    format_json(write_v4_body(Body(content), JSON)).encode()


def test_a_deep_body_leaves_the_document_readable() -> None:
    content = b'{"a":' * 150 + b"1" + b"}" * 150
    assert write_body(Body(content), media(JSON)) == (content.decode(), True)
    assert write_v4_body(Body(content), JSON)["encoded"] == "base64"


@given(typed_bodies())
def test_reading_what_was_written_gives_the_same_or_says_so(typed) -> None:
    declared, body = typed
    if body is not None:
        written, same = write_body(body, media(declared))
        assert (read_body(written, media(declared)).content == body.content) is same
        assert read_v4_body(write_v4_body(body, declared), declared) == (body, {})


@given(st.text(), st.sampled_from([JSON, TEXT, PNG, None, "text/plain; charset=utf-16", "text/plain; charset=hex"]))
def test_any_string_can_be_read(text: str, declared: str | None) -> None:
    assert isinstance(read_body(text, media(declared)).content, bytes)
    assert isinstance(read_v4_body({"content": text, "encoded": "base64"}, declared)[0].content, bytes)


MISREAD = [
    (b"1", None, False),
    (b"1.50", None, False),
    (b"true", None, False),
    (b'{"a": 1}', None, False),
    (b'"a"', None, False),
    (b"<a/>", None, False),
    (b"text", None, False),
    (b"null", None, True),
    (b"12 monkeys", None, True),
    (b"true story", None, True),
    (b"[1", None, True),
    (b"null", JSON, True),
    (b"1", JSON, False),
    (b"{bad", JSON, True),
    (b'{"a": 1}', TEXT, False),
    (b"null", TEXT, False),
    (b"{ users }", "application/graphql", True),
    (b'{"query": "{ users }"}', "application/graphql", False),
    (b"dGV4dA==", "application/javascript", False),
    (b"\xe9", LATIN, True),
    (b"e", LATIN, False),
    ("é".encode("utf-16"), "text/plain; charset=utf-16", True),
    ('{"a":1}'.encode("utf-16"), "application/json; charset=utf-16", True),
    (b"\xff", PNG, False),
]


@pytest.mark.parametrize(("content", "declared", "misread"), MISREAD)
def test_what_the_reference_takes_for_something_else(content: bytes, declared: str | None, misread: bool) -> None:
    form, _ = write_body(Body(content), media(declared))
    assert is_misread(form, content, media(declared)) is misread
    assert is_misread_by_the_reference(form, content, declared) is misread


def is_misread_by_the_reference(form: object, content: bytes, declared: str | None) -> bool:
    headers = {"Content-Type": declared} if declared else {}
    answer = {"status": 200, "headers": headers, "body": form}
    interaction = {"description": "d", "request": {"method": "GET", "path": "/"}, "response": answer}
    document = {"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": [interaction]}
    (read,) = reference_response_bodies(
        json.dumps(document | {"metadata": {"pactSpecification": {"version": "3.0.0"}}})
    )
    with suppress(ValueError):
        return json.loads(read.decode()) != json.loads(content.decode())
    return read != content
