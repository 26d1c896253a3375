"""Secret elements and attributes of XML and HTML, replaced in the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from pact_recorder.capture.redaction_json import ReplaceField
from pact_recorder.capture.redaction_rules import Secrecy

_NAME = r"([A-Za-z_][A-Za-z0-9_.-]{0,63}+)"
_ELEMENT_NAME = re.compile(rf"<(?:[A-Za-z_][A-Za-z0-9_.-]{{0,63}}+:)?{_NAME}")
_ATTRIBUTE_NAME = re.compile(rf"[\s:]{_NAME}\s*+=")
_NAMING_ELEMENTS = frozenset(["name", "key"])
_NAMING_ATTRIBUTES = frozenset(["name", "id", "key", "property"])
# <ns:password type="text">value</ns:password>, also as CDATA
_ELEMENT = re.compile(
    rf"<(?:[A-Za-z_][A-Za-z0-9_.-]{{0,63}}+:)?{_NAME}(?:\s[^<>]*+)?>(\s*+(?:<!\[CDATA\[)?+)((?:[^<>\]]|\](?!\]>))++)(?=\]\]>|<)"
)
# password="value" inside a tag
_ATTRIBUTE = re.compile(rf"(?<=[\s:]){_NAME}\s*+=\s*+(\"[^\"<]*+\"|'[^'<]*+')")
# <input name="csrf_token" value="..."> and <meta name="csrf-token" content="...">
_NAMED_VALUE = re.compile(
    rf"\b(?:name|id|key|property)=[\"']{_NAME}[\"'][^<>]{{0,500}}?\b(?:value|content)=[\"']([^\"'<]++)"
)
# <name>password</name><value><string>...</string></value> of XML-RPC, <key>password</key><value>...</value> of SOAP
_NAMED_ELEMENT = re.compile(
    rf"<(?:\w+:)?(?:name|key)\b[^<>]*+>{_NAME}</(?:\w+:)?(?:name|key)>\s*+"
    r"<(?:\w+:)?value\b[^<>]*+>\s*+(?:<(?:\w+:)?string\b[^<>]*+>)?+([^<>]++)</"
)


def redact_markup(text: str, secrecy_of: Callable[[str], Secrecy], replace: ReplaceField) -> str:
    """The text with the values of its secret elements and attributes replaced."""

    def change(match: re.Match[str]) -> str:
        secrecy = secrecy_of(match[1])
        if secrecy is Secrecy.NONE:
            return match[0]
        group = match.re.groups
        raw = match[group]
        value = raw.strip("\"'") if match.re is _ATTRIBUTE else raw.strip()
        placeholder = replace(unescape(value), match[1], secrecy) if value else None
        if placeholder is None:
            return match[0]
        at = match.start(group) - match.start() + raw.index(value)
        return match[0][:at] + placeholder + match[0][at + len(value) :]

    elements = set(_ELEMENT_NAME.findall(text))
    attributes = set(_ATTRIBUTE_NAME.findall(text))
    wanted = (
        (_ELEMENT, _any_secret(elements, secrecy_of)),
        (_NAMED_ELEMENT, not _NAMING_ELEMENTS.isdisjoint(elements)),
        (_NAMED_VALUE, not _NAMING_ATTRIBUTES.isdisjoint(attributes)),
        (_ATTRIBUTE, _any_secret(attributes, secrecy_of)),
    )
    for pattern, is_wanted in wanted:
        if is_wanted:
            text = pattern.sub(change, text)
    return text


def _any_secret(names: set[str], secrecy_of: Callable[[str], Secrecy]) -> bool:
    return any(secrecy_of(name) is not Secrecy.NONE for name in names)
