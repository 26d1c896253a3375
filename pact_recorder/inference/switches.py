"""What of a request selects the form of its answer: `stream: true` in the body gets an event stream, `false` JSON.

What a part of requests is worth to an interaction is seen from the operation as a whole: it selects when no value of it
got answers of two forms. Parts that may select are

- boolean members of the body, where absence counts as `false`;
- the header `Accept`, when it was always sent;
- headers that an answer names in `Vary`, and those that are the API's version by their name;
- query parameters and fields of forms whose values are words (`format=csv`).

That no value got two forms may be chance when there are many values: where nothing in the name says that it selects,
each must have been seen twice on average.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from pact_recorder.http import Exchange
from pact_recorder.inference.messages import FORM
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.matching import JsonValue
from pact_recorder.mock.selectors import varied_by

Part: TypeAlias = tuple[str, str]
"""A part of requests: where it is (`BODY`, `HEADER`, `QUERY`, `FIELD`) and its name, that of a header in lower case."""

Value: TypeAlias = bool | str | None
"""What a part was in one request; None for what cannot select."""

Setting: TypeAlias = Sequence[tuple[Part, Value]]
"""The parts of one request that may select."""

AnsweredForm: TypeAlias = tuple[str, str, str]
"""The form of an answer's body, its media type, and the root of the document."""

BODY: Final = "body"
HEADER: Final = "header"
QUERY: Final = "query"
FIELD: Final = "field"
ACCEPT: Final[Part] = (HEADER, "accept")

SELECTING_NAMES: Final = frozenset({"api-version", "version", "v", "format", "alt", "action"})
"""Names of parameters that select what is answered."""

ABSENT: Final = ""
"""In place of a value where a part was not there."""

_MOST_PARTS: Final = 64
_MOST_VALUES: Final = 16
_SAMPLES_OF_A_VALUE: Final = 2
_WORD: Final = re.compile(r"[A-Za-z0-9_.+/-]{1,40}")
_VERSION: Final = re.compile(r"(?:.*-)?(?:api-?|accept-)version")


class Values(Struct, frozen=True, gc=False):
    """In how many requests a part was, and what it was there; too many different values are none."""

    count: int
    some: frozenset[Value]


class Settings(Struct, frozen=True, gc=False):
    """What of several requests may select: how many they are, and the values of each part.

    Bounded, and the same in whatever parts and order they came; too many parts are none.
    """

    requests: int = 0
    parts: Mapping[Part, Values] = {}
    overflown: bool = False

    @classmethod
    def of(cls, settings: Sequence[Setting]) -> Settings:
        """Those of some requests."""
        found: dict[Part, list[Value]] = {}
        for setting in settings:
            for part, value in setting:
                found.setdefault(part, []).append(value)
        return cls._bounded(len(settings), {part: _bounded(len(each), each) for part, each in found.items()})

    @classmethod
    def joined(cls, parts: Sequence[Settings]) -> Settings:
        """Those of all requests together."""
        if len(parts) == 1:
            return parts[0]
        found: dict[Part, list[Values]] = {}
        for settings in parts:
            for part, values in settings.parts.items():
                found.setdefault(part, []).append(values)
        return cls._bounded(
            sum([each.requests for each in parts]),
            {part: _joined(each) for part, each in found.items()},
            any(each.overflown for each in parts),
        )

    @classmethod
    def _bounded(cls, requests: int, parts: Mapping[Part, Values], overflown: bool = False) -> Settings:
        overflown = overflown or len(parts) > _MOST_PARTS
        return cls(requests, {} if overflown else parts, overflown)

    def all_of(self, part: Part) -> frozenset[Value]:
        """What a part was in these requests: `ABSENT` where it was not there; empty when nothing is known."""
        if self.overflown:
            return frozenset()
        values = self.parts.get(part, _NEVER)
        return values.some if values.count == self.requests else values.some and values.some | {ABSENT}


def _bounded(count: int, some: Collection[Value]) -> Values:
    different = frozenset(some)
    return Values(count, different if len(different) <= _MOST_VALUES else frozenset())


def _joined(parts: Sequence[Values]) -> Values:
    count = sum([each.count for each in parts])
    if not all(each.some for each in parts):
        return Values(count, frozenset())
    return _bounded(count, frozenset().union(*[each.some for each in parts]))


