"""`pact-recorder verify`: whether what a session recorded, or a provider that runs, satisfies contracts."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from pact_recorder.capture.redaction import Redactor
from pact_recorder.cli import verifying_provider
from pact_recorder.cli.arguments import Parser, add_json, add_recordings
from pact_recorder.cli.command import DIFFERENCES, OK
from pact_recorder.cli.configuring import configuration
from pact_recorder.cli.redacting import add_redact, redaction_rules
from pact_recorder.cli.sessions import expectations_of_sessions
from pact_recorder.cli.tables import counted, shown, shown_path
from pact_recorder.errors import UsageError
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.pact import Contract, load_contract
from pact_recorder.recordings import find_session
from pact_recorder.verification import ContractReport, verify_contract

EXAMPLES = """\
An interaction is verified when the answer to its request, from the session or from the provider, is the one that it
promises. Exit status 1 says that at least one is not.

With --provider-url each request is made, without following redirects. With --state-url each provider state is set up
before: POST {"state": NAME, "params": {…}, "action": "setup"}; members of a JSON object in the answer are values for
generators. Options after --provider-url in this list go with it.

examples:
  pact-recorder verify pacts/web-shop.json --session shop
  pact-recorder verify pacts/*.json --session recordings/shop.yaml --json
  pact-recorder verify pacts/web-shop.json --provider-url http://localhost:3000
  pact-recorder verify pacts/*.json --provider-url https://localhost:8443/api --ca ca.pem \\
      --state-url https://localhost:8443/_states -H "Authorization: Bearer $TOKEN"
"""
_WIDEST_LINE = 500
_MOST_MISMATCHES = 10


@dataclass(frozen=True, slots=True)
class Verified:
    """A contract, where it came from, and what the session says to it."""

    source: str
    contract: Contract
    report: ContractReport


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("contracts", metavar="PACT", nargs="+", help="contract files")
    parser.add_argument("--session", metavar="NAME", help="session to check against")
    add_recordings(parser)
    add_redact(parser)
    add_json(parser)
    verifying_provider.declare(parser)


def run(arguments: Namespace) -> int:
    """Check every contract; DIFFERENCES when one is not satisfied."""
    if arguments.session is not None and arguments.provider_url is not None:
        raise UsageError("--session and --provider-url exclude each other: leave one out.")
    if arguments.provider_url is not None:
        if arguments.redact is not None:
            raise UsageError("--redact goes with --session.")
        return verifying_provider.run(arguments)
    if arguments.session is None:
        raise UsageError("What to check against is missing: give --session NAME or --provider-url URL.")
    verifying_provider.refuse_without_provider(arguments)
    return _check_session(arguments)


def _check_session(arguments: Namespace) -> int:
    contracts = [(source, load_contract(source)) for source in arguments.contracts]
    expectations = expectations_of_sessions([find_session(arguments.recordings, arguments.session)])
    now = time.time()
    redactor = Redactor(redaction_rules(arguments.redact, configuration()))

    def redacted(request: Request) -> Request:
        return redactor.exchange(Exchange(request, Response(0))).request

    results = [
        Verified(source, contract, verify_contract(contract, expectations, now, redacted))
        for source, contract in contracts
    ]
    if arguments.json:
        print(json.dumps(_as_json(results), indent=2))
    else:
        for result in results:
            print("\n".join(_lines(result)))
    return OK if all(result.report.verified for result in results) else DIFFERENCES


def _lines(result: Verified) -> list[str]:
    interactions = result.report.interactions
    failed = [each for each in interactions if not each.verified]
    parties = f"{shown(result.contract.consumer)} → {shown(result.contract.provider)}"
    heading = f"{shown_path(Path(result.source), Path.cwd(), _WIDEST_LINE)} ({parties}): "
    lines = [f"{heading}{len(interactions) - len(failed):,} of {counted(len(interactions), 'interaction')} verified"]
    for each in failed:
        lines += [f"  failed  {shown(each.description)}", f"          {shown(each.reason, _WIDEST_LINE)}"]
        lines += [f"          {shown(str(mismatch), _WIDEST_LINE)}" for mismatch in each.mismatches[:_MOST_MISMATCHES]]
    return lines


def _as_json(results: list[Verified]) -> dict[str, object]:
    contracts = [
        {
            "source": result.source,
            "consumer": result.contract.consumer,
            "provider": result.contract.provider,
            "verified": result.report.verified,
            "interactions": [each.to_detailed_json() for each in result.report.interactions],
        }
        for result in results
    ]
    return {"verified": all(result.report.verified for result in results), "contracts": contracts}
