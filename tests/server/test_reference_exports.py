"""Exports of recordings with what other tools do not read in JSON: the reference reads every one of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from builders import Shelf, exchange, json_request, request, response
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Exchange
from pact_recorder.matching import compile_response
from pact_recorder.pact import ExactNumber, Interaction, format_contract, format_json
from pact_recorder.server.exporting import Exported, Exporter, Style, Wanted
from tests.pact.reference import reference_response_bodies

NUMBERS = ["1e999", "-1e308", "1e309", "1e-999", "0e999", "1e999999999999", "9" * 309, "9" * 308, "0." + "3" * 400, "7"]
HALVES = ["\ud800", "\udfff", "\udc00\ud800", "a\ud83d"]
HEALTHY = exchange(request("GET", "/healthy"), b'{"a":1}')

texts = st.sampled_from([*HALVES, "", "a", "https://e.com/\udc00", "2020-01-01"]) | st.text(max_size=3)
names = st.sampled_from(["a", "id", "17", "2020-01-\ud800", *HALVES]) | st.text(max_size=2)
documents = st.recursive(
    st.none() | st.booleans() | texts | st.sampled_from(NUMBERS).map(ExactNumber),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
targets = st.sampled_from(["/a", "/a?q=%FF", "/a?q=1", "/a/\udcff", "/a/17"])


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    answer = response(format_json(draw(documents)).encode(), draw(st.sampled_from([200, 200, 404])))
    if draw(st.booleans()):
        return exchange(json_request("POST", draw(targets), format_json(draw(documents))), answer)
    return exchange(request("GET", draw(targets)), answer)


def exported(recorded: list[Exchange], version: Any = 3, style: Style = Style.INFERRED) -> Exported:
    exporter = Exporter(Shelf().add(*recorded))
    (found,) = exporter.each(exporter.active(style, 0.0), Wanted("web", style, version, explain=True))
    return found


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("version", [2, 3, 4])
@given(traffic=st.lists(exchanges(), min_size=1, max_size=4))
def test_the_reference_reads_every_export(version: Any, style: Style, traffic: list[Exchange]) -> None:
    found = exported([HEALTHY, *traffic], version, style)
    bodies = reference_response_bodies(format_contract(found.contract, version))
    assert bodies is not None
    assert len(bodies) == len(found.contract.interactions) >= 1


@pytest.mark.parametrize("odd", ['{"a":1e999}', '{"a":"\\ud800"}', f'{{"a":{"9" * 400}}}', '{"17":1e999}'])
def test_a_value_that_a_rule_frees_gives_way_to_one_that_others_read(odd: str) -> None:
    sample = exchange(request("GET", "/odd"), odd.encode())
    found = exported([HEALTHY, sample])
    assert found.left_out == ()
    (interaction,) = (each for each in found.contract.interactions if each.description == "GET /odd")
    assert isinstance(interaction, Interaction) and interaction.response.body is not None
    assert json.loads(interaction.response.body.content).keys() == json.loads(odd).keys()
    assert compile_response(interaction.response).match(sample.response) == []


def test_another_sample_is_shown_where_one_cannot_be_asked() -> None:
    asked = [json_request("POST", "/a", {"n": n}) for n in (10**400, 1)]
    (interaction,) = exported([exchange(each) for each in asked]).contract.interactions
    assert isinstance(interaction, Interaction) and interaction.request.body is not None
    assert interaction.request.body.content == b'{"n":1}'


@pytest.mark.parametrize("odd", ['{"n":1e999}', '{"\\ud800":1}'])
def test_a_request_that_others_cannot_read(odd: str) -> None:
    sample = exchange(json_request("POST", "/a", odd))
    inferred = exported([HEALTHY, sample])
    assert [each.description for each in inferred.contract.interactions] == ["POST /a", "GET /healthy"]
    (asked, _) = inferred.contract.interactions
    assert isinstance(asked, Interaction) and asked.request.body is None
    literal = exported([HEALTHY, sample], style=Style.LITERAL)
    assert len(literal.contract.interactions) == 1
    (sentence,) = literal.left_out
    assert "the request's body holds a number beyond" in sentence
