"""The table of body comparers: the expected content type and what compares such bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pact_recorder.http import MediaType
from pact_recorder.matching.bodies.comparison import BodyExpectation, CompareBody
from pact_recorder.matching.bodies.json_body import json_comparer
from pact_recorder.matching.bodies.multipart_body import multipart_comparer
from pact_recorder.matching.bodies.plain_bodies import binary_comparer, form_comparer, text_comparer
from pact_recorder.matching.bodies.xml_body import xml_comparer


def body_comparer(expectation: BodyExpectation) -> CompareBody:
    """The comparison for the expected body's type; bytes are compared when it is unknown."""
    media_type = expectation.media_type
    if media_type is None:
        return binary_comparer(expectation)
    return next(make for accepts, make in _TABLE if accepts(media_type))(expectation)


def _multipart(expectation: BodyExpectation) -> CompareBody:
    return multipart_comparer(expectation, body_comparer)


def _is_json(media_type: MediaType) -> bool:
    return media_type.is_json or media_type.essence == "application/graphql"


def _is_text(media_type: MediaType) -> bool:
    return media_type.main == "text"


# The first that accepts the type; other types are bytes.
_TABLE: Final[tuple[tuple[Callable[[MediaType], bool], Callable[[BodyExpectation], CompareBody]], ...]] = (
    (_is_json, json_comparer),
    (lambda media_type: media_type.is_xml, xml_comparer),
    (lambda media_type: media_type.is_multipart, _multipart),
    (lambda media_type: media_type.is_form, form_comparer),
    (_is_text, text_comparer),
    (lambda media_type: True, binary_comparer),
)
