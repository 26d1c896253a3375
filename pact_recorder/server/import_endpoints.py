"""Endpoints that make expectations of what was recorded elsewhere, or here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.traffic_history import Seen
from pact_recorder.capture.traffic_log import Kind
from pact_recorder.mock import RuledExpectation
from pact_recorder.mock.mockserver.filtering import read_filter
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.mock.mockserver.writing import write_expectation
from pact_recorder.pact import format_json
from pact_recorder.server.context import ControlContext
from pact_recorder.server.expectation_endpoints import activate, put
from pact_recorder.server.importing import (
    Document,
    clean_documents,
    clean_exchanges,
    expectations_of_exchanges,
    har_exchanges,
    postman_documents,
    recognised,
    recorded_pairs,
    wiremock_documents,
    without_placeholders,
)
from pact_recorder.server.log_endpoints import log_text
from pact_recorder.server.log_selection import LogQuestion
from pact_recorder.server.messages import ControlRequest, ControlResponse, json_response, with_header
from pact_recorder.server.pact_importing import imported, read_imported, read_pact_text
from pact_recorder.server.recorded_expectations import recorded_documents
from pact_recorder.server.retrieved import listing
from pact_recorder.server.retrieving import flag

SKIPPED = "x-mockserver-recorded-requests-skipped"
"""The header that counts the pairs of a recording that could not be read."""


async def import_document(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/import?format=`: expectations of a HAR, Postman, Pact or WireMock document, or a recording.

    The format is recognised when it is not named. 201 with the expectations, of WireMock with warnings beside them.
    Secrets are taken out unless `redactSensitiveData=false`.
    """
    text = request.text()
    form, document = await asyncio.to_thread(lambda: recognised(text, request.parameter("format")))
    return await _IMPORTS[form](context, document, _redactor(context, request))


async def import_pact(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/pact/import`: the interactions of a contract as expectations, named by their descriptions.

    201 with the expectations. Secrets are taken out unless `redactSensitiveData=false`.
    """
    text = request.text()
    document = await asyncio.to_thread(read_pact_text, text)
    return await _pact(context, document, _redactor(context, request))


async def promote(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/recordings/promote?consolidate=&parameterize=`: recordings as expectations set through the API.

    All, or those of a matcher in the body; 201 with the expectations. Secrets are taken out unless
    `redactSensitiveData=false`, or by the recording already.
    """
    parameterize = flag(request, "parameterize")
    consolidate = flag(request, "consolidate")
    redactor = _redactor(context, request)
    wanted = await asyncio.to_thread(read_filter, log_text(context, request))
    question = LogQuestion.now(context.recorder, wanted)
    seen = await asyncio.to_thread(lambda: list(question.recorded()))
    if redactor is not None:
        seen = await _clean(seen, redactor)
    documents = await asyncio.to_thread(
        lambda: recorded_documents(seen, consolidate=consolidate, parameterize=parameterize)
    )
    return await _set(context, documents if redactor is None else without_placeholders(documents))


def _redactor(context: ControlContext, request: ControlRequest) -> Redactor | None:
    """What takes secrets out of an import: this session's, so that the same secret gets the same placeholder."""
    if not flag(request, "redactSensitiveData", default=True):
        return None
    redactor = context.recorder.redactor
    return redactor if redactor.enabled else Redactor(RedactionRules.default())


async def _clean(seen: Sequence[Seen], redactor: Redactor) -> list[Seen]:
    clean = await clean_exchanges((each.exchange for each in seen), redactor)
    return [
        replace(each, request=exchange.request, response=each.response and exchange.response)
        for each, exchange in zip(seen, clean, strict=True)
    ]


async def _har(context: ControlContext, document: Any, redactor: Redactor | None) -> ControlResponse:
    exchanges = await asyncio.to_thread(har_exchanges, document)
    if redactor is not None:
        exchanges = await clean_exchanges(exchanges, redactor)
    return await _set(context, await asyncio.to_thread(expectations_of_exchanges, exchanges))


async def _postman(context: ControlContext, document: Any, redactor: Redactor | None) -> ControlResponse:
    documents = await asyncio.to_thread(postman_documents, document)
    return await _set(context, documents if redactor is None else await clean_documents(documents, redactor))


async def _wiremock(context: ControlContext, document: Any, redactor: Redactor | None) -> ControlResponse:
    mapped = await asyncio.to_thread(wiremock_documents, document)
    documents = mapped.expectations
    if redactor is not None:
        documents = await clean_documents(documents, redactor)
    stored = put(context, await _read(context, documents))
    written = await asyncio.to_thread(lambda: [write_expectation(each) for each in stored])
    return json_response(201, {"expectations": written, "warnings": mapped.warnings})


async def _pact(context: ControlContext, document: Any, redactor: Redactor | None) -> ControlResponse:
    contract = await asyncio.to_thread(read_imported, document)
    return await activate(context, list(imported(contract, redactor, context.recorder.generate)))


async def _recording(context: ControlContext, document: Any, redactor: Redactor | None) -> ControlResponse:
    recorded = await asyncio.to_thread(recorded_pairs, document)
    exchanges = list(recorded.exchanges)
    if redactor is not None:
        exchanges = await clean_exchanges(exchanges, redactor)
    now = context.recorder.clock()
    for each in exchanges:
        context.recorder.log.imported(now, each.request, each.response)
    documents = recorded_documents(
        (Seen(Kind.FORWARDED, now, each.request, each.response) for each in exchanges),
        consolidate=False,
        parameterize=False,
    )
    return with_header(listing(201, documents), SKIPPED, str(recorded.skipped))


async def _set(context: ControlContext, documents: Sequence[Document]) -> ControlResponse:
    return await activate(context, await _read(context, documents))


async def _read(context: ControlContext, documents: Sequence[Document]) -> list[RuledExpectation]:
    if not documents:
        return []
    now = context.recorder.clock()
    return await asyncio.to_thread(lambda: read_expectations(format_json(list(documents)), now, as_given=False))


_IMPORTS: dict[str, Callable[[ControlContext, Any, Redactor | None], Awaitable[ControlResponse]]] = {
    "har": _har,
    "postman": _postman,
    "pact": _pact,
    "wiremock": _wiremock,
    "recording": _recording,
}
