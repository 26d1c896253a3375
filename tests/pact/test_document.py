"""What a wrong document is told: source, place, reason."""

import pytest

from pact_recorder.errors import PactDocumentError
from pact_recorder.pact import read_contract
from pact_recorder.pact.document import entry_place


def http(**members):
    return {"description": "get a user", "request": {}, "response": {}, **members}


def contract(*interactions, **members):
    return {"interactions": list(interactions), **members}


PLACE = 'interaction 2 ("get a user")'
WRONG = [
    ("[]", "x.json: a Pact contract is a JSON object, but this is a list"),
    ("{}", "x.json: is not a Pact contract: it has neither interactions nor messages"),
    ('{"a":\n  }', "x.json, line 2, column 3: is not JSON: Expecting value"),
    ('{"a":', "x.json, line 1, column 6: is not JSON: Expecting value"),
    ('{"interactions": NaN}', "x.json, line 1, column 18: is not JSON: NaN is not a JSON value"),
    (b"\xff{}", "x.json, byte 0: is not UTF-8 text"),
    ("[" * 300 + "]" * 300, "x.json: JSON is nested deeper than 200 levels"),
    ("[" * 10**6, "x.json: JSON is nested deeper than 200 levels"),
    ({"interactions": {}}, "x.json, interactions: must be a list, but is an object"),
    ({"interactions": [5]}, "x.json, interaction 1: must be an object, but is a number"),
    (contract(consumer="me"), "x.json, consumer: must be an object, but is text"),
    (contract(consumer={"name": []}), "x.json, consumer.name: must be text, but is a list"),
    (contract(metadata=[]), "x.json, metadata: must be an object, but is a list"),
    (contract(http(), {"description": "get a user"}), f"x.json, {PLACE}, request: is missing"),
    (contract(http(), http(request=None)), f"x.json, {PLACE}, request: must be an object, but is null"),
    (
        contract(http(), http(request={"method": {}})),
        f"x.json, {PLACE}, request.method: must be text, but is an object",
    ),
    (
        contract(http(), http(request={"headers": {"A": {}}})),
        f'x.json, {PLACE}, request.headers: the header "A" must be text or a list of texts, but is an object',
    ),
    (
        contract(http(), http(response={"status": "OK"})),
        f"x.json, {PLACE}, response.status: must be a status code, but is text (OK)",
    ),
    (
        contract(http(), http(response={"status": True})),
        f"x.json, {PLACE}, response.status: must be a status code, but is true or false (true)",
    ),
    (
        contract(http(), http(response={"matchingRules": {"body": {"$": {"matchers": 1}}}})),
        f"x.json, {PLACE}, response.matchingRules: the matchers at body $ must be a list, but are a number",
    ),
    (
        contract(http(), http(type="Telepathy")),
        f"x.json, {PLACE}, type: must be one of Synchronous/HTTP, Asynchronous/Messages, Synchronous/Messages",
    ),
    (contract(http(), http(pending="often")), f"x.json, {PLACE}, pending: must be true or false, but is text"),
    (
        contract(http(), http(providerStates=[{}])),
        f"x.json, {PLACE}, providerStates: a provider state must be text, or an object with a name",
    ),
    (
        contract(http(), http(type="Synchronous/Messages", response=[{"contents": {}}, 5])),
        f"x.json, {PLACE}, response[1]: must be an object, but is a number",
    ),
    (
        {"messages": [{"description": "m", "metaData": 5}]},
        'x.json, message 1 ("m"), metaData: must be an object, but is a number',
    ),
]


@pytest.mark.parametrize(("document", "message"), WRONG)
def test_a_wrong_document_is_told_where_and_why(document, message: str) -> None:
    with pytest.raises(PactDocumentError) as caught:
        read_contract(document, "x.json")
    assert str(caught.value) == message


def test_source_place_and_reason_are_apart() -> None:
    with pytest.raises(PactDocumentError) as caught:
        read_contract(contract(http(request={"path": 5}, response={"status": -1})), "x.json")
    assert (caught.value.source, caught.value.location) == ("x.json", 'interaction 1 ("get a user"), response.status')
    assert caught.value.reason == "must be a status code, but is a number (-1)"


@pytest.mark.parametrize("document", ['{"interactions":[]}', b'{"interactions":[]}'])
def test_size_and_depth_are_bounded(document) -> None:
    assert read_contract(document, "x", max_bytes=19, max_depth=2).interactions == ()
    with pytest.raises(PactDocumentError, match="x: is larger than 18 bytes"):
        read_contract(document, "x", max_bytes=18)
    with pytest.raises(PactDocumentError, match="x: JSON is nested deeper than 1 levels"):
        read_contract(document, "x", max_depth=1)


@pytest.mark.parametrize(
    ("description", "place"),
    [
        ("a", 'interaction 3 ("a")'),
        ("", "interaction 3"),
        (5, "interaction 3"),
        ("a\nb\x1b[31m", 'interaction 3 ("a b [31m")'),
        ("x" * 100, f'interaction 3 ("{"x" * 59}…")'),
    ],
)
def test_the_place_is_short_and_harmless(description, place: str) -> None:
    assert entry_place("interaction", 3, {"description": description}) == place
