"""Forms of path segments that show an identifier by themselves: numbers, UUIDs, digests, dates, mixed characters.

A segment of such a form is replaced by a marker (`{integer}`) as soon as it is seen, so that the places where evidence
is gathered stay few. Anything else is a word, which only evidence makes a parameter. No word holds a brace: a path that
does (a template somebody forgot to fill in) is a form too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.inference.operations.words import is_dated_version, is_undated_prefix, words

ANY: Final = "{any}"
"""The marker of words that are too many at their place to be kept apart."""
REST: Final = "{rest}"
"""The marker of all that is beyond the segments that are looked at."""
FIXED: Final = "{!}"
"""Stands before a word that a hint makes a constant."""
FORCED: Final = "{="
"""Begins the marker of a parameter that a hint names: `{=id}`."""

ASTERISK: Final = "*"
"""The path of a request to the whole server (RFC 9110 §7.1); in a path proper it is a text."""

DEEPEST: Final = 24
"""Segments of a path that are told apart; what comes after is one."""
_LONGEST: Final = 64
_LONGEST_READ: Final = 256


@dataclass(frozen=True, slots=True)
class Form:
    """A form of segments: the expression of its decoded texts.

    `plural` says for people what was seen; `pattern` is there where the form is certain.
    """

    name: str
    plural: str
    expression: str
    pattern: str = ""

    @property
    def marker(self) -> str:
        """What stands for a segment of this form in a skeleton."""
        return f"{{{self.name}}}"


_TLDS: Final = words(
    """
    com net org io dev app co uk fr de nl ru it es se no fi dk eu us ca au jp cn br info biz xyz me tv cc ch at be cz tk
    online site shop cloud tech ai gov edu mil int arpa test local localhost example invalid
    """
)
_HOST: Final = rf"(?:(?:[a-z0-9*_](?:[a-z0-9_-]*[a-z0-9])?\.)+(?:{'|'.join(sorted(_TLDS))})\.?)"
_TECHNICAL: Final = re.compile(
    r"base(?:32|58|64)|sha[-_]?\d+|md5|utf[-_]?\d+|x509|oauth\d?|ipv[46]|i18n|l10n|k8s|s3|ec2|http2|mp[34]|x86|x64|amd64"
    r"|arm64|win32|office365|log4j|web3|p2p|b2b|b2c|2fa|[23]d|1st|2nd|3rd|\dth",
    re.IGNORECASE,
)
_PLAIN_PIECE: Final = re.compile(r"[A-Za-z]*[-]?\d{0,3}|v\d+|\d{1,3}[A-Za-z]?")
_RUNS: Final = re.compile(r"[A-Za-z]+|[0-9]+")
_CONSONANTS: Final = re.compile(r"[b-df-hj-np-tv-xz]{5}", re.IGNORECASE)
_CHARACTERS: Final = re.compile(r"[\w.~:+=$,-]+", re.ASCII)


def _is_mixed(text: str) -> bool:
    """Letters and digits mixed as no word mixes them."""
    if not _CHARACTERS.fullmatch(text) or text.isalpha() or len(text) < 5:
        return False
    if ":" in text and any(map(str.isdigit, text)):
        return True
    pieces = [piece for piece in re.split(r"[-_.~:+=$,]", _TECHNICAL.sub("", text)) if piece]
    odd = [piece for piece in pieces if not _PLAIN_PIECE.fullmatch(piece)]
    if any(_is_odd(piece) for piece in odd):
        return True
    return len(odd) >= 2 or (len(pieces) > 1 and any(map(_is_digit_first, odd)))


def _is_odd(piece: str) -> bool:
    """Whether a piece between punctuation is no word with a number, whatever stands beside it."""
    runs = _RUNS.findall(piece)
    digits = sum(len(run) for run in runs if run.isdigit())
    if digits == len(piece):
        return digits > 3
    if len(piece) < 5 or not digits:
        return False
    if len(runs) > 3 or (len(runs) == 3 and digits > 1) or (len(runs) == 2 and digits > 3):
        return True
    return _is_digit_first(piece) or _CONSONANTS.search(piece) is not None


def _is_digit_first(piece: str) -> bool:
    return piece[:1].isdigit() and not piece.isdigit()


_UUID: Final = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

_READ: Final = (
    Form("redacted", "redacted values", f".*{PLACEHOLDER.pattern}.*"),
    Form("integer", "integers", r"\d+", r"\d+"),
    Form("negative", "negative integers", r"-\d+", r"-?\d+"),
    Form("uuid", "UUIDs", _UUID, _UUID),
    Form("placeholder", "placeholders", r".*[<{}>].*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"),
    Form("date", "dates", r"\d{4}-\d{2}(?:-\d{2}(?:[T ].*)?)?|\d{8}T\d{6}Z?"),
    Form("decimal", "numbers with dots", r"\d+(?:\.\d+)+"),
    Form("ulid", "ULIDs", r"[0-7][0-9A-HJKMNP-TV-Z]{25}"),
    Form("hex", "hexadecimal identifiers", r"(?=[^0-9]*[0-9])(?:[0-9a-f]{7,}|[0-9A-F]{7,})"),
    Form("prefixed", "prefixed identifiers", r"[a-z]{1,12}(?:_[a-z]{2,12})?_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{8,}"),
    Form("email", "e-mail addresses", r"[^@/\s]+@[^@/\s]+"),
    Form("range", "ranges", r"[^.].*?\.\.\.?[^.].*"),
    Form("host", "host names", _HOST),
    Form("text", "texts for people", r".*[^\w.~:+=$,@!-].*"),
)
"""Every form that an expression tells, the more particular first."""
_FORM: Final = re.compile("|".join(f"(?P<{form.name}>{form.expression})" for form in _READ), re.ASCII | re.DOTALL)
_MIXED_FORM: Final = Form("mixed", "identifiers of letters and digits", "")
_OPAQUE_FORM: Final = Form("opaque", "long texts", "")
MIXED: Final = _MIXED_FORM.marker
OPAQUE: Final = _OPAQUE_FORM.marker
FORM_OF: Final = {form.marker: form for form in (*_READ, _MIXED_FORM, _OPAQUE_FORM)}
_WORD: Final = re.compile(r"[a-z]+(?:[-_][a-z]+)*|[A-Za-z][a-z]+(?:[A-Z][a-z]+)*", re.ASCII)

_EXTENSION: Final = re.compile(
    r"\.(?:json|xml|ya?ml|csv|tsv|html?|txt|md|pdf|zip|gz|tar|png|jpe?g|gif|svg|webp|ico|bmp|css|m?js|map|woff2?|ttf"
    r"|mp[34]|webm|php|aspx?|ashx|jsp|do|cgi|rss|atom|ics|srt|pbf|mvt|bib|rdf|geojson|ndjson|m3u8|ts|fcgi)",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(r"([A-Za-z_][\w.]*)\(([^()]+)\)", re.ASCII)
_VERB: Final = re.compile(r"([^:]+)(:[a-z][A-Za-z]{2,40})", re.ASCII)


@lru_cache(maxsize=16384)
def marked(text: str) -> str:
    """A raw path segment as it stands in a skeleton: a marker for a form, perhaps within constant text, else itself."""
    if len(text) <= _LONGEST and _WORD.fullmatch(text):
        return text
    if len(text) > _LONGEST_READ:
        return OPAQUE + affixes(text[-_LONGEST:])[2]
    if ";" in text:
        return _with_matrix(text)
    before, inner, after = affixes(text)
    found = _inner_marker(inner)
    if found or before:
        return f"{before}{found or ANY}{after}"
    whole = _inner_marker(text) if after else ""
    return whole or text


def _inner_marker(text: str) -> str:
    """The marker of the part of a segment that varies; what is percent-encoded is of no form that has a pattern."""
    plain = unquote(text)
    marker = form_marker(plain) or (OPAQUE if len(text) > _LONGEST else "")
    return MIXED if plain != text and marker and FORM_OF[marker].pattern else marker


def is_word(text: str) -> bool:
    """Whether a segment of a skeleton is a word that could be a value: no marker, not empty, no dots."""
    return "{" not in text and text not in ("", ".", "..", ASTERISK)


def form_marker(plain: str) -> str:
    """The marker of a decoded segment's form; empty for a word."""
    found = _FORM.fullmatch(plain)
    if found is not None:
        return f"{{{found.lastgroup}}}"
    return MIXED if _is_mixed(plain) else ""


