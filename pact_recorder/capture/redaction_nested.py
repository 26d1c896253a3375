"""Texts within texts: what a string of JSON or an attribute of a page holds is searched as what it is by itself.

JSON within JSON needs none of this (`redaction_json.py`); a page, a URL with escapes or a setting in a string does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

Search = Callable[[str], str]
"""Given a text by itself: the same without its secrets."""

_LOOKS_LIKE_JSON = re.compile(r"[\ufeff\s]*+(?:data:\s*+)?[\[{\"]")
# Found whether it is closed or not, so that no text is looked at twice.
_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"?', re.DOTALL)
# The end of an element, or the beginning of one with attributes; or a URL whose equals signs are escaped.
_TAG = r"(?:\\?/[A-Za-z]|[A-Za-z][A-Za-z0-9:_-]{0,63}+\s[^<>]{0,500}?=)"
_PLAIN_TAG = re.compile(f"<{_TAG}")
_ESCAPED = re.compile(rf"\\u003(?:[Dd]|[Cc]{_TAG})")
_SETS = re.compile(r'"[A-Za-z_][A-Za-z0-9_.-]{0,127}+=')
_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}+=\S*+")
_ATTRIBUTE = re.compile(r'=\s*+"([^"<>]*+)"?')
_QUOTE = re.compile("&(?:quot|#34|#[xX]22);")
# Letters, digits, quotation marks and backslashes aside.
_ESCAPED_ASCII = re.compile(r"\\u00(?:2[013-9A-Fa-f]|3[A-Fa-f]|40|5[BDEFbdef]|60|7[B-Eb-e])")
_SURROGATE = re.compile("[\ud800-\udfff]")


def redact_strings(text: str, is_worth: Callable[[str], bool], search: Search, search_setting: Search) -> str:
    """JSON with what its strings hold searched: markup and URLs with escapes, and settings (`NAME=value`).

    `is_worth` is asked first, of each such string.
    """
    if _LOOKS_LIKE_JSON.match(text) is None:
        return text
    if not (any(map(is_worth, _SETS.findall(text))) or (_holds_text(text) and is_worth(text))):
        return text

    def change(match: re.Match[str]) -> str:
        raw = match[1]
        is_setting = "=" in raw and _SETTING.fullmatch(raw) is not None
        if not (is_setting or _holds_text(raw)) or not is_worth(raw):
            return match[0]
        try:
            plain = str(json.loads(f'"{raw}"', strict=False))
        except ValueError:
            return match[0]
        found = search_setting(plain) if is_setting else search(plain)
        return match[0] if found == plain else match[0].replace(raw, _as_spelled(found, raw), 1)

    return _STRING.sub(change, text)


def redact_attributes(text: str, is_worth: Callable[[str], bool], search: Search) -> str:
    """Markup with the JSON in its attributes searched, whose quotation marks are entities there."""
    if _QUOTE.search(text) is None:
        return text

    def change(match: re.Match[str]) -> str:
        raw = match[1]
        quote = _QUOTE.search(raw)
        if quote is None or not is_worth(raw):
            return match[0]
        plain = unescape(raw)
        found = search(plain)
        if found == plain:
            return match[0]
        spelled = found.replace("&", "&amp;").replace('"', quote[0]).replace("<", "&lt;").replace(">", "&gt;")
        return match[0].replace(raw, spelled, 1)

    return _ATTRIBUTE.sub(change, text)


def _holds_text(raw: str) -> bool:
    """Whether there is markup, or a URL with escapes, in strings of JSON."""
    return ("<" in raw and _PLAIN_TAG.search(raw) is not None) or ("\\u003" in raw and _ESCAPED.search(raw) is not None)


def _as_spelled(text: str, raw: str) -> str:
    """The text as a JSON string, with the characters escaped that were in the one it replaces."""
    spelled = json.dumps(text, ensure_ascii=raw.isascii())[1:-1]
    for escape in dict.fromkeys(_ESCAPED_ASCII.findall(raw)):
        spelled = spelled.replace(chr(int(escape[2:], 16)), escape)
    if r"\/" in raw:
        spelled = spelled.replace("/", r"\/")
    if not raw.isascii() and _SURROGATE.search(raw) is None:
        # Half a pair, which was an escape, is no character of any encoding.
        spelled = _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", spelled)
    return spelled
