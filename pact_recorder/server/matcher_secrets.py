"""Secrets in a matcher of the log: requests are held redacted, so a matcher is given the placeholders that they hold.

A secret that cannot be an ordinary word is replaced wherever it stands. The value of a cookie may be one
(`theme=dark`): it is replaced only where the matcher says that it is a cookie's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pact_recorder.capture.redaction import Redactor
from pact_recorder.errors import LimitError
from pact_recorder.matching import JsonValue
from pact_recorder.pact import format_json, parse_json

_MEMBER = "cookies"


def without_secrets(text: str, redactor: Redactor) -> str:
    """The JSON text of a matcher, or of a verification, as the log shows the secrets in it; else the text as it is."""
    known = redactor.known_replaced(text)
    if not redactor.enabled or f'"{_MEMBER}"' not in known:
        return known
    try:
        document = parse_json(known)
    except (ValueError, LimitError):
        # Whoever reads it says what is wrong.
        return known
    replaced = _matcher(document, redactor)
    return known if replaced == document else format_json(replaced)


def _matcher(document: JsonValue, redactor: Redactor) -> JsonValue:
    if isinstance(document, list):
        return [_matcher(each, redactor) for each in document]
    if not isinstance(document, Mapping):
        return document
    return {name: _MEMBERS[name](value, redactor) if name in _MEMBERS else value for name, value in document.items()}


def _cookies(fields: JsonValue, redactor: Redactor) -> JsonValue:
    """Fields by name, or a list of objects with their names."""
    if isinstance(fields, list):
        return [_but(("name",), each, redactor) for each in fields]
    return _but((), fields, redactor)


def _but(kept: tuple[str, ...], members: JsonValue, redactor: Redactor) -> JsonValue:
    if not isinstance(members, Mapping):
        return members
    return {name: value if name in kept else _value(value, redactor) for name, value in members.items()}


def _value(value: JsonValue, redactor: Redactor) -> JsonValue:
    if isinstance(value, str):
        bare = value.lstrip(_MARKS)
        return value[: len(value) - len(bare)] + (redactor.placeholder_for(bare) or bare)
    if isinstance(value, list):
        return [_value(each, redactor) for each in value]
    return _but(_NO_VALUES, value, redactor)


_MARKS = "!?"
_NO_VALUES = ("schema", "not", "optional")
_MEMBERS: Mapping[str, Callable[[JsonValue, Redactor], JsonValue]] = {
    _MEMBER: _cookies,
    "httpRequest": _matcher,
    "httpRequests": _matcher,
}
