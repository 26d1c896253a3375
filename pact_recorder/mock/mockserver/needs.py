"""What a request must have to match an expected one of MockServer's, as literal texts that an index can look up.

Parameters, headers and the fields of a JSON body may always have more than is expected, so that no key of the whole
tells whether a request may match; each single literal that must be there does.
"""

from __future__ import annotations

from collections.abc import Iterator

from pact_recorder.mock.discriminant import Need, json_needs, text_need
from pact_recorder.mock.mockserver.body_json import JsonBody, StrictJsonBody
from pact_recorder.mock.mockserver.body_texts import BodyPattern, TextBody
from pact_recorder.mock.mockserver.fields import FieldsPattern


def needs_of(query: FieldsPattern, headers: FieldsPattern, body: BodyPattern | None) -> tuple[Need, ...]:
    """Every literal that a request must have, in no order that matters."""
    return tuple(dict.fromkeys((*_of_fields("query", query), *_of_fields("header", headers), *_of_body(body))))


def _of_fields(kind: str, fields: FieldsPattern) -> Iterator[Need]:
    return ((kind, name, value) for name, value in fields.literals())


def _of_body(body: BodyPattern | None) -> Iterator[Need]:
    if isinstance(body, TextBody):
        yield text_need(body.text)
    elif isinstance(body, (JsonBody, StrictJsonBody)):
        yield from json_needs(body.value)
