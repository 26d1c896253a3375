"""What a redacted recording cannot tell: a placeholder stands for a value that nobody can compare any more.

A difference counts only if the recorded value differs whatever its placeholders stand for. So a contract that was
made of other traffic, or by hand, is scored by what is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.matching import MetadataMismatch, MethodMismatch, Mismatch, StatusMismatch

_KNOWN = (MetadataMismatch, MethodMismatch, StatusMismatch)


def differences(mismatches: Sequence[Mismatch]) -> Sequence[Mismatch]:
    """The mismatches that do not hang on a redacted value."""
    if not mismatches:
        return mismatches
    return [each for each in mismatches if isinstance(each, _KNOWN) or not could_be(each.expected, each.actual)]


def could_be(expected: str | None, actual: str | None) -> bool:
    """Whether an actual value with placeholders may have been the expected one."""
    if not expected or not actual or "REDACTED-" not in actual:
        return False
    if PLACEHOLDER.fullmatch(actual.strip('"')):
        # A number was replaced by a text, so its JSON form says nothing either; no object or array ever is.
        return expected[0] not in "{["
    pieces = PLACEHOLDER.split(actual)
    return len(pieces) > 1 and _fits(pieces, expected)


def _fits(pieces: Sequence[str], text: str) -> bool:
    """Whether the text is made of the pieces, in their order, with something between each two of them."""
    first, last = pieces[0], pieces[-1]
    if not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for _, piece in pairwise(pieces[:-1]):
        found = text.find(piece, place + 1, end)
        if found < 0:
            return False
        place = found + len(piece)
    return place < end
