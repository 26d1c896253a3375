"""What of requests selects the answer, in the interactions: switches, conditions, ranges, preferences, formats."""

from __future__ import annotations

import json

import pytest
from builders import exchange, json_request, request, response

from pact_recorder.http import Body, Exchange, Headers, Response
from pact_recorder.inference import Inference, infer
from pact_recorder.matching import JsonValue, compile_request, compile_response
from pact_recorder.pact import Interaction

TAG, DATE = '"33a64df5"', "Sun, 26 Jun 2016 17:51:38 GMT"


def asked(answer: Response, *fields: tuple[str, str], target: str = "/x") -> Exchange:
    return exchange(request("GET", target, None, *fields), answer)


def typed(media_type: str, content: bytes, status: int = 200) -> Response:
    return Response(status, "", Headers([("Content-Type", media_type)]), Body(content))


def inferred(*exchanges: Exchange) -> dict[str, Interaction]:
    contract = infer(exchanges, "web", "api").contract
    return {each.description: each for each in contract.interactions if isinstance(each, Interaction)}


def takers(found: dict[str, Interaction], each: Exchange) -> list[str]:
    """The interactions whose request an exchange has."""
    return [name for name, one in found.items() if not compile_request(one.request).match(each.request)]


def accepted_by(interaction: Interaction, each: Exchange) -> bool:
    asked_for = not compile_request(interaction.request).match(each.request)
    return asked_for and not compile_response(interaction.response).match(each.response)


def kept(found: dict[str, Interaction], each: Exchange) -> bool:
    """Whether whoever takes the request wants this answer."""
    answers = [compile_response(found[name].response) for name in takers(found, each)]
    return bool(answers) and not any(answer.match(each.response) for answer in answers)


@pytest.mark.parametrize(
    ("status", "condition", "other"),
    [
        (304, ("If-None-Match", TAG), ("if-none-match", '"other"')),
        (304, ("If-Modified-Since", DATE), ("If-Modified-Since", "Mon, 27 Jun 2016 17:51:38 GMT")),
        (206, ("Range", "bytes=0-2"), ("range", "bytes=5-9")),
        (416, ("Range", "bytes=100-"), ("Range", "bytes=200-")),
        (412, ("If-Match", TAG), ("If-Match", '"other"')),
        (412, ("If-None-Match", "*"), ("If-None-Match", "*")),
    ],
)
def test_what_only_a_condition_brings_asks_for_it(
    status: int, condition: tuple[str, str], other: tuple[str, str]
) -> None:
    plain, conditional = asked(response()), asked(Response(status), condition)
    found = inferred(plain, conditional)
    assert list(found) == ["GET /x", f"GET /x ({status})"]
    assert takers(found, plain) == ["GET /x"]
    assert f"GET /x ({status})" in takers(found, conditional)
    assert [*found[f"GET /x ({status})"].request.headers] == [condition[0]]
    if status < 400:  # A failure stands for the very request that failed.
        assert f"GET /x ({status})" in takers(found, asked(response(), other))


def test_a_condition_that_did_not_hold_makes_no_difference() -> None:
    found = inferred(asked(response()), asked(response(), ("If-None-Match", TAG), ("Range", "bytes=0-")))
    assert list(found) == ["GET /x"]
    assert found["GET /x"].request.headers == {}


def test_of_two_validators_the_one_that_counts_is_asked_for() -> None:
    both = ("If-Modified-Since", DATE), ("If-None-Match", TAG)
    found = inferred(
        asked(response()), asked(Response(304), *both), asked(Response(304), both[0]), asked(Response(304))
    )
    assert {name: [*each.request.headers] for name, each in found.items()} == {
        "GET /x": [],
        "GET /x (304)": [],
        "GET /x (304, with if-modified-since)": ["If-Modified-Since"],
        "GET /x (304, with if-none-match)": ["If-None-Match"],
    }


def test_a_preference_is_kept_as_it_was() -> None:
    minimal, whole = ("Prefer", "return=minimal"), ("Prefer", "return=representation")
    samples = asked(Response(204), minimal), asked(response(), whole)
    found = inferred(*samples)
    assert all(kept(found, each) for each in samples)
    assert takers(found, asked(response(), ("Prefer", "respond-async"))) == []


def test_the_version_of_the_api_is_asked_for_where_it_selects() -> None:
    old, new = ("X-Api-Version", "1"), ("X-Api-Version", "2")
    samples = asked(response(b'{"id": 1}'), old), asked(response(b'[{"id": 1}]'), new)
    found = inferred(*samples)
    assert all(kept(found, each) for each in samples)
    assert inferred(asked(response(), old), asked(response(), new))["GET /x"].request.headers == {}


@pytest.mark.parametrize("field", ["query", "form"])
def test_the_word_that_selects_stays_among_those_that_got_the_form(field: str) -> None:
    answers = {
        "json": typed("application/json", b'{"id": 1}'), "jsonp": typed("application/json", b'{"id": 1}'),
        "xml": typed("application/xml", b"<a><b>1</b></a>"), "csv": typed("text/csv", b"a,b"),
    }  # fmt: skip

    def export(name: str, answer: Response) -> Exchange:
        if field == "query":
            return asked(answer, target=f"/export?format={name}&page=1")
        body = f"format={name}&page=1".encode()
        return exchange(request("POST", "/export", body, ("Content-Type", "application/x-www-form-urlencoded")), answer)

    samples = [export(name, answer) for name, answer in answers.items()]
    found = inferred(*samples)
    assert len(found) == 3
    assert all(kept(found, each) for each in samples)
    assert takers(found, export("pdf", answers["csv"])) == []


