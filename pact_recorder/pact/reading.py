"""Reading contract documents of every version and tool into the newest model.

A table says which kinds of interaction there are and how each is read; the version decides only how bodies
are written and whether the query of V1 is compared as text. Everything else is read by its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from pact_recorder.errors import PactDocumentError
from pact_recorder.http import Body, MediaType
from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.matching.rules import JsonValue, nothing
from pact_recorder.pact.bodies import read_body, read_v4_body
from pact_recorder.pact.content_types import declared_type, message_type
from pact_recorder.pact.document import (
    MAX_BYTES,
    AsyncMessageDocument,
    ContractDocument,
    EntryDocument,
    HttpDocument,
    MessageDocument,
    RequestDocument,
    ResponseDocument,
    SyncMessageDocument,
    checked,
    entry_place,
    parse_document,
)
from pact_recorder.pact.json_text import MAX_DEPTH
from pact_recorder.pact.model import (
    AnyInteraction,
    Contract,
    Extras,
    Interaction,
    MessageInteraction,
    SyncMessageInteraction,
)
from pact_recorder.pact.rules import renamed

Version = tuple[int, int]
DEFAULT_VERSION: Version = (3, 0)
"""The version of a document that names none, as in the reference."""

_LARGEST_SHARED = 4_096  # bytes of a body
_VERSION_MEMBERS = ("pactSpecification", "pact-specification", "pactSpecificationVersion")
_VERSION = re.compile(r"\s*v?(\d{1,3})(?:\.(\d{1,3}))?", re.IGNORECASE)


def read_contract(
    document: str | bytes | Mapping[str, JsonValue],
    source: str,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
) -> Contract:
    """The contract of a document: its JSON text, or the parsed object; `source` names it in errors.

    Raises PactDocumentError with source, place (`interaction 3 ("get a user"), request.method`) and reason
    for what is not a contract, or is larger than `max_bytes` or nested deeper than `max_depth`.
    """
    outer = _outer(parse_document(document, source, max_bytes=max_bytes, max_depth=max_depth), source)
    specification = _specification(outer.metadata)
    version = parse_version(specification)
    interactions = [
        _read_entry(entry, version, "interaction", number, source)
        for number, entry in enumerate(_taken(outer.interactions), start=1)
    ]
    interactions += [
        _read_entry({"type": "Asynchronous/Messages", **entry}, version, "message", number, source)
        for number, entry in enumerate(_taken(outer.messages), start=1)
    ]
    return Contract(
        consumer="consumer" if outer.consumer.name is None else outer.consumer.name,
        provider="provider" if outer.provider.name is None else outer.provider.name,
        interactions=tuple(interactions),
        metadata={name: given for name, given in outer.metadata.items() if name not in _VERSION_MEMBERS},
        extras=_extras(
            {"": outer.unknown(), "consumer": outer.consumer.unknown(), "provider": outer.provider.unknown()}
        ),
        specification=specification,
    )


def _outer(value: dict[str, JsonValue], source: str) -> ContractDocument:
    if "interactions" not in value and "messages" not in value:
        raise PactDocumentError(source, "is not a Pact contract: it has neither interactions nor messages")
    return checked(ContractDocument, value, source)


Entry = TypeVar("Entry")


def _taken(entries: list[Entry] | None) -> Iterator[Entry]:
    """Each of some entries in order, none of which stays: together they are larger than what is read of them."""
    remaining = entries or []
    remaining.reverse()
    while remaining:
        yield remaining.pop()


def parse_version(text: str | None) -> Version:
    """Major and minor version of a specification's name (`2.0.0`, `4.0`); V3 when there is none."""
    found = _VERSION.match(text or "")
    return (int(found[1]), int(found[2] or 0)) if found else DEFAULT_VERSION


def read_request(value: Mapping[str, JsonValue], version: Version, source: str) -> ExpectedRequest:
    """The `request` of an interaction by itself. Raises PactDocumentError."""
    return _request(checked(RequestDocument, value, source), version)[0]


def read_response(value: Mapping[str, JsonValue], version: Version, source: str) -> ExpectedResponse:
    """The `response` of an interaction by itself. Raises PactDocumentError."""
    return _response(checked(ResponseDocument, value, source), version)[0]


def read_message(value: Mapping[str, JsonValue], version: Version, source: str) -> ExpectedMessage:
    """The contents, metadata and rules of a message by themselves. Raises PactDocumentError."""
    return _message(checked(MessageDocument, value, source), version)[0]


def _specification(metadata: Mapping[str, JsonValue]) -> str | None:
    for member in _VERSION_MEMBERS:
        given = metadata.get(member)
        version = given.get("version") if isinstance(given, Mapping) else given
        if version is not None:
            return str(version)
    return None


