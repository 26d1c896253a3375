"""Tables, figures and foreign text as a terminal should show them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

WIDEST = 72
_UNITS = ("B", "kB", "MB", "GB")


def table(rows: Sequence[Sequence[str]], numbers: Sequence[int] = (), indent: str = "") -> list[str]:
    """Rows as aligned lines, the first row a heading; `numbers` are the columns that stand to the right."""
    if not rows:
        return []
    clean = [[shown(text) for text in row] for row in rows]
    widths = [max(map(len, column)) for column in zip_longest(*clean, fillvalue="")]
    return [indent + _line(row, widths, numbers) for row in clean]


def _line(row: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    cells = [
        text.rjust(width) if column in numbers else text.ljust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=False))
    ]
    return "  ".join(cells).rstrip()


def shown(text: str, widest: int = WIDEST) -> str:
    """Foreign text in one line of bounded width, without anything that could steer the terminal."""
    clean = "".join(letter if letter.isprintable() else "�" for letter in text[: widest + 1])
    return clean if len(clean) <= widest else clean[: widest - 1] + "…"


def shown_path(path: Path, folder: Path, widest: int = WIDEST) -> str:
    """A path as seen from a folder that it is in; of one that is too long the end, which tells it from others."""
    text = str(path.relative_to(folder) if path.is_relative_to(folder) else path)
    return shown(text if len(text) <= widest else "…" + text[1 - widest :], widest)


def size(count: int) -> str:
    """A number of bytes for people: `512 B`, `1.5 kB`, `16 MB`."""
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    figure = f"{value:.0f}" if unit == 0 or value >= 9.95 else f"{value:.1f}"
    return f"{figure} {_UNITS[unit]}"


def counted(count: int, word: str, plural: str | None = None) -> str:
    """`1 exchange`, `12,000 exchanges`."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"
