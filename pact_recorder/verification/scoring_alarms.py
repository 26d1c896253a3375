"""Why a contract refuses what it should accept, and what it accepts though it should not: equal cases as one line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

from pact_recorder.matching import (
    BodyMismatch,
    BodyTypeMismatch,
    ExpectedResponse,
    HeaderMismatch,
    JsonValue,
    Mismatch,
    PathExpression,
    PathExpressionError,
    RuleList,
    StatusMismatch,
)
from pact_recorder.matching.paths import Index, Name
from pact_recorder.verification.scoring_index import Promise

EQUALITY = "equality"
"""What is asked where no rule loosens the example."""
RECORDED = "recorded answer"
"""What was judged, when it is no mutant."""
_MOST_GROUPS = 10_000
_INDEX = re.compile(r"\[[0-9]+\]")
_KEYS = (Name, Index)
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Alarm:
    """A difference for which answers were refused that a consumer could have lived with, and how often.

    `cause` is `recorded answer` or the kind of the mutants; `path` is the place in the body with `[*]` for every index,
    `header.NAME` or `status`; `rule` is what decides there. `expected`, `actual` and `sentence` are of the first case,
    `example` says which one that was.
    """

    operation: str
    description: str
    cause: str
    path: str
    rule: str
    expected: str
    actual: str
    sentence: str
    example: str
    count: int = 1

    def key(self) -> tuple[str, ...]:
        """Equal for two alarms that are the same but for their values."""
        # Which keys are missing only the sentence says; other sentences quote values that differ each time.
        detail = self.sentence if "missing" in self.sentence else ""
        return (self.operation, self.description, self.cause, self.path, self.rule, detail)

    def to_json(self) -> dict[str, JsonValue]:
        """The alarm as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Missed:
    """A kind of breaking change that was accepted at a place, and how often; `note` and `example` are of the first."""

    operation: str
    kind: str
    severity: str
    path: str
    note: str
    example: str
    count: int = 1

    def key(self) -> tuple[str, ...]:
        """Equal for two changes of a kind at one place."""
        return (self.operation, self.kind, self.path)

    def to_json(self) -> dict[str, JsonValue]:
        """The missed change as JSON."""
        return asdict(self)


def alarm_of(promise: Promise, mismatch: Mismatch, operation: str, cause: str, example: str) -> Alarm:
    """A difference for which the response of an interaction refuses an answer."""
    path, rule = place_of(mismatch, promise.interaction.response)
    return Alarm(
        operation,
        promise.interaction.description,
        cause,
        path,
        rule,
        _text(mismatch.expected),
        _text(mismatch.actual),
        mismatch.sentence,
        example,
    )


def place_of(mismatch: Mismatch, expected: ExpectedResponse) -> tuple[str, str]:
    """Where in the response the difference is, and the rule that decides there."""
    if isinstance(mismatch, BodyMismatch):
        return _INDEX.sub("[*]", mismatch.path), _body_rule(mismatch.path, expected)
    if isinstance(mismatch, HeaderMismatch | BodyTypeMismatch):
        name = mismatch.key if isinstance(mismatch, HeaderMismatch) else "Content-Type"
        rules = (rules for key, rules in expected.rules.category("header").items() if key.lower() == name.lower())
        return f"header.{name}", _shown(next(rules, None))
    if isinstance(mismatch, StatusMismatch):
        return "status", _shown(next(iter(expected.rules.category("status").values()), None))
    return "", EQUALITY


def _body_rule(path: str, expected: ExpectedResponse) -> str:
    """The rule whose path expression speaks most exactly of the place, and that expression."""
    keys = _keys("$" if path == "/" else path)
    found = [
        (expression.rank, text)
        for text in expected.rules.category("body")
        if (expression := _parsed(text)) is not None and expression.weight(keys)
    ]
    if not found:
        return EQUALITY
    _, best = max(found)
    return f"{_shown(expected.rules.category('body')[best])} at {best}"


@lru_cache(maxsize=8192)
def _keys(path: str) -> tuple[str | int, ...]:
    expression = _parsed(path)
    tokens = expression.tokens if expression is not None else ()
    named = (token.name if isinstance(token, Name) else token.number for token in tokens if isinstance(token, _KEYS))
    return tuple(named)


@lru_cache(maxsize=8192)
def _parsed(text: str) -> PathExpression | None:
    try:
        return PathExpression.parse(text)
    except PathExpressionError:
        return None


def _shown(rules: RuleList | None) -> str:
    if rules is None or not rules.rules:
        return EQUALITY
    texts = []
    for rule in rules.rules:
        values = [f"{name} {_clipped(str(value))}" for name, value in rule.attributes.items()]
        texts.append(" ".join((rule.match, *(value.removeprefix(f"{rule.match} ") for value in values))))
    return f" {rules.combine.lower()} ".join(texts)


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _clipped(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


Finding = TypeVar("Finding", Alarm, Missed)


class Groups(Generic[Finding]):
    """Findings, counted where they are the same but for their values; one owner adds to it."""

    __slots__ = ("_counts", "_first", "dropped")

    def __init__(self) -> None:
        self._first: dict[tuple[str, ...], Finding] = {}
        self._counts: Counter[tuple[str, ...]] = Counter()
        self.dropped = 0

    def add(self, finding: Finding) -> None:
        """Count a finding; beyond ten thousand different ones only `dropped` grows."""
        key = finding.key()
        if key not in self._first:
            if len(self._first) >= _MOST_GROUPS:
                self.dropped += 1
                return
            self._first[key] = finding
        self._counts[key] += finding.count

    def found(self) -> tuple[Finding, ...]:
        """The first of each group with the group's count, the most frequent first."""
        in_order = sorted(self._counts.items(), key=lambda each: (-each[1], each[0]))
        return tuple(replace(self._first[key], count=count) for key, count in in_order)
