"""Choosing an answer among recorded and ruled expectations."""

import json
import time
from typing import Any

import pytest
from builders import Shelf, exchange, json_request, request, response

from pact_recorder.http import Request, Response
from pact_recorder.matching import ExpectedRequest, MatchingRule, MatchingRules, RuleList
from pact_recorder.matching.budget import Budget
from pact_recorder.mock import Exhausted, Expectations, Miss, Origin, RuledExpectation
from pact_recorder.mock.contracts import ContractRequest
from pact_recorder.mock.mockserver.request import read_request_pattern
from pact_recorder.pact import ProviderState

HOST = "api.example"


def ask(expectations: Expectations, asked: Request, host: str | None = HOST, **options: Any) -> Any:
    """The JSON of the answer, or the reason of the miss."""
    found = expectations.answer(asked, host, options.get("now", 0.0), options.get("policy", Exhausted.REPEAT_LAST))
    if isinstance(found, Miss):
        return found.reason
    return json.loads(found.body.content) if found.body and found.body.content else found.status


def ruled(identifier: str, expected: ExpectedRequest, answer: bytes, **options: Any) -> RuledExpectation:
    return RuledExpectation(identifier, ContractRequest(expected), (response(answer),), **options)


def path_rule(regex: str) -> MatchingRules:
    return MatchingRules({"path": {"$": RuleList((MatchingRule("regex", {"regex": regex}),))}})


def test_a_recorded_answer_is_found_by_what_was_asked() -> None:
    shelf = Shelf()
    expectations = shelf.add(
        exchange(request("GET", "/a?x=1"), b"1"),
        exchange(request("GET", "/a?x=2"), b"2"),
        exchange(json_request("POST", "/a", {"n": 1}), b"3"),
        exchange(json_request("POST", "/a", {"n": 2}), b"4"),
    )
    assert ask(expectations, request("GET", "/a?x=2")) == 2
    assert ask(expectations, json_request("POST", "/a", '{ "n" : 2 }')) == 4
    assert ask(expectations, request("GET", "/a")) == "no-match"
    assert ask(expectations, json_request("POST", "/a", {"n": 3})) == "no-match"


def test_hosts_are_apart_unless_the_client_asks_this_program() -> None:
    shelf = Shelf()
    expectations = shelf.add(exchange(request("GET", "/a"), b"1"))
    assert ask(expectations, request("GET", "/a"), "other.example") == "no-match"
    assert ask(expectations, request("GET", "/a"), None) == 1


def test_selecting_headers_sort_what_was_recorded_before_they_were_known() -> None:
    shelf = Shelf()
    expectations = shelf.add(
        exchange(request("GET", "/a", None, ("X-Tenant", "1")), b"1"),
        exchange(request("GET", "/a", None, ("X-Tenant", "2")), response(b"2", 200, ("Vary", "X-Tenant"))),
        exchange(request("GET", "/a", None, ("X-Tenant", "1")), b"3"),
    )
    tenants = [ask(expectations, request("GET", "/a", None, ("X-Tenant", name))) for name in ("1", "2", "1", "3")]
    assert tenants == [1, 2, 3, "no-match"]
    assert len(expectations) == 2


def test_credentials_choose_when_known_and_never_make_a_miss() -> None:
    def me(name: str, answer: bytes) -> Any:
        fields = (("Authorization", f"Bearer REDACTED-token-{name}"),)
        return exchange(request("GET", "/me", None, *fields), response(answer, 200, ("Vary", "Authorization")))

    shelf = Shelf()
    expectations = shelf.add(
        exchange(request("GET", "/me"), response(b'"who?"', 401, ("Vary", "Authorization"))),
        me("1", b'"ada"'),
        me("2", b'"bob"'),
    )

    def asks(token: str | None) -> Any:
        fields = [("Authorization", f"Bearer {token}")] if token else []
        return ask(expectations, request("GET", "/me", None, *fields))

    assert asks(None) == "who?"
    assert asks("REDACTED-token-2") == "bob"
    # Unknown clients are bound in recorded order, and stay bound.
    assert [asks(token) for token in ("x", "y", "x", "z", "y")] == ["ada", "bob", "ada", "bob", "bob"]
    assert ask(expectations, request("GET", "/me", None, ("Authorization", "Basic eA=="))) == "no-match"


