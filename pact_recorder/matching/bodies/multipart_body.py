"""Multipart bodies: parts by name, else by position; their order is free, further parts are fine.

A part's text, or its content by its own type, is compared under the rules at `$.name`, which in a JSON part go on
into the document; its headers, but for Content-Disposition, under those at `$.name.header`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from pact_recorder.http import Body
from pact_recorder.matching.bodies.comparison import (
    ActualBody,
    BodyDifference,
    BodyExpectation,
    CompareBody,
)
from pact_recorder.matching.bodies.multipart_parts import MultipartError, Part, parse_parts
from pact_recorder.matching.content_types import describe_type, type_accepts
from pact_recorder.matching.json_values import clip
from pact_recorder.matching.matchers import Place
from pact_recorder.matching.mismatches import BodyMismatch, BodyTypeMismatch
from pact_recorder.matching.paths import render_key

ComparerOf = Callable[[BodyExpectation], CompareBody]

_MAY_BE_MISSING: Final = ("content-type", "content-disposition", "content-transfer-encoding")


def multipart_comparer(expectation: BodyExpectation, comparer_of: ComparerOf) -> CompareBody:
    """The comparison with an expected multipart body; `comparer_of` makes that of a part by its type."""
    try:
        parts = parse_parts(expectation.content, expectation.media_type)
    except MultipartError as error:
        parse_error = f"Failed to parse the expected body as a MIME multipart body: '{error}'"
        return lambda actual: (
            [] if actual.content == expectation.content else [expectation.differs(actual, parse_error)]
        )
    comparisons = [_PartComparison(part, expectation, comparer_of) for part in parts]

    def compare(actual: ActualBody) -> Sequence[BodyDifference]:
        try:
            received = parse_parts(actual.content, actual.media_type)
        except MultipartError as error:
            sentence = f"Failed to parse the actual body as a MIME multipart body: '{error}'"
            return [expectation.differs(actual, sentence)]
        return [found for part in comparisons for found in part.compare(received, actual)]

    return compare


class _PartComparison:
    """One expected part, with the place of its rules and the comparison of its content."""

    __slots__ = ("compare_content", "part", "path", "place")

    def __init__(self, part: Part, expectation: BodyExpectation, comparer_of: ComparerOf) -> None:
        self.part = part
        self.place: Place = expectation.root.child(part.key)
        self.path = f"${render_key(part.key)}"
        body = Body(part.content)
        inner = replace(
            expectation,
            body=body,
            media_type=part.media_type,
            root=self.place,
            elements=expectation.elements.child(part.key),
        )
        self.compare_content = comparer_of(inner) if part.is_file else None

    def compare(self, received: Sequence[Part], whole: ActualBody) -> list[BodyDifference]:
        """Everything in which the part of the same name, or position, differs."""
        actual = next((part for part in received if self._is_same(part)), None)
        if actual is None:
            return [self._sentence(f"Expected a MIME part '{clip(str(self.part.key))}' but was missing")]
        if actual.is_file != self.part.is_file:
            wanted, given = ("file", "field") if self.part.is_file else ("field", "file")
            return [self._sentence(f"Expected a MIME {wanted} '{clip(self.part.name)}' but was {given}")]
        headers = self._headers(actual, whole)
        if self.compare_content is None:
            return [*headers, *self._field(actual, whole)]
        return [*headers, *self._file(self.compare_content, actual, whole)]

    def _is_same(self, part: Part) -> bool:
        return part.name == self.part.name if part.name else part.index == self.part.index

    def _headers(self, actual: Part, whole: ActualBody) -> list[BodyDifference]:
        found: list[BodyDifference] = []
        for name, value in self.part.headers.items():
            given = actual.headers.get(name)
            if given is None:
                if name not in _MAY_BE_MISSING:
                    text = f"Expected multipart header '{name}' with value '{clip(value)}' but was missing"
                    found.append(self._about_header(name, value, None, text))
                continue
            for sentence in self._header(name, value, given, whole):
                found.append(self._about_header(name, value, given, sentence))
        return found

    def _header(self, name: str, expected: str, actual: str, whole: ActualBody) -> Sequence[str]:
        place = self.place.child(name)
        if place.exact is not None and place.rules is not None:
            return place.rules.text(expected, actual, place.cascaded, whole.effort)
        if name == "content-disposition" or expected == actual:
            return ()
        return (f"header '{name}': Expected '{clip(actual)}' to be equal to '{clip(expected)}'",)

    def _about_header(self, name: str, expected: str, actual: str | None, sentence: str) -> BodyMismatch:
        path = self.path + render_key(name)
        shown = None if actual is None else clip(actual)
        return BodyMismatch(path, clip(expected), shown, f"MIME part '{clip(str(self.part.key))}': {sentence}")

    def _field(self, actual: Part, whole: ActualBody) -> list[BodyDifference]:
        expected, given = _text(self.part), _text(actual)
        if self.place.rules is not None:
            sentences = self.place.rules.text(expected, given, self.place.cascaded, whole.effort)
        elif expected == given:
            return []
        else:
            sentences = [
                f"MIME part '{clip(self.part.name)}': Expected '{clip(given)}' to be equal to '{clip(expected)}'"
            ]
        return [BodyMismatch(self.path, clip(expected), clip(given), sentence) for sentence in sentences]

    def _file(self, compare: CompareBody, actual: Part, whole: ActualBody) -> list[BodyDifference]:
        key = clip(str(self.part.key))
        if not type_accepts(self.part.media_type, actual.media_type):
            wanted, given = describe_type(self.part.media_type), describe_type(actual.media_type)
            sentence = f"MIME part '{key}': Expected a body of '{wanted}' but the actual content type was '{given}'"
            return [BodyTypeMismatch(wanted, given, sentence, clip(_text(self.part)), clip(_text(actual)))]
        found = compare(ActualBody(Body(actual.content), actual.media_type, whole.effort))
        return [replace(mismatch, sentence=f"MIME part '{key}': {mismatch.sentence}") for mismatch in found]

    def _sentence(self, sentence: str) -> BodyMismatch:
        return BodyMismatch("$", clip(str(self.part.key)), None, sentence)


def _text(part: Part) -> str:
    return part.content.decode("utf-8", "replace")