def affixes(text: str) -> tuple[str, str, str]:
    """The constant text around the part of a segment that may be a parameter: extension, OData key, custom verb."""
    called = _CALLED.fullmatch(text)
    if called is not None and called[2] != "''":
        quote = "'" if called[2][:1] == called[2][-1:] == "'" and len(called[2]) > 1 else ""
        inner = called[2][1:-1] if quote else called[2]
        return f"{called[1]}({quote}", inner, f"{quote})"
    verb = _VERB.fullmatch(text)
    if verb is not None and form_marker(unquote(verb[1])):
        return "", verb[1], verb[2]
    dot = text.rfind(".")
    if dot > 0 and _EXTENSION.fullmatch(text, dot):
        return "", text[:dot], text[dot:]
    return "", text, ""


def _with_matrix(text: str) -> str:
    """`cars;color=red` keeps its word; identifiers with matrix parameters are one opaque text."""
    head, _, rest = text.partition(";")
    return f"{head};{OPAQUE}" if head and rest and not form_marker(unquote(head)) else OPAQUE


_LEADING: Final = re.compile(r"\d{4}-\d{2}-\d{2}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def skeleton(path: str) -> tuple[list[str], list[str]]:
    """The raw segments of a path, at most `DEEPEST` and one for the rest, and the same with markers for forms."""
    if path == ASTERISK:
        return [path], [path]
    parts = path.removeprefix("/").split("/", DEEPEST)
    marks = [marked(part) for part in parts[:DEEPEST]]
    if len(parts) > DEEPEST:
        marks.append(REST)
    leads = True
    for index, part in enumerate(parts[:DEEPEST]):
        # What leads to the resources: a version, which may be a number or a date, or a name like CMD_API_LOGIN.
        dated = 0 < index < len(parts) - 1 and is_dated_version(part, parts[index - 1])
        leads = leads and (dated or _is_leading(part, index))
        if leads or dated:
            marks[index] = part
    return parts, marks


def _is_leading(part: str, index: int) -> bool:
    return is_undated_prefix(part) or (index == 0 and _LEADING.fullmatch(part) is not None)
