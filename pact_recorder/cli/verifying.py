"""`pact-recorder verify`: whether what a session recorded, or a provider that runs, satisfies contracts."""

from __future__ import annotations

import json
import time
from argparse import Namespace
from collections.abc import Iterator

from pact_recorder.capture.redaction import Redactor
from pact_recorder.cli import verifying_provider
from pact_recorder.cli.arguments import Parser, add_json, add_recordings
from pact_recorder.cli.command import DIFFERENCES, OK
from pact_recorder.cli.configuring import configuration
from pact_recorder.cli.redacting import add_redact, redaction_rules
from pact_recorder.cli.sessions import expectations_of_sessions
from pact_recorder.cli.tables import shown
from pact_recorder.cli.verifying_text import MOST_MISMATCHES, WIDEST_LINE, Verified, as_json
from pact_recorder.errors import UsageError
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.matching import JsonValue
from pact_recorder.pact import load_contract
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
        print(json.dumps(as_json(results, _interactions), indent=2))
    else:
        for result in results:
            print("\n".join(_lines(result)))
    return OK if all(result.report.verified for result in results) else DIFFERENCES


def _lines(result: Verified[ContractReport]) -> Iterator[str]:
    interactions = result.report.interactions
    failed = [each for each in interactions if not each.verified]
    yield result.heading(len(interactions) - len(failed), len(interactions))
    for each in failed:
        yield f"  failed  {shown(each.description)}"
        for text in (each.reason, *map(str, each.mismatches[:MOST_MISMATCHES])):
            yield f"          {shown(text, WIDEST_LINE)}"


def _interactions(report: ContractReport) -> list[JsonValue]:
    return [each.to_detailed_json() for each in report.interactions]
