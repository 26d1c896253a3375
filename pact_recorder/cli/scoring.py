"""`pact-recorder score`: how well contracts fit traffic that they have not seen."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from pact_recorder.cli.arguments import Parser, add_json, add_recordings
from pact_recorder.cli.command import DIFFERENCES, OK
from pact_recorder.cli.scoring_mutants import read_mutants
from pact_recorder.cli.scoring_tables import Scored, score_tables
from pact_recorder.cli.sessions import read_session
from pact_recorder.errors import UsageError
from pact_recorder.pact import Contract, load_contract
from pact_recorder.recordings import find_session
from pact_recorder.verification import CHANGED, GivenMutant, Seen, of_provider, score_contract

EXAMPLES = """\
An exchange is covered when an interaction matches its request; its answer is accepted when one of these interactions
accepts it. Mutants of the covered answers, labelled as breaking or harmless, tell what the contract would notice. Exit
status 1 says that a covered answer is refused.

examples:
  pact-recorder score pacts/web-api.example.com.json --against tuesday
  pact-recorder score pacts/*.json --against tuesday recordings/wednesday.yaml --json
  pact-recorder score users.json --against tuesday --host api.example.com --mutants changes.jsonl
"""


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("contracts", metavar="PACT", nargs="+", help="contract files")
    parser.add_argument(
        "--against", metavar="SESSION", nargs="+", required=True, help="sessions that the contract was not made of"
    )
    parser.add_argument("--host", metavar="HOST", help="only what was recorded of this host (with its port, if any)")
    parser.add_argument("--mutants", metavar="FILE", type=Path, help="JSON lines with labelled mutants, judged as well")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="seed of the mutants made here (default: 1)")
    parser.add_argument(
        "--changed", metavar="N", type=_count, default=CHANGED, help=f"answers to change, about (default: {CHANGED})"
    )
    add_recordings(parser)
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Score every contract; DIFFERENCES when one refuses an answer that it covers."""
    contracts = [(source, load_contract(source)) for source in arguments.contracts]
    paths = [find_session(arguments.recordings, name) for name in arguments.against]
    exchanges = [
        Seen(entry.exchange, f"{path.stem}#{place}")
        for path in paths
        for place, entry in enumerate(read_session(path), start=1)
    ]
    given = list(read_mutants(arguments.mutants)) if arguments.mutants else []
    _check_host(arguments.host, exchanges)
    scored = [_scored(source, contract, exchanges, given, arguments) for source, contract in contracts]
    accepted = all(each.score.acceptance.part == each.score.acceptance.whole for each in scored)
    if arguments.json:
        document = {"sessions": list(map(str, paths)), "accepted": accepted}
        print(json.dumps(document | {"contracts": [each.to_json() for each in scored]}, indent=2))
    else:
        print("\n".join(line for each in scored for line in score_tables(each)))
    for each in scored:
        if not each.score.coverage.part:
            print(f"pact-recorder: {each.source} covers nothing of the sessions", file=sys.stderr)
    return OK if accepted else DIFFERENCES


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ArgumentTypeError(f"{text!r} is no number of answers; give 0 or more")
    return int(text)


def _scored(
    source: str, contract: Contract, exchanges: Sequence[Seen], given: Sequence[GivenMutant], arguments: Namespace
) -> Scored:
    chosen = of_provider(exchanges, contract, arguments.host)
    hosts = sorted({each.exchange.request.authority for each in chosen})
    about = [each for each in given if each.request.authority in ("", *hosts)]
    score = score_contract(contract, chosen, arguments.seed, about, changed=arguments.changed)
    return Scored(source, contract, hosts, score)


def _check_host(host: str | None, exchanges: Sequence[Seen]) -> None:
    """Raises UsageError when nothing was recorded of the host."""
    hosts = sorted({each.exchange.request.authority for each in exchanges})
    if host is not None and host.strip().lower() not in hosts:
        listed = ", ".join(hosts) or "none"
        raise UsageError(f"Nothing was recorded of {host.strip()!r}; the sessions have the hosts: {listed}.")
