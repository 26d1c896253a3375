import pytest

from pact_recorder.errors import UsageError
from pact_recorder.http import Headers
from pact_recorder.server.messages import ControlRequest, error_response, head_of, json_response


def typed(content_type: str, body: bytes) -> ControlRequest:
    return ControlRequest("PUT", "/", {}, Headers([("Content-Type", content_type)]), body)


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("", "é".encode(), "é"),
        ("application/json", b"\xef\xbb\xbf{}", "{}"),
        ("text/plain; charset=iso-8859-1", b"\xe9", "é"),
        ("text/plain; charset=none", b"", ""),
    ],
)
def test_the_text_follows_the_charset(content_type: str, body: bytes, text: str) -> None:
    assert typed(content_type, body).text() == text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b"\xff"),
        *((f"text/plain; charset={name}", b"00") for name in ("hex", "none", "unicode_escape", "idna", "punycode")),
    ],
)
def test_what_is_not_text_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        typed(content_type, body).text()


def test_parameters_are_decoded_and_the_first_counts() -> None:
    head = head_of({"method": "put", "path": "/", "query_string": b"a=x+y%C3%A9&a=2&flag"})
    assert head.parameters == {"a": "x yé", "flag": ""}
    assert (head.method, head.parameter("a"), head.parameter("b")) == ("PUT", "x yé", "")


def test_errors_are_compact_with_apostrophes() -> None:
    assert error_response(400, 'a "b"').body == b"""{"error":"a 'b'"}"""


def test_text_that_is_not_unicode_can_still_be_sent() -> None:
    assert json_response(200, {"name": "\udcff"}).body.isascii()
