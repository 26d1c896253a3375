"""Documents of every version, and of tools that mix them."""

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
    parse_version,
    read_contract,
    read_message,
    read_request,
    read_response,
)

V1 = """{
  "provider": {"name": "p"}, "consumer": {"name": "c"},
  "interactions": [{
    "description": "d", "provider_state": "s",
    "request": {"method": "get", "path": "/a", "query": "b=2&a=1", "headers": {"Accept": "a/b, c/d"}},
    "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"n": 1.0, "e": 1e2}}
  }],
  "metadata": {"pactSpecificationVersion": "1.0.0"}
}"""
V2 = """{
  "consumer": {"name": "c"}, "provider": {"name": "p"},
  "interactions": [{
    "description": "d", "providerState": "s",
    "request": {"method": "POST", "path": "/a", "query": "q=1", "body": "x=1",
      "headers": {"Content-Type": "application/x-www-form-urlencoded"},
      "matchingRules": {"$.path": {"match": "regex", "regex": "/.*"}, "$.query.q[0]": {"match": "type"}}},
    "response": {"status": 201, "body": [1], "matchingRules": {"$.body": {"min": 1}, "$.headers.X": {"regex": "a"}}}
  }],
  "metadata": {"pactSpecification": {"version": "2.0.0"}, "tool": {"version": "1"}}
}"""
V3 = """{
  "consumer": {"name": "c"}, "provider": {"name": "p"},
  "interactions": [{
    "description": "d", "providerStates": [{"name": "s", "params": {"id": 1}}, {"name": "t"}],
    "request": {"method": "PUT", "path": "/a", "query": {"q": ["1", "2"]},
      "matchingRules": {"path": {"matchers": [{"match": "type"}], "combine": "AND"}},
      "generators": {"path": {"type": "ProviderState", "expression": "/${id}"}}},
    "response": {"status": 200, "headers": {"Content-Type": "image/png"}, "body": "aGVsbG8=",
      "matchingRules": {"body": {"$": {"matchers": [{"match": "contentType", "value": "image/png"}]}}}}
  }],
  "metadata": {"pactSpecification": {"version": "3.0.0"}}
}"""
V3_MESSAGES = """{
  "consumer": {"name": "c"}, "provider": {"name": "p"},
  "messages": [{
    "description": "d", "providerState": "s", "contents": {"a": 1}, "metaData": {"contentType": "application/json"},
    "matchingRules": {"body": {"$.a": {"matchers": [{"match": "type"}]}}}
  }],
  "metadata": {"pactSpecification": {"version": "3.0.0"}}
}"""
V4 = """{
  "consumer": {"name": "c"}, "provider": {"name": "p"},
  "interactions": [{
    "type": "Synchronous/HTTP", "key": "k", "description": "d", "pending": true, "transport": "http",
    "comments": {"text": ["t"]}, "pluginConfiguration": {"csv": {}}, "interactionMarkup": {"markup": "#"},
    "request": {"method": "GET", "path": "/a", "query": {"q": null}, "later": 1},
    "response": {"status": 200, "headers": {"Content-Type": ["text/csv"]},
      "body": {"content": "a,b", "contentType": "text/csv", "contentTypeHint": "TEXT", "encoded": false}}
  }, {
    "type": "Asynchronous/Messages", "description": "m", "metadata": {"queue": "q"},
    "contents": {"content": {"a": 1}, "contentType": "application/json", "encoded": false},
    "matchingRules": {"content": {"$.a": {"matchers": [{"match": "type"}]}}}
  }, {
    "type": "Synchronous/Messages", "description": "s",
    "request": {"contents": {"content": "a", "contentType": "text/plain"}},
    "response": [{"contents": {"content": "b", "contentType": "text/plain"}, "metadata": {"k": 1}}, {}]
  }],
  "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": [{"name": "csv"}]}, "_links": {"self": "x"}
}"""

TYPE = RuleList((MatchingRule("type"),))


def only(document) -> Interaction:
    (interaction,) = read_contract(document, "x").interactions
    assert isinstance(interaction, Interaction)
    return interaction


def http(version: str, **members):
    metadata = {"pactSpecification": {"version": version}}
    return {"interactions": [{"request": {}, "response": {}, **members}], "metadata": metadata}


def test_v1() -> None:
    assert read_contract(V1, "x") == Contract(
        "c",
        "p",
        (
            Interaction(
                "d",
                ExpectedRequest(
                    "GET",
                    "/a",
                    {"b": ("2",), "a": ("1",)},
                    {"Accept": ("a/b", "c/d")},
                    query_text="b=2&a=1",
                ),
                ExpectedResponse(200, {"Content-Type": ("application/json",)}, Body(b'{"n":1.0,"e":1e2}')),
                (ProviderState("s"),),
            ),
        ),
    )


