"""Endpoints about contracts: export one of the active expectations, verify one against them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from pact_recorder.errors import PactRecorderError, UsageError
from pact_recorder.matching import JsonValue
from pact_recorder.mock import Expectation, Export
from pact_recorder.pact import Contract, Interaction, contract_to_json
from pact_recorder.server.context import ControlContext
from pact_recorder.server.messages import ControlRequest, ControlResponse, error_response, json_response
from pact_recorder.server.operations import export_contract
from pact_recorder.server.verifying import NotAContractError, read_for_verification, verify_beside_traffic

_STYLES = ("literal",)
_log = logging.getLogger(__name__)


async def export_pact(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/pact?consumer=&provider=&host=&style=`: the contract of the active expectations (V3).

    Header values are lists, as MockServer writes them. The header `x-pact-recorder-left-out` counts the expectations
    that have no equivalent in Pact; the log names them.
    """
    style = request.parameter("style").lower() or _STYLES[0]
    if style not in _STYLES:
        raise UsageError(f"unknown style '{request.parameters['style']}' (expected one of {', '.join(_STYLES)})")
    consumer = request.parameter("consumer") or context.settings.consumer
    provider = request.parameter("provider") or context.settings.provider
    host = request.parameter("host") or None
    snapshot = context.recorder.expectations.all(context.recorder.clock())
    return await asyncio.to_thread(_export, snapshot, consumer, provider, host)


async def verify_pact(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/pact/verify`: whether the active expectations satisfy a contract.

    202 when every interaction is verified, else 406, each with a report; 400 with `{"error": …}` when what was sent is
    no contract.
    """
    try:
        read = await asyncio.to_thread(lambda: read_for_verification(request.text()))
        report = await verify_beside_traffic(read, context.recorder)
    except NotAContractError as error:
        return error_response(400, str(error))
    except PactRecorderError as error:
        return error_response(400, f"failed to verify Pact contract: {error}")
    return json_response(202 if report.verified else 406, report.to_json())


def _export(expectations: list[Expectation], consumer: str, provider: str, host: str | None) -> ControlResponse:
    export = export_contract(expectations, consumer, provider, host)
    for sentence in export.left_out:
        _log.warning("Left out of the contract: %s", sentence)
    document, lost = contract_to_json(export.contract)
    for sentence in lost:
        _log.warning("Lost in the contract: %s", sentence)
    _write_header_lists(document, export.contract)
    return json_response(200, document, _left_out(export))


def _left_out(export: Export) -> tuple[tuple[str, str], ...]:
    return (("x-pact-recorder-left-out", str(len(export.left_out))),) if export.left_out else ()


def _write_header_lists(document: dict[str, Any], contract: Contract) -> None:
    for written, interaction in zip(document["interactions"], contract.interactions, strict=True):
        if isinstance(interaction, Interaction):
            _set_headers(written["request"], interaction.request.headers)
            _set_headers(written["response"], interaction.response.headers)


def _set_headers(written: dict[str, JsonValue], headers: Any) -> None:
    if headers:
        written["headers"] = {name: list(values) for name, values in headers.items()}
