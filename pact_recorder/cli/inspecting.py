"""`pact-recorder inspect`: what is in a session or a contract."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict

from pact_recorder.capture.recorder import find_source
from pact_recorder.cli.arguments import Parser, add_json, add_recordings
from pact_recorder.cli.command import OK
from pact_recorder.cli.configuring import configuration
from pact_recorder.cli.contract_view import ContractView, contract_tables, contract_view
from pact_recorder.cli.session_tables import session_tables
from pact_recorder.cli.session_view import SessionView, session_view
from pact_recorder.cli.sessions import read_session
from pact_recorder.pact import load_contract
from pact_recorder.recordings import read_session_header

EXAMPLES = """\
examples:
  pact-recorder inspect shop
  pact-recorder inspect pacts/web-shop.json
  pact-recorder inspect shop --json | jq '.operations[] | select(.statuses["500"])'
"""


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("source", metavar="SESSION|PACT", help="name or path of a session, or path of a contract")
    add_recordings(parser)
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Show it."""
    path = find_source(arguments.source, arguments.recordings)
    if path.suffix in (".yaml", ".yml"):
        session = session_view(read_session_header(path), read_session(path), path, configuration())
        _show(session, session_tables(session), arguments.json)
    else:
        contract = contract_view(load_contract(path), path)
        _show(contract, contract_tables(contract), arguments.json)
    return OK


def _show(view: SessionView | ContractView, lines: Sequence[str], as_json: bool) -> None:
    print(json.dumps(asdict(view), indent=2) if as_json else "\n".join(lines))
