import pytest
from expecting import typed_response

# (content type, expected, actual): equal only to a comparer of that kind of content.
SAME = [
    ("application/json", b'{"a":1,"b":2}', b'{"b":2, "a":1}'),
    ("application/vnd.api+json; charset=utf-8", b"[1]", b"[ 1 ]"),
    ("application/x-amz-json-1.1", b"[1]", b"[ 1 ]"),
    ("application/graphql", b"[1]", b"[ 1 ]"),
    ("application/xml", b"<a x='1'/>", b'<a x="1"></a>'),
    ("image/svg+xml", b"<a/>", b"<a></a>"),
    ("application/x-www-form-urlencoded", b"a=1&b=2", b"b=2&a=1"),
    (
        "multipart/mixed; boundary=X",
        b"--X\r\n\r\na\r\n--X--",
        b"--X\r\n\r\na\r\n--X\r\n\r\nb\r\n--X--",
    ),
]
DIFFERENT = [
    ("text/plain", b"a", b"a "),
    ("text/html", b"<a/>", b"<a></a>"),
    ("application/octet-stream", b"[1]", b"[ 1 ]"),
    ("application/javascript", b"a=1&b=2", b"b=2&a=1"),
    ("image/png", b"<a/>", b"<a></a>"),
]


@pytest.mark.parametrize(("media_type", "expected", "actual"), SAME)
def test_content_is_compared_by_its_kind(media_type: str, expected: bytes, actual: bytes) -> None:
    assert typed_response(media_type, expected, actual) == []


@pytest.mark.parametrize(("media_type", "expected", "actual"), DIFFERENT)
def test_other_content_is_compared_as_it_is(media_type: str, expected: bytes, actual: bytes) -> None:
    assert len(typed_response(media_type, expected, actual)) == 1
    assert typed_response(media_type, expected, expected) == []