_NEVER: Final = Values(0, frozenset({ABSENT}))


def setting_of(exchange: Exchange, question: Mapping[str, JsonValue], form: str) -> Setting:
    """What of a request may select: `question` is the request as a document, `form` that of its body."""
    setting = [((QUERY, name), _word(values)) for name, values in question["query"].items()]
    body = question.get("body", MISSING)
    if form == FORM:
        setting += [((FIELD, name), _word(values)) for name, values in body.items()]
    elif type(body) is dict and (True in body.values() or False in body.values()):
        setting += [((BODY, name), value if type(value) is bool else None) for name, value in body.items()]
    setting += [((HEADER, name), value) for name, value in _headers(exchange).items()]
    return setting


def _word(values: Sequence[JsonValue]) -> Value:
    value = values[0] if len(values) == 1 else None
    return value if type(value) is str and _WORD.fullmatch(value) else None


def _headers(exchange: Exchange) -> Mapping[str, Value]:
    """The headers that may select; one with several lines cannot."""
    varied = varied_by(exchange.response)
    found: dict[str, Value] = {}
    for name, value in exchange.request.headers.fields:
        lower = _may_select(name)
        if lower or (varied and (lower := name.lower()) in varied):
            found[lower] = None if lower in found else value
    return found


@lru_cache(maxsize=1024)
def _may_select(name: str) -> str:
    """The lower-case name of a header that may select, whatever the answer says; empty for any other."""
    lower = name.lower()
    return lower if lower == "accept" or _VERSION.fullmatch(lower) else ""


@dataclass(frozen=True, slots=True)
class Selected:
    """What of the requests that one interaction stands for selects, with all values that it had there."""

    parts: Mapping[Part, tuple[Value, ...]] = field(default_factory=dict)

    def of(self, where: str) -> dict[str, tuple[Value, ...]]:
        """The parts of one kind by their names."""
        return {name: values for (place, name), values in self.parts.items() if place == where}


@dataclass(frozen=True, slots=True)
class Selecting:
    """The parts of requests that select the form of an operation's answers."""

    parts: frozenset[Part] = frozenset()

    def of_all(self, requests: Settings) -> Selected:
        """What selects, and is known of all these requests; a boolean or `Accept` only where it was always the same."""
        found = {part: requests.all_of(part) for part in sorted(self.parts)}
        return Selected(
            {
                part: tuple(sorted(values, key=str))
                for part, values in found.items()
                if values and ABSENT not in values and (len(values) == 1 or not _is_plain(part))
            }
        )

    @classmethod
    def of(cls, answers: Mapping[AnsweredForm, Sequence[Settings]]) -> Selecting:
        """What selects among the forms, by the requests that got each; nothing when all answers have the same."""
        if len(answers) < 2:
            return cls()
        forms = [Settings.joined(each) for each in answers.values()]
        by_type: dict[tuple[str, str], list[Settings]] = {}
        for (form, media_type, _), settings in zip(answers, forms, strict=True):
            by_type.setdefault((form, media_type), []).append(settings)
        types = [Settings.joined(each) for each in by_type.values()]
        parts = {part for settings in forms for part in settings.parts}
        return cls(frozenset(part for part in parts if _selects(part, types if _is_plain(part) else forms)))


def _is_plain(part: Part) -> bool:
    """Whether a part is taken to select the type of a body, and not what stands in it."""
    return part[0] == BODY or part == ACCEPT


def _selects(part: Part, forms: Sequence[Settings]) -> bool:
    """Whether no value of a part got two of the forms, and this is more than chance."""
    values = [each.all_of(part) for each in forms]
    if len(forms) < 2 or not all(values) or any(None in each for each in values):
        return False
    if part[0] == BODY:
        return {frozenset(map(bool, each)) for each in values} == {frozenset({True}), frozenset({False})}
    different = frozenset().union(*values)
    if len(different) < sum(map(len, values)) or (ABSENT in different and (part == ACCEPT or part[0] != HEADER)):
        return False
    return _says_so(part) or sum([each.requests for each in forms]) >= _SAMPLES_OF_A_VALUE * len(different)


def _says_so(part: Part) -> bool:
    """Whether a part selects by its name."""
    where, name = part
    return _may_select(name) != "" if where == HEADER else name.lower() in SELECTING_NAMES
