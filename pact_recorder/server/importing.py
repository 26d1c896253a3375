"""Documents of other tools as expectations: recognised, read, and with their secrets taken out.

What is imported is replayed, so answers lose their secrets as recordings do, and what a client proves itself with takes
no part in matching: a request with other credentials gets the same answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from pydantic import ValidationError

from pact_recorder.capture.redaction import Redactor
from pact_recorder.errors import LimitError, UsageError
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.http.heads import head_fault
from pact_recorder.http.identity import exchange_identity
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.mock import Expectations
from pact_recorder.mock.mockserver.request_reading import read_request
from pact_recorder.mock.mockserver.response import read_response, write_response
from pact_recorder.mock.mockserver.writing import write_expectation
from pact_recorder.pact import format_json, parse_json
from pact_recorder.recordings.importers.har_documents import HarEntry
from pact_recorder.recordings.importers.har_exchange import SkippedEntry, exchange_of
from pact_recorder.recordings.importers.postman import postman_expectations
from pact_recorder.recordings.importers.wiremock import Mapped, is_wiremock, wiremock_expectations

FORMATS = ("har", "postman", "pact", "wiremock", "recording")
_ELSEWHERE = ("mountebank", "mockoon")
_DEEPEST = 250
# What comes of a value of another kind than a document of this form has there.
_WRONG = (ValueError, AttributeError, TypeError, LookupError, OverflowError)
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Recorded pairs of a request and its answer, and how many could not be read."""

    exchanges: tuple[Exchange, ...]
    skipped: int


def recognised(text: str, named: str) -> tuple[str, Any]:
    """The format of a document, named or recognised, with the parsed document. Raises UsageError."""
    form = named.lower()
    if form and form not in FORMATS:
        known = "is not supported" if form in _ELSEWHERE else 'is not a valid value for "format" parameter'
        raise UsageError(f'"{named}" {known}, only the following values are supported [{", ".join(FORMATS)}]')
    if not text.strip():
        raise UsageError("an import document is required, but the body is empty")
    document = _parsed(text, form)
    return form or _recognise(document), document


def har_exchanges(document: Any) -> list[Exchange]:
    """The exchanges of a HAR document that have an answer. Raises UsageError with the place of what is wrong."""
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise UsageError("not a valid HAR document: it has no log.entries")
    exchanges: list[Exchange] = []
    for number, entry in enumerate(entries, 1):
        try:
            exchange = exchange_of(HarEntry.model_validate(entry))
        except SkippedEntry:
            continue
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            place = ".".join(map(str, found["loc"]))
            raise UsageError(f"not a valid HAR document: entry {number}, {place}: {found['msg']}") from None
        if fault := head_fault(exchange):
            raise UsageError(f"not a valid HAR document: entry {number}, {fault}")
        exchanges.append(exchange)
    return exchanges


def expectations_of_exchanges(exchanges: Iterable[Exchange]) -> list[Document]:
    """One expectation for each different request, with its answers in order; its identifier is made of its content.

    Of a single host the `Host` header is left out, so that requests to this program itself match.
    """
    held = list(exchanges)
    places: dict[str, int] = {}
    expectations = Expectations(held.__getitem__)
    for number, exchange in enumerate(held):
        expectations.add_recorded(exchange, places.setdefault(exchange_identity(exchange), number))
    single = len({exchange.request.authority for exchange in held}) < 2
    documents = [write_expectation(each) for each in sorted(expectations.recorded, key=lambda each: each.created)]
    documents = without_placeholders(map(_without_host, documents) if single else documents)
    return [_identified(each, "har") for each in documents]


def postman_documents(document: Any) -> list[Document]:
    """The expectations of a Postman collection. Raises UsageError."""
    try:
        made = [_identified(each, "postman") for each in postman_expectations(document)]
    except _WRONG as error:
        raise UsageError(f"not a valid Postman collection: {error}") from None
    # A request with several saved responses gives them in turn.
    found: dict[str, Document] = {}
    for each in made:
        before = found.setdefault(each["id"], each)
        if before is not each:
            answers = before.pop("httpResponses", None) or [before.pop("httpResponse")]
            before["httpResponses"] = [*answers, each["httpResponse"]]
    return list(found.values())


def wiremock_documents(document: Any) -> Mapped:
    """The expectations of WireMock's mappings, with warnings. Raises UsageError."""
    try:
        return wiremock_expectations(document)
    except _WRONG as error:
        raise UsageError(f"not a valid WireMock document: {error}") from None


