"""The stored form of an expectation in MockServer's JSON: what was set, in one form whatever form it came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.fields import listed_values

_PRESENT = {"httpRequest": "requestOverride", "httpResponse": "responseOverride"}


def stored_part(name: str, value: Any) -> JsonValue:
    """What is shown of the request or an action: members in order, fields as lists, the older names as the present."""
    return [_message(each) for each in value] if isinstance(value, list) else _SHOWN[name](value)


def _message(message: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {
        name: _FIELDS[name](message[name]) if name in _FIELDS else message[name]
        for name in sorted(message)
        if message[name] is not None
    }


def _override(action: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    named = {_PRESENT.get(name, name): each for name, each in action.items() if each is not None}
    return {
        name: _message(each) if name in _PRESENT.values() and isinstance(each, Mapping) else each
        for name, each in sorted(named.items())
    }


def _cookies(cookies: JsonValue) -> JsonValue:
    """Cookies as `{"name": "value"}`; several of one name keep the form that they came in."""
    listed = listed_values(cookies)
    single = {name: values[0] for name, values in listed.items() if isinstance(values, list) and len(values) == 1}
    return single if len(single) == len(listed) else cookies


_FIELDS: Mapping[str, Callable[[JsonValue], JsonValue]] = {
    "headers": listed_values,
    "queryStringParameters": listed_values,
    "pathParameters": listed_values,
    "cookies": _cookies,
}
_SHOWN: Mapping[str, Callable[[Any], JsonValue]] = {
    "httpRequest": _message,
    "httpResponse": _message,
    "httpForward": lambda action: dict(sorted(action.items())),
    "httpOverrideForwardedRequest": _override,
    "httpError": lambda action: dict(sorted(action.items())),
}