def test_the_report_says_where_nothing_tells_two_answers_apart() -> None:
    inference = Inference()
    for each in (asked(response(b'{"id": 1}')), asked(Response(204)), asked(response(b"{}", 404))):
        inference.add(each)
    [operation] = inference.contract("web", "api", explain=True).report.operations
    assert [each.note for each in operation.interactions] == [
        "requests like these also got 204, and nothing in them says which: it needs a state",
        "requests like these also got 200 application/json, and nothing in them says which: it needs a state",
        "",
    ]


def test_the_report_says_which_words_select() -> None:
    samples = [
        asked(typed("application/json", json.dumps({"id": 1}).encode()), target="/x?format=json"),
        asked(typed("application/json", json.dumps({"id": 1}).encode()), target="/x?format=jsonp"),
        asked(typed("text/csv", b"a,b"), ("Accept", "text/csv"), target="/x?format=csv"),
    ]
    inference = Inference()
    for each in samples:
        inference.add(each)
    report = inference.contract("web", "api", explain=True).report
    found = {
        (each.path, each.rule)
        for operation in report.operations
        for interaction in operation.interactions
        for each in interaction.request
        if each.why == "it selects the form of the answer"
    }
    assert found == {("query.format", "one of json, jsonp"), ("query.format", "as recorded")}


STREAM = typed("text/event-stream", b'data: {"n": 1}\n\n')
WHOLE = typed("application/json", b'{"n": 1}')


def chat(answer: Response, document: JsonValue, *fields: tuple[str, str]) -> Exchange:
    return exchange(json_request("POST", "/chat", document, *fields), answer)


def test_a_switch_that_selects_the_form_of_the_answer_stays_as_it_is() -> None:
    found = inferred(
        chat(STREAM, {"text": "a", "stream": True}),
        chat(WHOLE, {"text": "b", "stream": False}),
        chat(WHOLE, {"text": "b"}),
    ).values()
    for answer, document in ((STREAM, {"text": "z", "stream": True}), (WHOLE, {"text": "z", "stream": False})):
        assert sum(accepted_by(each, chat(answer, document)) for each in found) == 1
    assert not any(accepted_by(each, chat(WHOLE, {"text": "z", "stream": True})) for each in found)


def rows(place: str, *exchanges: Exchange) -> list[tuple[str, str]]:
    """What the report says of a place of requests, once for each interaction."""
    inference = Inference()
    for each in exchanges:
        inference.add(each)
    [operation] = inference.contract("web", "api", explain=True).report.operations
    return sorted(
        (each.rule or "", each.why)
        for interaction in operation.interactions
        for each in interaction.request
        if each.path == place
    )


def test_the_report_says_the_value_that_selects_the_form_of_the_answer() -> None:
    why = "it selects the form of the answer"
    switched = chat(STREAM, {"stream": True}), chat(WHOLE, {"stream": False})
    assert rows("$.stream", *switched) == [("as recorded: false", why), ("as recorded: true", why)]
    accepted = chat(STREAM, {}, ("Accept", "text/event-stream")), chat(WHOLE, {}, ("Accept", "application/json"))
    assert rows("header.Accept", *accepted) == [
        ("as recorded: application/json", why),
        ("as recorded: text/event-stream", why),
    ]


def test_a_switch_that_makes_no_difference_may_be_either() -> None:
    found = inferred(chat(STREAM, {"echo": True}), chat(STREAM, {"echo": False}), chat(WHOLE, {"echo": True})).values()
    assert any(accepted_by(each, chat(WHOLE, {"echo": False})) for each in found)


def test_a_failure_is_no_form_that_a_switch_selects() -> None:
    failed = [chat(response(b'{"error": 1}', 422), {"stream": each}) for each in (True, False)]
    found = inferred(chat(STREAM, {"stream": True}), chat(WHOLE, {"stream": False}), *failed).values()
    assert [sum(accepted_by(each, one) for each in found) for one in failed] == [1, 1]


def test_accept_is_asked_for_where_it_selects_the_form_of_the_answer() -> None:
    xml, bibtex = typed("application/rdf+xml", b"<a/>"), typed("application/x-bibtex", b"@article{a}")
    browser, axios = ("Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"), ("Accept", "text/bib, */*")
    samples = [asked(xml, browser), asked(bibtex, axios)]
    found = inferred(*samples).values()
    assert [sum(accepted_by(each, one) for each in found) for one in samples] == [1, 1]
    assert not any(accepted_by(each, asked(xml, axios)) for each in found)
    assert any(accepted_by(each, asked(xml)) for each in inferred(*samples, asked(xml)).values())


@pytest.mark.parametrize("other", [None, 0, "no"])
def test_a_switch_that_is_something_else_somewhere_may_be_anything_there(other: JsonValue) -> None:
    samples = [
        chat(STREAM, {"stream": True}), chat(WHOLE, {"stream": False}), chat(WHOLE, {"stream": other}),
        chat(STREAM, {"stream": True, "user": "a"}),
    ]  # fmt: skip
    found = inferred(*samples).values()
    assert all(any(accepted_by(each, one) for each in found) for one in samples)
    streaming = [each for each in found if each.response.headers.get("Content-Type") == ("text/event-stream",)]
    assert any(accepted_by(each, samples[0]) for each in streaming)
