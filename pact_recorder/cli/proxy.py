"""`pact-recorder capture`, `spy` and `mock`: mitmdump with the addon, in this process."""

from __future__ import annotations

import errno
import re
import socket
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from pathlib import Path

from mitmproxy.exceptions import OptionsError
from mitmproxy.options import Options

from pact_recorder.addon.options import OPTIONS, Settings
from pact_recorder.capture.recorder import find_source
from pact_recorder.cli.arguments import Address, Parser, add_recordings, choice, service_url
from pact_recorder.cli.command import BAD_INPUT, OK
from pact_recorder.cli.guidance import Running, guidance
from pact_recorder.errors import StorageError, UsageError
from pact_recorder.mock import Exhausted
from pact_recorder.recordings import Fsync, find_session, session_names

EXAMPLES = """\
Without --upstream it is an HTTP proxy for any number of services. With --upstream it stands in front of one service:
clients use its address in place of the service's. To go out through another proxy, or to be a SOCKS proxy, give
mitmdump's own arguments after --.

examples:
  pact-recorder capture --session shop
  pact-recorder capture --session shop --upstream http://localhost:3000
  pact-recorder spy --session shop --ignore '~d analytics.example.com'
  pact-recorder mock --session shop
  pact-recorder mock pacts/web-shop.json
  pact-recorder capture --session shop -- --mode upstream:http://proxy.example.com:3128
  pact-recorder capture --session shop -- --mode socks5 --set flow_detail=1
"""


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.usage = f"{parser.prog} [options] [PACT…] [-- mitmdump arguments]"
    parser.add_argument(
        "sources",
        metavar="PACT",
        nargs="*",
        help="contracts, and other sessions, whose answers are active from the start",
    )
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        type=Address.parse,
        default=Address("127.0.0.1", 8080),
        help="where to listen (default: 127.0.0.1:8080)",
    )
    parser.add_argument("--upstream", metavar="URL", type=service_url, help="the one service behind this address")
    parser.add_argument("--session", metavar="NAME", default="", help="session to record into or to replay")
    add_recordings(parser)
    _declare_options(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="show each request as mitmdump does, URL and all")


def _declare_options(parser: Parser) -> None:
    """The options that the addon has too, with its help."""
    for name, metavar in _ADDON_OPTIONS.items():
        option = next(each for each in OPTIONS if each.name == "pact_" + name.replace("-", "_"))
        parser.add_argument(
            f"--{name}",
            metavar=metavar,
            type=choice(option.choices) if option.choices else _number(metavar) if option.type is int else str,
            help=option.help.replace("%", "%%"),
        )
    parser.add_argument(
        "--control-token-file",
        metavar="FILE",
        type=Path,
        help="file with the token that lets callers from other machines and web pages use the control API",
    )


def _number(metavar: str) -> Callable[[str], str]:
    """An argument type: a number, without which mitmproxy would not name the option; the addon knows the valid ones."""
    what = _NUMBERS[metavar]

    def check(text: str) -> str:
        try:
            int(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r} is no {what}") from None
        return text

    return check


_NUMBERS = {"STATUS": "status from 200 to 599", "N": "whole number from 1"}


_ADDON_OPTIONS = {
    "filter": "FILTER",
    "ignore": "FILTER",
    "redact": "default|none|FILE",
    "unmatched": "STATUS",
    "sequence": "|".join(policy.value for policy in Exhausted),
    "max-body": "SIZE",
    "fsync": "|".join(policy.value for policy in Fsync),
    "max-expectations": "N",
    "max-log": "N",
    "max-log-memory": "SIZE",
    "consumer": "NAME",
    "provider": "NAME",
}


def run(arguments: Namespace) -> int:
    """Check what can be checked, then run mitmdump until it is stopped."""
    values = _values(arguments)
    _check(values)
    _check_sources(arguments)
    address = _free(arguments.listen)
    mitmdump = ["--listen-host", address.host, "--listen-port", str(address.port)]
    if arguments.upstream:
        mitmdump += ["--mode", f"reverse:{arguments.upstream}"]
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            mitmdump += ["--set", f"{name}={each}"]

    def announce(addresses: list[Address], confdir: Path) -> None:
        running = Running(arguments.command, tuple(addresses), arguments.upstream, arguments.session, confdir)
        print(guidance(running), file=sys.stderr, flush=True)

    # Only here: with all of its own addons mitmproxy takes a while to import, and --help should not.
    from pact_recorder.cli.mitmdump import run_mitmdump

    ended_well = run_mitmdump([*mitmdump, *arguments.passed_on], announce, quiet=not arguments.verbose)
    return OK if ended_well else BAD_INPUT


def _values(arguments: Namespace) -> dict[str, str | list[str]]:
    """The addon's options that were given."""
    values: dict[str, str | list[str]] = {
        "pact_mode": arguments.command,
        "pact_session": arguments.session,
        "pact_recordings": str(arguments.recordings),
        "pact_load": arguments.sources,
    }
    for name in _ADDON_OPTIONS:
        given = getattr(arguments, name.replace("-", "_"))
        if given is not None:
            values["pact_" + name.replace("-", "_")] = given
    if arguments.control_token_file is not None:
        values["pact_control_token_file"] = str(arguments.control_token_file)
    return {name: value for name, value in values.items() if value not in ("", [])}


def _check(values: dict[str, str | list[str]]) -> None:
    """Let the addon check its options before anything starts, and say its complaint in this command's words."""
    options = Options()
    for option in OPTIONS:
        options.add_option(option.name, option.type, option.default, option.help, option.choices)
    try:
        options.set(*(f"{name}={value}" for name, value in values.items() if isinstance(value, str)))
        Settings.read(options)
    except OptionsError as error:
        raise UsageError(_in_our_words(str(error))) from error


def _in_our_words(sentence: str) -> str:
    return re.sub(r"\bpact_([a-z_]+)", lambda match: "--" + match[1].replace("_", "-"), sentence)


def _check_sources(arguments: Namespace) -> None:
    for source in arguments.sources:
        find_source(source, arguments.recordings)
    if arguments.command != "mock":
        return
    if arguments.session:
        find_session(arguments.recordings, arguments.session)
    elif not arguments.sources:
        names = ", ".join(session_names(arguments.recordings)[:10])
        known = f"there are the sessions {names}" if names else f"there is no session in {arguments.recordings} yet"
        print(f"pact-recorder: nothing is active: no --session and no PACT was given; {known}.", file=sys.stderr)


def _free(address: Address) -> Address:
    """The address itself when nothing listens on it; with port 0, one that the system picks."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            return Address(address.host, probe.getsockname()[1])
    except socket.gaierror as error:
        raise UsageError(f"{address.host} is no address of this machine; give --listen HOST:PORT.") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(f"{address.host} is no address of this machine; give --listen HOST:PORT.") from error
        reason = error.strerror or str(error)
        raise StorageError(f"Cannot listen on {address}: {reason}; give another with --listen HOST:PORT.") from error
