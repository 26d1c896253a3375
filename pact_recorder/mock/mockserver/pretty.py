"""JSON in the layout of Jackson's DefaultPrettyPrinter, which MockServer's clients compare and display.

`"key" : value` with a space on both sides of the colon, objects one member a line indented by two spaces, lists on
one line (`[ 1, 2 ]`, `[ {` … `}, {` … `} ]`), `{ }` and `[ ]` when empty, text beyond ASCII as it is, no newline at
the end. Numbers are written as they were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring

from pact_recorder.matching import JsonValue
from pact_recorder.pact import format_json
from pact_recorder.pact.json_text import with_escaped_halves

_STEP = "  "
_OUTERMOST = "\n"


def format_pretty(value: JsonValue) -> str:
    """The JSON text of a value in Jackson's layout. Raises ValueError or TypeError for what is not JSON."""
    return with_escaped_halves(_text(value, _OUTERMOST))


def format_pretty_list(values: Iterable[JsonValue]) -> str:
    """The text of a list whose values are taken one at a time, so that only their texts are held together."""
    return _list(format_pretty(value) for value in values)


def _text(value: JsonValue, line: str) -> str:
    """The text of a value; `line` is the line break with the indentation in force."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Mapping):
        inner = line + _STEP
        members = [f"{inner}{encode_basestring(name)} : {_text(member, inner)}" for name, member in value.items()]
        return f"{{{','.join(members)}{line}}}" if members else "{ }"
    if isinstance(value, (list, tuple)):
        # Lists do not indent: the members of an object in a list stand one step from the list's own line.
        return _list(_text(item, line) for item in value)
    return format_json(value)


def _list(texts: Iterable[str]) -> str:
    joined = ", ".join(texts)
    return f"[ {joined} ]" if joined else "[ ]"
