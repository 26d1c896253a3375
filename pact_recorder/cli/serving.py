"""`pact-recorder serve`: contracts and sessions as a server of their own, or a manager of mock servers."""

from __future__ import annotations

import gc
import logging
import secrets
import socket
import ssl
import sys
from argparse import ArgumentTypeError, Namespace
from dataclasses import dataclass
from pathlib import Path

from pact_recorder import __version__
from pact_recorder.cli.arguments import Address, Parser, add_recordings, choice
from pact_recorder.cli.command import BAD_INPUT, OK
from pact_recorder.cli.configuring import configuration
from pact_recorder.cli.redacting import add_redact, redaction_rules
from pact_recorder.cli.serving_text import manager_text, serving_text
from pact_recorder.errors import UsageError
from pact_recorder.mock import Exhausted
from pact_recorder.server.certificates import Certificate, SelfSigned, self_signed
from pact_recorder.server.context import MOST_EXPECTATIONS, ControlSettings
from pact_recorder.server.listener import bind
from pact_recorder.server.manager import ManagerApp
from pact_recorder.server.running import run_until_stopped
from pact_recorder.server.standalone import ServeSettings, Standalone
from pact_recorder.server.tokens import configured_token
from pact_recorder.server.workers import Ready, Workers

EXAMPLES = """\
Answers come from contracts and sessions, as in mock mode, without mitmproxy and without a proxy. With --manager it
starts with nothing, and mock servers are created over HTTP, by the routes of the Pact mock server's own command.

examples:
  pact-recorder serve pacts/web-users.json
  pact-recorder serve pacts/*.json shop --watch
  pact-recorder serve pacts/web-users.json --state       then: curl -H 'X-Pact-Provider-State: a user exists' …
  pact-recorder serve shop --listen 0.0.0.0:8080 --workers 4
  pact-recorder serve --manager --output pacts
"""
_MOST_WORKERS = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """What a serving process has to do; it survives pickling."""

    settings: ServeSettings
    address: Address
    tls: Certificate | SelfSigned | None
    watch: bool

    def context(self) -> ssl.SSLContext | None:
        """The server side of TLS, None without it."""
        return None if self.tls is None else self.tls.context()

    def url(self, port: int) -> str:
        """The base URL at a port, as a client on this machine can use it."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
        host = everywhere.get(self.address.host, self.address.host)
        return f"{'https' if self.tls else 'http'}://{Address(host, port)}"


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.usage = f"{parser.prog} [options] PACT|SESSION…"
    parser.add_argument("sources", metavar="PACT|SESSION", nargs="*", help="contracts and sessions to serve")
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        type=Address.parse,
        default=Address("127.0.0.1", 8080),
        help="where to listen (default: 127.0.0.1:8080)",
    )
    parser.add_argument("--workers", metavar="N", type=_workers, default=1, help="processes that share the port")
    parser.add_argument("--watch", action="store_true", help="load the files again when one changes")
    parser.add_argument(
        "--state",
        action="store_true",
        help="let interactions answer only in their provider states, which a header or the control API chooses",
    )
    parser.add_argument("--unmatched", metavar="STATUS", type=_status, default=404, help="status of a miss (404)")
    parser.add_argument(
        "--sequence",
        metavar="|".join(policy.value for policy in Exhausted),
        type=choice([policy.value for policy in Exhausted]),
        default=Exhausted.REPEAT_LAST.value,
        help="what follows the last recorded answer (repeat-last)",
    )
    parser.add_argument("--cors", action="store_true", help="allow web pages of every origin")
    parser.add_argument("--tls", action="store_true", help="speak TLS with a certificate that signs itself")
    parser.add_argument("--certificate", metavar="FILE", type=Path, help="speak TLS with the certificate in a PEM file")
    parser.add_argument("--key", metavar="FILE", type=Path, help="its private key, when that is not in the same file")
    parser.add_argument(
        "--control-token-file",
        metavar="FILE",
        type=Path,
        help="file with the token that lets callers from other machines and web pages use the control API",
    )
    parser.add_argument(
        "--max-expectations",
        metavar="N",
        type=_count,
        default=MOST_EXPECTATIONS,
        help=f"how many expectations the control API may set ({MOST_EXPECTATIONS:,})",
    )
    parser.add_argument("--manager", action="store_true", help="let mock servers be created and verified over HTTP")
    parser.add_argument("--output", "-o", metavar="DIR", type=Path, help="where the manager writes contracts (pacts)")
    add_recordings(parser)
    add_redact(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="show each request that nothing matches")


def run(arguments: Namespace) -> int:
    """Serve until stopped."""
    _check(arguments)
    logging.basicConfig(
        level=logging.INFO if arguments.verbose else logging.WARNING, format="%(message)s", stream=sys.stderr
    )
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    plan = Plan(_settings(arguments), arguments.listen, _tls(arguments), arguments.watch)
    if arguments.manager:
        return _manage(arguments, plan)
    app = Standalone(plan.settings)
    bound = bind(plan.address.host, plan.address.port)
    text = serving_text(app, plan.url(bound.getsockname()[1]), plan.address.is_loopback, arguments.workers)
    if arguments.workers == 1:
        _serve(bound, app, plan, lambda: _say(text))
        return OK
    bound.listen()
    workers = Workers(arguments.workers, work, bound, plan)
    # What the parent has loaded was for its checks and its table.
    del app
    return OK if workers.run(lambda: _say(text)) else BAD_INPUT


def work(bound: socket.socket, number: int, plan: Plan, ready: Ready) -> None:
    """What one of several processes does; the first one tells what is loaded again."""
    logging.basicConfig(level=logging.WARNING if number == 0 else logging.ERROR, format="%(message)s")
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    _serve(bound, Standalone(plan.settings), plan, ready)


def _serve(bound: socket.socket, app: Standalone, plan: Plan, ready: Ready) -> None:
    def started(port: int) -> None:
        app.url = plan.url(port)
        ready()

    # What was loaded stays: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    run_until_stopped(app, bound, plan.context(), started, app if plan.watch else None)


def _manage(arguments: Namespace, plan: Plan) -> int:
    given = configured_token(arguments.control_token_file)
    key = given or secrets.token_urlsafe(24)
    output = arguments.output or Path("pacts")
    bound = bind(plan.address.host, plan.address.port)
    app = ManagerApp(plan.address.host, output, key)

    def started(port: int) -> None:
        _say(manager_text(plan.url(port), output, None if given else key))

    try:
        run_until_stopped(app, bound, plan.context(), started)
    finally:
        app.stop_all()
    return OK


def _settings(arguments: Namespace) -> ServeSettings:
    token = configured_token(arguments.control_token_file)
    return ServeSettings(
        sources=tuple(arguments.sources),
        recordings=arguments.recordings,
        redaction=redaction_rules(arguments.redact, configuration()),
        policy=Exhausted(arguments.sequence),
        unmatched=arguments.unmatched,
        states=arguments.state,
        cors=arguments.cors,
        control=ControlSettings(token, max_expectations=arguments.max_expectations) if arguments.workers == 1 else None,
        version=__version__,
    )


def _tls(arguments: Namespace) -> Certificate | SelfSigned | None:
    if arguments.certificate is not None:
        certificate = Certificate(arguments.certificate, arguments.key)
        certificate.context()
        return certificate
    return self_signed(arguments.listen.host) if arguments.tls else None


def _check(arguments: Namespace) -> None:
    if arguments.manager and (arguments.sources or arguments.workers > 1 or arguments.watch or arguments.state):
        raise UsageError("--manager takes neither PACT nor SESSION, and no --workers, --watch or --state.")
    if not arguments.manager and not arguments.sources:
        raise UsageError("Nothing to serve: name contracts or sessions, or give --manager.")
    if arguments.output is not None and not arguments.manager:
        raise UsageError("--output is where the manager writes contracts: it goes with --manager.")
    if arguments.key is not None and arguments.certificate is None:
        raise UsageError("--key goes with --certificate.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_WORKERS):
        raise ArgumentTypeError(f"{text!r} is no number of processes from 1 to {_MOST_WORKERS}")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise ArgumentTypeError(f"{text!r} is no limit: give a whole number from 1")
    return int(text)


def _status(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 200 <= int(text) <= 599):
        raise ArgumentTypeError(f"{text!r} is no status from 200 to 599")
    return int(text)
