"""`pact-recorder export`: one contract for each provider that sessions have recorded."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from pact_recorder.cli.arguments import Parser, add_json, add_recordings, choice, name_of_party
from pact_recorder.cli.command import OK
from pact_recorder.cli.configuring import configuration
from pact_recorder.cli.exporting_report import check_report_file, report_file, write_report
from pact_recorder.cli.exporting_tables import Written, result_lines
from pact_recorder.cli.exporting_warnings import configuration_warnings
from pact_recorder.cli.sessions import chosen_sessions, expectations_of_sessions
from pact_recorder.errors import UsageError
from pact_recorder.pact import (
    SPECIFICATIONS,
    SpecVersion,
    contract_file_name,
    contract_to_json,
    format_contract,
    write_contract,
)
from pact_recorder.recordings import Configuration
from pact_recorder.server import Active, Exported, Exporter, Style, Wanted

EXAMPLES = """\
Each provider gets a contract of its own, CONSUMER-PROVIDER.json, named by pact-recorder.yaml or after its host; one
that is there already keeps its other interactions. Without SESSION the newest one is taken. Interactions are inferred
from all samples; --style literal writes each recorded exchange as it is.

examples:
  pact-recorder export shop --consumer web
  pact-recorder export shop --consumer web --host api.example.com --provider shop-api
  pact-recorder export monday tuesday --consumer web --report pacts/report.html
  pact-recorder export monday tuesday --consumer web --spec 4 -o contracts
  pact-recorder export shop --consumer web --host api.example.com -o - | jq .interactions
"""
STANDARD_OUTPUT = "-"


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("sessions", metavar="SESSION", nargs="*", help="names under the recordings folder, or paths")
    parser.add_argument("--consumer", metavar="NAME", required=True, type=name_of_party, help="name of the consumer")
    parser.add_argument(
        "--provider", metavar="NAME", type=name_of_party, help="name of the provider, when there is a single one"
    )
    parser.add_argument("--host", metavar="HOST", help="only what was recorded of this host (with its port, if any)")
    parser.add_argument(
        "--style",
        metavar="|".join(Style),
        type=choice(list(Style)),
        default=Style.INFERRED.value,
        help="inferred: rules drawn from all samples (default); literal: each exchange as it was recorded",
    )
    parser.add_argument(
        "--spec", metavar="2|3|4", type=_version, default=3, help="version of the Pact specification (default: 3)"
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR|-", default="pacts", help="folder to write into (default: pacts); - prints"
    )
    parser.add_argument(
        "--report",
        metavar="FILE",
        type=report_file,
        help="write what each rule rests on, what was guessed and what was left out: .json, or .html to read",
    )
    add_recordings(parser)
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Make the contracts, write them, and say what they rest on, what was written and what was left out."""
    _check(arguments)
    configured = configuration()
    paths = chosen_sessions(arguments.sessions, arguments.recordings)
    if not arguments.sessions:
        print(f"pact-recorder: exporting the newest session, {paths[0]}", file=sys.stderr)
    expectations = expectations_of_sessions(paths)
    exporter = Exporter(expectations, configured)
    active = exporter.active(Style.parse(arguments.style), time.time())
    exports = _exports(exporter, active, configured, arguments)
    if arguments.host is None:
        for sentence in configuration_warnings(configured, active.hosts, exporter.unused_hints):
            print(f"pact-recorder: warning: {sentence}", file=sys.stderr)
    if arguments.report is not None:
        check_report_file(arguments.report, _files(exports, arguments.output))
    if arguments.output == STANDARD_OUTPUT:
        written = [_printed(export, arguments.spec) for export in exports]
    else:
        written = [_written(export, arguments.spec, Path(arguments.output)) for export in exports]
    in_part = sorted(expectations.cut_paths)
    if arguments.report is not None:
        write_report(arguments.report, written, list(map(str, paths)), in_part)
    if arguments.json:
        contracts = [each.to_json() for each in written]
        sessions = [str(path) for path in paths]
        print(json.dumps({"sessions": sessions, "contracts": contracts, "recorded_in_part": in_part}, indent=2))
    else:
        print("\n".join(result_lines(written, in_part)), file=sys.stderr)
    return OK


def _check(arguments: Namespace) -> None:
    """Raises UsageError for options that do not go together."""
    if arguments.json and arguments.output == STANDARD_OUTPUT:
        raise UsageError("--json and -o - both print on standard output: choose one of them.")
    if arguments.report is not None and arguments.style == Style.LITERAL:
        raise UsageError("--report tells what rules rest on, and a literal contract has none: leave one of them out.")


def _version(text: str) -> SpecVersion:
    if text not in map(str, SPECIFICATIONS):
        raise ArgumentTypeError(f"{text!r} is none of the versions that can be written: 2, 3 and 4")
    return cast(SpecVersion, int(text))


def _exports(exporter: Exporter, active: Active, configured: Configuration, arguments: Namespace) -> list[Exported]:
    """The contracts. Raises UsageError when there is nothing, or more than can be named or printed."""
    style = Style.parse(arguments.style)
    hosts = active.hosts
    host = None if arguments.host is None else arguments.host.strip().lower()
    if not hosts or host not in (None, *hosts):
        asked = f" of {arguments.host}" if arguments.host is not None else ""
        raise UsageError(f"Nothing was recorded{asked}; the sessions have the hosts: {', '.join(hosts) or 'none'}.")
    wanted = Wanted(arguments.consumer, style, arguments.spec, host, explain=style is Style.INFERRED)
    providers = _providers(hosts, host, configured, arguments.provider)
    if len(providers) > 1 and (arguments.provider or arguments.output == STANDARD_OUTPUT):
        reason = "--provider names the provider of" if arguments.provider else "-o - prints the contract of"
        raise UsageError(f"{reason} a single host: choose one with --host; there are {', '.join(hosts)}.")
    return exporter.each(active, wanted, lambda name: arguments.provider or name, of=providers)


def _providers(hosts: Sequence[str], host: str | None, configured: Configuration, named: str | None) -> set[str]:
    """The providers that are meant: a name that the configuration gives to some of the hosts means these."""
    providers = {configured.provider_of(each) for each in hosts if host in (None, each)}
    given = {configured.provider_of(each) for each in hosts if each in configured.providers}
    return {named} if host is None and named is not None and named in given else providers


def _files(exports: Sequence[Exported], output: str) -> list[Path]:
    """The files that contracts will be written to."""
    if output == STANDARD_OUTPUT:
        return []
    return [Path(output) / contract_file_name(each.contract.consumer, each.contract.provider) for each in exports]


def _printed(export: Exported, version: SpecVersion) -> Written:
    _, lost = contract_to_json(export.contract, version)
    # A contract is UTF-8, whatever the terminal is.
    sys.stdout.buffer.write(format_contract(export.contract, version).encode())
    return Written(export, None, tuple(lost))


def _written(export: Exported, version: SpecVersion, folder: Path) -> Written:
    lost: list[str] = []
    path = write_contract(export.contract, folder, version=version, superseding=True, on_lost=lost.extend)
    return Written(export, str(path), tuple(lost))
