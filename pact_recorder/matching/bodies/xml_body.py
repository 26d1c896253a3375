"""XML bodies: elements by name, their attributes and their text; the order of different names is free.

Comments and prefixes do not matter, namespaces do. A rule at an element's path speaks of the element and cascades to
its attributes, text and children; `$.a['@x']` is an attribute, `$.a['#text']` the text. Repetitions of one example
element need a type rule; `[*]` in a path means any repetition and is left out of the paths compared here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from pact_recorder.matching.bodies.comparison import (
    TOO_DEEP,
    ActualBody,
    BodyDifference,
    BodyExpectation,
    CompareBody,
)
from pact_recorder.matching.budget import once
from pact_recorder.matching.effort import Effort
from pact_recorder.matching.json_values import clip, json_text
from pact_recorder.matching.matchers import Place
from pact_recorder.matching.matchers.equality import Equality
from pact_recorder.matching.mismatches import MOST_MISMATCHES, BodyMismatch
from pact_recorder.matching.paths import Trail, render_trail
from pact_recorder.matching.xml_values import Element, XmlError, parse_xml

Found = Sequence[BodyMismatch]
_EQUALITY: Final = Equality()


def xml_comparer(expectation: BodyExpectation) -> CompareBody:
    """The comparison with an expected XML body, which is parsed here once."""
    try:
        expected = parse_xml(expectation.content)
    except XmlError as error:
        parse_error = f"Failed to parse the expected body: '{error}'"
        return lambda actual: (
            [] if actual.content == expectation.content else [expectation.differs(actual, parse_error)]
        )

    def compare(actual: ActualBody) -> Sequence[BodyDifference]:
        if expectation.elements.bare and actual.content == expectation.content:
            return []
        try:
            element = once(parse_xml, actual.content)
            walk = XmlWalk(actual.effort, expectation.more_allowed)
            return walk.document(expectation.elements, expected, element)[:MOST_MISMATCHES]
        except XmlError as error:
            return [expectation.differs(actual, f"Failed to parse the actual body: '{error}'")]
        except RecursionError:
            return [expectation.differs(actual, TOO_DEEP)]

    return compare


class XmlWalk:
    """One walk over an expected document and an actual one."""

    __slots__ = ("effort", "more_allowed")

    def __init__(self, effort: Effort, more_allowed: bool) -> None:
        self.effort = effort
        self.more_allowed = more_allowed

    def document(self, root: Place, expected: Element, actual: Element) -> Found:
        """Everything in which the actual document differs."""
        return self._element(root.child(expected.name), (None, expected.name), expected, actual)

    def _element(self, place: Place, trail: Trail, expected: Element, actual: Element) -> Found:
        if place.rules is None:
            verdict = _EQUALITY.element(expected, actual, False)
            sentences: Sequence[str] = () if verdict is None else (verdict,)
        else:
            sentences = place.rules.ask(lambda rule: rule.element(expected, actual, place.cascaded))
        if sentences:
            return [_differs(trail, expected.name, actual.name, sentence) for sentence in sentences]
        return [
            *self._attributes(place, trail, expected, actual),
            *self._children(place, trail, expected, actual),
            *self._text(place.child("#text"), (trail, "#text"), expected.text, actual.text),
        ]

    def _attributes(self, place: Place, trail: Trail, expected: Element, actual: Element) -> Found:
        found: list[BodyMismatch] = []
        unexpected = actual.attributes.keys() - expected.attributes.keys()
        if unexpected and not self.more_allowed:
            shown = json_text(dict(actual.attributes))
            sentence = (
                f"Expected {len(expected.attributes)} attribute(s) but received {len(actual.attributes)} attribute(s)"
            )
            if not expected.attributes:
                sentence = f"Did not expect any attributes but received {shown}"
            found.append(_differs(trail, json_text(dict(expected.attributes)), shown, sentence))
        for name, value in expected.attributes.items():
            key = f"@{name}"
            if name in actual.attributes:
                found += self._text(place.child(key), (trail, key), value, actual.attributes[name])
            else:
                sentence = f"Expected attribute '{name}'='{clip(value)}' but was missing"
                found.append(_differs((trail, key), name, None, sentence))
        return found

    def _children(self, place: Place, trail: Trail, expected: Element, actual: Element) -> Found:
        wanted, given = _by_name(expected), _by_name(actual)
        names = ", ".join(child.name for child in expected.children[:100])
        received = ", ".join(child.name for child in actual.children[:100])
        if given and not wanted and not self.more_allowed:
            return [_differs(trail, names, received, f"Expected no children but received [{clip(received)}]")]
        found: list[BodyMismatch] = []
        for name, elements in given.items():
            below = place.child(name)
            if name in wanted:
                found += self._repetitions(below, (trail, name), wanted[name], elements)
            elif not self.more_allowed or below.any_type:
                found.append(_differs(trail, names, received, f"Unexpected child <{name}/>"))
        for name in wanted.keys() - given.keys():
            found.append(_differs(trail, names, received, f"Expected child <{name}/> but was missing"))
        return found

    def _repetitions(self, place: Place, trail: Trail, expected: Sequence[Element], actual: Sequence[Element]) -> Found:
        """Elements of one name: with a type rule each like the first example, else pair by pair."""
        found: list[BodyMismatch] = []
        pairs = (
            ((expected[0], other) for other in actual)
            if place.any_type
            else zip_longest(expected, actual, fillvalue=None)
        )
        for example, other in pairs:
            if len(found) >= MOST_MISMATCHES:
                break
            if example is not None and other is not None:
                found += self._element(place, trail, example, other)
            elif example is not None:
                sentence = f"Expected child <{example.name}/> but was missing"
                found.append(_differs(trail, example.name, None, sentence))
            elif other is not None and not self.more_allowed:
                found.append(_differs(trail, None, other.name, f"Unexpected child <{other.name}/>"))
        return found

    def _text(self, place: Place, trail: Trail, expected: str, actual: str) -> Found:
        if place.rules is None:
            if expected == actual:
                return ()
            sentence = f"Expected '{clip(actual)}' to be equal to '{clip(expected)}'"
            return [_differs(trail, clip(expected), clip(actual), sentence)]
        sentences = place.rules.text(expected, actual, place.cascaded, self.effort)
        return [_differs(trail, clip(expected), clip(actual), sentence) for sentence in sentences]


def _by_name(element: Element) -> dict[str, list[Element]]:
    children: dict[str, list[Element]] = {}
    for child in element.children:
        children.setdefault(child.name, []).append(child)
    return children


def _differs(trail: Trail, expected: str | None, actual: str | None, sentence: str) -> BodyMismatch:
    return BodyMismatch(render_trail(trail), expected, actual, sentence)
