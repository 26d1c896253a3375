import json

import pytest

from pact_recorder.http import Body
from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.matching.rules import Generator, Generators, MatchingRule, MatchingRules, RuleList
from pact_recorder.pact import (
    Contract,
    Interaction,
    MessageInteraction,
    ProviderState,
    SyncMessageInteraction,
    contract_to_json,
    format_contract,
    read_contract,
)
from tests.pact.test_reading import V1, V2, V3, V3_MESSAGES, V4

TYPE = RuleList((MatchingRule("type"),))
FULL = Interaction(
    "get",
    ExpectedRequest(
        "POST",
        "/a",
        {"q": ("é", "1+2")},
        {"Accept": ("a/b", "c/d"), "Content-Type": ("application/json",)},
        Body(b'{"n":1.50}'),
        MatchingRules({"body": {"$.n": TYPE}, "query": {"q": TYPE}}),
        Generators({"body": {"$.n": Generator("RandomInt", {"min": 1})}}),
    ),
    ExpectedResponse(201, {"Set-Cookie": ("a=1", "b=2")}, Body(b"\x00\xff", media_type="image/png")),
    (ProviderState("s", {"id": 1}), ProviderState("t")),
    key="k",
    pending=True,
    comments={"text": ["c"]},
    transport="grpc",
    extras={
        "": {"_id": "1", "pluginConfiguration": {}},
        "request": {"later": 1},
        "response.body": {"contentTypeHint": "BINARY"},
    },
)
CONTRACT = Contract("c", "p", (FULL,), {"tool": "t"}, {"": {"_links": {}}, "consumer": {"id": 1}})
MESSAGE = MessageInteraction("m", ExpectedMessage(Body(b"[1]", media_type="application/json"), {"k": 1}))
SYNC = SyncMessageInteraction("s", ExpectedMessage(Body(b"a")), (ExpectedMessage(Body(b"b")),))
RULE = {"matchers": [{"match": "type"}], "combine": "AND"}


def written(contract: Contract, version):
    return json.loads(format_contract(contract, version))


def test_v2() -> None:
    document, lost = contract_to_json(CONTRACT, 2)
    assert document == {
        "consumer": {"name": "c", "id": 1},
        "provider": {"name": "p"},
        "interactions": [
            {
                "description": "get",
                "providerState": "s",
                "request": {
                    "method": "POST",
                    "path": "/a",
                    "query": "q=%C3%A9&q=1%2B2",
                    "headers": {"Accept": "a/b, c/d", "Content-Type": "application/json"},
                    "body": {"n": 1.5},
                    "matchingRules": {"$.body.n": {"match": "type"}, "$.query.q": {"match": "type"}},
                    "later": 1,
                },
                "response": {"status": 201, "headers": {"Set-Cookie": ["a=1", "b=2"]}, "body": "AP8="},
                "_id": "1",
            }
        ],
        "metadata": {"tool": "t", "pactSpecification": {"version": "2.0.0"}},
        "_links": {},
    }
    assert lost == [
        f'interaction 1 ("get"): {what}'
        for what in (
            "its key, which version 2 has no place for",
            "that it is pending, which version 2 has no place for",
            "its comments, which version 2 has no place for",
            "its transport, which version 2 has no place for",
            "all provider states but the first",
            "the parameters of its provider state",
            "its generators, which version 2 has no place for",
            "the content type image/png of the response body",
            "contentTypeHint of the response body",
            "the response body reads back differently: its content is not what its type says",
            "pluginConfiguration, which version 2 has no place for",
        )
    ]


def test_v3() -> None:
    (interaction,) = written(CONTRACT, 3)["interactions"]
    assert interaction["providerStates"] == [{"name": "s", "params": {"id": 1}}, {"name": "t"}]
    assert interaction["request"] == {
        "method": "POST",
        "path": "/a",
        "query": {"q": ["é", "1+2"]},
        "headers": {"Accept": "a/b, c/d", "Content-Type": "application/json"},
        "body": {"n": 1.5},
        "matchingRules": {"body": {"$.n": RULE}, "query": {"q": RULE}},
        "generators": {"body": {"$.n": {"type": "RandomInt", "min": 1}}},
        "later": 1,
    }
    assert interaction["response"]["headers"] == {"Set-Cookie": ["a=1", "b=2"]}


