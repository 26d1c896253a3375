"""Endpoints about contracts: export one of the active expectations, verify one against them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from pact_recorder.errors import PactRecorderError
from pact_recorder.http.visible import visible
from pact_recorder.matching import JsonValue
from pact_recorder.pact import Contract, Interaction, contract_to_json
from pact_recorder.server.context import ControlContext
from pact_recorder.server.exporting import Active, Exported, Exporter, Style, Wanted
from pact_recorder.server.messages import ControlRequest, ControlResponse, error_response, json_response, listed_header
from pact_recorder.server.verifying import NotAContractError, read_for_verification, verify_beside_traffic

_log = logging.getLogger(__name__)


async def export_pact(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/pact?consumer=&provider=&host=&style=`: the contract of the active expectations (V3).

    `style=inferred` (the default) generalises what was recorded; `literal` takes it as it is. Without `provider` the
    contract of a `host` has the name that the configuration gives it. Header values are lists, as MockServer writes
    them. The header `x-pact-recorder-left-out` counts what has no place in the contract and `x-pact-recorder-skipped`
    lists it as far as a header holds; the log has all.
    """
    settings, exporter = context.settings, context.exporter
    host = request.parameter("host") or None
    wanted = Wanted(
        request.parameter("consumer") or settings.consumer, style=Style.parse(request.parameter("style")), host=host
    )
    configured = exporter.configuration.providers.get((host or "").lower())
    provider = request.parameter("provider") or configured or settings.provider
    active = exporter.active(wanted.style, context.recorder.clock())
    return await asyncio.to_thread(_export, exporter, active, wanted, provider)


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


def _export(exporter: Exporter, active: Active, wanted: Wanted, provider: str) -> ControlResponse:
    exported = exporter.together(active, wanted, provider)
    for sentence in exported.left_out:
        _log.warning("Left out of the contract: %s", visible(sentence))
    document, lost = contract_to_json(exported.contract)
    for sentence in lost:
        _log.warning("Lost in the contract: %s", visible(sentence))
    _write_header_lists(document, exported.contract)
    return json_response(200, document, _left_out(exported))


def _left_out(exported: Exported) -> tuple[tuple[str, str], ...]:
    if not exported.left_out:
        return ()
    return (
        ("x-pact-recorder-left-out", str(len(exported.left_out))),
        ("x-pact-recorder-skipped", listed_header(exported.left_out)),
    )


def _write_header_lists(document: dict[str, Any], contract: Contract) -> None:
    for written, interaction in zip(document["interactions"], contract.interactions, strict=True):
        if isinstance(interaction, Interaction):
            _set_headers(written["request"], interaction.request.headers)
            _set_headers(written["response"], interaction.response.headers)


def _set_headers(written: dict[str, JsonValue], headers: Any) -> None:
    if headers:
        written["headers"] = {name: list(values) for name, values in headers.items()}
