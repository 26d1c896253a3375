"""What matching costs, as ratios to `json.loads` of the same body: `python benchmarks/matching.py`.

A JSON body of 2 kB is matched against itself, against the same value written otherwise, under 10 rules, and in forms
that differ as real answers do. All are measured in turn in one run, round by round, so that whatever else the machine
does falls on all of them; the table has the medians of the times, and of the ratios within a round.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from pact_recorder.http import Body, Headers, Response
from pact_recorder.matching import (
    CompiledResponse,
    ExpectedResponse,
    MatchingRule,
    MatchingRules,
    RuleList,
    compile_response,
)

BODY: Mapping[str, Any] = {
    "id": 1234,
    "name": "Widget",
    "active": True,
    "price": 12.5,
    "tags": ["a", "b", "c"],
    "owner": {"id": 7, "login": "bob", "url": "https://api.example.com/users/7", "admin": False},
    "items": [
        {
            "id": number,
            "sku": f"SKU-{number:05}",
            "qty": number * 2,
            "unit": {"name": "pcs", "factor": 1.0},
            "note": None,
            "url": f"https://api.example.com/items/{number}",
        }
        for number in range(15)
    ],
}
RULES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "$.id": ("integer", {}),
    "$.name": ("type", {}),
    "$.price": ("decimal", {}),
    "$.tags": ("type", {"min": 1}),
    "$.owner.login": ("regex", {"regex": "[a-z]+"}),
    "$.owner.url": ("regex", {"regex": "https?://.*"}),
    "$.items": ("type", {"min": 1}),
    "$.items[*].sku": ("regex", {"regex": "SKU-\\d{5}"}),
    "$.items[*].id": ("integer", {}),
    "$.items[*].url": ("include", {"value": "/items/"}),
}
_JSON = "application/json"
_FIELDS = Headers([("Content-Type", _JSON)])


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="how many rounds the medians are of (default 200)")
    parser.add_argument("--calls", type=int, default=20, help="calls of each case in a round (default 20)")
    options = parser.parse_args()
    cases = measured_cases()
    rounds = [_round(cases, options.calls) for _ in range(options.rounds)]
    _show(f"{len(_text(BODY))} bytes of JSON, medians of {options.rounds} rounds of {options.calls} calls\n")
    _show("| case | microseconds | times json.loads |\n|---|---|---|")
    base = next(iter(cases))
    for name in cases:
        seconds = statistics.median(each[name] for each in rounds)
        ratio = statistics.median(each[name] / each[base] for each in rounds)
        _show(f"| {name} | {seconds * 1e6:.1f} | {ratio:.2f} |")


def measured_cases() -> Mapping[str, Callable[[], object]]:
    """The cases by name; the first is what the others are compared with."""
    text = _text(BODY)
    plain, ruled = _compiled({}), _compiled(RULES)
    one_type = _compiled({"$": ("type", {})})
    return {
        "json.loads of the body": lambda: json.loads(text),
        "equality, the same bytes": _matching(plain, text),
        "equality, members in another order": _matching(plain, _text(dict(reversed(BODY.items())), compact=True)),
        "equality, one value differs": _matching(plain, _text({**BODY, "price": 13.25}), matches=False),
        "10 rules, the same bytes": _matching(ruled, text),
        "10 rules, other values that pass": _matching(ruled, _text(_other_values())),
        "10 rules, other values and twice the items": _matching(ruled, _text(_other_values(30))),
        "10 rules, one value breaks its rule": _matching(ruled, _text({**BODY, "id": "x"}), matches=False),
        "10 rules, every item breaks its rules": _matching(ruled, _text(_broken_items()), matches=False),
        "one type rule at the root, other values": _matching(one_type, _text(_other_values())),
    }


def _round(cases: Mapping[str, Callable[[], object]], calls: int) -> dict[str, float]:
    """Seconds that one call of each case takes."""
    seconds: dict[str, float] = {}
    for name, call in cases.items():
        started = time.perf_counter()
        for _ in range(calls):
            call()
        seconds[name] = (time.perf_counter() - started) / calls
    return seconds


def _compiled(rules: Mapping[str, tuple[str, Mapping[str, Any]]]) -> CompiledResponse:
    places = {place: RuleList((MatchingRule(name, attributes),)) for place, (name, attributes) in rules.items()}
    headers = {"Content-Type": (_JSON,)}
    return compile_response(ExpectedResponse(200, headers, Body(_text(BODY)), MatchingRules({"body": places})))


def _matching(compiled: CompiledResponse, content: bytes, *, matches: bool = True) -> Callable[[], object]:
    actual = Response(200, headers=_FIELDS, body=Body(content))
    assert (compiled.match(actual) == []) is matches
    return lambda: compiled.match(actual)


def _text(value: Mapping[str, Any], *, compact: bool = False) -> bytes:
    return json.dumps(value, separators=(",", ":") if compact else None).encode()


def _other_values(items: int = 15) -> Mapping[str, Any]:
    """The body of another answer of the same service; what no rule frees stays."""
    first, rest = BODY["items"][0], BODY["items"]
    changed = [
        {**rest[number % len(rest)], "id": 1000 + number, "sku": f"SKU-{90000 + number}"} for number in range(items)
    ]
    # Values that only the examples fix are those that the extra items are compared with.
    extra = [{**item, "qty": first["qty"]} for item in changed[len(rest) :]]
    owner = {**BODY["owner"], "login": "rob", "url": "http://api.example.com/users/9"}
    return {**BODY, "id": 77, "name": "Gadget", "price": 7.25, "owner": owner, "items": changed[: len(rest)] + extra}


def _broken_items() -> Mapping[str, Any]:
    return {**BODY, "items": [{**item, "id": str(item["id"]), "sku": "none"} for item in BODY["items"]]}


def _show(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