def test_what_the_engine_calls_equal_is_found_though_it_is_spelled_differently() -> None:
    shelf = Shelf()
    xml = ("Content-Type", "application/xml")
    expectations = shelf.add(exchange(request("POST", "/a", b'<a x="1" y="2"/>', xml), b"1"))
    assert ask(expectations, request("POST", "/a", b'<a  y="2"  x="1" ></a>', xml)) == 1
    assert ask(expectations, request("POST", "/a", b'<a y="3" x="1"/>', xml)) == "no-match"
    typed = ("Content-Type", "application/json; charset=utf-8")
    shelf.add(exchange(json_request("POST", "/b", {"n": 1}), b"2"))
    assert ask(expectations, request("POST", "/b", b'{"n":1}', typed)) == 2


def test_a_full_match_wins_over_one_with_more_parts_that_nearly_matches() -> None:
    expectations = Shelf().expectations
    many = {f"X-{number}": (str(number),) for number in range(6)}
    expectations.put(ruled("plain", ExpectedRequest("GET", "/x"), b'"plain"'))
    expectations.put(ruled("many", ExpectedRequest("GET", "/x", headers=many), b'"many"'))
    nearly = [(name, values[0]) for name, values in many.items()][:5]
    assert ask(expectations, request("GET", "/x", None, *nearly, ("X-5", "wrong"))) == "plain"
    assert ask(expectations, request("GET", "/x", None, *nearly, ("X-5", "5"))) == "many"
    other_method = ExpectedRequest("PUT", "/x", headers=dict(list(many.items())[:5]))
    expectations.put(ruled("put", other_method, b'"put"'))
    assert ask(expectations, request("GET", "/x", None, *nearly)) == "plain"


def test_priority_then_specificity_then_age() -> None:
    expectations = Shelf().expectations
    expectations.put(ruled("pattern", ExpectedRequest("GET", "/a/1", rules=path_rule("/a/.*")), b'"pattern"'))
    expectations.put(ruled("older", ExpectedRequest("GET", "/a/1"), b'"older"'))
    expectations.put(ruled("newer", ExpectedRequest("GET", "/a/1"), b'"newer"'))
    assert ask(expectations, request("GET", "/a/1")) in ("pattern", "older")
    expectations.put(ruled("first", ExpectedRequest("GET", "/a/1"), b'"first"', priority=5))
    assert ask(expectations, request("GET", "/a/1")) == "first"
    assert [each.id for each in expectations.all(0.0)] == ["first", "pattern", "older", "newer"]
    expectations.put(ruled("older", ExpectedRequest("GET", "/a/1"), b'"updated"'))
    assert [each.id for each in expectations.all(0.0)] == ["first", "pattern", "older", "newer"]


def test_what_was_set_on_purpose_comes_before_what_was_recorded() -> None:
    shelf = Shelf()
    expectations = shelf.add(exchange(request("GET", "/a"), b'"recorded"'))
    expectations.put(ruled("set", ExpectedRequest("GET", "/a"), b'"set"'))
    expectations.put(ruled("last", ExpectedRequest("GET", "/b"), b'"last"', priority=-1))
    shelf.add(exchange(request("GET", "/b"), b'"recorded"'))
    assert ask(expectations, request("GET", "/a")) == "set"
    assert ask(expectations, request("GET", "/b")) == "recorded"


def test_times_and_time_to_live() -> None:
    expectations = Shelf().expectations
    expectations.put(ruled("twice", ExpectedRequest("GET", "/a"), b"1", remaining=2))
    expectations.put(ruled("short", ExpectedRequest("GET", "/b"), b"2", expires=10.0))
    assert [ask(expectations, request("GET", "/a")) for _ in range(3)] == [1, 1, "used-up"]
    assert ask(expectations, request("GET", "/b"), now=9.9) == 2
    assert ask(expectations, request("GET", "/b"), now=10.0) == "used-up"
    assert expectations.all(11.0) == []


@pytest.mark.parametrize("policy", list(Exhausted))
def test_exhaustion(policy: Exhausted) -> None:
    shelf = Shelf()
    asked = request("GET", "/job")
    expectations = shelf.add(exchange(asked, b"1"), exchange(asked, b"2"))
    answers = [ask(expectations, asked, policy=policy) for _ in range(4)]
    assert (
        answers
        == {
            Exhausted.REPEAT_LAST: [1, 2, 2, 2],
            Exhausted.CYCLE: [1, 2, 1, 2],
            Exhausted.MISS: [1, 2, "exhausted", "exhausted"],
        }[policy]
    )


def test_removing_and_clearing() -> None:
    shelf = Shelf()
    expectations = shelf.add(exchange(request("GET", "/a"), b"1"), exchange(request("GET", "/b"), b"2"))
    expectations.put(ruled("set", ExpectedRequest("GET", "/c"), b"3"))
    expectations.remove([each for each in expectations.all(0.0) if (each.expected() or ExpectedRequest()).path != "/b"])
    assert [ask(expectations, request("GET", path)) for path in ("/a", "/b", "/c")] == ["no-match", 2, "no-match"]
    expectations.clear()
    assert ask(expectations, request("GET", "/b")) == "nothing-active"


