"""The outer shape of contract documents, checked at the border.

The models accept what any version and any tool writes and keep what they do not know; the forms inside
(query, headers, rules) are normalised by validators, so that an error comes with the place where it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pact_recorder.errors import LimitError, PactDocumentError
from pact_recorder.matching.expected import QueryValues
from pact_recorder.matching.rules import NO_GENERATORS, NO_RULES, JsonValue
from pact_recorder.pact.fields import kind_of, read_headers, read_query, read_states
from pact_recorder.pact.json_text import MAX_DEPTH, check_depth, parse_json, scalar_text
from pact_recorder.pact.rules import read_generators, read_rules

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of a document that are read unless the caller says otherwise."""

_LONGEST_SHOWN = 60
_EXPECTED = {
    "missing": "is missing",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
}


def _scalar(value: JsonValue) -> str | None:
    if isinstance(value, (Mapping, list)):
        raise ValueError(f"must be text, but is {kind_of(value)}")
    return None if value is None else scalar_text(value)


def _status(value: JsonValue) -> int:
    text = "200" if value is None else _scalar(value)
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise ValueError(f"must be a status code, but is {kind_of(value)} ({_shortened(str(text))})")
    return int(text)


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    if value is not None and not isinstance(value, Mapping):
        raise ValueError(f"must be an object, but is {kind_of(value)}")
    return value or {}


def _query(value: JsonValue) -> tuple[QueryValues | None, str | None]:
    return read_query(value), value if isinstance(value, str) and value else None


Scalar = Annotated[str | None, BeforeValidator(_scalar)]
Status = Annotated[int, BeforeValidator(_status)]
Object = Annotated[dict[str, Any], BeforeValidator(_object)]
HeadersField = Annotated[Any, BeforeValidator(read_headers)]
QueryField = Annotated[Any, BeforeValidator(_query)]
RulesField = Annotated[Any, BeforeValidator(read_rules)]
GeneratorsField = Annotated[Any, BeforeValidator(read_generators)]
StatesField = Annotated[Any, BeforeValidator(read_states)]


class DocumentObject(BaseModel):
    """An object of a document. Members that it has no field for are kept (`unknown`)."""

    model_config = ConfigDict(extra="allow", frozen=True)

    def unknown(self) -> dict[str, JsonValue]:
        """The members that the model has no field for, as they were."""
        return dict(self.model_extra or {})

    def has(self, field: str) -> bool:
        """Whether the document has the member, be it null."""
        return field in self.model_fields_set


class PartyDocument(DocumentObject):
    """`consumer` or `provider`."""

    name: Scalar = None


class ContractDocument(DocumentObject):
    """The whole document; its interactions and messages are checked one by one, by their type."""

    consumer: PartyDocument = Field(default_factory=PartyDocument)
    provider: PartyDocument = Field(default_factory=PartyDocument)
    interactions: list[dict[str, Any]] | None = None
    messages: list[dict[str, Any]] | None = None
    metadata: Object = Field(default_factory=dict)


class PartDocument(DocumentObject):
    """What request, response and message have in common."""

    rules: RulesField = Field(
        default_factory=lambda: NO_RULES,
        validation_alias=AliasChoices("matchingRules", "requestMatchingRules", "responseMatchingRules"),
    )
    generators: GeneratorsField = Field(default_factory=lambda: NO_GENERATORS)


class RequestDocument(PartDocument):
    """`request` of an HTTP interaction; `query` holds the parameters, and the text when it was one."""

    method: Scalar = None
    path: Scalar = None
    query: QueryField = (None, None)
    headers: HeadersField = Field(default_factory=dict)
    body: Any = None


class ResponseDocument(PartDocument):
    """`response` of an HTTP interaction."""

    status: Status = 200
    headers: HeadersField = Field(default_factory=dict)
    body: Any = None


