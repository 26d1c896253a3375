"""`pact-recorder verify --provider-url`: each interaction's request is made to a provider that runs."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from pact_recorder.cli.arguments import Parser
from pact_recorder.cli.command import DIFFERENCES, OK
from pact_recorder.cli.progress import Progress
from pact_recorder.cli.provider_client import Client, ServiceAddress, provider_address, trusting
from pact_recorder.cli.provider_states import StateServer
from pact_recorder.cli.tables import counted, shown
from pact_recorder.cli.verifying_headers import GivenHeaders, header, placeholders_warning
from pact_recorder.cli.verifying_text import MOST_MISMATCHES, WIDEST_LINE, Verified, as_json
from pact_recorder.errors import UsageError
from pact_recorder.http import Request, Response
from pact_recorder.matching import GeneratorContext, GeneratorMode, JsonValue
from pact_recorder.pact import Contract, load_contract
from pact_recorder.verification import Provider, ProviderReport, ProviderResult, Selection, verify_provider

_SECONDS = 30.0
_LONGEST_SECONDS = 86_400
_OFF = frozenset({"", "0", "n", "no", "f", "false", "off"})
_OPTIONS = (
    "state_url",
    "state_teardown",
    "header",
    "timeout",
    "ca",
    "filter_description",
    "filter_state",
    "filter_no_state",
)


def declare(parser: Parser) -> None:
    """Declare the arguments that only a provider needs."""
    parser.add_argument("--provider-url", metavar="URL", type=provider_address, help="provider to check against")
    parser.add_argument(
        "--state-url",
        "--state-change-url",
        metavar="URL",
        type=ServiceAddress.parse,
        help="where provider states are changed, by POST",
    )
    parser.add_argument(
        "--state-teardown",
        "--state-change-teardown",
        action="store_true",
        default=None,
        help="have states torn down, too, after each interaction",
    )
    parser.add_argument(
        "--header",
        "-H",
        metavar="'NAME: VALUE'",
        type=header,
        action="append",
        help="send this with each request, in place of any of its name; may be given again",
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, help=f"time limit of each request ({_SECONDS:g})"
    )
    parser.add_argument("--ca", metavar="FILE", type=Path, help="trust the certificates in a PEM file, too")
    parser.add_argument(
        "--filter-description",
        metavar="REGEX",
        help="only interactions with such a description (environment: PACT_DESCRIPTION)",
    )
    parser.add_argument(
        "--filter-state",
        metavar="REGEX",
        help="only interactions with such a provider state (environment: PACT_PROVIDER_STATE)",
    )
    parser.add_argument(
        "--filter-no-state",
        action="store_true",
        default=None,
        help="only interactions without a provider state (environment: PACT_PROVIDER_NO_STATE)",
    )


def refuse_without_provider(arguments: Namespace) -> None:
    """Raise UsageError when an option was given that only a provider needs."""
    for name in _OPTIONS:
        if getattr(arguments, name) is not None:
            raise UsageError(f"--{name.replace('_', '-')} goes with --provider-url.")


def run(arguments: Namespace) -> int:
    """Verify every contract; DIFFERENCES when the provider does not do what one says."""
    contracts = [(source, load_contract(source)) for source in arguments.contracts]
    selected = _selection(arguments)
    _check_selected([contract for _, contract in contracts], selected)
    given = GivenHeaders(tuple(arguments.header or ()))
    with Progress("Asking the provider") as progress:
        provider = _provider(arguments, given, progress)
        results = [
            Verified(source, contract, verify_provider(contract, provider, _context(), wanted=selected))
            for source, contract in contracts
        ]
    if arguments.json:
        print(json.dumps(given.masked(as_json(results, _interactions)), indent=2))
    else:
        for result in results:
            print("\n".join(_lines(result, given)))
    _warn(results, given)
    return OK if all(result.report.verified for result in results) else DIFFERENCES


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_SECONDS:
        raise ArgumentTypeError(f"{text!r} is no number of seconds above 0, such as 30 or 0.5")
    return seconds


def _selection(arguments: Namespace) -> Selection:
    """What the options choose; where they say nothing of description or states, what the environment does."""
    description = arguments.filter_description or os.environ.get("PACT_DESCRIPTION") or None
    state, without = arguments.filter_state or None, bool(arguments.filter_no_state)
    if state is None and not without:
        state = os.environ.get("PACT_PROVIDER_STATE") or None
        without = os.environ.get("PACT_PROVIDER_NO_STATE", "").lower() not in _OFF
    return Selection(description, state, without)


def _check_selected(contracts: Sequence[Contract], selected: Selection) -> None:
    """Raise UsageError when there is nothing to verify: that all of it is fine would mislead."""
    if not any(contract.interactions for contract in contracts):
        raise UsageError("There is nothing to verify: the contracts have no interactions.")
    if not any(selected(each) for contract in contracts for each in contract.interactions):
        raise UsageError(
            "There is nothing to verify: the filters (--filter-description, --filter-state, --filter-no-state, or "
            "PACT_DESCRIPTION, PACT_PROVIDER_STATE, PACT_PROVIDER_NO_STATE) leave none of the interactions."
        )


def _provider(arguments: Namespace, given: GivenHeaders, progress: Progress) -> Provider:
    client = Client(arguments.timeout or _SECONDS, trusting(arguments.ca))
    address: ServiceAddress = arguments.provider_url
    asked = 0

    def send(request: Request) -> Response:
        nonlocal asked
        asked += 1
        progress.show(asked)
        return client.send(address, address.in_front_of(request))

    states = None if arguments.state_url is None else StateServer(client, arguments.state_url, given.put_in)
    return Provider(send, change_state=states, teardown=bool(arguments.state_teardown), adjust=given.put_in)


def _context() -> GeneratorContext:
    return GeneratorContext(GeneratorMode.PROVIDER, Random(), datetime.now().astimezone())


def _warn(results: Sequence[Verified[ProviderReport]], given: GivenHeaders) -> None:
    verified = [each.interaction for result in results for each in result.report.results]
    if warning := placeholders_warning(verified, given):
        print(f"pact-recorder: {shown(warning, WIDEST_LINE)}", file=sys.stderr)


def _lines(result: Verified[ProviderReport], given: GivenHeaders) -> Iterator[str]:
    report = result.report
    yield result.heading(sum(each.verified for each in report.results), len(report.results))
    for each in report.results:
        yield from _result_lines(each, given)


def _result_lines(result: ProviderResult, given: GivenHeaders) -> Iterator[str]:
    verdict = "ok" if result.verified else "pending" if result.pending else "failed"
    states = ", ".join(f'"{state.name}"' for state in result.interaction.provider_states)
    description = result.interaction.description + (f" (given {states})" if states else "")
    yield f"  {verdict:<8}{shown(description, WIDEST_LINE)}"
    for text in (*(f"warning: {warning}" for warning in result.warnings), *_failure_lines(result)):
        yield f"          {shown(str(given.masked(text)), WIDEST_LINE)}"


def _failure_lines(result: ProviderResult) -> Iterator[str]:
    for failure in result.failures:
        title, *rest = failure.lines()
        yield title
        yield from rest[:MOST_MISMATCHES]
        if len(rest) > MOST_MISMATCHES:
            yield f"  and {counted(len(rest) - MOST_MISMATCHES, 'more difference')}"


def _interactions(report: ProviderReport) -> list[JsonValue]:
    return [each.to_json() for each in report.results]
