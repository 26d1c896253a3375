import json

import pytest
from builders import response
from promising import asks, interaction, rule, says

from pact_recorder.http import Body, Headers, Response
from pact_recorder.matching import ExpectedResponse, MatchingRule, MatchingRules, RuleList
from pact_recorder.verification import Missed, Promise
from pact_recorder.verification.scoring_alarms import RECORDED, Alarm, Groups, alarm_of


def alarms(expected: ExpectedResponse, answer: Response) -> list[Alarm]:
    promise = Promise(interaction("GET /a", asks("/a"), expected), 0)
    return [alarm_of(promise, each, "GET /a", RECORDED, "s#1") for each in promise.response.match(answer)]


def json_answer(document: object, status: int = 200) -> Response:
    return response(json.dumps(document).encode(), status)


@pytest.mark.parametrize(
    ("expected", "answer", "path", "rule_shown"),
    [
        (says({"a": 1}), json_answer({"a": 2}), "$.a", "equality"),
        (says({"a": "x"}, a=rule("type")), json_answer({"a": 2}), "$.a", "type at $.a"),
        (says({"a": "x"}, a=rule("regex", regex="x+")), json_answer({"a": "y"}), "$.a", "regex x+ at $.a"),
        (says([{"a": 1}], root=rule("type")), json_answer([{"a": 1}, {"a": "x"}]), "$[*].a", "type at $"),
        (says({"a": 1}), json_answer({}), "$", "equality"),
        (says({}), json_answer({}, 404), "status", "equality"),
        (
            says({}),
            Response(200, "", Headers([("Content-Type", "text/html")]), Body(b"<a>")),
            "header.Content-Type",
            None,
        ),
        (says({"a": 1}), response(b""), "/", "equality"),
    ],
)
def test_where_and_why(expected: ExpectedResponse, answer: Response, path: str, rule_shown: str | None) -> None:
    found = alarms(expected, answer)
    assert path in [each.path for each in found]
    assert rule_shown is None or rule_shown in [each.rule for each in found if each.path == path]
    assert all(each.sentence and each.example == "s#1" for each in found)


def test_the_most_exact_rule_is_named() -> None:
    places = {"$": rule("type"), "$.items[*].id": rule("integer"), "$.items[0].id": rule("equality")}
    expected = ExpectedResponse(
        200, {"Content-Type": ("application/json",)}, Body(b'{"items": [{"id": 1}]}'), MatchingRules({"body": places})
    )
    (first, second) = alarms(expected, json_answer({"items": [{"id": 2}, {"id": "x"}]}))
    assert (first.path, first.rule) == ("$.items[*].id", "equality at $.items[0].id")
    assert (second.path, second.rule) == ("$.items[*].id", "integer at $.items[*].id")


def test_several_rules_at_a_place() -> None:
    rules = RuleList((MatchingRule("number"), MatchingRule("null")), "OR")
    (found,) = alarms(says({"a": 1}, a=rules), json_answer({"a": "x"}))[:1]
    assert found.rule == "number or null at $.a"
    assert (found.expected, found.actual) == ("1", '"x"')


def test_equal_alarms_are_one_with_a_count() -> None:
    groups: Groups[Alarm] = Groups()
    for number in range(500):
        for each in alarms(says([{"a": 0}], root=rule("type")), json_answer([{"a": f"x{number}"}])):
            groups.add(each)
    groups.add(alarms(says({"a": 1}), json_answer({}))[0])
    groups.add(alarms(says({"b": 1}), json_answer({}))[0])
    found = groups.found()
    assert [(each.path, each.count) for each in found] == [("$[*].a", 500), ("$", 1), ("$", 1)]
    assert found[0].actual == '"x0"', "the first is shown"


def test_groups_stay_bounded() -> None:
    groups: Groups[Missed] = Groups()
    for number in range(12_000):
        groups.add(Missed("o", "k", "strong", f"$.{number}", "", ""))
    groups.add(Missed("o", "k", "strong", "$.1", "", ""))
    assert len(groups.found()) == 10_000
    assert groups.found()[0].count == 2
    assert groups.dropped == 2_000


def test_json() -> None:
    (found,) = alarms(says({"a": 1}), json_answer({"a": 2}))
    assert found.to_json()["path"] == "$.a"
    assert json.dumps(found.to_json())
    assert Missed("o", "k", "strong", "$", "n", "e", 3).to_json()["count"] == 3
