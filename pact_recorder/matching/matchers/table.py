"""The table of matchers: a rule's name and what makes its matcher of the rule's attributes.

Names and attributes as in the Pact specification V4, with the other spellings that the reference reads. A rule that
cannot be used does not stop anything: it becomes a matcher that refuses every value and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from typing_extensions import override

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import plain_text, wire_value
from pact_recorder.matching.matchers.collections import ArrayContains, EachKey, EachValue, Values
from pact_recorder.matching.matchers.equality import Equality, Type
from pact_recorder.matching.matchers.kinds import (
    DECIMAL,
    INTEGER,
    NUMBER,
    STATUS_WORDS,
    Boolean,
    ContentType,
    Null,
    StatusCode,
)
from pact_recorder.matching.matchers.matcher import Matcher, RuleError, Verdict
from pact_recorder.matching.matchers.places import Place, PlacedRules, Rules
from pact_recorder.matching.matchers.texts import DateTime, Include, NotEmpty, Regex, Semver
from pact_recorder.matching.paths import PathExpression, PathExpressionError
from pact_recorder.matching.rules import JsonValue, MatchingRule, RuleList

Attributes = Mapping[str, JsonValue]
Make = Callable[[Attributes], Matcher]


def compile_rule(rule: MatchingRule) -> Matcher:
    """The matcher of one rule."""
    make = _TABLE.get(rule.match)
    if make is None:
        return Unusable(f"No matcher has the name '{rule.match}' (plugins are not supported)")
    try:
        return make(rule.attributes)
    except RuleError as error:
        return Unusable(f"The {rule.match} matcher cannot be used: {error}")
    except RecursionError:
        return Unusable(f"The {rule.match} matcher cannot be used: its rules are nested too deeply")


def compile_rules(rules: RuleList) -> Rules:
    """The matchers of a rule list."""
    return Rules(tuple(map(compile_rule, rules.rules)), rules.combine.upper() == "OR")


def place_rules(category: Mapping[str, RuleList]) -> list[PlacedRules]:
    """The rules of a category whose places are path expressions; an empty list of matchers counts as none.

    Raises PathExpressionError.
    """
    placed: list[PlacedRules] = []
    for order, (text, rules) in enumerate(category.items()):
        if rules.rules:
            expression = PathExpression.parse(text)
            placed.append(PlacedRules(expression.tokens, compile_rules(rules), (*expression.rank, -order)))
    return placed


class Unusable(Matcher):
    """A rule that cannot be used: every value is refused with the reason."""

    __slots__ = ("reason",)
    name: ClassVar[str] = "unusable"

    def __init__(self, reason: str) -> None:
        self.reason = reason

    @override
    def scalar(self, expected: JsonValue, actual: JsonValue, cascaded: bool, effort: Effort) -> Verdict:
        return self.reason

    @override
    def items(self, expected: Sequence[JsonValue], actual: Sequence[JsonValue], cascaded: bool) -> Verdict:
        return self.reason

    @override
    def unable(self, shown: str) -> str:
        return self.reason


def _text_of(attributes: Attributes, name: str) -> str:
    if name not in attributes:
        raise RuleError(f"it has no '{name}'")
    return plain_text(wire_value(attributes[name]))


def _count(attributes: Attributes, name: str) -> int | None:
    value = attributes.get(name)
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return max(value, 0)


def _needed_count(attributes: Attributes, name: str) -> int:
    count = _count(attributes, name)
    if count is None:
        raise RuleError(f"it has no whole number as '{name}'")
    return count


def _type(attributes: Attributes) -> Matcher:
    return Type(_count(attributes, "min"), _count(attributes, "max"))


def _minimum(attributes: Attributes) -> Matcher:
    return Type(minimum=_needed_count(attributes, "min"))


def _maximum(attributes: Attributes) -> Matcher:
    return Type(maximum=_needed_count(attributes, "max"))


def _minimum_maximum(attributes: Attributes) -> Matcher:
    return Type(_needed_count(attributes, "min"), _needed_count(attributes, "max"))


def _regex(attributes: Attributes) -> Matcher:
    pattern = attributes.get("regex")
    if not isinstance(pattern, str):
        raise RuleError("it has no text as 'regex'")
    return Regex(pattern)


def _include(attributes: Attributes) -> Matcher:
    return Include(_text_of(attributes, "value"))


def _content_type(attributes: Attributes) -> Matcher:
    return ContentType(_text_of(attributes, "value"))


def _date_time(name: str, word: str, default: str, attributes: Attributes) -> Matcher:
    pattern = attributes.get("format", attributes.get(name))
    return DateTime(word, plain_text(wire_value(pattern)) or default)


def _status_code(attributes: Attributes) -> Matcher:
    status = attributes.get("status", "success")
    if isinstance(status, str) and status in STATUS_WORDS:
        return StatusCode(status)
    if isinstance(status, list) and all(type(code) is int for code in status):
        return StatusCode(status)
    raise RuleError(f"its 'status' is neither a list of codes nor one of {', '.join(STATUS_WORDS)}")


def _inner_rules(attributes: Attributes) -> tuple[Matcher, ...]:
    rules = attributes.get("rules", [])
    if not isinstance(rules, list):
        raise RuleError("its 'rules' are not a list")
    return tuple(map(_inner_rule, rules))


def _inner_rule(document: JsonValue) -> Matcher:
    """A rule inside of another one, in the form that documents have."""
    if not isinstance(document, Mapping):
        raise RuleError("a rule inside of it is not an object")
    name = document.get("match")
    if not isinstance(name, str):
        # V2 documents leave the name out where an attribute tells it.
        name = next((known for known in ("regex", "min", "max") if known in document), "")
        name = "type" if name in ("min", "max") else name
    return compile_rule(MatchingRule(name, {key: value for key, value in document.items() if key != "match"}))


def _each_key(attributes: Attributes) -> Matcher:
    return EachKey(_inner_rules(attributes))


def _each_value(attributes: Attributes) -> Matcher:
    return EachValue(Place.each_child(Rules(_inner_rules(attributes))))


def _array_contains(attributes: Attributes) -> Matcher:
    variants = attributes.get("variants")
    if not isinstance(variants, list):
        raise RuleError("its 'variants' are not a list")
    return ArrayContains([_variant(variant) for variant in variants])


def _variant(document: JsonValue) -> tuple[int, Place]:
    if not isinstance(document, Mapping):
        raise RuleError("a variant is not an object")
    rules = document.get("rules")
    index = _count(document, "index") or 0
    if not isinstance(rules, Mapping):
        return index, Place.everywhere(Rules((Equality(),)))
    try:
        return index, Place.root(place_rules({place: _rule_list(at) for place, at in rules.items()}))
    except PathExpressionError as error:
        raise RuleError(str(error)) from None


def _rule_list(document: JsonValue) -> RuleList:
    """The rules at a place of a variant, in the form that documents have."""
    if not isinstance(document, Mapping) or not isinstance(document.get("matchers", []), list):
        raise RuleError("the rules of a variant are not an object with a list of 'matchers'")
    rules = [_named_rule(rule) for rule in document.get("matchers", [])]
    return RuleList(tuple(rules), str(document.get("combine", "AND")))


def _named_rule(document: Any) -> MatchingRule:
    if not isinstance(document, Mapping) or not isinstance(document.get("match"), str):
        raise RuleError("a rule of a variant has no 'match'")
    return MatchingRule(document["match"], {key: value for key, value in document.items() if key != "match"})


def _constant(matcher: Matcher) -> Make:
    return lambda attributes: matcher


_DATE = partial(_date_time, "date", "date", "yyyy-MM-dd")
_TIME = partial(_date_time, "time", "time", "HH:mm:ss")
_TIMESTAMP_DEFAULT: Final = "yyyy-MM-dd'T'HH:mm:ssXXX"

_TABLE: Final[Mapping[str, Make]] = {
    "equality": _constant(Equality()),
    "regex": _regex,
    "type": _type,
    "min": _minimum,
    "max": _maximum,
    "min-type": _minimum,
    "max-type": _maximum,
    "min-max-type": _minimum_maximum,
    "include": _include,
    "number": _constant(NUMBER),
    "integer": _constant(INTEGER),
    "decimal": _constant(DECIMAL),
    "real": _constant(DECIMAL),
    "date": _DATE,
    "time": _TIME,
    "timestamp": partial(_date_time, "timestamp", "timestamp", _TIMESTAMP_DEFAULT),
    "datetime": partial(_date_time, "datetime", "timestamp", _TIMESTAMP_DEFAULT),
    "null": _constant(Null()),
    "boolean": _constant(Boolean()),
    "contentType": _content_type,
    "content-type": _content_type,
    "values": _constant(Values()),
    "notEmpty": _constant(NotEmpty()),
    "not-empty": _constant(NotEmpty()),
    "semver": _constant(Semver()),
    "eachKey": _each_key,
    "each-key": _each_key,
    "eachValue": _each_value,
    "each-value": _each_value,
    "arrayContains": _array_contains,
    "array-contains": _array_contains,
    "statusCode": _status_code,
    "status-code": _status_code,
}
MATCHERS: Final = tuple(_TABLE)
"""The names that rules may have."""
