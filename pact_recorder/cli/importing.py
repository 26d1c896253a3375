"""`pact-recorder import`: HAR files and mitmproxy flow files become a session, as if they had been recorded."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from mitmproxy.http import HTTPFlow
from mitmproxy.utils import human

from pact_recorder.addon.report import report_lines
from pact_recorder.capture.flow import exchange_of, request_of, response_of
from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.cli.arguments import Parser, add_recordings
from pact_recorder.cli.command import OK
from pact_recorder.cli.configuring import configuration
from pact_recorder.cli.progress import Progress
from pact_recorder.cli.redacting import add_redact, redaction_rules
from pact_recorder.cli.selecting import Selecting, add_filters
from pact_recorder.cli.tables import counted
from pact_recorder.http import Exchange
from pact_recorder.recordings import SessionStore
from pact_recorder.recordings.importers import ConvertFlow, ImportSource, read_exchanges

EXAMPLES = """\
The files are recognised by their content and taken in the given order. Secrets are redacted, and identical exchanges
are stored once, exactly as while recording; a session that exists is continued.

examples:
  pact-recorder import browser.har --session shop
  pact-recorder import monday.flows tuesday.flows --session week --redact none
"""
_IDLE = "no exchange was found, so no session was written"


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="HAR files and mitmproxy flow files")
    parser.add_argument("--session", metavar="NAME", required=True, help="session to make or to continue")
    add_recordings(parser)
    add_redact(parser)
    add_filters(parser)
    parser.add_argument(
        "--max-body",
        metavar="SIZE",
        type=_size,
        default=_size("16m"),
        help="largest body that is taken whole, in bytes or with k, m, g (default: 16m)",
    )


def run(arguments: Namespace) -> int:
    """Import every file and print what came of it; what was read before an error stays in the session."""
    convert = _conversion(arguments.max_body)
    configured = configuration()
    selecting = Selecting(arguments.filter, arguments.ignore, configured)
    sources = [(path, read_exchanges(path, convert)) for path in arguments.files]
    recorder = Recorder(
        SessionStore(arguments.recordings, arguments.session), Redactor(redaction_rules(arguments.redact, configured))
    )
    for warning in recorder.open_session():
        print(f"pact-recorder: {warning}", file=sys.stderr)
    try:
        for path, source in sources:
            _take(recorder, path, source, selecting)
    finally:
        session = recorder.close()
        print(_report(recorder, session, arguments.files))
    return OK


def _take(recorder: Recorder, path: Path, source: ImportSource, selecting: Selecting) -> None:
    try:
        with Progress(f"importing {path.name}") as progress:
            for exchange in progress.count(source):
                if objection := selecting.objection(exchange):
                    recorder.tally.not_recorded[objection] += 1
                else:
                    recorder.record(exchange)
    finally:
        recorder.tally.not_recorded.update(source.skipped)


def _conversion(limit: int) -> ConvertFlow:
    def convert(flow: HTTPFlow) -> Exchange | None:
        return exchange_of(flow, request_of(flow, limit), response_of(flow, limit))

    return convert


def _report(recorder: Recorder, session: Path | None, files: Sequence[Path]) -> str:
    what = "imported" if session else "imported nothing from"
    heading = f"{what} {counted(len(files), 'file')}:"
    return "\n".join([heading, *report_lines(recorder, session, _IDLE)])


def _size(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}[kmgKMG]?", text) or not (size := human.parse_size(text.lower())):
        raise ArgumentTypeError(f"{text!r} is no size; give bytes, or a number with k, m or g, such as 16m")
    return size
