"""What other tools read of JSON: numbers that a double can hold, and text without half of a surrogate pair.

The reference refuses a document with anything else in it, all of it, and a body with anything else never matches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pact_recorder.matching.rules import JsonValue

NOT_PORTABLE = "holds a number beyond what a double can hold, or half of a surrogate pair"
"""What is wrong with what is not portable, as the end of a sentence."""

_GREATEST = 1.7976931348623157e308
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
# Whatever is not portable has one of these in its JSON text; what has one may be portable.
_SUSPECT = re.compile(rb"\\u[dD][89a-fA-F]|[0-9][eE]\+?0*[1-9][0-9]{2}|[0-9]{200}")


def is_portable(value: JsonValue) -> bool:
    """Whether other tools read a JSON value; decimals may be floats, or their digits in bytes."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, (list, tuple)):
            pending.extend(each)
        elif isinstance(each, Mapping):
            pending.extend(each)
            pending.extend(each.values())
        elif each is not None and not is_portable_scalar(each):
            return False
    return True


def is_portable_scalar(value: str | float | bytes) -> bool:
    """Whether other tools read a text or a number."""
    if isinstance(value, str):
        return value.isascii() or is_portable_text(value)
    return abs(float(value) if isinstance(value, bytes) else value) <= _GREATEST


def is_portable_text(text: str) -> bool:
    """Whether a text is Unicode that every encoding can carry."""
    return text.isascii() or _HALF_PAIR.search(text) is None


def may_not_be_portable(content: bytes) -> bool:
    """Whether JSON in UTF-8 is worth being looked at: where this is false, all of it is portable."""
    return _SUSPECT.search(content) is not None
