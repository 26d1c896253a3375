"""Changes of a JSON body that break consumers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import kind
from pact_recorder.verification.mutant import BREAKING, STRONG, WEAK
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_document import Document, Place
from pact_recorder.verification.mutants_forms import DATES, HTTP_DATE, STRICT, form_of
from pact_recorder.verification.mutants_json import JsonKind
from pact_recorder.verification.mutants_profile import (
    ARRAY,
    BOOLEAN,
    DECIMAL,
    INTEGER,
    NULL,
    OBJECT,
    STRING,
)

Made = tuple[JsonValue, str] | None

_COUNT_NAME = re.compile(r"(?i)(?:^|_)id$|count|number|page|total|size")
_EPOCH = 1_640_995_199
_FEW = 10
_HTTP = "Fri, 31 Dec 2021 23:59:59 GMT"
_ISO = "2021-12-31T23:59:59Z"


def _required(document: Document, in_array: bool) -> Iterator[Place]:
    return (
        place
        for place in document.fields
        if place.in_array is in_array and document.profile.requires(place.above, str(place.key))
    )


def _remove(document: Document, place: Place, chance: Chance) -> Made:
    return document.without(place), "is absent"


def _rename(document: Document, place: Place, chance: Chance) -> Made:
    old = str(place.key)
    words = [word for word in old.split("_") if word]
    new = words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:]) if len(words) > 1 else f"{old}_v2"
    if new == old or new in document.parent(place):
        return None
    return document.renamed(place, new), f"is called {new}"


def _typed(document: Document) -> Iterator[Place]:
    return (place for place in document.fields if kind(place.value) in (STRING, INTEGER, DECIMAL, BOOLEAN))


def _other_types(value: JsonValue) -> list[JsonValue]:
    """Values of other types that a provider may come to send in the place of a scalar."""
    if isinstance(value, str):
        return [12_345, True, {"value": value}, [value]]
    if isinstance(value, bool):
        return ["true" if value else "false", int(value)]
    text = value.decode() if isinstance(value, bytes) else str(value)
    return [text, {"value": value}]


def _retype(document: Document, place: Place, chance: Chance) -> Made:
    unseen = [each for each in _other_types(place.value) if not document.profile.shows(place.path, kind(each))]
    if not unseen:
        return None
    other = chance.choice(unseen)
    return document.replaced(place, other), f"{kind(place.value)} became {kind(other)}"


def _never_null(document: Document, *kinds: str) -> Iterator[Place]:
    wanted = [place for place in document.fields if kind(place.value) in kinds]
    return (place for place in wanted if not document.profile.shows(place.path, NULL))


def _nullify(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, None), f"{kind(place.value)} became null"


def _many_seen(document: Document, place: Place) -> bool:
    return document.profile.at(place.path).seen >= _FEW


def _always(document: Document, present: str, other: str) -> Iterator[Place]:
    return (place for place in document.of_kind(present) if not document.profile.shows(place.path, other))


def _into_array(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, [place.value]), "object became an array"


def _into_object(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, {"items": place.value}), "array became an object"


def _uniform_arrays(document: Document) -> Iterator[Place]:
    for place in document.of_kind(ARRAY):
        if len({kind(item) for item in place.value} - {NULL}) == 1:
            yield place


def _odd_item(document: Document, place: Place, chance: Chance) -> Made:
    last = place.value[-1]
    odd: JsonValue = {"value": last} if isinstance(last, str) else "unexpected"
    if document.profile.shows(f"{place.path}[*]", kind(odd)):
        return None
    return document.replaced(place, [*place.value[:-1], odd]), f"the last element is of type {kind(odd)}"


def _unwrapped(document: Document) -> Iterator[Place]:
    root = document.places[0]
    # An empty object in an envelope has but one member more, which breaks nobody.
    if (
        root.value
        and isinstance(root.value, dict)
        and "data" not in root.value
        and not document.profile.shows("$", ARRAY)
    ):
        yield root


def _wrap(document: Document, place: Place, chance: Chance) -> Made:
    return {"data": place.value}, "the body is inside {data: …}"


def _dates(document: Document) -> Iterator[Place]:
    return (place for place in document.of_kind(STRING) if place.keys and form_of(place.value) in DATES)


def _dates_of_one_layout(document: Document) -> Iterator[Place]:
    return (place for place in _dates(document) if document.profile.has_one_form(place.path))


def _other_layout(document: Document, place: Place, chance: Chance) -> Made:
    technical = _ISO if form_of(place.value) == HTTP_DATE else _HTTP
    other = chance.choice(("12/31/2021 23:59", technical, "31 December 2021"))
    return document.replaced(place, other), f"{place.value!r} became {other!r}"


def _dates_never_numbers(document: Document) -> Iterator[Place]:
    return (place for place in _dates(document) if not document.profile.shows(place.path, INTEGER))


def _epoch(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, _EPOCH), f"{place.value!r} became {_EPOCH}"


def _strictly_formed(document: Document) -> Iterator[Place]:
    for place in document.of_kind(STRING):
        if place.keys and form_of(place.value) in STRICT and document.profile.has_one_form(place.path, 3):
            yield place


def _free_text(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, "not available"), f"{form_of(place.value)} became free text"


def _severity_of_form(document: Document, place: Place) -> str:
    return STRONG if form_of(place.value) == "uuid" else WEAK


def _enumerated(document: Document) -> Iterator[Place]:
    return (place for place in document.of_kind(STRING) if document.profile.choices(place.path, place.key))


def _unknown_choice(document: Document, place: Place, chance: Chance) -> Made:
    known = place.value
    other = "zz_unknown" if known.islower() else "ZZ_UNKNOWN" if known.isupper() else "ZzUnknown"
    return document.replaced(place, other), f"{known!r} became {other!r}, which was never seen"


def _whole_numbers(document: Document) -> Iterator[Place]:
    for place in document.of_kind(INTEGER):
        if place.is_member and document.profile.at(place.path).seen and not document.profile.shows(place.path, DECIMAL):
            yield place


def _half_more(document: Document, place: Place, chance: Chance) -> Made:
    return document.replaced(place, f"{place.value}.5".encode()), f"{place.value} became {place.value}.5"


def _is_identifier_or_count(document: Document, place: Place) -> bool:
    return _COUNT_NAME.search(str(place.key)) is not None


BREAKING_KINDS: tuple[JsonKind, ...] = (
    JsonKind("field_removed", BREAKING, STRONG, lambda document: _required(document, False), _remove),
    JsonKind("element_field_removed", BREAKING, STRONG, lambda document: _required(document, True), _remove),
    JsonKind(
        "field_renamed",
        BREAKING,
        STRONG,
        lambda document: (*_required(document, False), *_required(document, True)),
        _rename,
    ),
    JsonKind("type_changed", BREAKING, STRONG, _typed, _retype),
    JsonKind("null_instead_of_object", BREAKING, STRONG, lambda document: _never_null(document, OBJECT), _nullify),
    JsonKind(
        "null_instead_of_value",
        BREAKING,
        WEAK,
        lambda document: _never_null(document, STRING, INTEGER, DECIMAL, BOOLEAN),
        _nullify,
        _many_seen,
    ),
    JsonKind("object_became_array", BREAKING, STRONG, lambda document: _always(document, OBJECT, ARRAY), _into_array),
    JsonKind("array_became_object", BREAKING, STRONG, lambda document: _always(document, ARRAY, OBJECT), _into_object),
    JsonKind("array_element_type", BREAKING, STRONG, _uniform_arrays, _odd_item),
    JsonKind("root_wrapped", BREAKING, STRONG, _unwrapped, _wrap),
    JsonKind("date_format_changed", BREAKING, STRONG, _dates_of_one_layout, _other_layout),
    JsonKind("date_to_epoch", BREAKING, STRONG, _dates_never_numbers, _epoch),
    JsonKind("string_format_lost", BREAKING, _severity_of_form, _strictly_formed, _free_text),
    JsonKind("enum_unknown", BREAKING, WEAK, _enumerated, _unknown_choice),
    JsonKind("integer_became_decimal", BREAKING, WEAK, _whole_numbers, _half_more, _is_identifier_or_count),
)
"""In the order of reports."""
