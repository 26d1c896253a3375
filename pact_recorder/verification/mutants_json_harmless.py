"""Changes of a JSON body that break no consumer: more of the same, other values of the same form, another spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import kind
from pact_recorder.verification.mutant import NON_BREAKING, STRONG, WEAK
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_document import Document, Place
from pact_recorder.verification.mutants_forms import WORD, form_of, other_decimal, other_integer, other_text
from pact_recorder.verification.mutants_json import JsonKind
from pact_recorder.verification.mutants_profile import (
    ARRAY,
    BOOLEAN,
    DECIMAL,
    INTEGER,
    NULL,
    OBJECT,
    STRING,
    is_enum_name,
)

Made = tuple[JsonValue, str] | None

_ID_NAME = re.compile(r"(?:^|_)(?:id|ID|Id|uuid|guid)$|[a-z](?:Id|ID|Uuid|Guid)$")
_NEW_NAMES = ("x_new_field", "newField", "_extra")
_NEW_VALUES: tuple[JsonValue, ...] = ("new", 7, None, {"a": 1}, [1, 2], True)
_FEW, _SOME = 3, 6
_LONGEST_ARRAY = 200


def _objects(document: Document) -> Iterator[Place]:
    return (place for place in document.of_kind(OBJECT) if not document.profile.is_map(place.path))


def _one_more_member(document: Document, place: Place, chance: Chance) -> Made:
    name = chance.choice(_NEW_NAMES)
    return document.replaced(place, {**place.value, name: chance.choice(_NEW_VALUES)}), f"has one more member, {name}"


def _optional(document: Document) -> Iterator[Place]:
    return (place for place in document.fields if document.profile.lacks(place.above, str(place.key)))


def _remove(document: Document, place: Place, chance: Chance) -> Made:
    return document.without(place), "is absent, as in other samples"


def _nullable(document: Document) -> Iterator[Place]:
    found = (place for place in document.fields if place.value is not None)
    return (place for place in found if document.profile.shows(place.path, NULL))


def _nullify(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, None), "is null, as in other samples"


def _filled(document: Document, least: int, most: int | None = None) -> Iterator[Place]:
    arrays = document.of_kind(ARRAY)
    return (place for place in arrays if len(place.value) >= least and (most is None or len(place.value) < most))


def _longer(document: Document, place: Place, chance: Chance) -> Made:
    copy = _with_other_ids(chance.choice(place.value), chance)
    return document.replaced(place, [*place.value, copy]), f"has {len(place.value) + 1} elements"


def _shorter(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, place.value[:-1]), f"has {len(place.value) - 1} elements"


def _emptied(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, []), "is empty"


def _was_empty(document: Document, place: Place) -> bool:
    return document.profile.at(place.path).empty > 0


def _with_other_ids(value: JsonValue, chance: Chance) -> JsonValue:
    if not isinstance(value, dict):
        return value
    return {
        name: _other(member, chance) if _ID_NAME.search(name) and kind(member) in (STRING, INTEGER) else member
        for name, member in value.items()
    }


def _other(value: JsonValue, chance: Chance) -> JsonValue:
    """Another value of the same type and form."""
    if isinstance(value, str):
        return other_text(value, chance) if value and not PLACEHOLDER.search(value) else value
    if isinstance(value, bytes):
        return other_decimal(value, chance)
    return other_integer(value, chance)


def _free(document: Document, place: Place, least: int = _FEW) -> bool:
    """Whether the value of a node may be any of its form: not chosen from a few, and not said by the request."""
    if not place.keys or place.value == "" or is_enum_name(place.key) or document.is_echo(place.value):
        return False
    return document.profile.varies(place.path, least) and not _is_redacted(place.value)


def _is_redacted(value: JsonValue) -> bool:
    return isinstance(value, str) and PLACEHOLDER.search(value) is not None


def _free_texts(document: Document) -> Iterator[Place]:
    for place in document.of_kind(STRING):
        is_word = form_of(place.value) == WORD
        # A single word may be one of a few; only many different ones tell that it is not.
        if _free(document, place, _SOME if is_word else _FEW) and (document.profile.speaks or not is_word):
            yield place


def _free_numbers(document: Document) -> Iterator[Place]:
    return (place for place in document.of_kind(INTEGER, DECIMAL) if _free(document, place))


def _identifiers(document: Document) -> Iterator[Place]:
    for place in document.of_kind(STRING, INTEGER):
        if place.is_member and _ID_NAME.search(str(place.key)) and _free(document, place, 2):
            yield place


def _another(document: Document, place: Place, chance: Chance) -> Made:
    other = _other(place.value, chance)
    return document.replaced(place, other), f"another {kind(place.value).lower()}"


def _booleans(document: Document) -> Iterator[Place]:
    return (place for place in document.of_kind(BOOLEAN) if place.keys and document.profile.varies(place.path, 2))


def _flipped(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(
        place, not place.value
    ), f"{str(place.value).lower()} became {str(not place.value).lower()}"


def _severity_of_flip(document: Document, place: Place) -> str:
    return STRONG if document.profile.speaks else WEAK


def _enumerated(document: Document) -> Iterator[Place]:
    return (place for place in document.of_kind(STRING) if document.profile.choices(place.path, place.key))


def _known_choice(document: Document, place: Place, chance: Chance) -> Made:
    others = [each for each in document.profile.choices(place.path, place.key) if each != place.value]
    if not others:
        return None
    other = chance.choice(others)
    return document.replaced(place, other), f"{place.value!r} became {other!r}, which other samples have"


def _ordered(document: Document) -> Iterator[Place]:
    if any(len(place.value) > 1 for place in document.of_kind(OBJECT)):
        yield document.places[0]


def _reversed(document: Document, place: Place, chance: Chance) -> Made:
    return _backwards(place.value), "members in reverse order"


def _backwards(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _backwards(value[name]) for name in reversed(value)}
    return [_backwards(item) for item in value] if isinstance(value, list) else value


HARMLESS_KINDS: tuple[JsonKind, ...] = (
    JsonKind("extra_field", NON_BREAKING, STRONG, _objects, _one_more_member),
    JsonKind("optional_field_removed", NON_BREAKING, STRONG, _optional, _remove),
    JsonKind("nullable_null", NON_BREAKING, STRONG, _nullable, _nullify),
    JsonKind("array_longer", NON_BREAKING, STRONG, lambda document: _filled(document, 1, most=_LONGEST_ARRAY), _longer),
    JsonKind("array_shorter", NON_BREAKING, STRONG, lambda document: _filled(document, 2), _shorter),
    JsonKind("array_emptied", NON_BREAKING, WEAK, lambda document: _filled(document, 1), _emptied, _was_empty),
    JsonKind("string_other_value", NON_BREAKING, STRONG, _free_texts, _another),
    JsonKind("number_other_value", NON_BREAKING, STRONG, _free_numbers, _another),
    JsonKind("id_other_value", NON_BREAKING, STRONG, _identifiers, _another),
    JsonKind("boolean_flipped", NON_BREAKING, _severity_of_flip, _booleans, _flipped),
    JsonKind("enum_known", NON_BREAKING, STRONG, _enumerated, _known_choice),
    JsonKind("key_order", NON_BREAKING, STRONG, _ordered, _reversed),
)
"""In the order of reports."""
