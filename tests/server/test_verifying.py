import asyncio
import json
from typing import Any

import pytest
from builders import exchange, request

from pact_recorder.capture.recorder import Recorder
from pact_recorder.errors import PactDocumentError
from pact_recorder.server.verifying import NotAContractError, read_for_verification, verify_beside_traffic

MESSAGE = {"type": "Asynchronous/Messages", "description": "told"}


def read(*interactions: Any, **members: Any) -> Any:
    return read_for_verification(json.dumps({"interactions": list(interactions), **members}))


def test_what_an_interaction_lacks_is_noted_by_its_place() -> None:
    found = read({"request": {}, "response": {}}, {"response": {}}, {"request": {}}, {}, MESSAGE)
    assert (found.no_request, found.no_response) == ({1, 3}, {2, 3})
    assert [each.description for each in found.contract.interactions] == ["(unnamed interaction)"] * 4 + ["told"]


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"interactions": []}', '{"messages": []}'])
def test_what_is_no_contract(text: str) -> None:
    with pytest.raises(NotAContractError):
        read_for_verification(text)


def test_what_is_wrong_in_a_contract_is_placed() -> None:
    with pytest.raises(PactDocumentError, match="interaction 2"):
        read({"request": {}}, {"request": {"headers": []}})


def test_messages_beside_interactions_are_reported_too(recorder: Recorder) -> None:
    recorder.record(exchange(request("GET", "/a")))
    found = read({"description": "it", "request": {"path": "/a"}, "response": {}}, messages=[{"description": "told"}])
    report = asyncio.run(verify_beside_traffic(found, recorder))
    assert [(each.description, each.verified) for each in report.interactions] == [("it", True), ("told", False)]
