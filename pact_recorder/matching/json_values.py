"""JSON as the wire had it: 1 is not 1.0, big integers and decimals are exact, of duplicate keys the last wins.

A number with a dot or an exponent is kept as its digits, in a `bytes`, which JSON has no other use for: so it is
never equal to an integer, a boolean or a string, and is not converted before a rule or a difference asks for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from pact_recorder.matching.rules import JsonValue

TEXT_LIMIT: Final = 2000
"""Characters of a value that a mismatch quotes."""

_SHOWN_DEPTH: Final = 100

_KINDS: Final = {
    dict: "Object",
    list: "Array",
    str: "String",
    bool: "Boolean",
    int: "Integer",
    bytes: "Decimal",
    type(None): "Null",
}
_MISSING: Final = object()
_WHOLE: Final = re.compile(r"-?[0-9]{1,4000}")


class JsonError(ValueError):
    """A text is not JSON that can be compared; the message says why."""


def _no_constant(name: str) -> None:
    raise JsonError(f"{name} is not a JSON number")


_DECODER: Final = json.JSONDecoder(parse_float=str.encode, parse_constant=_no_constant)
_read: Final = msgspec.json.Decoder(float_hook=str.encode).decode


def parse_json(content: bytes) -> JsonValue:
    """The value of a JSON text: integers as int, numbers with a dot or an exponent as their digits in bytes.

    Raises JsonError, also for numbers and nestings beyond what this process can hold.
    """
    try:
        return _read(content)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # It reads UTF-8 without lone surrogates only, and does not say where an error is as people count.
        return _parsed(content)


def _parsed(content: bytes) -> JsonValue:
    """What the interpreter's own decoder makes of a JSON text."""
    try:
        return _DECODER.decode(content.decode(json.detect_encoding(content)))
    except RecursionError:
        raise JsonError("it is nested too deeply") from None
    except JsonError:
        raise
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except UnicodeDecodeError as error:
        raise JsonError(f"it is not text in {error.encoding}") from None
    except ValueError:
        # The interpreter refuses integers of more than some thousand digits, whose conversion is quadratic.
        raise JsonError("an integer has too many digits") from None


def wire_value(value: JsonValue) -> JsonValue:
    """A value of any JSON library in the form that `parse_json` gives."""
    if isinstance(value, Mapping):
        return {str(key): wire_value(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [wire_value(item) for item in value]
    if isinstance(value, (float, Decimal)):
        digits = repr(value) if isinstance(value, float) else str(value)
        return int(digits) if _WHOLE.fullmatch(digits) else digits.encode()
    return value


def kind(value: JsonValue) -> str:
    """The name of a value's type as mismatches spell it: Object, Array, String, Boolean, Integer, Decimal, Null."""
    return _KINDS[type(value)]


def same(expected: JsonValue, actual: JsonValue) -> bool:
    """Whether two parsed values are equal, 1, 1.0 and true being three different ones."""
    if type(expected) is not type(actual):
        return False
    if type(expected) is dict:
        return len(expected) == len(actual) and _same_members(expected, actual)
    if type(expected) is list:
        return len(expected) == len(actual) and _same_items(expected, actual)
    return bool(expected == actual) or (type(expected) is bytes and same_decimals(expected, actual))


def same_decimals(expected: bytes, actual: bytes) -> bool:
    """Whether digits spell the same number: 1.0 is 1.00 and 1e2 is 100.0."""
    try:
        return Decimal(expected.decode()) == Decimal(actual.decode())
    except InvalidOperation:
        # An exponent beyond what decimals can have: only the same digits are surely the same number.
        return False


# The two loops test scalars in place: a call for each leaf would double what equality costs.
def _same_members(expected: dict[str, JsonValue], actual: dict[str, JsonValue]) -> bool:
    for key, value in expected.items():
        other = actual.get(key, _MISSING)
        kind_of = type(value)
        if kind_of is not type(other):
            return False
        if kind_of is dict or kind_of is list:
            if not same(value, other):
                return False
        elif value != other and not (kind_of is bytes and same_decimals(value, other)):
            return False
    return True


def _same_items(expected: list[JsonValue], actual: list[JsonValue]) -> bool:
    for value, other in zip(expected, actual, strict=True):
        kind_of = type(value)
        if kind_of is not type(other):
            return False
        if kind_of is dict or kind_of is list:
            if not same(value, other):
                return False
        elif value != other and not (kind_of is bytes and same_decimals(value, other)):
            return False
    return True


def json_text(value: JsonValue) -> str:
    """The compact JSON text of a value, cut after `TEXT_LIMIT` characters at a cost that does not grow beyond."""
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value, _SHOWN_DEPTH):
        pieces.append(piece)
        length += len(piece)
        if length > TEXT_LIMIT:
            pieces.append("…")
            break
    return clip("".join(pieces)) if length <= TEXT_LIMIT else "".join(pieces)[: TEXT_LIMIT + 1] + "…"


def whole_text(value: JsonValue) -> str:
    """A string as it is, anything else as its whole compact JSON text (`null`, `true`, `{"k":1}`)."""
    if isinstance(value, str):
        return value
    return "".join(_pieces(value, None))


def written_json(value: JsonValue) -> str:
    """The compact JSON text of a value, its members in their order. RecursionError when it is nested too deeply."""
    if isinstance(value, dict):
        return "{" + ",".join([f"{_quoted(key, None)}:{written_json(value[key])}" for key in value]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([written_json(item) for item in value]) + "]"
    return value.decode() if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)


def _pieces(value: JsonValue, depth: int | None) -> Iterator[str]:
    """The JSON text in pieces, members by name; below `depth` only an ellipsis, long strings then cut too."""
    below = None if depth is None else depth - 1
    if depth is not None and depth < 0:
        yield "…"
    elif isinstance(value, dict):
        yield "{"
        for number, key in enumerate(sorted(value)):
            yield f"{',' if number else ''}{_quoted(key, depth)}:"
            yield from _pieces(value[key], below)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for number, item in enumerate(value):
            if number:
                yield ","
            yield from _pieces(item, below)
        yield "]"
    elif isinstance(value, str):
        yield _quoted(value, depth)
    else:
        yield value.decode() if isinstance(value, bytes) else json.dumps(value)


def _quoted(text: str, depth: int | None) -> str:
    return json.dumps(text if depth is None else text[: TEXT_LIMIT + 1], ensure_ascii=False)


def plain_text(value: JsonValue) -> str:
    """A string as it is, null as nothing, anything else as JSON text."""
    if value is None:
        return ""
    return clip(value) if isinstance(value, str) else json_text(value)


def shown(value: JsonValue) -> str:
    """A value as sentences show it: strings in single quotes, anything else as JSON text."""
    return f"'{clip(value)}'" if isinstance(value, str) else json_text(value)


def clip(text: str) -> str:
    """At most `TEXT_LIMIT` characters of a text, saying how long it was, without lone surrogates."""
    if len(text) > TEXT_LIMIT:
        text = f"{text[:TEXT_LIMIT]}… ({len(text)} characters)"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
