"""What the headers of an answer say of its framing: honoured, made anew and told, or refused."""

from base64 import b64encode
from typing import Any

import pytest

from pact_recorder.http import Headers, Request, Response
from pact_recorder.http.content_coding import decode_content, encode_content
from pact_recorder.http.names import HOP_BY_HOP
from pact_recorder.mock import replayable
from pact_recorder.mock.actions import Reply
from pact_recorder.mock.mockserver.actions import read_reply
from pact_recorder.mock.mockserver.framing import remade

ASKED = Request("GET", "/")
GZIPPED = encode_content(b"plain", "gzip")


def reply(headers: Any, body: Any = "ab", **members: Any) -> Response:
    found = read_reply({"headers": headers, "body": body, **members})
    return found.response if isinstance(found, Reply) else found


def sent(response: Response, *fields: tuple[str, str], method: str = "GET") -> Response:
    return replayable(response, Request(method, "/", headers=Headers(fields)), "now")


HONOURED: list[tuple[dict[str, Any], Any]] = [
    ({"Content-Length": "2"}, "ab"),
    ({"content-length": ["2", "2"]}, "ab"),
    ({"Content-Length": "0"}, None),
    ({"Content-Length": 0}, ""),
    ({"Transfer-Encoding": "chunked"}, "ab"),
    ({"Transfer-Encoding": "Identity, chunked"}, "ab"),
    ({"Connection": "keep-alive", "Keep-Alive": "timeout=5"}, "ab"),
    ({"Proxy-Connection": "keep-alive", "Date": "Thu, 01 Jan 1970 00:00:00 GMT"}, "ab"),
]


@pytest.mark.parametrize(("headers", "body"), HONOURED)
def test_what_comes_to_the_same_is_taken_and_made_anew(headers: Any, body: Any) -> None:
    content = (body or "").encode()
    given = sent(reply({**headers, "X": "1"}, body))
    assert sorted(given.headers.fields) == [("Content-Length", str(len(content))), ("Date", "now"), ("X", "1")]
    assert given.body is not None
    assert given.body.content == content


REFUSED = [
    ({"Content-Length": "9"}, "Content-Length is 9, but the body has 2 bytes: leave it out, or send the answer byte"),
    ({"Content-Length": "1"}, "Content-Length is 1, but the body has 2 bytes"),
    ({"Content-Length": "-2"}, "Content-Length must be one whole number"),
    ({"Content-Length": "2, 2"}, "Content-Length must be one whole number"),
    ({"Content-Length": ["2", "3"]}, "Content-Length must be one whole number"),
    ({"Content-Length": ""}, "Content-Length must be one whole number"),
    ({"Content-Length": "\xb2"}, "Content-Length must be one whole number"),
    ({"Content-Length": "9" * 5000}, "Content-Length must be one whole number"),
    ({"Transfer-Encoding": "gzip, chunked"}, "the Transfer-Encoding 'gzip' is not supported: leave it out"),
    ({"transfer-encoding": "xchunked"}, "the Transfer-Encoding 'xchunked' is not supported"),
    ({"Connection": "Upgrade"}, "the Connection option 'upgrade' is not supported: leave it out"),
    ({"Connection": "close, X-Mine"}, "the Connection option 'x-mine' is not supported"),
    ({"Upgrade": "h2c"}, "Upgrade is between two neighbours only and not supported: leave it out, or send"),
    ({"Proxy-Authenticate": "Basic"}, "Proxy-Authenticate is between two neighbours only"),
    ({"TE": "trailers"}, "TE is between two neighbours only"),
    ({"Trailer": "X"}, "Trailer is between two neighbours only"),
    ({"Bad Name": "1"}, "'Bad Name' cannot be sent: a name is a token, a value is in one line"),
    ({"": "1"}, "'' cannot be sent"),
    ({":status": "1"}, "':status' cannot be sent"),
    ({"X-\xfc": "1"}, "'X-\xfc' cannot be sent"),
    ({"X": "a\x07b"}, "'X' cannot be sent"),
    ({"Content-Encoding": "x-odd"}, "The content coding 'x-odd' is not known"),
]