def test_v2() -> None:
    regex = MatchingRule("regex", {"regex": "/.*"})
    assert read_contract(V2, "x") == Contract(
        "c",
        "p",
        (
            Interaction(
                "d",
                ExpectedRequest(
                    "POST",
                    "/a",
                    {"q": ("1",)},
                    {"Content-Type": ("application/x-www-form-urlencoded",)},
                    Body(b"x=1"),
                    MatchingRules({"path": {"$": RuleList((regex,))}, "query": {"q": TYPE}}),
                ),
                ExpectedResponse(
                    201,
                    body=Body(b"[1]"),
                    rules=MatchingRules(
                        {
                            "body": {"$": RuleList((MatchingRule("type", {"min": 1}),))},
                            "header": {"X": RuleList((MatchingRule("regex", {"regex": "a"}),))},
                        }
                    ),
                ),
                (ProviderState("s"),),
            ),
        ),
        {"tool": {"version": "1"}},
    )


def test_v3() -> None:
    image = MatchingRule("contentType", {"value": "image/png"})
    assert only(V3) == Interaction(
        "d",
        ExpectedRequest(
            "PUT",
            "/a",
            {"q": ("1", "2")},
            rules=MatchingRules({"path": {"$": TYPE}}),
            generators=Generators({"path": {"$": Generator("ProviderState", {"expression": "/${id}"})}}),
        ),
        ExpectedResponse(
            200,
            {"Content-Type": ("image/png",)},
            Body(b"hello"),
            MatchingRules({"body": {"$": RuleList((image,))}}),
        ),
        (ProviderState("s", {"id": 1}), ProviderState("t")),
    )


def test_v3_messages() -> None:
    assert read_contract(V3_MESSAGES, "x").interactions == (
        MessageInteraction(
            "d",
            ExpectedMessage(
                Body(b'{"a":1}'), {"contentType": "application/json"}, MatchingRules({"content": {"$.a": TYPE}})
            ),
            (ProviderState("s"),),
        ),
    )


def test_v4() -> None:
    contract = read_contract(V4, "x")
    assert contract.interactions == (
        Interaction(
            "d",
            ExpectedRequest("GET", "/a", {"q": (None,)}),
            ExpectedResponse(200, {"Content-Type": ("text/csv",)}, Body(b"a,b")),
            key="k",
            pending=True,
            comments={"text": ["t"]},
            transport="http",
            extras={
                "": {"pluginConfiguration": {"csv": {}}, "interactionMarkup": {"markup": "#"}},
                "request": {"later": 1},
                "response.body": {"contentTypeHint": "TEXT"},
            },
        ),
        MessageInteraction(
            "m",
            ExpectedMessage(
                Body(b'{"a":1}', media_type="application/json"),
                {"queue": "q"},
                MatchingRules({"content": {"$.a": TYPE}}),
            ),
        ),
        SyncMessageInteraction(
            "s",
            ExpectedMessage(Body(b"a", media_type="text/plain")),
            (ExpectedMessage(Body(b"b", media_type="text/plain"), {"k": 1}), ExpectedMessage()),
        ),
    )
    assert contract.metadata == {"plugins": [{"name": "csv"}]}
    assert contract.extras == {"": {"_links": {"self": "x"}}}
    assert contract.specification == "4.0"


@pytest.mark.parametrize("document", [V1, V2, V3, V3_MESSAGES, V4])
def test_text_bytes_and_objects_read_the_same(document: str) -> None:
    contract = read_contract(document, "x")
    assert read_contract(document.encode(), "x") == contract
    assert read_contract("\ufeff" + document, "x") == contract
    assert read_contract(b"\xef\xbb\xbf" + document.encode(), "x") == contract
    if document is not V1:  # only the text has the numbers as they were written
        assert read_contract(json.loads(document), "x") == contract


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (None, (3, 0)),
        ("", (3, 0)),
        ("new", (3, 0)),
        ("1.0.0", (1, 0)),
        ("1.1.0", (1, 1)),
        ("2", (2, 0)),
        ("V3", (3, 0)),
        ("4.0", (4, 0)),
        ("9.7", (9, 7)),
    ],
)
def test_versions(text: str | None, version: tuple[int, int]) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    "metadata",
    [
        {"pactSpecification": {"version": "4.0"}},
        {"pact-specification": {"version": "4.0"}},
        {"pactSpecificationVersion": "4.0"},
        {"pactSpecification": {"version": 4}},
    ],
)
def test_where_the_version_stands(metadata) -> None:
    body = {"content": "a", "contentType": "text/plain"}
    document = {"interactions": [{"request": {"body": body}, "response": {}}], "metadata": metadata}
    assert only(document).request.body == Body(b"a", media_type="text/plain")
    assert read_contract(document, "x").metadata == {}