class MessageDocument(PartDocument):
    """A message: its contents and metadata (`metaData` in V3)."""

    contents: Any = None
    metadata: Object = Field(default_factory=dict, validation_alias=AliasChoices("metadata", "metaData"))


class EntryDocument(DocumentObject):
    """What interactions of all types have in common."""

    type: Scalar = None
    description: Scalar = None
    states: StatesField = Field((), validation_alias="providerStates")
    state: StatesField = Field((), validation_alias=AliasChoices("providerState", "provider_state"))
    key: Scalar = None
    pending: bool | None = None
    comments: Any = None
    transport: Scalar = None


class HttpDocument(EntryDocument):
    """An HTTP interaction."""

    request: RequestDocument
    response: ResponseDocument


class AsyncMessageDocument(EntryDocument, MessageDocument):
    """A message without an answer: the members of the message are the interaction's own."""


class SyncMessageDocument(EntryDocument):
    """A message with its answers."""

    request: MessageDocument
    response: list[MessageDocument] = Field(default_factory=list)


Checked = TypeVar("Checked", bound=DocumentObject)


def parse_document(
    document: str | bytes | Mapping[str, JsonValue],
    source: str,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
) -> dict[str, JsonValue]:
    """The JSON object of a document. Raises PactDocumentError: syntax errors with line and column."""
    try:
        if isinstance(document, Mapping):
            value = dict(document)
            check_depth(value, max_depth)
        else:
            value = parse_json(_text(document, source, max_bytes), max_depth=max_depth)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise PactDocumentError(source, f"is not JSON: {error.msg}", place) from None
    except (ValueError, LimitError) as error:
        raise PactDocumentError(source, str(error)) from None
    if not isinstance(value, dict):
        raise PactDocumentError(source, f"a Pact contract is a JSON object, but this is {kind_of(value)}")
    return value


def checked(model: type[Checked], value: JsonValue, source: str, place: str = "") -> Checked:
    """The value as an object of the model. Raises PactDocumentError with the place of the first problem."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        inner = _path(problem["loc"])
        location = ", ".join(part for part in (place, inner) if part)
        raise PactDocumentError(source, _reason(problem["type"], problem["msg"], problem["input"]), location) from None
    except UnicodeEncodeError:
        # pydantic cannot tell what is wrong when a part of it is not text.
        reason = "something is wrong at a name that has half of a surrogate pair in it"
        raise PactDocumentError(source, reason, place) from None


def entry_place(word: str, number: int, entry: Mapping[str, JsonValue]) -> str:
    """Which interaction: `interaction 3 ("get a user")`."""
    description = entry.get("description")
    shown = f' ("{_shortened(description)}")' if isinstance(description, str) and description else ""
    return f"{word} {number}{shown}"


def _text(document: str | bytes, source: str, max_bytes: int) -> str:
    if len(document) > max_bytes:
        raise LimitError(f"is larger than {max_bytes} bytes")
    if isinstance(document, str):
        return document.removeprefix("\ufeff")
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PactDocumentError(source, "is not UTF-8 text", f"byte {error.start}") from None


def _path(parts: tuple[int | str, ...]) -> str:
    if len(parts) > 1 and parts[0] in ("interactions", "messages") and isinstance(parts[1], int):
        # Counted from 1, as everywhere else in messages to people.
        return ", ".join(filter(None, (f"{str(parts[0])[:-1]} {parts[1] + 1}", _path(parts[2:]))))
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".")


def _reason(kind: str, message: str, value: JsonValue) -> str:
    expected = _EXPECTED.get(kind)
    if expected is None:
        return message.removeprefix("Value error, ")
    return expected if kind == "missing" else f"{expected}, but is {kind_of(value)}"


def _shortened(text: str) -> str:
    clean = "".join(letter if letter.isprintable() else " " for letter in text[: _LONGEST_SHOWN + 1])
    return clean if len(clean) <= _LONGEST_SHOWN else clean[: _LONGEST_SHOWN - 1] + "…"
