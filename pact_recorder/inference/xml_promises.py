"""From the shape of XML documents to what a contract says: an example as text and the rules that loosen it.

The example is a recorded document without the elements and attributes that other samples lack, and with one of the
elements that are repeated. What rules can say of XML (Pact reference):

- A rule's place is a plain path of names, `$.a.b['@id']` and `$.a.b['#text']`; `[*]` names nothing. A name with a
  namespace is `uri:name`.
- Of the text, a rule decides alone: `type` takes any, the empty one too, whether or not the example has some.
- A `type` rule on an element lets a request repeat it. It also forbids, there and below, every child that the example
  lacks, in a response too, which otherwise takes other elements and repetitions without looking at them. So responses
  have no such rules.
- An element of the example has to be there: there is no way to say "none, or each like this". So what was seen
  repeated stays in a response's example only when enough samples say that there always is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pact_recorder.inference import thresholds
from pact_recorder.inference.findings import Finding, counted, finding, texts_are
from pact_recorder.inference.formats import Format, format_of, has_format, rule_of
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.promises import Promise
from pact_recorder.inference.shapes import NOTHING, Arrays, Objects, Shape
from pact_recorder.inference.values import Texts
from pact_recorder.inference.xml_documents import (
    TEXT,
    Attribute,
    Content,
    Document,
    Markup,
    key_of,
    name_of,
    read_markup,
)
from pact_recorder.matching import MatchingRule, RuleList
from pact_recorder.matching.paths import is_nameable, render_key

_TYPE_RULE: Final = RuleList((MatchingRule("type"),))


def xml_promise(shape: Shape, sample: str, *, is_request: bool = False, explain: bool = False) -> Promise:
    """The promise that every document of the shape keeps, made after one of them; its example is XML text.

    `shape` is that of what `read_xml` gives. The example is MISSING when nothing can be promised: the documents have
    different roots, the sample is none of them, or a request has parts that others lack (Pact lets a request have
    neither more nor fewer). `is_request` and `explain` as in `promise`.
    """
    document = read_markup(sample)
    if document is None:
        return Promise(MISSING)
    promising = _XmlPromising(is_request, explain)
    root = promising.root(shape, document.root)
    if root is None:
        return Promise(MISSING, findings=[each for each in promising.findings if each.rule is None])
    return Promise(str(Document(document.declaration, root)), promising.rules, promising.findings)


class _XmlPromising:
    """One walk over a shape and a sample of it."""

    def __init__(self, is_request: bool, explain: bool) -> None:
        self.rules: dict[str, RuleList] = {}
        self.findings: list[Finding] = []
        self._impossible = False
        self._is_request = is_request
        self._explain = explain

    def root(self, shape: Shape, sample: Markup) -> Markup | None:
        """The root of the example; None when nothing can be promised."""
        roots = {} if shape.objects is None else shape.objects.members
        found = roots.get(key_of(sample.name), NOTHING)
        path = "$" + render_key(sample.name)
        if found.objects is None or found.seen < shape.seen:
            others = ", ".join(sorted(name_of(key) for key in roots))
            self._leave_out(path, found, f"the roots that were seen: {others}", shape.seen - found.seen)
            return None
        if not is_nameable(sample.name):
            self._leave_out(path, found, "no path expression can name it")
            return None
        element = self._element(found.objects, sample, path)
        return None if self._impossible else element

    def _element(self, objects: Objects, sample: Markup, path: str) -> Markup:
        """The example of an element; the rules of all that is in it are noted."""
        self._impossible |= self._is_request and _is_unknown(objects)
        attributes = self._attributes(objects, sample, path)
        children = self._children(objects, sample, path)
        text = self._text(objects, sample, path)
        return replace(sample, attributes=attributes, content=list(_content(sample, children, text)))

    def _attributes(self, objects: Objects, sample: Markup, path: str) -> list[Attribute]:
        given = {f"@{each.name}": each for each in sample.attributes}
        kept: dict[str, Attribute] = {}
        for key, shape in sorted(objects.members.items()):
            if key.startswith("@") and self._is_promised(path, key, shape, objects, key in given):
                texts = shape.texts
                assert texts is not None
                value = self._value(path + render_key(key), key, shape, texts, texts.empty, given[key].value)
                kept[key] = replace(given[key], value=value)
        return [kept[key] for key in given if key in kept]

    def _children(self, objects: Objects, sample: Markup, path: str) -> dict[str, Markup]:
        """The example of each name of children: the first one that the sample has."""
        given = {child.name: child for child in reversed([*sample.children])}
        kept: dict[str, Markup] = {}
        for key, shape in sorted(objects.members.items()):
            name = name_of(key)
            if not _is_child(key) or not self._is_promised(path, name, shape, objects, name in given):
                continue
            assert shape.arrays is not None
            place = path + render_key(name)
            if shape.arrays.longest <= 1 or self._repeats(place, shape, shape.arrays):
                elements = shape.arrays.items.objects or Objects(shape.arrays.count, overflown=True)
                kept[name] = self._element(elements, given[name], place)
        return kept

    def _repeats(self, place: str, shape: Shape, arrays: Arrays) -> bool:
        """Whether elements that were repeated stay in the example; at least one has to be there then."""
        why = f"up to {arrays.longest} of them were seen together"
        if self._is_request:
            self._set(place, shape, _TYPE_RULE, "elements, at least one", why)
        elif arrays.count < thresholds.REPEATED:
            self._leave_out(
                place, shape, f"{why}, and {counted(arrays.count, 'sample')} cannot exclude that there is none"
            )
            return False
        elif self._explain:
            self.findings.append(finding(place, shape, "elements, the first one like the example", why))
        return True

    def _is_promised(self, path: str, key: str, shape: Shape, objects: Objects, given: bool) -> bool:
        """Whether an attribute or a child stays in the example."""
        if shape.seen < objects.count:
            why = "not always there"
        elif not is_nameable(key):
            why = "no path expression can name it"
        elif not given:
            why = "not there in the example"
        else:
            return True
        self._impossible |= self._is_request
        self._leave_out(path + render_key(key), shape, why, objects.count - shape.seen)
        return False

    def _text(self, objects: Objects, sample: Markup, path: str) -> str:
        """The text of an element of the example."""
        place, shape = path + render_key(TEXT), objects.members.get(TEXT, NOTHING)
        is_leaf = not _is_unknown(objects) and not any(map(_is_child, objects.members))
        if shape.texts is not None:
            empty = objects.count - shape.seen
            text = self._value(place, sample.name, shape, shape.texts, empty, sample.text)
            # With children in some samples and only text in others, it is the element alone that is promised.
            return text if is_leaf or not empty else ""
        if is_leaf or _is_unknown(objects):
            why = "only empty elements were seen" if is_leaf else "what is in it is not known"
            self.rules[place] = _TYPE_RULE
            if self._explain:
                self.findings.append(Finding(place, "any text or none", objects.count, why=why))
        return sample.text

    def _value(self, place: str, name: str, shape: Shape, texts: Texts, empty: int, sample: str) -> str:
        """The example of the text or the attribute of a name, of which `empty` were empty."""
        found = format_of(texts.formats, texts.distinct, name.rpartition(":")[2])
        # A placeholder has not the form of what it stands for.
        if found is None or texts.redacted:
            why = "a secret was replaced" if texts.redacted else "no form is common to all texts"
            self._set(place, shape, _TYPE_RULE, "text", why)
            return sample or min(texts.values, default=texts.shortest)
        optional = empty > 0 or texts.count < thresholds.NO_EMPTY_TEXT
        words = f"{found.name} or empty" if optional else found.name
        rule = RuleList((rule_of(found, optional=optional),))
        self._set(place, shape, rule, words, texts_are(texts.distinct))
        return sample if has_format(sample, found) else _formatted(texts, found)

    def _set(self, path: str, shape: Shape, rule: RuleList, words: str, why: str) -> None:
        self.rules[path] = rule
        if self._explain:
            self.findings.append(finding(path, shape, words, why))

    def _leave_out(self, path: str, shape: Shape, why: str, absent: int = 0) -> None:
        if self._explain:
            self.findings.append(finding(path, shape, None, why, absent))


def _is_unknown(objects: Objects) -> bool:
    """Whether not all that is in elements is known by its name: too many names, or too deep."""
    return objects.overflown or objects.entries is not None


def _is_child(key: str) -> bool:
    return key[0] not in "@#"


def _content(sample: Markup, children: dict[str, Markup], text: str) -> Iterator[Content]:
    """The content of the sample with the first child of each name replaced, and with another text in front."""
    same = text == sample.text
    if not same:
        yield text
    left = dict(children)
    for piece in sample.content:
        if isinstance(piece, Markup):
            if piece.name in left:
                yield left.pop(piece.name)
        elif same:
            yield piece


def _formatted(texts: Texts, wanted: Format) -> str:
    return next((text for text in sorted(texts.values) if has_format(text, wanted)), texts.shortest)
