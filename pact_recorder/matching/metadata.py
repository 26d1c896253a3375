"""The metadata of messages: every expected key must be there, others are free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.expected import HeaderValues
from pact_recorder.matching.header_values import parameterised_value
from pact_recorder.matching.json_values import json_text, plain_text, same, shown, wire_value
from pact_recorder.matching.matchers import Place
from pact_recorder.matching.mismatches import MetadataMismatch
from pact_recorder.matching.rules import JsonValue

_TYPE_KEYS: Final = ("contenttype", "content-type")


def metadata_headers(metadata: Mapping[str, JsonValue]) -> HeaderValues:
    """The content type that metadata declares, under any spelling of its key, as a header."""
    for key, value in metadata.items():
        if key.lower() in _TYPE_KEYS and isinstance(value, str):
            return {"content-type": (value,)}
    return {}


def compare_metadata(
    expected: Mapping[str, JsonValue], actual: Mapping[str, JsonValue], root: Place, effort: Effort
) -> list[MetadataMismatch]:
    """Everything in which the metadata differs."""
    found: list[MetadataMismatch] = []
    for key, value in expected.items():
        if key not in actual:
            sentence = f"Expected message metadata '{key}' but was missing"
            found.append(MetadataMismatch(key, plain_text(wire_value(value)), "", sentence))
            continue
        value, given = wire_value(value), wire_value(actual[key])
        wanted_text, given_text = json_text(value), json_text(given)
        for reason in _compare_value(key, value, given, root.child(key), effort):
            sentence = f"Expected metadata key '{key}' to have value '{wanted_text}' but was '{given_text}' - {reason}"
            found.append(MetadataMismatch(key, wanted_text, given_text, sentence))
    return found


def _compare_value(key: str, expected: JsonValue, actual: JsonValue, place: Place, effort: Effort) -> Sequence[str]:
    rules = place.rules
    if rules is not None:
        return rules.ask(lambda rule: rule.scalar(expected, actual, place.cascaded, effort))
    if same(expected, actual):
        return ()
    if key.lower() in _TYPE_KEYS and isinstance(expected, str) and isinstance(actual, str):
        return parameterised_value("metadata", key, expected, actual)
    return (f"Expected {shown(actual)} to be equal to {shown(expected)}",)