def _read_entry(
    entry: Mapping[str, JsonValue], version: Version, word: str, number: int, source: str
) -> AnyInteraction:
    place = entry_place(word, number, entry)
    kind = entry.get("type")
    if kind is None:
        kind = "Asynchronous/Messages" if "contents" in entry and "request" not in entry else "Synchronous/HTTP"
    elif word == "interaction":
        version = max(version, (4, 0))  # only V4 names the type, whatever the metadata says
    if not isinstance(kind, str) or kind not in _KINDS:
        raise PactDocumentError(source, f"must be one of {', '.join(_KINDS)}", f"{place}, type")
    model, build = _KINDS[kind]
    document = checked(model, entry, source, place)
    return build(document, version, _common(document, number))


def _common(document: EntryDocument, number: int) -> dict[str, Any]:
    """The fields that interactions of all kinds have, but for the extras."""
    return {
        "description": f"Interaction {number}" if document.description is None else document.description,
        "provider_states": document.states or document.state,
        "key": document.key,
        "pending": bool(document.pending),
        "comments": document.comments if isinstance(document.comments, Mapping) and document.comments else nothing(),
        "transport": document.transport,
    }


def _own_extras(document: EntryDocument) -> dict[str, JsonValue]:
    extras = document.unknown()
    if document.comments is not None and not isinstance(document.comments, Mapping):
        extras["comments"] = document.comments
    return extras


def _http(document: HttpDocument, version: Version, common: dict[str, Any]) -> Interaction:
    request, request_body = _request(document.request, version)
    response, response_body = _response(document.response, version)
    places = {
        "": _own_extras(document),
        "request": document.request.unknown(),
        "request.body": request_body,
        "response": document.response.unknown(),
        "response.body": response_body,
    }
    return Interaction(request=request, response=response, extras=_extras(places), **common)


def _async_message(document: AsyncMessageDocument, version: Version, common: dict[str, Any]) -> MessageInteraction:
    message, contents = _message(document, version)
    places = {"": _own_extras(document), "contents": contents}
    return MessageInteraction(message=message, extras=_extras(places), **common)


def _sync_message(document: SyncMessageDocument, version: Version, common: dict[str, Any]) -> SyncMessageInteraction:
    request, contents = _message(document.request, version)
    places = {"": _own_extras(document), "request": document.request.unknown(), "request.contents": contents}
    responses = []
    for number, answer in enumerate(document.response):
        response, contents = _message(answer, version)
        responses.append(response)
        places |= {f"response.{number}": answer.unknown(), f"response.{number}.contents": contents}
    return SyncMessageInteraction(request=request, responses=tuple(responses), extras=_extras(places), **common)


_KINDS: dict[str, tuple[type[EntryDocument], Callable[[Any, Version, dict[str, Any]], AnyInteraction]]] = {
    "Synchronous/HTTP": (HttpDocument, _http),
    "Asynchronous/Messages": (AsyncMessageDocument, _async_message),
    "Synchronous/Messages": (SyncMessageDocument, _sync_message),
}


def _request(document: RequestDocument, version: Version) -> tuple[ExpectedRequest, dict[str, JsonValue]]:
    body, extras = _body(document, "body", declared_type(document.headers), version)
    query, text = document.query
    request = ExpectedRequest(
        method=_shared_method(document.method or "GET"),
        path="/" if document.path is None else document.path,
        query=query,
        headers=document.headers,
        body=body,
        rules=document.rules,
        generators=document.generators,
        query_text=text if version == (1, 0) else None,
    )
    return request, extras


def _response(document: ResponseDocument, version: Version) -> tuple[ExpectedResponse, dict[str, JsonValue]]:
    body, extras = _body(document, "body", declared_type(document.headers), version)
    response = ExpectedResponse(document.status, document.headers, body, document.rules, document.generators)
    return response, extras


def _message(document: MessageDocument, version: Version) -> tuple[ExpectedMessage, dict[str, JsonValue]]:
    body, extras = _body(document, "contents", message_type(document.metadata), version)
    rules = renamed(document.rules, "body", "content")
    return ExpectedMessage(body, document.metadata, rules, document.generators), extras


def _body(
    document: RequestDocument | ResponseDocument | MessageDocument,
    member: str,
    declared: str | None,
    version: Version,
) -> tuple[Body | None, dict[str, JsonValue]]:
    if not document.has(member):
        return None, {}
    value = getattr(document, member)
    if version >= (4, 0):
        body, extras = read_v4_body(value, declared)
    else:
        body, extras = read_body(value, MediaType.parse(declared)), {}
    return _shared_body(body) if len(body.content) <= _LARGEST_SHARED else body, extras


@lru_cache(maxsize=64)
def _shared_method(method: str) -> str:
    return method.upper()


@lru_cache(maxsize=256)
def _shared_body(body: Body) -> Body:
    """The first of equal bodies: messages of a contract often have the same one."""
    return body


def _extras(places: Mapping[str, dict[str, JsonValue]]) -> Extras:
    return {place: members for place, members in places.items() if members} or nothing()
