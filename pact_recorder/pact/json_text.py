"""JSON that keeps its numbers: parsing and writing with every number as the document spells it.

Python reads `1e2` as `100.0` and rounds long decimals. A matching engine for which `1`, `1.0` and `1e0`
differ needs the text, so a number that Python would print differently is read as an `ExactNumber`: a float
that remembers how it was written.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Self

from pact_recorder.errors import LimitError
from pact_recorder.matching.rules import JsonValue

MAX_DEPTH = 200
"""Levels of nesting that are read unless the caller says otherwise."""

_MAX_INT_DIGITS = 4000  # Python refuses to convert more than 4300 digits, and takes quadratic time below that
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class ExactNumber(float):
    """A JSON number that Python would print differently (`1e2`, `1.50`, `-0`, very many digits)."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Self:
        """The number that a JSON text stands for."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # copies are made from the text
        return (self.text,)

    def __repr__(self) -> str:
        return self.text


def parse_json(text: str, *, max_depth: int = MAX_DEPTH) -> JsonValue:
    """The JSON value of a text, numbers exact; of a name given twice the last counts.

    Raises `json.JSONDecodeError` (with line and column) or another ValueError when the text is not JSON
    (`NaN` is not), and LimitError when it is nested deeper than `max_depth`.
    """
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise LimitError(f"JSON is nested deeper than {max_depth} levels") from None
    except _ConstantError as error:
        place = next((found.start() for found in _TOKEN.finditer(text) if found[0] == error.name), 0)
        raise json.JSONDecodeError(f"{error.name} is not a JSON value", text, place) from None
    check_depth(value, max_depth)
    return value


def check_depth(value: JsonValue, max_depth: int) -> None:
    """Raise LimitError when lists and objects are nested deeper than `max_depth`."""
    level = [value]
    for _ in range(max_depth):
        level = [child for node in level for child in _children(node) if isinstance(child, (dict, list))]
        if not level:
            return
    raise LimitError(f"JSON is nested deeper than {max_depth} levels")


def format_json(value: JsonValue, *, indent: int | None = None) -> str:
    """The JSON text of a value in the order of its members: compact, or on lines indented by `indent` spaces.

    Half surrogate pairs, which no encoding can carry, are written as escapes. Raises ValueError for NaN and
    infinities, TypeError for what is not JSON.
    """
    pieces: list[str] = []
    if indent is None:
        _write(value, pieces.append, ":", "", "")
    else:
        _write(value, pieces.append, ": ", "\n", " " * indent)
    return with_escaped_halves("".join(pieces))


def with_escaped_halves(text: str) -> str:
    """A JSON text with half surrogate pairs, which no encoding can carry, written as escapes."""
    return text if text.isascii() else _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def scalar_text(value: JsonValue) -> str:
    """The JSON text of a number, true, false or null; text stays as it is."""
    return value if isinstance(value, str) else format_json(value)


def _children(node: JsonValue) -> JsonValue:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _integer(text: str) -> int | float:
    if text == "-0" or len(text) > _MAX_INT_DIGITS:
        return ExactNumber(text)
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    return number if repr(number) == text else ExactNumber(text)


class _ConstantError(ValueError):
    """One of the three names that Python takes for numbers and JSON does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not a JSON value")
        self.name = name


# A string, so that a name inside one is passed over, or one of the names.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|-?Infinity|NaN', re.DOTALL)


def _no_constant(name: str) -> float:
    raise _ConstantError(name)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_decimal, parse_constant=_no_constant)
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _number(value: float) -> str:
    if isinstance(value, ExactNumber):
        return value.text
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a JSON number")
    return repr(value)


_SCALARS: dict[type, Callable[[JsonValue], str]] = {
    str: _quoted,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    int: repr,
    float: _number,
    ExactNumber: lambda value: value.text,
}


def _write(value: JsonValue, put: Callable[[str], None], colon: str, line: str, step: str) -> None:
    """Put the pieces of a value; `line` is the line break with its indentation, empty when compact."""
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        put(scalar(value))
    elif isinstance(value, Mapping):
        _write_object(value, put, colon, line, step)
    elif isinstance(value, (list, tuple)):
        _write_list(value, put, colon, line, step)
    else:
        raise TypeError(f"{type(value).__name__} is not a JSON value")


def _write_object(
    members: Mapping[str, JsonValue], put: Callable[[str], None], colon: str, line: str, step: str
) -> None:
    if not members:
        put("{}")
        return
    inner, separator = line + step, "{"
    for name, member in members.items():
        put(f"{separator}{inner}{_quoted(name)}{colon}")
        _write(member, put, colon, inner, step)
        separator = ","
    put(f"{line}}}")


def _write_list(
    items: list[JsonValue] | tuple[JsonValue, ...],
    put: Callable[[str], None],
    colon: str,
    line: str,
    step: str,
) -> None:
    if not items:
        put("[]")
        return
    inner, separator = line + step, "["
    for item in items:
        put(separator + inner)
        _write(item, put, colon, inner, step)
        separator = ","
    put(f"{line}]")
