"""The forms that query, headers and provider states take in documents, from V1 to V4.

Read functions accept every version's form in every version, as the reference does, and raise ValueError with
a sentence for what is none of them; write functions give the form of one version.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from pact_recorder.http import format_query, parse_query
from pact_recorder.matching.expected import HeaderValues, QueryValues
from pact_recorder.matching.rules import JsonValue
from pact_recorder.pact.json_text import scalar_text
from pact_recorder.pact.model import ProviderState

LIST_HEADERS = frozenset((
    "accept", "accept-encoding", "accept-language", "access-control-allow-headers",
    "access-control-allow-methods", "access-control-expose-headers", "access-control-request-headers",
    "allow", "cache-control", "if-match", "if-none-match", "vary",
))  # fmt: skip
"""Headers whose one line is a list of values (the reference's twelve); all others have one value per line."""

_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}


def kind_of(value: JsonValue) -> str:
    """What a JSON value is, for people: `an object`, `a number`."""
    return _KINDS.get(type(value), "a number")


def read_headers(value: JsonValue) -> HeaderValues:
    """Header values by name; the one line of a list header (`Accept: a, b`) becomes its values."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"headers must be an object of names and values, but are {kind_of(value)}")
    return _shared_headers(tuple((name, _header_lines(name, given)) for name, given in value.items()))


@lru_cache(maxsize=256)
def _shared_headers(fields: tuple[tuple[str, tuple[str, ...]], ...]) -> HeaderValues:
    """Headers as a mapping; most messages of a contract have the same ones, and share it."""
    return MappingProxyType(dict(fields))


def write_headers(headers: HeaderValues, version: int) -> dict[str, JsonValue]:
    """The headers in the form of a version: lists in V4, one text before.

    Lines that cannot be joined without changing their meaning (two `Set-Cookie`) stay a list in V2 and V3 too:
    the reference reads that and verifies it, and fails the joined form.
    """
    return {name: _written_lines(name, values, version) for name, values in headers.items()}


def read_query(value: JsonValue) -> QueryValues | None:
    """Parameter values by name, from a query string or a map; None when there are no parameters."""
    if isinstance(value, str):
        query: dict[str, list[str | None]] = {}
        for name, given in parse_query(value):
            query.setdefault(name, []).append(given)
        return {name: tuple(values) for name, values in query.items()} or None
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise ValueError(f"query must be text or an object of names and values, but is {kind_of(value)}")
    return {name: _parameter_values(name, given) for name, given in value.items()} or None


def write_query(query: QueryValues, version: int) -> JsonValue:
    """The query in the form of a version: a string (UTF-8, percent-encoded) in V2, else a map of lists."""
    if version >= 3:
        return {name: list(values) for name, values in query.items()}
    return format_query((name, value) for name, values in query.items() for value in values)


def read_states(value: JsonValue) -> tuple[ProviderState, ...]:
    """Provider states from `providerStates` (a list, V3) or `providerState` (one text, V1 and V2)."""
    given = value if isinstance(value, list) else [value]
    return tuple(_state(state) for state in given if state not in (None, ""))


def write_state(state: ProviderState) -> dict[str, JsonValue]:
    """One entry of `providerStates`."""
    return {"name": state.name, "params": dict(state.params)} if state.params else {"name": state.name}


def _header_lines(name: str, given: JsonValue) -> tuple[str, ...]:
    if isinstance(given, Mapping):
        raise ValueError(f'the header "{name}" must be text or a list of texts, but is an object')
    if isinstance(given, list):
        return tuple(_text(name, line) for line in given)
    text = "" if given is None else scalar_text(given)
    if name.lower() in LIST_HEADERS:
        return tuple(piece.strip() for piece in text.split(","))
    return (text,)


def _written_lines(name: str, values: tuple[str, ...], version: int) -> JsonValue:
    joins = len(values) == 1 or (values and name.lower() in LIST_HEADERS)
    return ", ".join(values) if joins and version < 4 else list(values)


def _parameter_values(name: str, given: JsonValue) -> tuple[str | None, ...]:
    values = given if isinstance(given, list) else [given]
    return tuple(None if value is None else _text(name, value) for value in values)


def _text(name: str, value: JsonValue) -> str:
    if isinstance(value, (Mapping, list)):
        raise ValueError(f'a value of "{name}" must be text, but is {kind_of(value)}')
    return scalar_text(value)


def _state(value: JsonValue) -> ProviderState:
    if isinstance(value, str):
        return ProviderState(value)
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise ValueError("a provider state must be text, or an object with a name")
    params = value.get("params")
    if params is not None and not isinstance(params, Mapping):
        raise ValueError(f'the params of the state "{value["name"]}" must be an object, but are {kind_of(params)}')
    return ProviderState(value["name"], dict(params or {}))
