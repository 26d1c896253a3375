"""Foreign text in a line for people: nothing in it may steer a terminal or forge a line of a log."""

from __future__ import annotations


def visible(text: str) -> str:
    """The text with control and other unprintable characters as escapes (`\\x1b`, `\\n`, `\\u202e`)."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