def test_identifiers_are_stable_and_unique() -> None:
    made = [Shelf().add(exchange(request("GET", "/a"), b"1"), exchange(request("GET", "/b"), b"1")) for _ in range(2)]
    first, second = ([each.id for each in expectations.all(0.0)] for expectations in made)
    assert first == second
    assert len(set(first)) == 2


def test_the_nearest_of_a_miss() -> None:
    shelf = Shelf()
    expectations = shelf.add(
        exchange(request("GET", "/users/1"), b"1"),
        exchange(json_request("POST", "/users", {"name": "Ada", "age": 36}), b"2"),
        exchange(request("GET", "/orders/1/lines"), b"3"),
    )
    wrong_body = expectations.answer(
        json_request("POST", "/users", {"name": "Bob", "age": 36}), HOST, 0, Exhausted.MISS
    )
    assert isinstance(wrong_body, Miss)
    assert wrong_body.nearest is not None
    assert [mismatch.to_json()["path"] for mismatch in wrong_body.nearest.mismatches] == ["$.name"]
    wrong_path = expectations.answer(request("GET", "/users/2"), HOST, 0, Exhausted.MISS)
    assert isinstance(wrong_path, Miss)
    assert wrong_path.nearest is not None
    nearest = wrong_path.nearest.expectation.expected()
    assert nearest is not None
    assert nearest.path == "/users/1"
    assert wrong_path.to_json()["nearest"]["origin"] == Origin.RECORDED.value


def test_an_exchange_that_was_cut_is_no_answer_but_a_stream_of_events_is() -> None:
    from dataclasses import replace

    from pact_recorder.http import Body, Headers

    shelf = Shelf()
    cut = Response(200, "", Headers([("Content-Type", "text/plain")]), Body(b"begin", cut=True))
    events = replace(cut, headers=Headers([("Content-Type", "text/event-stream")]))
    expectations = shelf.add(exchange(request("GET", "/cut"), cut), exchange(request("GET", "/events"), events))
    assert ask(expectations, request("GET", "/cut")) == "cut"
    found = expectations.answer(request("GET", "/events"), HOST, 0, Exhausted.MISS)
    assert isinstance(found, Response)


def test_ten_thousand_expectations_are_not_scanned() -> None:
    """The loads of a look-up are counted: finding one loads only the answer that is given."""
    exchanges = [exchange(request("GET", f"/items/{number}"), str(number).encode()) for number in range(10_000)]
    loads: list[int] = []

    def load(reference: int) -> Any:
        loads.append(reference)
        return exchanges[reference]

    expectations = Expectations(load)
    for number, each in enumerate(exchanges):
        expectations.add_recorded(each, number)
    assert loads == []
    assert ask(expectations, request("GET", "/items/7777")) == 7777
    assert loads == [7777]
    assert ask(expectations, request("GET", "/items/none")) == "no-match"
    assert len(loads) < 60


@pytest.mark.parametrize(
    ("recorded", "answer"),
    [
        (["/a?k=REDACTED-k-1"], 1),
        (["/a?k=secret"], 1),
        (["/a?k=secret", "/a?k=REDACTED-k-1"], 2),
        (["/b"], "no-match"),
    ],
)
def test_the_redacted_request_is_looked_for_before_the_one_that_came(recorded: list[str], answer: object) -> None:
    expectations = Shelf().add(
        *(exchange(request("GET", target), str(place).encode()) for place, target in enumerate(recorded, start=1))
    )
    found = expectations.answer(
        request("GET", "/a?k=REDACTED-k-1"), HOST, 0.0, Exhausted.REPEAT_LAST, request("GET", "/a?k=secret")
    )
    if isinstance(found, Miss):
        assert (found.reason, found.request.query) == (answer, "k=REDACTED-k-1")
    else:
        assert found.body is not None
        assert json.loads(found.body.content) == answer


def stateful(identifier: str, *states: str) -> RuledExpectation:
    depends = tuple(ProviderState(name) for name in states)
    return ruled(identifier, ExpectedRequest(path="/a"), b"{}", provider_states=depends)


@pytest.mark.parametrize(
    ("states", "answering"),
    [
        (None, "plain"),
        (frozenset(), "plain"),
        (frozenset({"a"}), "one"),
        (frozenset({"b"}), "plain"),
        (frozenset({"a", "b", "c"}), "both"),
    ],
)
def test_states_choose_among_those_that_match(states: frozenset[str] | None, answering: str) -> None:
    held = Shelf().expectations
    for each in (stateful("plain"), stateful("one", "a"), stateful("both", "a", "b")):
        held.put(each)
    found = held.find(request("GET", "/a"), None, 0.0, states)
    assert found is not None
    assert found.id == answering


