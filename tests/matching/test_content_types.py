import pytest

from pact_recorder.http import Body, Headers, MediaType
from pact_recorder.matching.content_types import declared_type, describe_type, header_value, type_accepts


@pytest.mark.parametrize(
    ("expected", "actual", "accepted"),
    [
        ("application/json", "application/json", True),
        ("application/json", "application/json; charset=utf-8", True),
        ("application/json; charset=utf-8", "application/json", False),
        ("application/json; charset=UTF-8", "application/json;charset=utf-8", True),
        ("application/json", "application/hal+json", True),
        ("application/hal+json", "application/json", False),
        ("application/hal+json", "application/hal+xml", False),
        ("text/xml", "application/xml", True),
        ("application/xml", "text/xml; charset=utf-8", True),
        ("application/json", "text/plain", False),
        ("multipart/form-data; boundary=a", "multipart/form-data; boundary=A", False),
        ("application/json", None, True),
        (None, "application/json", True),
    ],
)
def test_type_accepts(expected: str | None, actual: str | None, accepted: bool) -> None:
    assert type_accepts(MediaType.parse(expected), MediaType.parse(actual)) is accepted


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("application/json", "application/json"),
        ("text/plain; charset=utf-8; a=b", "text/plain;a=b;charset=utf-8"),
        (None, "*/*"),
    ],
)
def test_describe_type(text: str | None, described: str) -> None:
    assert describe_type(MediaType.parse(text)) == described


@pytest.mark.parametrize(
    ("fields", "body", "essence"),
    [
        ([("content-type", "text/csv")], Body(b"{}"), "text/csv"),
        ([("content-type", "text/csv")], Body(b"{}", media_type="application/json"), "application/json"),
        ([("content-type", "nonsense")], Body(b"{}"), "application/json"),
        ([], Body(b"<a/>"), "application/xml"),
        ([], Body(b""), None),
        ([], None, None),
        ([("content-type", "text/csv")], None, "text/csv"),
    ],
)
def test_declared_type(fields: list[tuple[str, str]], body: Body | None, essence: str | None) -> None:
    for headers in (Headers(fields), {name: (value,) for name, value in fields}):
        found = declared_type(headers, body)
        assert (None if found is None else found.essence) == essence


def test_header_value_ignores_case() -> None:
    assert header_value({"CONTENT-type": ("a/b", "c/d")}) == "a/b"
    assert header_value(Headers()) is None
