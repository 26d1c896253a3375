"""Foreign text on its way to people: what strangers sent must neither steer a terminal nor make lines of its own."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text with everything that is not printable replaced, so that it is one line and nothing but text."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "�" for letter in text)
