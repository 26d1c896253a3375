"""The program: finds the command, runs it, and turns whatever goes wrong into one sentence and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from pact_recorder import __version__
from pact_recorder.cli.arguments import Parser, suggestion
from pact_recorder.cli.command import BAD_INPUT, BROKEN_PIPE, BUG, COMMANDS, INTERRUPTED, Command
from pact_recorder.cli.ending import Ended, ending_at_once, ending_cleanly
from pact_recorder.cli.output import abandon, is_refused_by_disk, prepare_streams, tell
from pact_recorder.errors import PactRecorderError

PROGRAM = "pact-recorder"
TRACE_VARIABLE = "PACT_RECORDER_TRACE"

_EXAMPLES = """\
exit status:
  0 fine, 1 a check found differences, 2 wrong usage or input, 3 a defect of this program

first steps:
  pact-recorder demo                                   the whole job on this machine, in one minute
  pact-recorder capture --session shop                 a recording proxy on 127.0.0.1:8080
  pact-recorder mock --session shop                    the same answers, offline
  pact-recorder export shop --consumer web             contracts, one per provider, in pacts/
  pact-recorder COMMAND --help                         options and examples of a command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: the process's own); the exit status."""
    prepare_streams()
    try:
        try:
            return _run(sys.argv[1:] if arguments is None else list(arguments))
        finally:
            sys.stdout.flush()
    except PactRecorderError as error:
        tell(f"{PROGRAM}: {error}")
        return BAD_INPUT
    except Ended as ended:
        return ended.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        abandon(sys.stdout)
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 (the edge: a person sees a sentence, not a stack)
        return _failed(error)


def command_parser(command: Command) -> Parser:
    """The argument parser of a command."""
    module = command.load()
    parser = Parser(f"{PROGRAM} {command.name}", f"{command.summary[0].upper()}{command.summary[1:]}.", module.EXAMPLES)
    parser.set_defaults(command=command.name, passed_on=[])
    module.declare(parser)
    return parser


def _run(arguments: list[str]) -> int:
    with ending_at_once():
        command, parsed = _parsed(arguments)
    with ending_cleanly():
        if "recordings" in parsed:
            _recover(parsed.recordings)
        return command.load().run(parsed)


def _parsed(arguments: list[str]) -> tuple[Command, Namespace]:
    if not arguments or arguments[0].startswith("-"):
        _top_level(arguments)
    name = arguments[0]
    command = next((command for command in COMMANDS if command.name == name), None)
    if command is None:
        _top_parser().error(f"there is no command {name!r}{suggestion(name, [each.name for each in COMMANDS])}")
    own, passed_on = _split(arguments[1:])
    parsed = command_parser(command).parse(own)
    if passed_on and command.module != "proxy":
        _top_parser().error(f"{name} takes no arguments after --")
    parsed.passed_on = passed_on
    return command, parsed


def _recover(recordings: Path) -> None:
    """Complete the sessions that killed recordings have left, before anything looks for them."""
    # Only here: reading sessions takes a while to import, and --help should not.
    from pact_recorder.recordings import recover_orphans

    for warning in recover_orphans(recordings):
        print(f"{PROGRAM}: {warning}", file=sys.stderr)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The command's own arguments, and those after `--`, which are mitmdump's."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


def _top_level(arguments: list[str]) -> NoReturn:
    parser = _top_parser()
    parser.parse(arguments)
    parser.error("a command is missing")


def _top_parser() -> Parser:
    listed = "\n".join(f"  {command.name:<10}{command.summary}" for command in COMMANDS)
    parser = Parser(
        PROGRAM,
        f"Records HTTP traffic, replays it offline and makes Pact contracts of it.\n\ncommands:\n{listed}",
        _EXAMPLES,
    )
    parser.usage = f"{PROGRAM} COMMAND …"
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    return parser


def _failed(error: Exception) -> int:
    if isinstance(error, OSError) and is_refused_by_disk(error):
        abandon(sys.stdout)
        tell(f"{PROGRAM}: {error.filename or 'the output'} cannot be written: {error.strerror}.")
        return BAD_INPUT
    return _defect(error)


def _defect(error: Exception) -> int:
    if os.environ.get(TRACE_VARIABLE):
        traceback.print_exception(error)
    text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    tell(
        f"{PROGRAM}: a defect of this program stopped it ({text}); "
        f"run it again with {TRACE_VARIABLE}=1 and report what it prints"
    )
    return BUG
