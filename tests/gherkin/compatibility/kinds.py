"""What the suite calls the values that generators make, as patterns of their text."""

from __future__ import annotations

import json
import re
from typing import Any

from pact_recorder.http import Body

_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}(\.\d{1,9})?"
_HYPHENATED = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# The sizes are those that the fixtures of the generators ask for.
_KINDS = {
    "integer": r"\d{1,4}",
    "decimal number": r"(?=.{7}\Z)\d+\.\d+",
    "hexadecimal number": r"[0-9A-F]{6}",
    "random string": r"[0-9A-Za-z]{6}",
    "string from the regex": r"\d{1,8}",
    "date": _DATE,
    "time": _TIME,
    "date-time": rf"{_DATE}T{_TIME}([+-]\d{{2}}:?\d{{2}}|Z)",
    "UUID": _HYPHENATED,
    "simple UUID": r"[0-9a-f]{32}",
    "lower-case-hyphenated UUID": _HYPHENATED,
    "upper-case-hyphenated UUID": _HYPHENATED.replace("a-f", "A-F"),
    "URN UUID": f"urn:uuid:{_HYPHENATED}",
    "boolean": "true|false",
}


def is_of_kind(value: Any, kind: str) -> bool:
    """Whether a generated value is of a kind, or, where the kind is none of the known ones, is that text."""
    text = value if isinstance(value, str) else json.dumps(value)
    return re.fullmatch(_KINDS.get(kind, re.escape(kind)), text) is not None


def value_at(body: Body | None, path: str) -> Any:
    """The value at a path of the form `$.name` in a JSON body."""
    assert body is not None
    return json.loads(body.content)[path.removeprefix("$.")]
