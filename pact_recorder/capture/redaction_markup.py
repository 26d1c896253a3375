"""Secret elements and attributes of XML and HTML, replaced in the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from pact_recorder.capture.redaction_json import ReplaceField
from pact_recorder.capture.redaction_rules import Secrecy

_NAME = r"([A-Za-z_][A-Za-z0-9_.-]{0,63}+)"
_ELEMENT_NAME = re.compile(rf"<(?:[A-Za-z_][A-Za-z0-9_.-]{{0,63}}+:)?{_NAME}")
_ATTRIBUTE_NAME = re.compile(rf"[\s:]{_NAME}\s*+=")
_NAMING_ELEMENTS = frozenset(["name", "key"])
_NAMING_ATTRIBUTES = frozenset(["name", "id", "key", "property"])
# <ns:password type="text">, after which the text of the element is read
_ELEMENT = re.compile(rf"<(?:[A-Za-z_][A-Za-z0-9_.-]{{0,63}}+:)?+{_NAME}(?:\s[^<>]*+)?>")
# <field name="password">, but not what a page shows beside a field of a form or behind an element that has no text
_NAMED = re.compile(
    rf"<([A-Za-z_][A-Za-z0-9_.:-]{{0,63}}+)(?=\s)[^<>]{{0,500}}?\s(?:name|key)\s*+=\s*+[\"']{_NAME}[\"'][^<>]*+>", re.I
)
_SHOWN = frozenset(
    """
    a button fieldset form label legend select option iframe map slot
    area base br col embed hr img input link meta param source track wbr
    """.split()  # noqa: SIM905
)
_CDATA = "<![CDATA["
_SECTIONS = {_CDATA: "]]>", "<!--": "-->"}
# An element that says nothing but that its text is the value
_INNER = re.compile(r"\s*+<(?:\w{1,64}+:)?+(?:value|string|text|plaintext|data)\b[^<>]*+(?<!/)>", re.I)
# password="value" inside a tag
_ATTRIBUTE = re.compile(rf"(?<=[\s:]){_NAME}\s*+=\s*+(\"[^\"<]*+\"|'[^'<]*+')")
# <input name="csrf_token" value="..."> and <meta name="csrf-token" content="...">, in either order
_FIELD = r"([A-Za-z_][A-Za-z0-9_.\[\]-]{0,127}+)"
_NAMING = rf"\b(?:name|id|key|property)\s*+=\s*+[\"']?{_FIELD}"
_NAMED_VALUE = re.compile(
    rf"{_NAMING}(?![^\s\"'<>/])[^<>]{{0,500}}?\b(?:value|content)\s*+=\s*+(\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>]++)", re.I
)
_VALUE_NAMED = re.compile(
    rf"\b(?:value|content)\s*+=\s*+(\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>]++)[^<>]{{0,500}}?{_NAMING}(?![^\s\"'<>/])", re.I
)
# <name>password</name><value><string>...</string></value> of XML-RPC, <key>password</key><value>...</value> of SOAP
_NAMED_ELEMENT = re.compile(
    rf"<(?:\w+:)?(?:name|key)\b[^<>]*+>{_NAME}</(?:\w+:)?(?:name|key)>\s*+"
    r"<(?:\w+:)?(?:value|string)\b[^<>]*+>\s*+(?:<(?:\w+:)?string\b[^<>]*+>)?+([^<>]++)</"
)


_QUOTED_VALUES = (_ATTRIBUTE, _NAMED_VALUE, _VALUE_NAMED)


def redact_markup(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField) -> str:
    """The text with the values of its secret elements and attributes replaced."""

    def change(match: re.Match[str]) -> str:
        name, value_group = (2, 1) if match.re is _VALUE_NAMED else (1, match.re.groups)
        secrecy = secrecy_of(match[name])
        if secrecy is Secrecy.NONE:
            return match[0]
        raw = match[value_group]
        value = raw.strip("\"'") if match.re in _QUOTED_VALUES else raw.strip()
        placeholder = replace(unescape(value), match[name], secrecy) if value else None
        if placeholder is None:
            return match[0]
        at = match.start(value_group) - match.start() + raw.index(value)
        return match[0][:at] + placeholder + match[0][at + len(value) :]

    elements = set(_ELEMENT_NAME.findall(text))
    attributes = set(_ATTRIBUTE_NAME.findall(text))
    has_names = not _NAMING_ATTRIBUTES.isdisjoint(map(str.lower, attributes))
    if _any_secret(elements, secrecy_of):
        text = _redact_elements(text, _ELEMENT, secrecy_of, replace)
    if has_names:
        text = _redact_elements(text, _NAMED, secrecy_of, replace)
    wanted = (
        (_NAMED_ELEMENT, not _NAMING_ELEMENTS.isdisjoint(elements)),
        (_NAMED_VALUE, has_names),
        (_VALUE_NAMED, has_names),
        (_ATTRIBUTE, _any_secret(attributes, secrecy_of)),
    )
    for pattern, is_wanted in wanted:
        if is_wanted:
            text = pattern.sub(change, text)
    return text


def _redact_elements(
    text: str, pattern: re.Pattern[str], secrecy_of: Callable[[str], Secrecy], replace: ReplaceField
) -> str:
    pieces: list[str] = []
    done = passed = 0
    for tag in pattern.finditer(text):
        name = tag[pattern.groups]
        secrecy = secrecy_of(name)
        # Tags in a comment or a CDATA section that has been read are none, and are not to be read again.
        if secrecy is Secrecy.NONE or tag.start() < passed or not _may_hold(tag):
            continue
        inner = _INNER.match(text, tag.end())
        found, passed = _text_at(text, inner.end() if inner else tag.end())
        placeholder = replace(found.value, name, secrecy) if found is not None else None
        if found is not None and placeholder is not None:
            pieces += (text[done : found.start], placeholder)
            done = found.end
    return "".join((*pieces, text[done:])) if pieces else text


def _may_hold(tag: re.Match[str]) -> bool:
    return not tag[0].endswith("/>") and (tag.re is _ELEMENT or tag[1].lower() not in _SHOWN)


@dataclass(frozen=True, slots=True)
class _Text:
    """What an element says, and where that stands without the space around it."""

    value: str
    start: int
    end: int


def _text_at(text: str, at: int) -> tuple[_Text | None, int]:
    """The text up to the next tag, which comments and CDATA sections may cut into pieces, and where that ends."""
    pieces: list[_Text] = []
    while True:
        tag = text.find("<", at)
        tag = len(text) if tag < 0 else tag
        if value := text[at:tag].strip():
            start = text.index(value[0], at)
            pieces.append(_Text(unescape(value), start, start + len(value)))
        opening = next((opening for opening in _SECTIONS if text.startswith(opening, tag)), None)
        if opening is None:
            return _joined(pieces), tag
        start = tag + len(opening)
        end = text.find(_SECTIONS[opening], start)
        end = len(text) if end < 0 else end
        if opening == _CDATA and text[start:end].strip():
            pieces.append(_Text(text[start:end], start, end))
        at = min(end + len(_SECTIONS[opening]), len(text))


def _joined(pieces: list[_Text]) -> _Text | None:
    """One text of all; a mark between them, but for the outermost ones of CDATA, goes with what it cuts."""
    if not pieces:
        return None
    return _Text("".join(piece.value for piece in pieces).strip(), pieces[0].start, pieces[-1].end)


def _any_secret(names: set[str], secrecy_of: Callable[[str], Secrecy]) -> bool:
    return any(secrecy_of(name) is not Secrecy.NONE for name in names)
