"""What is wrong with a document of a session file, in words and with its line."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pact_recorder.errors import SessionError
from pact_recorder.recordings.documents import (
    BodyPart,
    EncodedPart,
    RequestPart,
    ResponsePart,
)
from pact_recorder.recordings.yaml_reading import Document, Place

_PARTS: dict[str, type[BaseModel]] = {
    "request": RequestPart,
    "response": ResponsePart,
    "body": BodyPart,
    "encoded": EncodedPart,
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """One thing that is wrong, in a document that should be a `model`."""

    details: ErrorDetails
    model: type[BaseModel]

    @property
    def place(self) -> Place:
        return tuple(self.details["loc"])

    @property
    def named(self) -> str:
        """`"request.body"` for its place, `the document` for the whole."""
        return _named(self.place)


def explain(error: ValidationError, path: Path, document: Document, model: type[BaseModel]) -> SessionError:
    """The first thing that is wrong, as an error with the line and what to do."""
    findings = [_Finding(details, model) for details in error.errors(include_url=False)]
    first = min(findings, key=lambda finding: document.line(finding.place))
    sentence = _SENTENCES.get(first.details["type"], _as_reported)
    return SessionError(str(path), sentence(first), f"line {document.line(first.place)}")


def _named(place: Place) -> str:
    return f'"{".".join(map(str, place))}"' if place else "the document"


def _missing(finding: _Finding) -> str:
    return f'{_named(finding.place[:-1])} has no "{finding.place[-1]}"'


def _unknown(finding: _Finding) -> str:
    *around, name = finding.place
    model = _PARTS[str(around[-1])] if around else finding.model
    known = sorted(field.alias or plain for plain, field in model.model_fields.items())
    near = difflib.get_close_matches(str(name), known, n=1)
    advice = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
    return f'"{name}" is not known here; {advice}'


def _wrong_type(expected: str) -> Callable[[_Finding], str]:
    return lambda finding: f"{finding.named} must be {expected}, not {_shown(finding.details['input'])}"


def _header_line(finding: _Finding) -> str:
    return "each header must be one item of the form `- Name: value`"


def _own_words(finding: _Finding) -> str:
    return f"{finding.named}: {finding.details['ctx']['error']}"


def _as_reported(finding: _Finding) -> str:
    message = finding.details["msg"]
    return f"{finding.named}: {message[:1].lower()}{message[1:]}"


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…") if value else "nothing"
    return "a list" if isinstance(value, list) else "keys with values"


_MAPPING = _wrong_type("keys with values under it")
_WHOLE_NUMBER = _wrong_type("a whole number")
_NUMBER = _wrong_type("a number")
_TRUTH = _wrong_type("true or false")

_SENTENCES: dict[str, Callable[[_Finding], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "model_type": _MAPPING,
    "dict_type": _header_line,
    "too_short": _header_line,
    "too_long": _header_line,
    "list_type": _wrong_type("a list"),
    "string_type": _wrong_type("a text"),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "value_error": _own_words,
}