def test_without_a_version_it_is_v3() -> None:
    body = {"content": "a", "contentType": "text/plain"}
    contract = read_contract({"interactions": [{"request": {"body": body}, "response": {}}]}, "x")
    assert contract.specification is None
    assert contract.interactions[0].request.body == Body(b'{"content":"a","contentType":"text/plain"}')


def test_an_interaction_with_a_type_is_of_v4_whatever_the_metadata_says() -> None:
    document = http("3.0.0", type="Synchronous/HTTP", response={"body": {"content": "a"}})
    assert only(document).response.body == Body(b"a")


def test_what_is_absent_has_its_default() -> None:
    contract = read_contract(http("3.0.0"), "x")
    assert (contract.consumer, contract.provider) == ("consumer", "provider")
    assert contract.interactions == (Interaction("Interaction 1", ExpectedRequest(), ExpectedResponse()),)


def test_an_empty_path_is_not_an_absent_one() -> None:
    assert only(http("3.0.0", request={"path": ""})).request.path == ""


@pytest.mark.parametrize(("member", "body"), [({}, None), ({"body": None}, Body(b"")), ({"body": ""}, Body(b""))])
@pytest.mark.parametrize("version", ["2.0.0", "3.0.0", "4.0"])
def test_an_absent_body_is_not_an_empty_one(version: str, member, body) -> None:
    assert only(http(version, response=member)).response.body == body


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "3.0.0", "4.0"])
@pytest.mark.parametrize(
    "rules", [{"$.body.a": {"match": "type"}}, {"body": {"$.a": {"matchers": [{"match": "type"}]}}}]
)
@pytest.mark.parametrize("member", ["matchingRules", "responseMatchingRules"])
def test_rules_of_every_version_in_every_version(version: str, rules, member: str) -> None:
    assert only(http(version, response={member: rules})).response.rules == MatchingRules({"body": {"$.a": TYPE}})


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "3.0.0", "4.0"])
def test_forms_of_every_version_in_every_version(version: str) -> None:
    for query in ("q=1", {"q": ["1"]}, {"q": "1"}):
        assert only(http(version, request={"query": query})).request.query == {"q": ("1",)}
    for headers in ({"X": "1"}, {"X": ["1"]}):
        assert only(http(version, request={"headers": headers})).request.headers == {"X": ("1",)}
    for states in ({"providerState": "s"}, {"provider_state": "s"}, {"providerStates": [{"name": "s"}]}):
        assert only(http(version, **states)).provider_states == (ProviderState("s"),)


@pytest.mark.parametrize(("version", "text"), [("1.0.0", "q=1&"), ("1.1.0", None), ("2.0.0", None), ("3.0.0", None)])
def test_only_v1_compares_the_query_as_text(version: str, text: str | None) -> None:
    assert only(http(version, request={"query": "q=1&"})).request.query_text == text


def test_a_status_may_be_text() -> None:
    assert only(http("3.0.0", response={"status": "404"})).response.status == 404


def test_numbers_are_kept_as_written_everywhere() -> None:
    text = """{"interactions": [{"providerStates": [{"name": "s", "params": {"n": 1.50}}],
      "request": {"body": [12345678901234567890123, 0.10, -0, 1E+2]}, "response": {}}]}"""
    interaction = only(text)
    assert interaction.request.body == Body(b"[12345678901234567890123,0.10,-0,1E+2]")
    assert repr(interaction.provider_states[0].params["n"]) == "1.50"


@pytest.mark.parametrize("name", ["contentType", "content-type", "Content-Type"])
def test_a_message_declares_its_type_in_the_metadata(name: str) -> None:
    message = read_message({"contents": "aGVsbG8=", "metaData": {name: "image/png"}}, (3, 0), "x")
    assert message == ExpectedMessage(Body(b"hello"), {name: "image/png"})


def test_parts_can_be_read_by_themselves() -> None:
    assert read_request({"method": "get", "query": "a=1&a=2"}, (1, 0), "x") == ExpectedRequest(
        "GET", query={"a": ("1", "2")}, query_text="a=1&a=2"
    )
    assert read_response({"body": {"content": "a"}}, (4, 0), "x") == ExpectedResponse(body=Body(b"a"))


def test_members_of_odd_shape_survive_as_they_are() -> None:
    interaction = only(http("4.0", comments="none", interactionMarkup="", pluginConfiguration=[]))
    assert interaction.comments == {}
    assert interaction.extras == {"": {"comments": "none", "interactionMarkup": "", "pluginConfiguration": []}}
