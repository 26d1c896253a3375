"""Bodies compared as a whole: text, forms and bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pact_recorder.http import MediaType, parse_query
from pact_recorder.matching.bodies.comparison import (
    ActualBody,
    BodyDifference,
    BodyExpectation,
    CompareBody,
)
from pact_recorder.matching.content_types import describe_type
from pact_recorder.matching.json_values import clip
from pact_recorder.matching.matchers.kinds import ContentType
from pact_recorder.matching.mismatches import BodyMismatch
from pact_recorder.matching.parameters import ParameterComparison, group_values
from pact_recorder.matching.paths import render_key

_SHOWN_BYTES: Final = 32


def text_comparer(expectation: BodyExpectation) -> CompareBody:
    """Text: equal byte for byte, or under the rules at `$` decoded."""
    rules = expectation.root.rules
    if rules is not None and any(isinstance(rule, ContentType) for rule in rules.matchers):
        return binary_comparer(expectation)
    expected = expectation.body.text(expectation.media_type)

    def compare(actual: ActualBody) -> Sequence[BodyDifference]:
        if rules is None:
            return [] if actual.content == expectation.content else [_unequal_text(expectation, actual)]
        text = actual.body.text(actual.media_type)
        if text is None or expected is None:
            side = "actual" if text is None else "expected"
            return [expectation.differs(actual, f"Could not parse {side} value as text of its character set")]
        sentences = rules.text(expected, text, expectation.root.cascaded, actual.effort)
        return [expectation.differs(actual, sentence) for sentence in sentences]

    return compare


def _unequal_text(expectation: BodyExpectation, actual: ActualBody) -> BodyMismatch:
    mismatch = expectation.differs(actual, "")
    sentence = f"Expected body '{mismatch.expected}' to match '{mismatch.actual}' using equality but did not match"
    return BodyMismatch("$", mismatch.expected, mismatch.actual, sentence)


def form_comparer(expectation: BodyExpectation) -> CompareBody:
    """A URL-encoded form: the rules of query parameters, at paths `$.name`."""
    expected = _fields(expectation.content)

    def compare(actual: ActualBody) -> Sequence[BodyDifference]:
        if expectation.root.bare and actual.content == expectation.content:
            return []
        comparison = ParameterComparison(expectation.root.child, actual.effort, "form post parameter")
        return [
            BodyMismatch(f"${render_key(found.parameter)}", found.expected, found.actual, found.sentence)
            for found in comparison.compare(expected, _fields(actual.content))
        ]

    return compare


def _fields(content: bytes) -> dict[str, list[str]]:
    return group_values(parse_query(content.decode("utf-8", "surrogateescape")))


def binary_comparer(expectation: BodyExpectation) -> CompareBody:
    """Bytes: equal, or under the rules at `$`."""
    root = expectation.root

    def compare(actual: ActualBody) -> Sequence[BodyDifference]:
        rules = root.rules
        if rules is None:
            return [] if actual.content == expectation.content else [_unequal_bytes(expectation, actual)]
        sentences = rules.ask(
            lambda rule: rule.binary(expectation.content, actual.content, root.cascaded, actual.effort)
        )
        return [expectation.differs(actual, sentence) for sentence in sentences]

    return compare


def _unequal_bytes(expectation: BodyExpectation, actual: ActualBody) -> BodyMismatch:
    received = _described(actual.media_type, actual.content)
    wanted = _described(expectation.media_type, expectation.content)
    return expectation.differs(actual, f"Actual body [{received}] is not equal to the expected body [{wanted}]")


def _described(media_type: MediaType | None, content: bytes) -> str:
    beginning = content[:_SHOWN_BYTES].hex()
    return clip(f"{describe_type(media_type)}, {len(content)} bytes, starting with {beginning}")
