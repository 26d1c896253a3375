"""The commands there are: a table, and what a command's module has to offer."""

from __future__ import annotations

import importlib
from argparse import Namespace
from dataclasses import dataclass
from typing import Protocol, cast

from pact_recorder.cli.arguments import Parser

OK = 0
DIFFERENCES = 1
BAD_INPUT = 2
BUG = 3
INTERRUPTED = 130
BROKEN_PIPE = 141


class CommandModule(Protocol):
    """What the module of a command offers."""

    EXAMPLES: str

    def declare(self, parser: Parser) -> None:
        """Declare the arguments."""

    def run(self, arguments: Namespace) -> int:
        """Do it; the exit status. Raises PactRecorderError for what the user can put right."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, one line on what it does, and the module that is imported only when it runs."""

    name: str
    summary: str
    module: str

    def load(self) -> CommandModule:
        """The module; mitmproxy alone takes half a second to import, which `--help` should not."""
        return cast(CommandModule, importlib.import_module(f"pact_recorder.cli.{self.module}"))


COMMANDS = (
    Command("capture", "forward and record everything through a proxy", "proxy"),
    Command("spy", "answer what is known from recordings, forward and record the rest", "proxy"),
    Command("mock", "answer from recordings and contracts, offline", "proxy"),
    Command("import", "make a session of HAR files and mitmproxy flow files", "importing"),
    Command("export", "write Pact contracts of recorded sessions", "exporting"),
    Command("verify", "check contracts against a recorded session or a provider", "verifying"),
    Command("score", "say how well contracts fit traffic that they have not seen", "scoring"),
    Command("serve", "serve contracts and sessions without a proxy, fast", "serving"),
    Command("inspect", "show what is in a session or a contract", "inspecting"),
    Command("demo", "record, replay, export and verify a small API on this machine", "demo"),
)
