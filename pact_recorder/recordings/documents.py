"""What may stand in a session file: the shape of its documents, checked when they come from outside.

The first document says what the file is; each other one holds an exchange. Keys are as a person writes them,
so that the field `full_size` is `full-size` in the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pact_recorder.http.heads import field_fault, method_fault, port_fault, reason_fault, status_fault
from pact_recorder.http.json_layout import Layout

VERSION = 1
MAX_PLACES = 1_000_000
"""The most places (`at`) a session names; what exceeds it is written without them."""

Value = TypeVar("Value", str, int)
_RANGE = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")


def _seconds(value: object) -> float:
    """Seconds since the epoch of an ISO 8601 date (UTC unless it says otherwise) or of a number."""
    text = str(value)
    try:
        number = float(text)
    except ValueError:
        try:
            date = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a date like 2026-11-20T14:00:00Z") from None
        number = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is not a date like 2026-11-20T14:00:00Z")
    return number


def format_seconds(seconds: float) -> str:
    """Seconds since the epoch as an ISO 8601 date in UTC, as a number when no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat() + "Z"
    except (ValueError, OverflowError, OSError):
        return repr(seconds) if math.isfinite(seconds) else "0.0"


def _places(value: object) -> object:
    """`1-2, 5` as (1, 2, 5)."""
    if not isinstance(value, str):
        return value
    places: list[int] = []
    for piece in value.split(","):
        found = _RANGE.fullmatch(piece.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 0 < first <= last or (places and first <= places[-1]):
            raise ValueError(f"{value[:50]!r} is not a list of ascending places like 1-2, 5")
        if last - first >= MAX_PLACES:
            raise ValueError(f"{piece.strip()!r} is more than {MAX_PLACES} places")
        places.extend(range(first, last + 1))
    return tuple(places)


def format_places(places: Iterable[int]) -> str:
    """Ascending places with runs as ranges: (1, 2, 5) as `1-2, 5`."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _key_of(field: str) -> str:
    return {"json_text": "json", "format": "pact-recorder"}.get(field, field.replace("_", "-"))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_key_of, populate_by_name=True)


def _without(fault_of: Callable[[Value], str]) -> AfterValidator:
    """A validator that refuses what a function finds a fault in."""

    def check(value: Value) -> Value:
        if fault := fault_of(value):
            raise ValueError(fault)
        return value

    return AfterValidator(check)


def _one_field(line: dict[str, str]) -> dict[str, str]:
    for name, value in line.items():
        if fault := field_fault(name, value):
            raise ValueError(fault)
    return line


Seconds = Annotated[float, BeforeValidator(_seconds)]
HeaderLine = Annotated[dict[str, str], Field(min_length=1, max_length=1), AfterValidator(_one_field)]


class EncodedPart(_Part):
    """The bytes that travelled for a body with a content coding; `digest` is of the decoded content."""

    coding: str
    file: str
    digest: str


class BodyPart(_Part):
    """A body: its content in one of four forms, and how to come back to its bytes.

    `layout` goes with `json`, `charset` with `text` and `json`; `size` of a file is for the reader's eye only.
    """

    text: str | None = None
    json_text: str | None = None
    file: str | None = None
    base64: str | None = None
    layout: Layout | None = None
    charset: str | None = None
    size: int | None = None
    cut: bool = False
    full_size: int | None = None
    type: str | None = None
    encoded: EncodedPart | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = (self.text, self.json_text, self.file, self.base64)
        if sum(form is not None for form in forms) != 1:
            raise ValueError("exactly one of text, json, file and base64 must be there")
        return self


class RequestPart(_Part):
    """A request; `target` is there when the URL alone would not say it exactly (`OPTIONS *`)."""

    method: Annotated[str, _without(method_fault)]
    url: str | None = None
    scheme: str | None = None
    host: str | None = None
    port: Annotated[int, _without(port_fault)] | None = None
    target: str | None = None
    version: str = "HTTP/1.1"
    headers: list[HeaderLine] = []
    body: BodyPart | None = None
    trailers: list[HeaderLine] = []

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        parts = (self.scheme, self.host, self.port, self.target)
        given = sum(part is not None for part in parts)
        if given != (len(parts) if self.url is None else 0):
            raise ValueError("either url or all of scheme, host, port and target must be there")
        return self


class ResponsePart(_Part):
    """A response."""

    status: Annotated[int, _without(status_fault)]
    reason: Annotated[str, _without(reason_fault)] = ""
    version: str = "HTTP/1.1"
    headers: list[HeaderLine] = []
    body: BodyPart | None = None
    trailers: list[HeaderLine] = []


class ExchangeDocument(_Part):
    """An exchange, how often it was seen and, when that matters, where in the order of the session."""

    request: RequestPart
    response: ResponsePart
    started: Seconds = 0.0
    duration: float = 0.0
    first_byte: float | None = None
    count: int | None = Field(None, ge=1)
    at: Annotated[tuple[int, ...], BeforeValidator(_places)] = ()

    @model_validator(mode="after")
    def _count_fits_places(self) -> Self:
        if self.at and self.count is not None and self.count != len(self.at):
            raise ValueError(f"count is {self.count}, but at names {len(self.at)} places")
        return self


class HeaderDocument(_Part):
    """The first document of a session file."""

    format: Literal["session"]
    version: int = Field(ge=1)
    name: str = ""
    created: Seconds = 0.0
    tool: str = ""
    secrets: dict[str, str] = {}
    missing: int = Field(0, ge=0, lt=10**18)
    journal: str = Field("", pattern=r"^(?:[0-9a-f]{1,64}(?: [0-9]{1,18}){1,2})?$")
