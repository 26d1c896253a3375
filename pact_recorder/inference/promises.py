"""From the shape of JSON documents to what a contract says: an example and the rules that loosen it.

The example is a recorded document. In a response Pact asks for every member of the example and takes any other, so a
member that some samples lack is left out. Where the recorded document is null or empty and others are not, the example
is filled from what those held. In a request Pact takes no other members than those of the example.

What rules can say (Pact reference): a `type` rule on an array frees its length and compares every further item with the
first of the example; OR is honoured for scalars only; below an example of null a regular expression sees the JSON text
of whatever came, which is how "null or an object" and "there, with any value" are said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec import Struct

from pact_recorder.http.names import split_words
from pact_recorder.inference import thresholds
from pact_recorder.inference.exemplars import exemplar, scalar_exemplar
from pact_recorder.inference.findings import Finding, counted, finding, texts_are
from pact_recorder.inference.formats import Format, has_format, rule_of
from pact_recorder.inference.json_patterns import null_or
from pact_recorder.inference.kin import Kin
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.shapes import Arrays, Objects, Shape, first_key, join_all
from pact_recorder.inference.values import Texts
from pact_recorder.matching import JsonValue, MatchingRule, RuleList
from pact_recorder.matching.paths import is_nameable, render_key
from pact_recorder.pact.portable import is_portable_scalar, is_portable_text

_TYPE = MatchingRule("type")
_NULL = MatchingRule("null")
_INTEGER = MatchingRule("integer")
_NUMBER = MatchingRule("number")
_BOOLEAN = MatchingRule("boolean")
ANYTHING = RuleList((MatchingRule("regex", {"regex": r"[\s\S]*"}),))
"""The rule for a place that is there, with any value; its example is null."""
_DATA = (str, int, bytes)
_OR_NULL: dict[type, str] = {dict: "an object or null", list: "an array or null"}


class _Ruled(Struct, frozen=True, gc=False):
    """What is promised of a scalar: in words, as rules, and as rules that allow null as well."""

    words: str
    rules: RuleList
    or_null: RuleList

    @classmethod
    def by(cls, rule: MatchingRule, words: str) -> _Ruled:
        """What one rule says."""
        return cls(words, RuleList((rule,)), RuleList((rule, _NULL), "OR"))


_TYPE_RULE = RuleList((_TYPE,))
_ANY_TEXT = _Ruled.by(_TYPE, "text")
_ANY_BOOLEAN = _Ruled.by(_TYPE, "true or false")
_ANY_INTEGER = _Ruled.by(_INTEGER, "integer")
_ANY_NUMBER = _Ruled.by(_NUMBER, "number")
_NOT_EMPTY_RULE = RuleList((MatchingRule("type", {"min": 1}),))
_VALUES_RULE = RuleList((MatchingRule("values"),))
_WHOLE_NUMBERS = frozenset(
    ("id", "ids", "count", "total", "size", "number", "num", "length", "page", "pages", "position", "index", "version")
)
_key = lru_cache(maxsize=8192)(render_key)


@lru_cache
def _formatted_as(found: Format, optional: bool) -> _Ruled:
    return _Ruled.by(rule_of(found, optional=optional), f"{found.name} or empty" if optional else found.name)


class _Spot(Struct, frozen=True, gc=False):
    """Where in a document a shape stands: its path expression and the name of the member.

    `documents` is how many can show it at most: a hundred items of one array are one document's word.
    """

    path: str
    name: str
    documents: int

    def below(self, key: str, name: str, documents: int) -> _Spot:
        """The spot of a part of it that stands in at most so many documents."""
        return _Spot(self.path + key, name, min(self.documents, documents))


@dataclass(slots=True)
class Promise:
    """What a contract says of one document: the example, the rules by path expression, and the findings.

    `example` is MISSING when nothing can be promised.
    """

    example: JsonValue
    rules: dict[str, RuleList] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def promise(
    shape: Shape, sample: JsonValue, *, is_request: bool = False, explain: bool = False, kin: Kin | None = None
) -> Promise:
    """The promise that every document of the shape keeps, made after one of them.

    `is_request` says that the document is a request's, which may have no other members; `explain` asks for findings.
    """
    promising = _Promising(is_request, explain, kin)
    example = promising.place(shape, sample, _Spot("$", "", shape.seen))
    if promising.impossible:
        return Promise(MISSING)
    return Promise(example, promising.rules, promising.findings)


class _Promising:
    """One walk over a shape and a sample of it."""

    def __init__(self, is_request: bool, explain: bool, kin: Kin | None) -> None:
        self.rules: dict[str, RuleList] = {}
        self.findings: list[Finding] = []
        self.impossible = False
        self._is_request = is_request
        self._explain = explain
        self._kin = kin

    def place(self, shape: Shape, sample: JsonValue, spot: _Spot) -> JsonValue:
        """The example of a place; its rules are noted."""
        kinds = shape.kinds
        if type(sample) in _DATA and not is_portable_scalar(sample):
            self.impossible |= self._is_request
            sample = MISSING
        if self._is_request and sample is None:
            # The example stays the recorded request, so that it finds its recorded answer.
            return self._set(spot, shape, None, ANYTHING, "there, with any value", "null was seen")
        if len(kinds) == 1:
            if shape.objects is not None:
                return self._container(shape, sample, spot, dict)
            if shape.arrays is not None:
                return self._container(shape, sample, spot, list)
            return self._scalar(shape, sample, spot)
        if kinds and not kinds & {"object", "array"}:
            return self._several_kinds(shape, sample, spot)
        why = f"{', '.join(sorted(kinds))} were seen" if kinds else "only null was seen"
        return self._set(spot, shape, None, ANYTHING, "there, with any value", why)

    def _container(self, shape: Shape, sample: JsonValue, spot: _Spot, kind: type) -> JsonValue:
        if shape.nulls:
            rule = RuleList((MatchingRule("regex", {"regex": null_or(shape)}),))
            return self._set(spot, shape, None, rule, _OR_NULL[kind], "null was seen as well")
        if type(sample) is not kind:
            sample = exemplar(shape)
        if shape.arrays is not None:
            return self._array(shape, shape.arrays, sample, spot)
        assert shape.objects is not None
        return self._object(shape, shape.objects, sample, spot)

    def _object(self, shape: Shape, objects: Objects, sample: JsonValue, spot: _Spot) -> JsonValue:
        if objects.is_map:
            return self._map(shape, objects, sample, spot)
        # Beside members, entries could be any, and members may be missing: a request with those of the example only
        # would refuse the others.
        self.impossible |= self._is_request and objects.entries is not None
        example = {}
        kind = self._kin.of(objects) if self._kin is not None and objects.count < thresholds.FEW else None
        for name in sorted(objects.members):
            member = objects.members[name]
            seen = member.seen
            inner = _Spot(spot.path + _key(name), name, seen if seen < spot.documents else spot.documents)
            if seen < objects.count:
                self.impossible |= self._is_request
                self._leave_out(inner, member, "not always there", objects.count - seen)
            elif kind is not None and _elsewhere(kind.absent(name), objects.count):
                self._leave_out(inner, member, "not always there in objects of the same kind")
            elif not is_nameable(name):
                self.impossible |= self._is_request
                self._leave_out(inner, member, "no path expression can name it")
            elif kind is not None and member.kinds & {"object", "array"} and _elsewhere(kind.null(name), objects.count):
                rule = RuleList((MatchingRule("regex", {"regex": null_or(member)}),))
                words = _OR_NULL[dict if member.objects else list]
                example[name] = self._set(inner, member, None, rule, words, "null in objects of the same kind")
            else:
                example[name] = self.place(member, sample.get(name, MISSING), inner)
        return _in_order_of(sample, example)

    def _map(self, shape: Shape, objects: Objects, sample: JsonValue, spot: _Spot) -> JsonValue:
        entry, key = entries_of(objects)
        key = next(filter(is_portable_text, sample), key)
        self._set(spot, shape, None, _VALUES_RULE, "a map", "its names are data: identifiers, or never the same")
        if not is_portable_text(key):
            return {}
        inner = spot.below(".*", "", entry.seen)
        if self._is_request and _differ(entry):
            return {key: self._set(inner, entry, None, ANYTHING, "there, with any value", "members differ")}
        return {key: self.place(entry, sample.get(key, MISSING), inner)}

    def _array(self, shape: Shape, arrays: Arrays, sample: JsonValue, spot: _Spot) -> JsonValue:
        if not arrays.longest or (self._is_request and not sample):
            return self._set(spot, shape, [], _TYPE_RULE, "an array", "only empty ones were seen")
        never_empty = not arrays.empty and spot.documents >= thresholds.NO_EMPTY_ARRAY
        rule = _NOT_EMPTY_RULE if never_empty else _TYPE_RULE
        words = "an array that is not empty" if never_empty else "an array"
        self._set(spot, shape, [], rule, words, f"{arrays.empty} of {arrays.count} were empty")
        items = arrays.items
        inner = spot.below("[*]", "", arrays.count - arrays.empty)
        if items.nulls and not items.present:
            return []
        if self._is_request and (items.nulls or _differ(items)):
            self._leave_out(inner, items, "items have different members, and a request may have no others")
            return []
        if len(items.kinds) > 1 and items.kinds & {"object", "array"}:
            self._leave_out(inner, items, f"items are of several kinds: {', '.join(sorted(items.kinds))}")
            return []
        # A request's example stays as it was recorded; of an answer one item says all.
        shown = sample if self._is_request else (sample or [MISSING])[:1]
        return [self.place(items, item, inner) for item in shown]

    def _several_kinds(self, shape: Shape, sample: JsonValue, spot: _Spot) -> JsonValue:
        """Scalars of several kinds: a rule for each, one of which must hold."""
        # Text is the one kind that only a `type` rule tells, and that needs a text as the example.
        rules = [_TYPE]
        if shape.texts is not None:
            sample = sample if isinstance(sample, str) else scalar_exemplar(shape)
            rules += [_NUMBER] if shape.integers or shape.decimals else []
        else:
            numbers = Shape(integers=shape.integers, decimals=shape.decimals)
            sample = sample if type(sample) in (int, bytes) else scalar_exemplar(numbers)
        rules += [_BOOLEAN] if shape.booleans else []
        rules += [_NULL] if self._may_be_null(shape, spot) else []
        words = " or ".join(sorted(shape.kinds))
        return self._set(spot, shape, sample, RuleList(tuple(rules), "OR"), words, "all of them were seen")

    def _scalar(self, shape: Shape, sample: JsonValue, spot: _Spot) -> JsonValue:
        if shape.texts is not None:
            ruled, why, sample = self._text(shape.texts, sample, spot)
        elif shape.booleans is not None:
            ruled, why = _ANY_BOOLEAN, "no other kind of value was seen"
            sample = sample if isinstance(sample, bool) else scalar_exemplar(shape)
        else:
            ruled, why = _number(shape, spot.name)
            sample = sample if type(sample) in (int, bytes) else scalar_exemplar(shape)
        if not self._may_be_null(shape, spot):
            return self._set(spot, shape, sample, ruled.rules, ruled.words, why)
        if self._explain:
            why = "null was seen as well" if shape.nulls else _few(shape, spot.documents)
        return self._set(spot, shape, sample, ruled.or_null, f"{ruled.words} or null", why)

    def _may_be_null(self, shape: Shape, spot: _Spot) -> bool:
        """Whether null was seen, or cannot be excluded; what a consumer sends is its own promise."""
        if shape.nulls:
            return True
        needed = thresholds.NO_NULL if shape.varies else thresholds.NO_NULL_OF_ONE
        return not self._is_request and (spot.documents < thresholds.DOCUMENTS or shape.present < needed)

    def _text(self, texts: Texts, sample: JsonValue, spot: _Spot) -> tuple[_Ruled, str, str]:
        # A placeholder has no format, and it is what the recording holds.
        found = None if texts.redacted else texts.format_under(spot.name)
        if found is None:
            why = "a secret was replaced" if texts.redacted else "no form is common to all texts"
            return _ANY_TEXT, why, sample if isinstance(sample, str) else texts.example
        few = texts.count < thresholds.NO_EMPTY_TEXT or spot.documents < thresholds.DOCUMENTS
        optional = texts.empty > 0 or (few and not self._is_request)
        text = sample if isinstance(sample, str) and has_format(sample, found) else _formatted(texts, found)
        if not is_portable_text(text):
            return _ANY_TEXT, "no text that was seen can stand in a contract", texts.example
        return _formatted_as(found, optional), texts_are(texts.distinct), text

    def _set(self, spot: _Spot, shape: Shape, example: JsonValue, rule: RuleList, words: str, why: str) -> JsonValue:
        self.rules[spot.path] = rule
        if self._explain:
            self.findings.append(finding(spot.path, shape, words, why, samples=spot.documents))
        return example

    def _leave_out(self, spot: _Spot, shape: Shape, why: str, absent: int = 0) -> None:
        if self._explain:
            self.findings.append(finding(spot.path, shape, None, why, absent, spot.documents))


def _elsewhere(share: float, own: int) -> bool:
    """Whether what happens to a share of the objects of a kind is to be expected here, after none of `own` samples."""
    return share * thresholds.FEW / (thresholds.FEW + own) > thresholds.TOLERATED


def _differ(shape: Shape) -> bool:
    """Whether objects of a shape have different members, on any level: a request's example cannot stand for them."""
    if shape.arrays is not None and _differ(shape.arrays.items):
        return True
    objects = shape.objects
    if objects is None or objects.is_map:
        return False
    if len(shape.kinds) > 1 or shape.nulls or objects.entries is not None:
        return True
    return any(member.seen < objects.count or _differ(member) for member in objects.members.values())


