import json
from dataclasses import replace
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response
from pact_recorder.http.identity import exchange_identity, question_identity

REQUEST = Request(
    "POST", "/users", "page=2", Headers([("Accept", "application/json"), ("X-Tenant", "a")]), Body(b"{}"),
    "https", "api.example.com", 443,
)  # fmt: skip
RESPONSE = Response(
    200,
    "OK",
    Headers([("Content-Type", "text/plain"), ("Set-Cookie", "a"), ("Set-Cookie", "b")]),
    Body(b"hello"),
)
EXCHANGE = Exchange(REQUEST, RESPONSE, 10.0, 0.5, 0.25)


def test_trailers_count_and_their_absence_leaves_identities_of_older_journals_as_they_are() -> None:
    trailers = Headers([("grpc-status", "0")])
    identities = {
        exchange_identity(each) for each in (EXCHANGE, asking(trailers=trailers), answering(trailers=trailers))
    }
    assert len(identities) == 3
    assert exchange_identity(EXCHANGE) == "785776ccb7fbb4ddde4cc5997da3227b"


def plus(headers: Headers, *fields: tuple[str, str]) -> Headers:
    return Headers([*headers, *fields])


def asking(**changes: object) -> Exchange:
    return replace(EXCHANGE, request=replace(REQUEST, **changes))  # type: ignore[arg-type]


def answering(**changes: object) -> Exchange:
    return replace(EXCHANGE, response=replace(RESPONSE, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "same",
    [
        replace(EXCHANGE, started=11.0, duration=0.1, first_byte=None),
        asking(headers=plus(REQUEST.headers, ("Date", "today"), ("Connection", "close"))),
        asking(headers=Headers([("x-tenant", "a"), ("ACCEPT", "application/json")])),
        asking(http_version="HTTP/2.0"),
        asking(scheme="http", port=80),
        asking(host="API.example.com"),
        answering(reason="Fine", http_version="HTTP/2.0"),
        answering(headers=plus(RESPONSE.headers, ("Date", "today"), ("Transfer-Encoding", "chunked"))),
        answering(body=Body(b"hello", encoded=EncodedBody("gzip", b"..."))),
        answering(headers=Headers([("Set-Cookie", "a"), ("Set-Cookie", "b"), ("content-type", "text/plain")])),
    ],
)
def test_noise_does_not_change_the_identity(same: Exchange) -> None:
    assert exchange_identity(same) == exchange_identity(EXCHANGE)


DIFFERENT = [
    asking(method="PUT"),
    asking(host="other.example.com"),
    asking(port=8443),
    asking(path="/user"),
    asking(query="page=3"),
    asking(query=None),
    asking(query=""),
    asking(body=None),
    asking(body=Body(b"")),
    asking(body=Body(b"{}", cut=True)),
    asking(headers=Headers([("Accept", "application/json")])),
    asking(headers=Headers([("Accept", "application/json"), ("X-Tenant", "\udce9")])),
    answering(status=201),
    answering(body=None),
    answering(body=Body(b"")),
    answering(body=Body(b"hello", cut=True)),
    answering(body=Body(b"hellO")),
    answering(headers=Headers([("Content-Type", "text/html"), ("Set-Cookie", "a"), ("Set-Cookie", "b")])),
    answering(headers=Headers([("Content-Type", "text/plain"), ("Set-Cookie", "b"), ("Set-Cookie", "a")])),
]


def test_everything_that_matters_changes_the_identity() -> None:
    identities = {exchange_identity(exchange) for exchange in [EXCHANGE, *DIFFERENT]}
    assert len(identities) == len(DIFFERENT) + 1


def test_an_identity_is_the_same_in_every_process() -> None:
    assert exchange_identity(Exchange(Request("GET", "/"), Response(200))) == "3591bf5a6b9f04e03479d4215e967e68"


@given(st.binary(max_size=4), st.binary(max_size=4), st.binary(max_size=4), st.binary(max_size=4))
def test_a_byte_moved_from_one_body_to_the_other_changes_the_identity(
    asked: bytes, answered: bytes, other: bytes, another: bytes
) -> None:
    one = Exchange(Request("GET", "/", body=Body(asked)), Response(200, body=Body(answered)))
    two = Exchange(Request("GET", "/", body=Body(other)), Response(200, body=Body(another)))
    assert (exchange_identity(one) == exchange_identity(two)) == ((asked, answered) == (other, another))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (asking(headers=Headers()), True),
        (answering(status=404), True),
        (asking(method="PUT"), False),
        (asking(query=None), False),
        (asking(body=Body(b"[]")), False),
        (asking(body=None), False),
        (asking(host="elsewhere"), False),
    ],
)
def test_the_question_is_the_request_without_its_headers(other: Exchange, same: bool) -> None:
    assert (question_identity(other.request) == question_identity(REQUEST)) is same


@given(st.text(), st.text(alphabet=st.sampled_from(["\x7f", "\ud800", "é", "/", '"', "\\", "\n", "\x01", "a"])))
def test_the_head_is_what_the_standard_library_writes(path: str, value: str) -> None:
    """Identities are in journals, whoever wrote them."""
    exchange = asking(path=path, headers=Headers([("X-Tenant", value)]))
    request, response = exchange.request, exchange.response
    head = [
        [request.method, request.authority, path, request.query],
        [("x-tenant", value)],
        [2, False, None],
        response.status,
        [("content-type", "text/plain"), ("set-cookie", "a"), ("set-cookie", "b")],
        [5, False, None],
    ]
    written = json.dumps(head, separators=(",", ":")).encode("ascii")
    assert exchange_identity(exchange) == blake2b(written + b"{}" + b"hello", digest_size=16).hexdigest()
