"""Secrets in bodies: which bytes are text in which character set, and what format the text has."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pact_recorder.capture.redaction_rules import Secrecy
from pact_recorder.capture.redaction_text import TextRedaction
from pact_recorder.http import MediaType

_BYTE_ORDER_MARKS = ((b"\xff\xfe\0\0", "utf-32-le"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NEVER_TEXT = frozenset(["image", "audio", "video", "font"])
_PART_NAME = re.compile(r"^content-disposition\s*:[^\r\n]*?[;\s]name=(?:\"([^\"\r\n]*)\"|([^\s;\"]+))", re.I | re.M)
_PART_TYPE = re.compile(r"^content-type\s*:\s*([^\r\n]+)", re.I | re.M)
_MOST_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class BodyText:
    """The text of a body, and how to make bytes of it again."""

    text: str
    charset: str
    errors: str = "strict"

    @classmethod
    def of(cls, content: bytes, media_type: MediaType | None) -> BodyText | None:
        """The text of a body, or None for a binary one. Encoding it again gives the very same bytes."""
        declared = media_type is not None and (media_type.is_text or media_type.is_multipart)
        if not content or (media_type is not None and media_type.main in _NEVER_TEXT and not declared):
            return None
        charset = _charset(content, media_type)
        multipart = media_type is not None and media_type.is_multipart
        if not multipart and not charset.startswith(("utf-16", "utf-32")) and b"\0" in content[:4096]:
            return None
        candidates = [(charset, "strict"), ("utf-8", "surrogateescape")] if declared else [("utf-8", "strict")]
        for name, errors in candidates:
            try:
                text = content.decode(name, errors)
                # Stateful character sets can spell the same text in several ways.
                if name in ("utf-8", "ascii", "iso8859-1") or text.encode(name, errors) == content:
                    return cls(text, name, errors)
            except (UnicodeError, ValueError):
                continue
        return None

    def encoded(self, text: str) -> bytes:
        """Another text in the same character set."""
        return text.encode(self.charset, self.errors)


class BodyRedaction:
    """Replaces the secrets of a body's text by its format."""

    def __init__(self, text: TextRedaction) -> None:
        self._text = text

    def body(self, text: str, media_type: MediaType | None) -> str:
        """The text of a body with its secrets replaced."""
        if media_type is not None and media_type.is_form:
            return self._text.pairs(text, "form")
        if media_type is not None and media_type.is_multipart:
            return self._multipart(text, media_type)
        return self._text.content(text)

    def _multipart(self, text: str, media_type: MediaType) -> str:
        delimiter = f"--{media_type.parameters.get('boundary', '')}"
        if delimiter == "--" or text.count(delimiter) > _MOST_PARTS:
            return self._text.content(text)
        return delimiter.join(self._part(part) for part in text.split(delimiter))

    def _part(self, part: str) -> str:
        blank = "\r\n\r\n" if "\r\n\r\n" in part else "\n\n"
        head, blank, content = part.partition(blank)
        if not blank:
            return part
        value = content.rstrip("\r\n")
        end = content[len(value) :]
        name = _PART_NAME.search(head)
        secrecy = self._text.rules.field((name[1] or name[2] or "") if name else "")
        if name is not None and secrecy is not Secrecy.NONE:
            placeholder = self._text.value(value, "form", name[1] or name[2], secrecy)
            return part if placeholder is None else head + blank + placeholder + end
        return head + blank + self._part_content(head, value) + end

    def _part_content(self, head: str, content: str) -> str:
        declared = _PART_TYPE.search(head)
        media_type = MediaType.parse(declared[1]) if declared else None
        binary = media_type is not None and not media_type.is_text and not media_type.is_multipart
        if binary or "\0" in content:
            return content
        if media_type is None or media_type.is_multipart:
            return self._text.content(content)
        return self.body(content, media_type)


def _charset(content: bytes, media_type: MediaType | None) -> str:
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if marked is not None:
        return marked
    try:
        return codecs.lookup((media_type and media_type.charset) or "utf-8").name
    except (LookupError, ValueError):
        return "utf-8"
