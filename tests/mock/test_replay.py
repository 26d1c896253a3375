"""A recorded response made fit to be sent again."""

import gzip

import pytest
from builders import request

from pact_recorder.http import Body, EncodedBody, Headers, Response
from pact_recorder.mock import replayable
from pact_recorder.mock.replay import accepts_coding

NOW = "Fri, 20 Nov 2026 12:00:00 GMT"


def replayed(response: Response, method: str = "GET", *fields: tuple[str, str]) -> Response:
    return replayable(response, request(method, "/", None, *fields), NOW)


def test_framing_and_date_are_of_this_moment() -> None:
    recorded = Response(
        200,
        "OK",
        Headers(
            [
                ("Date", "Mon, 01 Jan 2024 00:00:00 GMT"),
                ("Transfer-Encoding", "chunked"),
                ("Connection", "keep-alive"),
                ("Content-Encoding", "gzip"),
                ("Content-Length", "99"),
                ("X-Kept", "1"),
                ("Set-Cookie", "a=1"),
                ("Set-Cookie", "b=2"),
            ]
        ),
        Body(b"hello"),
    )
    assert list(replayed(recorded).headers) == [
        ("X-Kept", "1"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Date", NOW),
        ("Content-Length", "5"),
    ]


@pytest.mark.parametrize(
    ("accepted", "sent_encoded"),
    [("gzip, br", True), ("*", True), ("identity", False), ("gzip;q=0, br", False), (None, False)],
)
def test_a_compressed_body_goes_as_the_client_takes_it(accepted: str | None, sent_encoded: bool) -> None:
    wire = gzip.compress(b"hello")
    recorded = Response(200, "", Headers([("Content-Encoding", "gzip")]), Body(b"hello", EncodedBody("gzip", wire)))
    fields = [("Accept-Encoding", accepted)] if accepted else []
    sent = replayed(recorded, "GET", *fields)
    assert sent.body is not None
    assert sent.body.content == (wire if sent_encoded else b"hello")
    assert (sent.headers.get("content-encoding") == "gzip") is sent_encoded
    assert sent.headers.get("content-length") == str(len(sent.body.content))


def test_an_answer_without_a_body_keeps_the_length_it_told() -> None:
    recorded = Response(200, "", Headers([("Content-Length", "1234")]), None)
    sent = replayed(recorded, "HEAD")
    assert sent.headers.get("content-length") == "1234"
    assert sent.body is None
    # To any other method it would promise a body that does not come.
    assert replayed(recorded, "GET").headers.get_all("content-length") == ["0"]
    assert "content-length" not in replayed(Response(204)).headers


def test_stacked_codings() -> None:
    asked = request("GET", "/", None, ("Accept-Encoding", "gzip"), ("Accept-Encoding", "br;q=0.5"))
    assert accepts_coding(asked, "gzip, br")
    assert not accepts_coding(asked, "gzip, zstd")
