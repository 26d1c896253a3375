"""What MockServer's verifications expect of an answer: an `httpResponse` as a matcher."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pact_recorder.http import Response
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.body import read_body_pattern
from pact_recorder.mock.mockserver.body_texts import BodyPattern
from pact_recorder.mock.mockserver.fields import FieldsPattern, read_fields
from pact_recorder.mock.mockserver.members import not_supported
from pact_recorder.mock.mockserver.text import TextPattern

_SUPPORTED = ("statusCode", "reasonPhrase", "headers", "body")
_NOTHING: tuple[JsonValue, ...] = (None, "", [], {})
_ANYTHING = TextPattern("")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class AnswerPattern:
    """An expected answer; what is not given takes everything."""

    status: int | None = None
    reason: TextPattern = _ANYTHING
    headers: FieldsPattern = field(default_factory=FieldsPattern)
    body: BodyPattern | None = None

    def takes(self, response: Response) -> bool:
        """Whether an answer is the expected one."""
        return (
            self.status in (None, response.status)
            and self.reason.matches(response.reason)
            and not self.headers.differences(response.headers.fields, "header")
            and (self.body is None or self.body.difference(response.body, response.media_type) is None)
        )


def read_answer_pattern(document: Mapping[str, JsonValue]) -> AnswerPattern:
    """The pattern of an `httpResponse` object.

    Raises ValueError with a sentence that names the member that is wrong or not supported.
    """
    for name, value in document.items():
        if name not in _SUPPORTED and value not in _NOTHING:
            raise ValueError(f"{name}: {not_supported(name, _SUPPORTED, 'an expected response')}")
    status, reason = document.get("statusCode"), document.get("reasonPhrase") or ""
    if status is not None and (not isinstance(status, int) or isinstance(status, bool)):
        raise ValueError("statusCode: must be a whole number")
    if not isinstance(reason, str):
        raise ValueError("reasonPhrase: must be text")
    return AnswerPattern(
        status,
        TextPattern.parse(reason),
        _named("headers", lambda: read_fields(document.get("headers"))),
        _named("body", lambda: read_body_pattern(document.get("body"))),
    )


def _named(name: str, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
