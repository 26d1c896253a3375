"""`pact-recorder export`: one contract for each provider that sessions have recorded."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from pact_recorder.cli.arguments import Parser, add_json, add_recordings, choice
from pact_recorder.cli.command import OK
from pact_recorder.cli.sessions import chosen_sessions, expectations_of_sessions
from pact_recorder.cli.tables import counted, shown, table
from pact_recorder.errors import UsageError
from pact_recorder.mock import Expectation, Export
from pact_recorder.pact import SPECIFICATIONS, SpecVersion, contract_to_json, format_contract, write_contract
from pact_recorder.server import contracts_by_host

EXAMPLES = """\
Each provider gets a contract of its own, named CONSUMER-PROVIDER.json after its host; one that is there already keeps
its other interactions. Without SESSION the newest one is taken.

examples:
  pact-recorder export shop --consumer web
  pact-recorder export shop --consumer web --host api.example.com --provider shop-api
  pact-recorder export monday tuesday --consumer web --spec 4 -o contracts
  pact-recorder export shop --consumer web --host api.example.com -o - | jq .interactions
"""
STANDARD_OUTPUT = "-"
_MOST_SENTENCES = 20


@dataclass(frozen=True, slots=True)
class Written:
    """A contract that was written: where (None: standard output), and what had no place in it."""

    host: str
    provider: str
    path: str | None
    interactions: int
    left_out: tuple[str, ...]


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("sessions", metavar="SESSION", nargs="*", help="names under the recordings folder, or paths")
    parser.add_argument("--consumer", metavar="NAME", required=True, help="name of the consumer")
    parser.add_argument("--provider", metavar="NAME", help="name of the provider, when there is a single host")
    parser.add_argument("--host", metavar="HOST", help="only what was recorded of this host (with its port, if any)")
    parser.add_argument("--style", metavar="literal", type=choice(["literal"]), default="literal", help="literal")
    parser.add_argument(
        "--spec", metavar="2|3|4", type=_version, default=3, help="version of the Pact specification (default: 3)"
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR|-", default="pacts", help="folder to write into (default: pacts); - prints"
    )
    add_recordings(parser)
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Make the contracts, write them, and say what was written and what was left out."""
    if arguments.json and arguments.output == STANDARD_OUTPUT:
        raise UsageError("--json and -o - both print on standard output: choose one of them.")
    paths = chosen_sessions(arguments.sessions, arguments.recordings)
    if not arguments.sessions:
        print(f"pact-recorder: exporting the newest session, {paths[0]}", file=sys.stderr)
    expectations = expectations_of_sessions(paths)
    exports = _exports(expectations.all(time.time()), arguments)
    if arguments.output == STANDARD_OUTPUT:
        written = [_printed(host, export, arguments.spec) for host, export in exports.items()]
    else:
        folder = Path(arguments.output)
        written = [_written(host, export, arguments.spec, folder) for host, export in exports.items()]
    in_part = sorted(expectations.cut_paths)
    if arguments.json:
        contracts = [asdict(each) for each in written]
        sessions = [str(path) for path in paths]
        print(json.dumps({"sessions": sessions, "contracts": contracts, "recorded_in_part": in_part}, indent=2))
    else:
        _report(written, in_part)
    return OK


def _version(text: str) -> SpecVersion:
    if text not in map(str, SPECIFICATIONS):
        raise ArgumentTypeError(f"{text!r} is none of the versions that can be written: 2, 3 and 4")
    return cast(SpecVersion, int(text))


def _exports(expectations: list[Expectation], arguments: Namespace) -> dict[str, Export]:
    """The contracts by host. Raises UsageError when there is nothing, or more than can be named or printed."""
    exports = contracts_by_host(expectations, arguments.consumer, lambda host: arguments.provider or host)
    hosts = sorted(exports)
    if arguments.host is not None:
        wanted = arguments.host.strip().lower()
        exports = {host: export for host, export in exports.items() if host == wanted}
    if not exports:
        asked = f" of {arguments.host}" if arguments.host is not None else ""
        raise UsageError(f"Nothing was recorded{asked}; the sessions have the hosts: {', '.join(hosts) or 'none'}.")
    one_only = arguments.provider or arguments.output == STANDARD_OUTPUT
    if one_only and len(exports) > 1:
        reason = "--provider names the provider of" if arguments.provider else "-o - prints the contract of"
        raise UsageError(f"{reason} a single host: choose one with --host; there are {', '.join(hosts)}.")
    return exports


def _printed(host: str, export: Export, version: SpecVersion) -> Written:
    _, lost = contract_to_json(export.contract, version)
    # A contract is UTF-8, whatever the terminal is.
    sys.stdout.buffer.write(format_contract(export.contract, version).encode())
    return _summary(host, export, None, lost)


def _written(host: str, export: Export, version: SpecVersion, folder: Path) -> Written:
    lost: list[str] = []
    path = write_contract(export.contract, folder, version=version, on_lost=lost.extend)
    return _summary(host, export, str(path), lost)


def _summary(host: str, export: Export, path: str | None, lost: Sequence[str]) -> Written:
    contract = export.contract
    return Written(host, contract.provider, path, len(contract.interactions), (*export.left_out, *lost))


def _report(written: Sequence[Written], in_part: Sequence[str]) -> None:
    rows = [("provider", "interactions", "left out", "contract")]
    for each in written:
        rows.append((each.provider, str(each.interactions), str(len(each.left_out)), each.path or "(printed)"))
    print("\n".join(table(rows, numbers=(1, 2))), file=sys.stderr)
    for each in written:
        for sentence in each.left_out[:_MOST_SENTENCES]:
            print(f"left out of {shown(each.provider)}: {shown(sentence, 300)}", file=sys.stderr)
        if len(each.left_out) > _MOST_SENTENCES:
            more = counted(len(each.left_out) - _MOST_SENTENCES, "more sentence")
            print(f"left out of {shown(each.provider)}: and {more} (see --json)", file=sys.stderr)
    if in_part:
        listed = ", ".join(in_part[:_MOST_SENTENCES])
        print(f"left out because it was recorded only in part: {shown(listed, 1000)}", file=sys.stderr)
