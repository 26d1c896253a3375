"""JSON as people read it, and back to the very text that was on the wire.

Both directions work token by token: strings with their escapes, numbers with their spelling, the order of
names and repeated names are never touched, only the white space between tokens is. That is possible when the
white space of the wire follows one of a few known layouts, which `readable` recognises and `original` restores.
"""

from __future__ import annotations

import json
import re
from enum import Enum

MAX_DEPTH = 100
"""Texts nested deeper stay as they are: their indentation would outgrow them."""

_INDENT = "  "
_SPACE = " \t\r\n"
# A string that does not end takes the rest of the text, so that no place is looked at twice.
_TOKEN = re.compile(
    r"""
    "[^"\\]*(?:\\.[^"\\]*)*"        # a string
    | "[\s\S]*                      # a string without an end
    | [{}\[\],:]
    | [^\ \t\r\n"{}\[\],:]+         # a number, true, false, null
    """,
    re.VERBOSE | re.DOTALL,
)
_WHOLE_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_PUNCTUATION = frozenset("{}[],:")


class Layout(Enum):
    """A way to lay out JSON on the wire: the separators of members and of names, and what follows the text."""

    COMPACT = "compact"
    COMPACT_LINE = "compact, newline"
    SPACED = "spaced"
    SPACED_LINE = "spaced, newline"

    @property
    def separators(self) -> dict[str, str]:
        """How `,` and `:` are written."""
        spaced = self in (Layout.SPACED, Layout.SPACED_LINE)
        return {",": ", ", ":": ": "} if spaced else {}

    @property
    def tail(self) -> str:
        """What follows the last token."""
        return "\n" if self in (Layout.COMPACT_LINE, Layout.SPACED_LINE) else ""


def readable(text: str) -> tuple[str, Layout] | None:
    """The text indented over several lines, with the layout that `original` needs to undo that.

    None when there is nothing to indent, when the text is not JSON, or when its white space follows no known
    layout (then it often is readable already).
    """
    if not text.startswith(("{", "[")) or not _is_json(text):
        return None
    tokens = _TOKEN.findall(text)
    layout = next((layout for layout in Layout if _join(tokens, layout) == text), None)
    pretty = _indent(tokens) if layout is not None and len(tokens) > 2 else None
    return None if pretty is None or layout is None else (pretty, layout)


def original(pretty: str, layout: Layout) -> str:
    """The text in a layout: the exact inverse of `readable`, and the natural one for a text that was edited.

    Raises ValueError when a string in the text does not end.
    """
    tokens = _TOKEN.findall(pretty)
    if tokens and tokens[-1][0] == '"' and not _WHOLE_STRING.fullmatch(tokens[-1]):
        raise ValueError(f"the string that begins with {tokens[-1][:20]!r} does not end")
    return _join(_apart(tokens), layout)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _join(tokens: list[str], layout: Layout) -> str:
    separators = layout.separators
    written = [separators.get(token, token) for token in tokens] if separators else tokens
    return "".join(written) + layout.tail


def _apart(tokens: list[str]) -> list[str]:
    """The tokens with a space between two values that follow each other, as a slip of the hand leaves them."""
    spaced: list[str] = []
    after_value = False
    for token in tokens:
        is_value = token not in _PUNCTUATION
        if is_value and after_value:
            spaced.append(" ")
        spaced.append(token)
        after_value = is_value
    return spaced


def _indent(tokens: list[str]) -> str | None:
    """The tokens of a JSON value over several lines; None when they are nested too deeply."""
    breaks = ["\n" + _INDENT * depth for depth in range(MAX_DEPTH + 1)]
    pieces: list[str] = []
    depth = 0
    opened = False  # an empty object or array stays on its line
    for token in tokens:
        closes = token == "}" or token == "]"
        depth -= closes
        if opened != closes:
            pieces.append(breaks[depth])
        opened = token == "{" or token == "["
        depth += opened
        if depth > MAX_DEPTH:
            return None
        pieces.append(token)
        if token == ",":
            pieces.append(breaks[depth])
        elif token == ":":
            pieces.append(" ")
    return "".join(pieces) + "\n"
