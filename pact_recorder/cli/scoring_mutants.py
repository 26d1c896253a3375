"""Mutants from elsewhere: a file of JSON lines, each a changed exchange with its kind and label."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from pact_recorder.errors import DocumentError, LimitError
from pact_recorder.http import Body, EncodedBody, Headers, Request, Response
from pact_recorder.http.content_coding import CodingError, decode_content
from pact_recorder.verification import GivenMutant, Mutant

_LARGEST = 64 << 20
_BODILESS = (204, 304)


def _or_empty(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_or_empty)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Part):
    """`body` is text, `body_b64` the bytes as they were on the wire."""

    headers: list[tuple[str, str]] = []
    body: Text = ""
    body_b64: Text = ""

    @property
    def fields(self) -> Headers:
        """The header fields."""
        return Headers(self.headers)

    def content(self) -> Body:
        """The body, decoded. Raises ValueError when it is no base64."""
        try:
            raw = base64.b64decode(self.body_b64, validate=True) if self.body_b64 else self.body.encode()
        except binascii.Error:
            raise ValueError("its body_b64 is not base64") from None
        coding = ", ".join(self.fields.get_all("content-encoding")).strip()
        if not raw or coding.lower() in ("", "identity"):
            return Body(raw)
        try:
            return Body(decode_content(raw, coding, _LARGEST), EncodedBody(coding, raw))
        except (CodingError, LimitError):
            return Body(raw)


class _Request(_Message):
    method: str
    host: Text = ""
    scheme: str = "https"
    port: int | None = None
    path: str
    query: Text = ""


class _Response(_Message):
    status: int
    reason: Text = ""


class _Pair(_Part):
    request: _Request
    response: _Response


class _Line(_Part):
    kind: str
    label: Literal["breaking", "non-breaking", "ambiguous"]
    severity: Literal["strong", "weak"] = "strong"
    path: Text = ""
    note: Text = ""
    id: Text = ""
    pair: _Pair


def read_mutants(path: Path) -> Iterator[GivenMutant]:
    """The mutants of a file. Raises DocumentError with the line that is none."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _mutant(line, str(path), number)
    except OSError as error:
        raise DocumentError(str(path), f"it cannot be read: {error.strerror}") from error


def _mutant(text: bytes, source: str, number: int) -> GivenMutant:
    try:
        line = _Line.model_validate_json(text)
        request, response = _request(line.pair.request), _response(line.pair)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        reason = f'"{place}": {first["msg"]}' if place else first["msg"]
        raise DocumentError(source, reason, f"line {number}") from None
    except ValueError as error:
        raise DocumentError(source, str(error), f"line {number}") from None
    mutant = Mutant(line.kind, line.label, line.severity, line.path, line.note, response)
    return GivenMutant(request, mutant, line.id or f"line {number}")


def _request(found: _Request) -> Request:
    headers, body = found.fields, found.content()
    declared = bool(body.content) or "content-length" in headers or "transfer-encoding" in headers
    return Request(
        method=found.method,
        path=found.path,
        query=found.query or None,
        headers=headers,
        body=body if declared else None,
        scheme=found.scheme,
        host=found.host,
        port=found.port or (443 if found.scheme == "https" else 80),
    )


def _response(pair: _Pair) -> Response:
    found = pair.response
    body = found.content()
    bodiless = pair.request.method == "HEAD" or found.status in _BODILESS
    return Response(found.status, found.reason, found.fields, None if bodiless and not body.content else body)
