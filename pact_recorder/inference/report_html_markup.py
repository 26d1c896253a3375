"""HTML that escapes by default: text becomes part of a page only through `element`, which escapes and clips it.

Names and values in a report come from recorded traffic, so any of them may be hostile: markup, text that turns the
reading direction, control characters, halves of characters that no encoding can write, a megabyte of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

LONGEST: Final = 320
"""Characters of a text that are shown; of a longer one its head and its tail."""

_TAIL: Final = 80
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SPELLED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_VOID: Final = frozenset({"br", "meta"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Content = Html | str | int
"""What an element holds: markup stays what it is, text and numbers are written as text."""


def element(tag: str, *content: Content, **attributes: str | int | bool) -> Html:
    """An element; a name that Python keeps for itself ends in an underscore (`class_`); False or empty: without it."""
    start = "".join(
        f" {_attribute(key, value)}" for key, value in attributes.items() if value is not False and value != ""
    )
    if tag in _VOID:
        return Html(f"<{tag}{start}>")
    return Html(f"<{tag}{start}>{''.join(map(_inner, content))}</{tag}>")


def joined(parts: Iterable[Html]) -> Html:
    """Pieces of markup one after the other, each on its own line."""
    return Html("\n".join(parts))


def with_code(text: str) -> Html:
    """A sentence in which what stands between backticks is code."""
    return Html(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(visible(text))))


def visible(text: str) -> str:
    """A text as it can be shown: clipped, with what cannot be seen or written spelled out."""
    if len(text) > LONGEST:
        cut = len(text) - LONGEST
        text = f"{text[: LONGEST - _TAIL]}… [{cut:,} characters] …{text[-_TAIL:]}"
    return _UNSEEN.sub(lambda found: _SPELLED.get(found[0], f"\\u{ord(found[0]):04x}"), text)


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 sample, 1,200 samples."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def some(items: Sequence[Html], most: int) -> Iterator[Html]:
    """The first items of a list, and an item that counts the others."""
    yield from items[:most]
    if len(items) > most:
        yield element("li", f"and {len(items) - most:,} more", class_="more")


def fair_share(wanted: Iterable[int], total: int) -> int:
    """The greatest number that each may have at most, so that all of them together have at most `total`."""
    ordered = sorted(wanted)
    for place, count in enumerate(ordered):
        others = len(ordered) - place
        if count * others > total:
            return total // others
        total -= count
    return ordered[-1] if ordered else 0


def _attribute(key: str, value: str | int | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    return name if value is True else f'{name}="{escape(visible(str(value)))}"'


def _inner(content: Content) -> str:
    if isinstance(content, Html):
        return content
    return f"{content:,}" if isinstance(content, int) else escape(visible(content))