def test_a_match_in_another_state_is_a_miss_that_names_the_state() -> None:
    held = Shelf().expectations
    held.put(stateful("one", "a user"))
    miss = held.answer(request("GET", "/a"), None, 0.0, Exhausted.REPEAT_LAST, states=frozenset())
    assert isinstance(miss, Miss)
    assert (miss.reason, '"a user"' in miss.advice) == ("other-state", True)


def test_a_fresh_answer_is_made_each_time() -> None:
    numbers = iter(range(10))
    held = Shelf().expectations
    held.put(ruled("it", ExpectedRequest(path="/a"), b"", fresh=lambda: response(str(next(numbers)).encode())))
    answers = [held.answer(request("GET", "/a"), None, 0.0, Exhausted.REPEAT_LAST) for _ in range(2)]
    assert [each.body.content for each in answers if isinstance(each, Response) and each.body] == [b"0", b"1"]


def numbered(number: int) -> ExpectedRequest:
    return ExpectedRequest(path="/a", query={"n": (str(number),)})


def test_putting_changing_and_removing_are_cheap_at_one_place() -> None:
    held = Shelf().expectations
    for number in range(3_000):
        held.put(ruled(f"e{number}", numbered(number), b"{}"))
    for priority in range(100):
        held.put(ruled("e7", numbered(7), b"{}", priority=priority))
    found = held.find(request("GET", "/a?n=7"), None, 0.0)
    assert found is not None
    assert (found.id, found.priority) == ("e7", 99)
    assert len(held.ruled.candidates(request("GET", "/a?n=7"))) == 1
    held.remove(list(held.ruled))
    assert len(held) == 0


LONG = "a" * 60
HOSTILE: dict[str, tuple[dict[str, Any], Request]] = {
    "path": ({"path": r"/(a|a)+[!?]%d"}, request("GET", f"/{LONG}")),
    "header": ({"path": "/.*", "headers": {"x": [r"(a|a)+[!?]%d"]}}, request("GET", "/b", None, ("x", LONG))),
    "schema": (
        {"path": "/b", "body": {"type": "JSON_SCHEMA", "jsonSchema": {"items": {"pattern": r"(a|a)+[!?]%d"}}}},
        json_request("POST", "/b", [LONG] * 3_000),
    ),
    "json path": (
        {"path": "/b", "body": {"type": "JSON_PATH", "jsonPath": "$..*[?(@.a=='%d')]"}},
        json_request("POST", "/b", [[1, [2, [3]]]] * 3_000),
    ),
    "xpath": (
        {"path": "/b", "body": {"type": "XPATH", "xpath": "//a[//b='%d']"}},
        request("POST", "/b", b"<r>" + b"<a><b/></a>" * 3_000 + b"</r>", ("Content-Type", "application/xml")),
    ),
}


def hostile(document: dict[str, Any], count: int) -> Expectations:
    """So many expectations that take long to compare, each different."""
    expectations = Shelf().expectations
    for number in range(count):
        pattern = read_request_pattern(json.loads(json.dumps(document).replace("%d", str(number))))
        expectations.put(RuledExpectation(str(number), pattern, (response(b"1"),), document={}))
    return expectations


@pytest.mark.parametrize(("document", "asked"), HOSTILE.values(), ids=HOSTILE)
def test_many_expectations_that_are_slow_to_compare_share_the_seconds_of_one_request(
    document: dict[str, Any], asked: Request
) -> None:
    expectations = hostile(document, 20)
    began = time.process_time()
    with Budget(1.0, time.thread_time):
        found = expectations.answer(asked, None, 0.0, Exhausted.REPEAT_LAST)
    assert isinstance(found, Miss)
    assert found.reason == "too-slow"
    assert "regular expressions, paths, schemas and bodies" in found.advice
    assert time.process_time() - began < 10


def test_what_is_not_slow_answers_beside_what_uses_up_the_seconds() -> None:
    document, asked = HOSTILE["header"]
    expectations = hostile(document, 20)
    negated = read_request_pattern({"headers": {"x": ["!b.*"]}})
    plain = read_request_pattern({"path": "/b"})
    for number, pattern in enumerate((negated, plain), start=100):
        expectations.put(RuledExpectation(str(number), pattern, (response(str(number).encode()),), document={}))
    with Budget(1.0, time.thread_time):
        assert ask(expectations, asked, None) == 101
