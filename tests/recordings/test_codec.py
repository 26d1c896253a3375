import json

import pytest
from hypothesis import given

from pact_recorder.http import Body, EncodedBody, Exchange, Headers, Request, Response
from pact_recorder.recordings.codec import decode_exchange, encode_exchange
from tests.recordings.strategies import exchanges


@given(exchanges)
def test_decoding_undoes_encoding_through_json(exchange: Exchange) -> None:
    written = json.dumps(encode_exchange(exchange))
    assert written.isascii()
    assert decode_exchange(json.loads(written)) == exchange


def test_the_form_is_readable_and_leaves_out_what_is_usual() -> None:
    exchange = Exchange(
        Request("GET", "/a", "b=1", Headers([("A", "\udce9")]), None, "https", "h", 443),
        Response(200, body=Body(b"\xff", EncodedBody("gzip", b"z"))),
        1.5,
        0.25,
    )
    assert encode_exchange(exchange) == {
        "request": {
            "method": "GET", "scheme": "https", "host": "h", "port": 443, "path": "/a", "query": "b=1",
            "headers": (("A", "\udce9"),),
        },
        "response": {
            "status": 200, "headers": (),
            "body": {"base64": "/w==", "encoded": {"coding": "gzip", "base64": "eg=="}},
        },
        "started": 1.5,
        "duration": 0.25,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "encoded"),
    [
        (None, None),
        (Body(b""), {"text": ""}),
        (Body("é".encode()), {"text": "é"}),
        (
            Body(b"ab", cut=True, size=9, media_type="a/b"),
            {"text": "ab", "cut": True, "size": 9, "type": "a/b"},
        ),
    ],
)
def test_an_absent_body_an_empty_one_and_a_cut_one_stay_apart(body: Body | None, encoded: object) -> None:
    exchange = Exchange(Request("GET", "/"), Response(200, body=body))
    assert encode_exchange(exchange)["response"].get("body") == encoded


@pytest.mark.parametrize(
    "change",
    [
        {"request": None},
        {"request": {}},
        {"response": {"status": "x", "headers": []}},
        {"response": {"status": 200, "headers": [["a"]]}},
        {"response": {"status": 200, "headers": [["a", 1]]}},
        {"response": {"status": 200, "headers": 3}},
        {"response": {"status": 200, "headers": [], "body": {}}},
        {"response": {"status": 200, "headers": [], "body": {"base64": "?"}}},
        {"response": {"status": 200, "headers": [], "body": {"text": "\ud800"}}},
        {"response": {"status": 200, "headers": [], "body": []}},
        {"started": "soon"},
    ],
)
def test_what_is_not_an_exchange_is_a_value_error(change: dict[str, object]) -> None:
    value = json.loads(json.dumps(encode_exchange(Exchange(Request("GET", "/"), Response(200)))))
    with pytest.raises(ValueError):
        decode_exchange(value | change)