def entries_of(objects: Objects) -> tuple[Shape, str]:
    """The shape of all entries of a map, and the name of one."""
    if objects.entries is not None:
        return objects.entries, objects.some_key or ""
    return join_all(objects.members.values()), first_key(objects.members) or ""


def _few(shape: Shape, documents: int) -> str:
    values = "1 value" if shape.present == 1 else f"{shape.present} values"
    answers = "" if documents >= shape.present else f" of {documents} document{'s' * (documents != 1)}"
    return f"{values}{answers} cannot exclude null"


def _number(shape: Shape, name: str) -> tuple[_Ruled, str]:
    integers, decimals = shape.integers, shape.decimals
    if decimals is not None or integers is None:
        return _ANY_NUMBER, "decimals were seen"
    if not _WHOLE_NUMBERS.isdisjoint(split_words(name)):
        return _ANY_INTEGER, f"{counted(integers.count, 'integer')} under a name that says so"
    if integers.count >= thresholds.NO_DECIMALS:
        return _ANY_INTEGER, f"{counted(integers.count, 'integer')}, no decimal"
    return _ANY_NUMBER, f"{counted(integers.count, 'integer')} cannot exclude decimals"


def _formatted(texts: Texts, wanted: Format) -> str:
    fitting = [text for text in texts.values if has_format(text, wanted) and is_portable_text(text)]
    return min(fitting) if fitting else texts.shortest


def _in_order_of(sample: JsonValue, example: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The members in the order of the sample, then the others by name: the same whatever came first."""
    names: Sequence[str] = [name for name in sample if name in example]
    others = sorted(example.keys() - set(names)) if len(names) < len(example) else ()
    return {name: example[name] for name in (*names, *others)}
