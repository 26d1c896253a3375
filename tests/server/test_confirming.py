from dataclasses import replace

import pytest
from builders import exchange, json_request, request

from pact_recorder.http import Body, Exchange
from pact_recorder.matching import ExpectedRequest, ExpectedResponse, MatchingRule, MatchingRules, RuleList
from pact_recorder.pact import Interaction
from pact_recorder.server.confirming import confirmed

SAMPLE = exchange(json_request("POST", "/a?x=1", {"n": 1}), b'{"id":7}')
JSON = {"Content-Type": ("application/json",)}
TRUE = Interaction(
    "POST /a",
    ExpectedRequest("POST", "/a", {"x": ("1",)}, JSON, Body(b'{"n":1}')),
    ExpectedResponse(200, JSON, Body(b'{"id":7}')),
)


def digits(place: str) -> MatchingRules:
    return MatchingRules({"body": {place: RuleList((MatchingRule("regex", {"regex": "[a-z]+"}),))}})


def test_what_is_true_of_its_sample_stays() -> None:
    found = confirmed([(TRUE, SAMPLE)], 3)
    assert (found.interactions, found.sentences) == ((TRUE,), ())


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replace(TRUE, response=replace(TRUE.response, status=500)), "500"),
        (replace(TRUE, response=replace(TRUE.response, rules=digits("$.id"))), r"[a-z]+"),
        (replace(TRUE, request=replace(TRUE.request, body=Body(b'{"m":1}'))), "n"),
        (replace(TRUE, request=replace(TRUE.request, query=None)), "x"),
        (replace(TRUE, request=replace(TRUE.request, path="/b")), "its path is another"),
    ],
)
def test_what_its_sample_contradicts_is_that_sample_as_recorded(wrong: Interaction, reason: str) -> None:
    found = confirmed([(wrong, SAMPLE)], 3)
    (interaction,) = found.interactions
    assert isinstance(interaction, Interaction)
    assert (interaction.description, interaction.request.path, interaction.response.status) == ("POST /a", "/a", 200)
    assert not interaction.response.rules
    (sentence,) = found.sentences
    assert sentence.startswith("POST /a: one sample as it was recorded, since no rules describe it (")
    assert reason in sentence


def test_headers_that_the_contract_does_not_name_do_not_contradict_it() -> None:
    asked = json_request("POST", "/a?x=1", {"n": 1}, ("Accept", "text/html"), ("Authorization", "Bearer t"))
    assert confirmed([(TRUE, Exchange(asked, SAMPLE.response))], 3).sentences == ()


def test_what_no_document_can_say_is_left_out_with_a_reason() -> None:
    sample = exchange(request("GET", "/\udcff"))
    interaction = Interaction("GET /?", ExpectedRequest("GET", "/\udcff"), ExpectedResponse(200))
    found = confirmed([(interaction, sample)], 3)
    assert found.interactions == ()
    assert any("bytes that are not UTF-8" in sentence for sentence in found.sentences)