@pytest.mark.parametrize(("headers", "sentence"), REFUSED)
def test_what_cannot_be_sent_is_refused_by_name(headers: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^headers: ") as caught:
        reply(headers)
    assert str(caught.value).startswith(f"headers: {sentence}")


def test_every_header_of_one_connection_is_decided() -> None:
    taken = {"connection": "close", "transfer-encoding": "chunked", "keep-alive": "1", "proxy-connection": "close"}
    for name in HOP_BY_HOP:
        if name in taken:
            reply({name: taken[name]})
        else:
            with pytest.raises(ValueError, match=f"headers: {name} is between two neighbours only"):
                reply({name: "x"})


@pytest.mark.parametrize(
    ("headers", "options", "close"),
    [
        ({}, None, None),
        ({"Connection": "close"}, None, True),
        ({"Connection": "keep-alive"}, None, None),
        ({"connection": "keep-alive, Close"}, None, True),
        ({"Connection": "close"}, {"keepAliveOverride": True}, False),
        ({"Connection": "keep-alive"}, {"closeSocket": True}, True),
    ],
)
def test_a_connection_ends_as_the_header_says_unless_an_option_does(headers: Any, options: Any, close: Any) -> None:
    found = read_reply({"headers": headers, "connectionOptions": options})
    assert (found.close if isinstance(found, Reply) else None) is close


ENCODED = [
    ("gzip", "plain", None),
    ("gzip", {"a": 1}, None),
    ("deflate, gzip", "plain", None),
    ("GZIP", {"base64Bytes": b64encode(GZIPPED).decode()}, GZIPPED),
    ("gzip", {"base64Bytes": b64encode(b"plain").decode()}, None),
    ("identity", "plain", b"plain"),
    ("gzip", "", b""),
]


@pytest.mark.parametrize("accepted", [None, "gzip", "identity"])
@pytest.mark.parametrize(("coding", "body", "content"), ENCODED)
def test_a_coding_is_sent_to_every_client(coding: str, body: Any, content: bytes | None, accepted: str | None) -> None:
    fields = [] if accepted is None else [("Accept-Encoding", accepted)]
    given = sent(reply({"Content-Encoding": coding}, body), *fields)
    assert given.headers.get_all("content-encoding") == [coding]
    assert given.body is not None
    assert given.headers.get("content-length") == str(len(given.body.content))
    if content is None:
        assert decode_content(given.body.content, coding, 100) in (b"plain", b'{\n  "a" : 1\n}')
    else:
        assert given.body.content == content


def test_a_length_under_a_coding_is_that_of_what_is_sent() -> None:
    given = sent(reply({"Content-Encoding": "gzip", "Content-Length": "2000"}, "plain"))
    assert given.body is not None
    assert given.headers.get_all("content-length") == [str(len(given.body.content))]


def test_a_bomb_is_refused() -> None:
    bomb = encode_content(encode_content(bytes(300_000_000), "gzip"), "gzip")
    with pytest.raises(ValueError, match="body: Content decodes to more than"):
        reply({"Content-Encoding": "gzip, gzip"}, {"base64Bytes": b64encode(bomb).decode()})


def test_a_recording_is_framed_anew_whatever_it_says() -> None:
    headers = {"Content-Length": "9", "Connection": "x", "Upgrade": "y", "Content-Encoding": "gzip"}
    found = read_reply({"headers": headers, "body": "plain"}, as_given=False)
    assert isinstance(found, Response)
    assert [name for name, _ in sent(found).headers] == ["Date", "Content-Length"]
    assert sent(found, ("Accept-Encoding", "gzip")).headers.get("content-encoding") == "gzip"


def test_the_length_of_an_answer_to_head_may_be_told() -> None:
    found = read_reply({"headers": {"Content-Length": "1234"}}, to_head=True)
    assert isinstance(found, Response)
    assert sent(found, method="HEAD").headers.get_all("content-length") == ["1234"]
    with pytest.raises(ValueError, match="Content-Length is 1234, but the body has 2 bytes"):
        read_reply({"headers": {"Content-Length": "1234"}, "body": "ab"}, to_head=True)


def test_what_is_made_anew_is_told() -> None:
    headers = {name: ["x"] for name in ("DATE", "transfer-encoding", "Keep-Alive", "X-A", "Content-Length")}
    answers = [{"statusCode": 204, "body": "a"}, {"headers": {"Content-Encoding": ["gzip"], "Content-Length": ["1"]}}]
    assert list(remade({"httpResponse": {"headers": headers}})) == [
        "/httpResponse/headers/DATE is of the moment when it is sent",
        "/httpResponse/headers/transfer-encoding is not sent, since an answer is sent with its length",
        "/httpResponse/headers/Keep-Alive is not sent, since it is between two neighbours only",
    ]
    assert list(remade({"httpResponses": answers})) == [
        "/httpResponses/0/body is not sent, since an answer with the status 204 has none in HTTP",
        "/httpResponses/1/headers/Content-Length is that of the body as it is sent",
    ]
    assert list(remade({"httpResponse": {"statusCode": 204, "body": ""}})) == []
    assert list(remade({"httpForward": {"host": "a"}})) == []