def recorded_pairs(document: Any) -> Recorded:
    """The pairs of a recording of MockServer's; what is no pair is skipped and counted."""
    exchanges: list[Exchange] = []
    entries = document if isinstance(document, list) else [document]
    for entry in entries:
        try:
            request, response = read_request(entry["httpRequest"]), read_response(entry["httpResponse"])
        except _WRONG:
            continue
        exchanges.append(Exchange(request, response))
    return Recorded(tuple(exchanges), len(entries) - len(exchanges))


def without_placeholders(documents: Iterable[Document]) -> list[Document]:
    """Expectations that do not ask for the header values which redaction has left a placeholder of."""
    return [_asking_without(each, _has_placeholder) for each in documents]


async def clean_exchanges(exchanges: Iterable[Exchange], redactor: Redactor) -> list[Exchange]:
    """Exchanges without their secrets; traffic goes on meanwhile."""
    clean: list[Exchange] = []
    for exchange in exchanges:
        clean.append(redactor.exchange(exchange))
        await asyncio.sleep(0)
    return clean


async def clean_documents(documents: Iterable[Document], redactor: Redactor) -> list[Document]:
    """Expectations whose answers have no secrets, and whose requests ask for none in their headers.

    Raises UsageError for one that cannot be an expectation.
    """
    clean: list[Document] = []
    for number, document in enumerate(documents, 1):
        try:
            clean.append(_clean_document(document, redactor))
        except ValueError as error:
            raise UsageError(f"the import document is wrong: expectation {number}, {error}") from None
        await asyncio.sleep(0)
    return clean


def _clean_document(document: Document, redactor: Redactor) -> Document:
    wanted = document.get("httpRequest", {})
    request = read_request({name: value for name, value in wanted.items() if name != "body"})
    answers = [_clean_answer(each, request, redactor) for each in _answers(document)]
    proofs = redactor.exchange(Exchange(request, Response(0))).request.headers
    secret = {name.lower() for name, value in request.headers if value not in proofs.get_all(name)}
    answer = {"httpResponse": answers[0]} if "httpResponse" in document else {"httpResponses": answers}
    return _asking_without(document, lambda name, values: name.lower() in secret) | answer


def _clean_answer(answer: Document, request: Request, redactor: Redactor) -> Document:
    response = read_response(answer)
    clean = redactor.exchange(Exchange(request, response)).response
    return answer if clean is response else {**answer, **write_response(clean)}


def _answers(document: Document) -> list[Document]:
    return [document["httpResponse"]] if "httpResponse" in document else document["httpResponses"]


def _parsed(text: str, form: str) -> Any:
    try:
        return parse_json(text, max_depth=_DEEPEST)
    except (ValueError, LimitError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if form in ("", "recording") and len(lines) > 1 and lines[0].lstrip().startswith("{"):
            # One pair a line, as MockServer writes recordings to the disk.
            return [_line(line) for line in lines]
        raise UsageError(f"failed to parse {form or 'import'} JSON: {error}") from None


def _line(line: str) -> Any:
    try:
        return parse_json(line, max_depth=_DEEPEST)
    except (ValueError, LimitError):
        return None


def _recognise(document: Any) -> str:
    pairs = document if isinstance(document, list) else [document]
    if any(isinstance(each, dict) and {"httpRequest", "httpResponse"} <= each.keys() for each in pairs):
        return "recording"
    if isinstance(document, dict):
        for form, looks_like in _SHAPES:
            if looks_like(document):
                return form
    raise UsageError(f"the format of the document is not recognised: name it by format={'|'.join(FORMATS)}")


_SHAPES: tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...] = (
    ("har", lambda document: isinstance(document.get("log"), dict)),
    ("postman", lambda document: "info" in document and "item" in document),
    ("pact", lambda document: isinstance(document.get("interactions"), list)),
    ("wiremock", is_wiremock),
)


def _identified(document: Document, form: str) -> Document:
    """The expectation with an identifier made of its request, so that importing again replaces it."""
    digest = blake2b(format_json(document["httpRequest"]).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return {**document, "id": f"{form}-{digest}"}


def _without_host(document: Document) -> Document:
    return _asking_without(document, lambda name, values: name.lower() == "host")


def _has_placeholder(name: str, values: Iterable[str]) -> bool:
    return any(PLACEHOLDER.search(value) for value in values)


def _asking_without(document: Document, drops: Callable[[str, list[str]], bool]) -> Document:
    """The expectation whose request does not ask for some headers."""
    request = document.get("httpRequest", {})
    headers = {name: values for name, values in request.get("headers", {}).items() if not drops(name, values)}
    narrowed = {name: value for name, value in request.items() if name != "headers"}
    return {**document, "httpRequest": {**narrowed, **({"headers": headers} if headers else {})}}