def test_v4() -> None:
    document, lost = contract_to_json(CONTRACT, 4)
    assert lost == []
    assert document["metadata"]["pactSpecification"] == {"version": "4.0"}
    (interaction,) = document["interactions"]
    assert {name: interaction[name] for name in ("type", "key", "pending", "comments", "transport")} == {
        "type": "Synchronous/HTTP",
        "key": "k",
        "pending": True,
        "comments": {"text": ["c"]},
        "transport": "grpc",
    }
    assert interaction["response"] == {
        "status": 201,
        "headers": {"Set-Cookie": ["a=1", "b=2"]},
        "body": {
            "content": "AP8=",
            "contentType": "image/png",
            "encoded": "base64",
            "contentTypeHint": "BINARY",
        },
    }


def test_messages_of_v4() -> None:
    document, lost = contract_to_json(Contract("c", "p", (MESSAGE, SYNC)), 4)
    assert lost == []
    assert document["interactions"] == [
        {
            "type": "Asynchronous/Messages",
            "description": "m",
            "pending": False,
            "contents": {"content": [1], "contentType": "application/json", "encoded": False},
            "metadata": {"k": 1},
        },
        {
            "type": "Synchronous/Messages",
            "description": "s",
            "pending": False,
            "request": {"contents": {"content": "a", "encoded": False}},
            "response": [{"contents": {"content": "b", "encoded": False}}],
        },
    ]


def test_messages_of_v3() -> None:
    document, lost = contract_to_json(Contract("c", "p", (MESSAGE, SYNC)), 3)
    assert document["messages"] == [
        {"description": "m", "contents": [1], "metaData": {"k": 1, "contentType": "application/json"}}
    ]
    assert "interactions" not in document
    assert lost == [
        'interaction 1 ("m"): the content type is in the metadata now, as version 3 has no other place for it',
        'interaction 2 ("s"): the whole interaction, which a version 3 document of messages cannot hold',
    ]


@pytest.mark.parametrize("version", [2, 3])
def test_messages_beside_http_interactions_are_left_out_before_v4(version) -> None:
    interaction = Interaction("d", ExpectedRequest(), ExpectedResponse())
    document, lost = contract_to_json(Contract("c", "p", (MESSAGE, interaction)), version)
    assert [entry["description"] for entry in document["interactions"]] == ["d"]
    assert "messages" not in document
    assert lost == [
        'interaction 1 ("m"): the whole interaction, '
        f"which a version {version} document of HTTP interactions cannot hold"
    ]


def test_the_text_is_stable_readable_and_exact() -> None:
    text = format_contract(CONTRACT, 3)
    assert text == format_contract(CONTRACT)
    assert text.startswith('{\n  "consumer": {\n    "name": "c",\n    "id": 1\n  },\n  "provider": {')
    assert text.endswith("}\n")
    assert '"n": 1.50' in text


@pytest.mark.parametrize("version", [3, 4])
def test_bytes_that_are_no_text_do_not_spoil_the_document(version) -> None:
    request = ExpectedRequest(path="/\udce9", query={"\udce9": ("\udce9",)}, headers={"X": ("\udce9",)})
    contract = Contract("c", "p", (Interaction("d", request, ExpectedResponse()),))
    document, lost = contract_to_json(contract, version)
    format_contract(contract, version).encode()
    assert document["interactions"][0]["request"]["path"] == "/\ufffd"
    assert set(lost) == {'interaction 1 ("d"): bytes that are not UTF-8 became \ufffd'}


def test_the_query_of_v2_keeps_bytes_that_are_no_text() -> None:
    request = ExpectedRequest(query={"q": ("\udce9",)})
    document, _ = contract_to_json(Contract("c", "p", (Interaction("d", request, ExpectedResponse()),)), 2)
    assert document["interactions"][0]["request"]["query"] == "q=%E9"
    assert read_contract(document, "x").interactions[0].request == request


def test_the_text_query_of_v1_is_noted() -> None:
    _, lost = contract_to_json(read_contract(V1, "x"), 3)
    assert lost == ['interaction 1 ("d"): that its query is compared as text (version 1), not by parameters']


@pytest.mark.parametrize(
    ("document", "version"), [(V2, 2), (V2, 3), (V2, 4), (V3, 3), (V3, 4), (V3_MESSAGES, 3), (V3_MESSAGES, 4), (V4, 4)]
)
def test_going_up_loses_nothing(document: str, version) -> None:
    contract = read_contract(document, "x")
    upgraded, lost = contract_to_json(contract, version)
    assert lost == []
    assert read_contract(upgraded, "x") == contract


@pytest.mark.parametrize(("document", "version"), [(V2, 2), (V3, 3), (V3_MESSAGES, 3)])
def test_up_and_down_again_is_where_it_began(document: str, version) -> None:
    contract = read_contract(document, "x")
    upgraded = read_contract(format_contract(contract, 4), "x")
    assert format_contract(upgraded, version) == format_contract(contract, version)
