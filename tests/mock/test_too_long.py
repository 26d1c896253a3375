"""What is still done for a request whose seconds are gone, counted by calls: a clock would tell about the machine."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from builders import Shelf, exchange, json_request, request, response

from pact_recorder.http import Request
from pact_recorder.matching.budget import Budget
from pact_recorder.mock import ContractMock, Exhausted, Expectations, Miss, RequestMismatch, RuledExpectation
from pact_recorder.mock.contracts import expectations_of
from pact_recorder.mock.mockserver.request import read_request_pattern
from pact_recorder.pact import Contract, read_contract

XML = b"<r>" + b"<a><b>1</b></a>" * 2_000 + b"</r>"
XML_TYPE = ("Content-Type", "application/xml")
ITEMS = [{"k": number, "v": list(range(20))} for number in range(200)]
# So many of each that comparing all of them costs a hundred times what is allowed here.
CROWDS: dict[str, tuple[dict[str, Any], Request]] = {
    "fields": (
        {"queryStringParameters": {f"q{number}.*": ["v%d"] for number in range(20)}},
        request("GET", "/a?" + "&".join(f"q{number}=x" for number in range(1_000))),
    ),
    "schemas of fields": (
        {"headers": {".*": [{"schema": {"pattern": "%d"}}]}},
        request("GET", "/a", None, *((f"x-{number}", "y") for number in range(1_000))),
    ),
    "other fields": ({"headers": {"x": ["!v%d"]}}, request("GET", "/a", None, ("x", "y"))),
    "path": ({"path": "/(a|aa)+[?]%d"}, request("GET", "/a")),
    "regex": ({"body": {"type": "REGEX", "regex": "(a|aa)+[?]%d"}}, request("POST", "/a", b"a" * 4_000)),
    "json path": ({"body": {"type": "JSON_PATH", "jsonPath": "$..[?(@.k==-1%d)]"}}, json_request("POST", "/a", ITEMS)),
    "schema": ({"body": {"type": "JSON_SCHEMA", "jsonSchema": {"minItems": 999}}}, json_request("POST", "/a", ITEMS)),
    "xpath": ({"body": {"type": "XPATH", "xpath": "//a[b=1%d]"}}, request("POST", "/a", XML, XML_TYPE)),
    "xml": ({"body": {"type": "XML", "xml": "<r><a/><c>%d</c></r>"}}, request("POST", "/a", XML, XML_TYPE)),
    "json": ({"body": {"type": "JSON", "json": [*ITEMS[::-1], ["%d"]]}}, json_request("POST", "/a", ITEMS)),
    "form": (
        {"body": {"type": "PARAMETERS", "parameters": {f"q{number}.*": ["v%d"] for number in range(20)}}},
        request("POST", "/a", "&".join(f"q{number}=x" for number in range(1_000)).encode()),
    ),
}
COUNT = 30


def calls(task: Callable[[], object]) -> Counter[str]:
    """How often which function of Python was called by a task."""
    counted: Counter[str] = Counter()

    def note(frame: Any, event: str, argument: object) -> None:
        if event == "call":
            counted[frame.f_code.co_qualname] += 1

    sys.setprofile(note)
    try:
        task()
    finally:
        sys.setprofile(None)
    return counted


def crowd(document: dict[str, Any], negated: bool = False, many: int = COUNT) -> Expectations:
    """So many expectations of a request, each different."""
    held = Shelf().expectations
    for number in range(many):
        each = json.loads(json.dumps(document).replace("%d", str(number)))
        pattern = read_request_pattern({**each, "not": True} if negated else each)
        held.put(RuledExpectation(str(number), pattern, (response(b"1"),), document={}))
    return held


def contract(*requests: dict[str, Any]) -> Contract:
    interactions = [
        {"description": str(number), "request": each, "response": {"status": 200}}
        for number, each in enumerate(requests)
    ]
    return read_contract({"consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": interactions}, "it")


def ask(held: Expectations, asked: Request) -> Any:
    return held.answer(asked, None, 0.0, Exhausted.REPEAT_LAST)


def zero() -> float:
    return 0.0


@pytest.mark.parametrize(("document", "asked"), CROWDS.values(), ids=CROWDS)
@pytest.mark.parametrize("negated", [False, True])
def test_nothing_more_is_compared_when_the_seconds_are_gone(
    document: dict[str, Any], asked: Request, negated: bool
) -> None:
    worked: list[Counter[str]] = []
    for many in (COUNT, 2 * COUNT):
        held = crowd(document, negated, many)
        found: list[Any] = []
        with Budget(0.0, zero) as budget:
            worked.append(calls(lambda held=held, found=found: found.append(ask(held, asked))))
        assert isinstance(found[0], Miss)
        assert (found[0].reason, found[0].nearest) == ("too-slow", None)
        assert budget.refused == many
    # What is read of the request once is no matter here.
    further = worked[1] - worked[0]
    assert further.total() < 60 * COUNT, further.most_common(9)


def test_what_asks_for_method_and_path_alone_still_answers() -> None:
    held = crowd(CROWDS["xpath"][0])
    held.put(RuledExpectation("plain", read_request_pattern({"path": "/a"}), (response(b"2"),), document={}))
    with Budget(0.0, zero):
        assert ask(held, CROWDS["xpath"][1]).body.content == b"2"


@pytest.mark.parametrize(
    ("body", "sent", "reader"),
    [
        ({"type": "JSON_PATH", "jsonPath": "$[?(@.k==-1%d)]"}, b"[1]", "_plain_json"),
        ({"type": "JSON_SCHEMA", "jsonSchema": {"minItems": 9}}, b"[1]", "_plain_json"),
        ({"type": "JSON_SCHEMA", "jsonSchema": {"minItems": 9}}, b"[1", "_plain_json"),
        ({"type": "JSON", "json": [["%d"]]}, b"[1]", "_json"),
        ({"type": "JSON", "json": [["%d"]]}, b"[1", "_json"),
        ({"type": "PARAMETERS", "parameters": {"a.*": ["b%d"]}}, b"a=c", "_form"),
        ({"type": "XPATH", "xpath": "//a[b=1%d]"}, b"<a/>", "_xml"),
        ({"type": "XPATH", "xpath": "//a[b=1%d]"}, b"<a>", "_xml"),
        ({"type": "XML", "xml": "<a>%d</a>"}, b"<a/>", "parse_xml"),
    ],
)
def test_a_body_is_read_once_for_all_expectations(body: Any, sent: bytes, reader: str) -> None:
    held = crowd({"body": body})
    sent += b"&a=c" * 300 if reader == "_form" else b" " * 1_200
    with Budget(1.0, zero):
        counted = calls(lambda: held.find(request("POST", "/a", sent), None, 0.0))
    # What is expected is read for each.
    assert counted[reader] - counted["xml_comparer"] == 1
    assert counted["MockServerRequest.match"] == COUNT


def test_a_body_is_read_once_for_all_interactions() -> None:
    headers = {"Content-Type": "application/xml"}
    mock = ContractMock(
        contract(*({"method": "POST", "path": "/a", "headers": headers, "body": f"<r>{n}</r>"} for n in range(COUNT)))
    )
    with Budget(1_000.0, zero):
        counted = calls(lambda: mock.answer(request("POST", "/a", XML, XML_TYPE)))
    assert counted["xml_comparer"] >= COUNT
    assert counted["parse_xml"] == counted["xml_comparer"] + 1


def test_a_body_is_read_once_to_choose_among_interactions_that_match() -> None:
    asked = {"method": "POST", "path": "/a", "matchingRules": {"$.body": {"match": "type"}}}
    mock = ContractMock(contract(*({**asked, "body": {"a": "b", "z": number}} for number in range(COUNT))))
    with Budget(1_000.0, zero):
        counted = calls(lambda: mock.answer(json_request("POST", "/a", {"a": "c" * 2_000, "z": 0})))
    assert counted["likeness"] == COUNT
    # What is expected is read for each of the two.
    assert counted["parse_json"] - counted["json_comparer"] - counted["likeness"] == 1


def test_recordings_are_not_compared_either() -> None:
    recorded = request("POST", "/a", b"<r><a/></r>", XML_TYPE)
    held = Shelf().add(exchange(recorded))
    respelled = request("POST", "/a", b"<r> <a></a> </r>", XML_TYPE)
    with Budget(0.0, zero):
        assert ask(held, respelled).reason == "too-slow"
        assert ask(held, recorded).status == 200
    assert ask(held, respelled).status == 200


def test_the_interactions_of_a_contract_are_not_compared_either() -> None:
    rule = {"$.body": {"match": "type"}}
    asked = [
        {"method": "POST", "path": "/a", "body": {"a": [1], "z": number}, "matchingRules": rule}
        for number in range(COUNT)
    ]
    sent = json_request("POST", "/a", {"a": [1], "z": "none"})
    mock, held = ContractMock(contract(*asked)), Shelf().expectations
    for expectation in expectations_of(contract(*asked), "it"):
        held.put(expectation)
    for answer in (lambda: mock.answer(sent), lambda: ask(held, sent)):
        with Budget(0.0, zero) as budget:
            counted = calls(answer)
        assert COUNT <= budget.refused <= COUNT + 1
        assert counted.total() < 60 * COUNT, counted.most_common(9)
    (mismatch,) = (each for each in mock.mismatches() if isinstance(each, RequestMismatch))
    assert "takes too long" in mismatch.mismatches[0].sentence


def test_wherever_the_seconds_end_there_is_an_answer_or_a_miss() -> None:
    rule = {"$.path": {"match": "regex", "regex": "/(a|aa)+"}}
    found: Counter[Any] = Counter()
    for seconds in range(60):
        ruled = RuledExpectation("1", read_request_pattern({"path": "/(a|aa)+"}), (response(b"1"),), document={})
        held = Shelf().expectations
        held.put(ruled)
        for expectation in expectations_of(contract({"method": "GET", "path": "/a", "matchingRules": rule}), "it"):
            held.put(expectation)
        for path in ("/aa", "/aab"):
            with Budget(seconds, count().__next__):
                answer = ask(held, request("GET", path, None))
            found[path, answer.reason if isinstance(answer, Miss) else answer.status] += 1
        assert ruled.expected() is not None
    assert found.keys() == {("/aa", "too-slow"), ("/aa", 200), ("/aab", "too-slow"), ("/aab", "no-match")}
