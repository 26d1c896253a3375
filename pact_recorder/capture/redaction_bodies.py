"""Secrets in bodies: which bytes are text in which character set, and what format the text has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from pact_recorder.capture.redaction_headers import HeaderRedaction
from pact_recorder.capture.redaction_rules import Secrecy
from pact_recorder.capture.redaction_text import TextRedaction
from pact_recorder.http import Headers, MediaType
from pact_recorder.http.charsets import charset_or_utf8

_BYTE_ORDER_MARKS = ((b"\xff\xfe\0\0", "utf-32-le"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NEVER_TEXT = frozenset(["image", "audio", "video", "font"])
_DISPOSITION = re.compile(r"^content-disposition\s*+:((?:[^\r\n]|\r?\n[ \t])*+)", re.I | re.M)
_PART_NAME = re.compile(
    r"(?<=[;\s])name(?:\s*+=\s*+(?:\"([^\"\r\n]*+)\"|([^\s;\"]++))|\*\s*+=\s*+[\w-]*+'[\w-]*+'([^\s;\"]++))", re.I
)
_PART_TYPE = re.compile(r"^content-type\s*:\s*([^\r\n]+)", re.I | re.M)
_MOST_PARTS = 10_000
# A form of several parts that does not say so, or not where its parts end.
_BOUNDARY = re.compile(r"\s*+(--[^\s]{1,200}+)[ \t]*+\r?\nContent-", re.I)
# What is text although it is not declared as such or has a byte that says otherwise.
_LOOKS_LIKE_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:[\[{]\s*+[\"\[{]|<[?!A-Za-z])")
_WIDE = ((re.compile(rb"[^\0]\0[^\0]\0"), "utf-16-le"), (re.compile(rb"\0[^\0]\0[^\0]"), "utf-16-be"))
# A form that does not say so: nothing but pairs.
_FORM = re.compile(r"[A-Za-z_][A-Za-z0-9_.%+\[\]-]{0,255}+=[^\s<>]*+\s*+\Z")
_YAML = frozenset(["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/vnd.yaml"])
_SETTINGS = frozenset(
    [
        "text/plain", "application/toml", "application/x-sh", "text/x-sh", "text/x-java-properties", "text/ini",
        "application/octet-stream", "text/toml",
    ]
)  # fmt: skip
_SCRIPTS = ("javascript", "ecmascript")
_MESSAGES = frozenset(["application/http", "message/http"])
_PROGRAMS = frozenset(["javascript", "ecmascript", "x-javascript", "css", "html"])


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
        declared = declared or _LOOKS_LIKE_TEXT.match(content) is not None
        if not declared and not charset.startswith(("utf-16", "utf-32")) and b"\0" in content[:4096]:
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

    def __init__(self, text: TextRedaction, headers: HeaderRedaction) -> None:
        self._text = text
        self._headers = headers

    def body(self, text: str, media_type: MediaType | None) -> str:
        """The text of a body with its secrets replaced."""
        essence = media_type.essence if media_type is not None else "application/octet-stream"
        if media_type is not None and media_type.is_form:
            return self._text.pairs(text, "form")
        if (media_type is not None and media_type.is_multipart) or _BOUNDARY.match(text):
            return self._multipart(text, media_type)
        if _FORM.match(text) and essence.partition("/")[2] not in _PROGRAMS:
            return self._text.pairs(text, "form")
        if essence == "application/graphql":
            text = self._text.arguments(text)
        elif essence in _YAML or essence.endswith("+yaml"):
            text = self._text.lines(text, is_yaml=True)
        elif essence in _SETTINGS and not text.startswith(("{", "[", "<")):
            text = self._text.lines(text, is_yaml=False)
        text = self._text.content(text)
        return self._text.script(text) if essence.endswith(_SCRIPTS) else text

    def _multipart(self, text: str, media_type: MediaType | None) -> str:
        delimiter = f"--{media_type.parameters.get('boundary', '') if media_type is not None else ''}"
        if (delimiter == "--" or delimiter not in text) and (found := _BOUNDARY.match(text)):
            delimiter = found[1]
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
        for name in _part_names(head):
            secrecy = self._text.rules.field(name)
            if secrecy is Secrecy.NONE:
                continue
            placeholder = self._text.value(value, "form", name, secrecy)
            return part if placeholder is None else head + blank + placeholder + end
        return head + blank + self._part_content(head, value) + end

    def _part_content(self, head: str, content: str) -> str:
        declared = _PART_TYPE.search(head)
        media_type = MediaType.parse(declared[1]) if declared else None
        if media_type is not None and media_type.essence in _MESSAGES:
            return self._message(content)
        binary = media_type is not None and not media_type.is_text and not media_type.is_multipart
        if binary or (media_type is None and "\0" in content):
            return content
        if media_type is None or media_type.is_multipart:
            return self._text.content(content)
        return self.body(content, media_type)

    def _message(self, text: str) -> str:
        """A request or an answer in a part, as batches have them."""
        end = "\r\n" if "\r\n" in text else "\n"
        head, blank, content = text.partition(end * 2)
        first, *lines = head.split(end)
        fields = Headers([_field(line) for line in lines])
        changed = self._headers.headers(fields)
        if changed is not fields:
            lines = [
                line if old == new else f"{line.partition(':')[0]}: {new[1]}"
                for line, old, new in zip(lines, fields.fields, changed.fields, strict=True)
            ]
        head = end.join((self._text.urls(first), *lines))
        return (
            head + blank + self.body(content, MediaType.parse(fields.get("content-type"))) if content else head + blank
        )


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _part_names(head: str) -> list[str]:
    """The names of a part: one, but for a sender that would have readers disagree about which."""
    disposition = _DISPOSITION.search(head)
    found = _PART_NAME.finditer(disposition[1]) if disposition else ()
    return [match[1] or match[2] or unquote(match[3] or "") for match in found]


def _charset(content: bytes, media_type: MediaType | None) -> str:
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if marked is not None:
        return marked
    declared = charset_or_utf8(None if media_type is None else media_type.charset)
    # Without a byte order mark UTF-16 may be either (RFC 2781 §4.3); Python takes that of the machine.
    if declared in ("utf-8", "utf-16") and b"\0" in content[:4]:
        return next((name for pattern, name in _WIDE if pattern.match(content)), declared)
    return declared
