"""Reading the command line: argparse whose errors are one sentence and suggest what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

DEFAULT_RECORDINGS = "recordings"


class Parser(argparse.ArgumentParser):
    """An argument parser that answers a mistake with one sentence on standard error and exit status 2."""

    def __init__(self, prog: str, description: str, examples: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        self.option_names: list[str] = ["--help"]

    def add_argument(self, *args: Any, **kwargs: Any) -> argparse.Action:
        """As argparse's; remembers the names of options for suggestions."""
        action = super().add_argument(*args, **kwargs)
        if action.dest != "help":
            self.option_names.extend(action.option_strings)
        return action

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The parsed arguments; exits when they are wrong or `--help` was asked for."""
        parsed, unknown = self.parse_known_args(arguments)
        if unknown:
            self.error(_unexpected(unknown[0], self.option_names))
        return parsed

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one sentence, and exit."""
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(2)


def _unexpected(text: str, options: Sequence[str]) -> str:
    if not text.startswith("-"):
        return f"{text!r} is one argument too many"
    name = text.partition("=")[0]
    near = difflib.get_close_matches(name, options, n=1)
    return f"there is no option {name}" + (f"; did you mean {near[0]}?" if near else "")


def name_of_party(text: str) -> str:
    """The name of a consumer or provider. Raises ArgumentTypeError for one that is blank or cannot be printed."""
    if not text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text!r} is no name: it takes characters that can be seen")
    return text


def suggestion(wanted: str, known: Iterable[str]) -> str:
    """`; did you mean export?`, or the list of what there is, or nothing when there is nothing."""
    names = list(known)
    near = difflib.get_close_matches(wanted[:100], names, n=2)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; choose one of {', '.join(names)}" if names else ""


def choice(values: Sequence[str]) -> Callable[[str], str]:
    """An argument type: one of the values."""

    def check(text: str) -> str:
        if text not in values:
            raise argparse.ArgumentTypeError(f"there is no {text!r}{suggestion(text, values)}")
        return text

    return check


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 lets the system pick one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """An argument type: `HOST:PORT`, `:PORT` or `PORT`; an IPv6 host stands in brackets."""
        host, _, port = text.rpartition(":")
        if not (port.isascii() and port.isdigit() and int(port) <= 65_535) or (":" in host and host[0] != "["):
            raise argparse.ArgumentTypeError(f"{text!r} is no address; give HOST:PORT, such as 127.0.0.1:8080")
        return cls(host.strip("[]") or "127.0.0.1", int(port))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can connect to it."""
        return self.host == "localhost" or self.host == "::1" or self.host.startswith("127.")

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def service_url(text: str) -> str:
    """An argument type: the URL of a service, without path."""
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise argparse.ArgumentTypeError(f"{text!r} is no address of a service; give http://HOST:PORT without a path")
    return text.rstrip("/")


def add_recordings(parser: Parser) -> None:
    """Declare `--recordings`."""
    parser.add_argument(
        "--recordings",
        metavar="DIR",
        type=Path,
        default=Path(DEFAULT_RECORDINGS),
        help="folder of the sessions (default: recordings)",
    )


def add_json(parser: Parser) -> None:
    """Declare `--json`."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON on standard output")
