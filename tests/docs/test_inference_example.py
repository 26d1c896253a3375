"""The worked example in docs/inference.md is what the program makes of its ten requests."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pact_recorder.inference import Inference, Inferred
from pact_recorder.pact import contract_to_json
from tests.docs.bookshop import ten_exchanges

PAGE = (Path(__file__).parents[2] / "docs" / "inference.md").read_text()


def made() -> Inferred:
    inference = Inference()
    for exchange in ten_exchanges():
        inference.add(exchange)
    return inference.contract("web", "bookshop", explain=True)


def test_the_interactions_are_those_of_the_page() -> None:
    rows = re.findall(r"^\| `((?:GET|POST) [^`]+)` \| (\d+) \| ([^|]*) \|$", PAGE, re.MULTILINE)
    found = [
        (each.description, str(each.samples), ", ".join(each.states) or "–")
        for operation in made().report.operations
        for each in operation.interactions
    ]
    assert rows == found


def test_the_interaction_shown_is_the_one_that_is_made() -> None:
    [shown] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    document, lost = contract_to_json(made().contract)
    interactions = {each["description"]: each for each in document["interactions"]}
    expected = json.loads(shown)
    assert interactions[expected["description"]] == expected
    assert lost == []


def test_the_reasons_are_those_of_the_report() -> None:
    rows = re.findall(r"^\| `(\$[^`]*)` \| ([^|]*) \| ([^|]*) \|$", PAGE, re.MULTILINE)
    [operation] = [each for each in made().report.operations if each.name == "GET /orders/{order}"]
    found = [(each.path, each.rule or "left out", each.why) for each in operation.interactions[0].response]
    assert rows == [each for each in found if each[0].startswith("$")]
