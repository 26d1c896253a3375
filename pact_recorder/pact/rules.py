"""Matching rules and generators in documents: flat in V2 (`$.body.x`), by category from V3 on.

Both forms are read in every version; a key that starts with `$` is a flat one, as in the reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from pact_recorder.matching.rules import (
    ROOT,
    Generator,
    Generators,
    JsonValue,
    MatchingRule,
    MatchingRules,
    RuleList,
)
from pact_recorder.pact.fields import kind_of

_SINGLE_PLACE = ("path", "method", "status")
_BY_NAME = ("header", "query")
_CATEGORY = {"headers": "header", "metaData": "metadata"}
_FLAT_CATEGORY = {"header": "headers"}
_FLAT_KEY = re.compile(r"\$(?:\.(?P<dotted>\w+)|\['(?P<quoted>\w+)'\])(?P<rest>.*)", re.DOTALL)
_QUOTED_NAME = re.compile(r"\['(?P<name>.*)'\](?:\[(?:\d+|\*)\])?", re.DOTALL)
# The reference refuses a whole document in which a flat key names a header or parameter with other characters.
_FLAT_NAME = re.compile(r"\w+(?:[.:-]\w+)*")
_INDEX = re.compile(r"\[(?:\d+|\*)\]\Z")

# What a rule without `match` is called after, by the attribute that it does have (early V2 documents).
_IMPLIED_MATCH = {
    "regex": "regex", "min": "type", "max": "type", "timestamp": "timestamp", "datetime": "datetime",
    "date": "date", "time": "time",
}  # fmt: skip


def read_rules(value: JsonValue) -> MatchingRules:
    """The matching rules of a message. Raises ValueError for what is no rule."""
    categories: dict[str, dict[str, RuleList]] = {}
    for category, place, entry in _entries(value, "matchers"):
        rules = _read_rule_list(entry, f"{category} {place}")
        places = categories.setdefault(category, {})
        if rules.rules:
            places[place] = _either(places[place], rules) if place in places else rules
    return MatchingRules({category: places for category, places in categories.items() if places})


def write_rules(rules: MatchingRules, version: int) -> tuple[dict[str, JsonValue], list[str]]:
    """The rules in the form of a version, and what has no place in it (V2 has one rule at a place)."""
    if version >= 3:
        written = {
            category: _by_place(category, places, _written_list) for category, places in rules.categories.items()
        }
        return {category: places for category, places in written.items() if places}, []
    return _flat_rules(rules)


def read_generators(value: JsonValue) -> Generators:
    """The generators of a message. Raises ValueError for what is no generator."""
    categories: dict[str, dict[str, Generator]] = {}
    for category, place, entry in _entries(value, "type"):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("type"), str):
            raise ValueError(f'the generator at {category} "{place}" must be an object with a type')
        attributes = {name: given for name, given in entry.items() if name != "type"}
        categories.setdefault(category, {})[place] = Generator(entry["type"], attributes)
    return Generators(categories)


def write_generators(generators: Generators) -> dict[str, JsonValue]:
    """The generators by category (V3, V4; older versions have none)."""
    return {
        category: _by_place(category, places, lambda entry: {"type": entry.type, **entry.attributes})
        for category, places in generators.categories.items()
        if places
    }


def renamed(rules: MatchingRules, old: str, new: str) -> MatchingRules:
    """The same rules with one category under another name (V3 messages say `body`, V4 says `content`)."""
    if old not in rules.categories:
        return rules
    categories = {name: places for name, places in rules.categories.items() if name != old}
    categories[new] = {**rules.categories[old], **rules.category(new)}
    return MatchingRules(categories)


def _entries(value: JsonValue, mark: str) -> Iterator[tuple[str, str, JsonValue]]:
    """Category, place and entry of everything in a document's rules or generators.

    `mark` is the member by which an entry is told from a map of places (`{"path": {"matchers": []}}`).
    """
    if value is None:
        return
    if not isinstance(value, Mapping):
        raise ValueError(f"must be an object, but is {kind_of(value)}")
    key: str
    for key, entry in value.items():
        if key.startswith("$"):
            category, place = _flat_place(key)
            yield category, place, entry
        else:
            yield from _category_entries(_CATEGORY.get(key, key), entry, mark)


def _category_entries(category: str, entry: JsonValue, mark: str) -> Iterator[tuple[str, str, JsonValue]]:
    if not isinstance(entry, Mapping):
        raise ValueError(f'"{category}" must be an object, but is {kind_of(entry)}')
    if category not in _SINGLE_PLACE:
        for place, inner in entry.items():
            yield category, place, inner
    elif mark in entry or "match" in entry:
        yield category, ROOT, entry
    else:
        for inner in entry.values():
            yield category, ROOT, inner


def _flat_place(key: str) -> tuple[str, str]:
    """Category and place of a flat V2 key: `$.body.a` is `body`, `$.a`; `$.headers.X` is `header`, `X`."""
    found = _FLAT_KEY.fullmatch(key)
    if found is None:
        return "body", key
    name, rest = str(found["dotted"] or found["quoted"]), found["rest"]
    category = _CATEGORY.get(name, name)
    if category in _BY_NAME or category == "metadata":
        return category, _flat_name(category, rest)
    if category in _SINGLE_PLACE:
        return category, ROOT
    return category, ROOT + rest


def _flat_name(category: str, rest: str) -> str:
    quoted = _QUOTED_NAME.fullmatch(rest)
    if quoted:
        return quoted["name"]
    name = rest.removeprefix(".")
    return _INDEX.sub("", name) if category == "query" else name


def _read_rule_list(entry: JsonValue, where: str) -> RuleList:
    if isinstance(entry, list):
        return RuleList(tuple(_read_rule(rule, where) for rule in entry))
    if not isinstance(entry, Mapping):
        raise ValueError(f"the rule at {where} must be an object, but is {kind_of(entry)}")
    if "matchers" not in entry:
        return RuleList((_read_rule(entry, where),) if entry else ())
    matchers = entry["matchers"]
    if not isinstance(matchers, list):
        raise ValueError(f"the matchers at {where} must be a list, but are {kind_of(matchers)}")
    combine = "OR" if str(entry.get("combine")).upper() == "OR" else "AND"
    return RuleList(tuple(_read_rule(rule, where) for rule in matchers), combine)


def _read_rule(rule: JsonValue, where: str) -> MatchingRule:
    if not isinstance(rule, Mapping):
        raise ValueError(f"the rule at {where} must be an object, but is {kind_of(rule)}")
    implied = next((match for name, match in _IMPLIED_MATCH.items() if name in rule), None)
    match = rule.get("match", implied)
    if not isinstance(match, str):
        raise ValueError(f"the rule at {where} must name its matcher in match")
    attributes = {name: given for name, given in rule.items() if name != "match"}
    return MatchingRule(match, attributes) if attributes else _bare_rule(match)


@lru_cache(maxsize=64)
def _bare_rule(match: str) -> MatchingRule:
    """A rule without attributes; interactions share theirs."""
    return MatchingRule(match)


def _either(first: RuleList, second: RuleList) -> RuleList:
    """One list for two flat keys at one place (`$.query.a[0]`, `$.query.a[1]`): any of them may hold."""
    added = tuple(rule for rule in second.rules if rule not in first.rules)
    return RuleList(first.rules + added, "OR") if added else first


def _by_place(category: str, places: Mapping[str, JsonValue], form: Callable[..., JsonValue]) -> JsonValue:
    if category in _SINGLE_PLACE and tuple(places) == (ROOT,):
        return form(places[ROOT])
    return {place: form(entry) for place, entry in places.items()}


def _written_list(rules: RuleList) -> JsonValue:
    return {"matchers": [_written_rule(rule) for rule in rules.rules], "combine": rules.combine}


def _written_rule(rule: MatchingRule) -> JsonValue:
    return {"match": rule.match, **rule.attributes}


def _flat_rules(rules: MatchingRules) -> tuple[dict[str, JsonValue], list[str]]:
    written: dict[str, JsonValue] = {}
    lost: list[str] = []
    for category, places in rules.categories.items():
        for place, entry in places.items():
            key = _flat_key(category, place)
            if key is None:
                lost.append(f"the rule at {category} {place}, a place that version 2 cannot name")
                continue
            written[key] = _written_rule(entry.rules[0])
            if len(entry.rules) > 1:
                lost.append(f"all rules but the first at {category} {place}")
    return written, lost


def _flat_key(category: str, place: str) -> str | None:
    prefix = f"$.{_FLAT_CATEGORY.get(category, category)}"
    if category in _BY_NAME:
        return f"{prefix}.{place}" if _FLAT_NAME.fullmatch(place) else None
    if category in _SINGLE_PLACE:
        return prefix
    return prefix + place[1:] if place.startswith(ROOT) else None
