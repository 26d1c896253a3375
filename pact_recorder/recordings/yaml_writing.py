"""Text as YAML that every YAML reader gives back exactly, in the form that reads best.

Sessions have a fixed shape, so their YAML is put together from text directly, which costs a tenth of going
through a general dumper; all that needs care is how one string is written. Plain when nothing in it can be
mistaken, else in single quotes, else in double quotes with escapes. A text of several lines becomes a literal
block when no character in it and no white space at its ends is touched by one.

What YAML cannot hold at all is lone surrogates, which stand for bytes that are no UTF-8: such a text is
written as the bytes themselves (`!!binary`).
"""

from __future__ import annotations

import json
import re
from base64 import b64encode

import yaml

_PLAIN = re.compile(r"[A-Za-z0-9_/](?:[!\"$-9;-~]|:(?=[!-~])|#| +(?=[!\"$-~]))*")
_PRINTABLE = re.compile(r"[ -~]*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Beyond what JSON escapes: what YAML does not take literally, and what is invisible or turns the text around.
_TO_ESCAPE = re.compile("[\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff]")
_BLOCK = re.compile(
    "[^\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
    "[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*"
)
_LINE_START = re.compile(r"\n(?=[^\n])")
_NOT_TEXT = {
    first: [pattern for _, pattern in resolvers] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_LONGEST_KEY = 500  # YAML ends the search for the colon of a simple key after 1024 characters


def scalar(text: str) -> str:
    """The text on one line, to stand after `key: ` or `- `."""
    if _PLAIN.fullmatch(text) and not _looks_like_another_type(text):
        return text
    if _PRINTABLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    if _SURROGATE.search(text):
        return "!!binary " + b64encode(as_bytes(text)).decode("ascii")
    return _TO_ESCAPE.sub(_escape, json.dumps(text, ensure_ascii=False))


def key(text: str, indent: int) -> str:
    """The text as a key and its colon; `indent` is the column where the key stands."""
    written = scalar(text)
    if len(written) <= _LONGEST_KEY:
        return f"{written}:"
    return f"? {written}\n{' ' * indent}:"


def block(text: str, indent: int) -> str:
    """The text over several lines indented by `indent` when that is exact and useful, else as `scalar`."""
    if "\n" not in text or text.endswith("\n\n") or not _BLOCK.fullmatch(text):
        return scalar(text)
    head, margin = ("|", " " * indent) if text.endswith("\n") else ("|-", " " * indent)
    lines = _LINE_START.sub("\n" + margin, text).removesuffix("\n")
    return f"{head}\n{margin}{lines}"


def as_bytes(text: str) -> bytes:
    """The bytes a text stands for: UTF-8, with escaped bytes as themselves."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _looks_like_another_type(text: str) -> bool:
    return any(pattern.match(text) for pattern in _NOT_TEXT.get(text[0], ()))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
