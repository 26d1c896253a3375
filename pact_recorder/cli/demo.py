"""`pact-recorder demo`: the whole main job on this machine, told step by step with the figures it measured."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from argparse import Namespace
from http.client import HTTPException
from pathlib import Path
from subprocess import SubprocessError

from pact_recorder.cli.arguments import Parser
from pact_recorder.cli.command import DIFFERENCES, OK
from pact_recorder.cli.demo_steps import CONSUMER, STEPS, Demonstration
from pact_recorder.errors import PactRecorderError, StorageError, UsageError
from pact_recorder.recordings import SessionFiles

EXAMPLES = """\
A small API is recorded through mitmdump, stopped, replayed, exported as a Pact contract and verified. Everything
happens on 127.0.0.1, on ports that the system picks; the session and the contract stay in the folder to look at.

examples:
  pact-recorder demo
  pact-recorder demo --directory /tmp/demo
"""
_MARK = "README.txt"
_ABOUT = """\
Written by `pact-recorder demo`, and replaced when it runs again.

recordings/   the recorded session
pacts/        the contract made of it
mitmdump.log  what mitmdump said
"""


_FAILURES = (PactRecorderError, OSError, HTTPException, SubprocessError, ValueError, KeyError)
"""What a step can raise: it failed itself, or something did not answer, or not as it should."""


def declare(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--directory",
        metavar="DIR",
        type=Path,
        default=Path("pact-recorder-demo"),
        help="folder for the session and the contract (default: pact-recorder-demo)",
    )
    parser.add_argument("--session", metavar="NAME", default="demo", help="name of the session (default: demo)")


def run(arguments: Namespace) -> int:
    """Perform every step; DIFFERENCES when one fails, and nothing after it is done."""
    folder: Path = arguments.directory
    SessionFiles.of(folder, arguments.session)
    _prepare(folder)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pact-recorder-") as confdir:
        if not _perform(Demonstration(folder, arguments.session, Path(confdir))):
            return DIFFERENCES
    recordings, session = folder / "recordings", arguments.session
    print(f"\nall {len(STEPS)} steps in {time.monotonic() - began:.1f} s; look at {folder}, or go on with")
    print(f"  pact-recorder inspect {recordings / session}.yaml")
    print(f"  pact-recorder mock --recordings {recordings} --session {session}")
    print(f"  pact-recorder export {session} --recordings {recordings} --consumer {CONSUMER} -o -")
    return OK


def _perform(demonstration: Demonstration) -> bool:
    width = max(len(title) for title, _ in STEPS)
    with demonstration:
        for number, (title, step) in enumerate(STEPS, start=1):
            try:
                figure = step(demonstration)
            except _FAILURES as error:
                print(f"{number:>2}  {title:<{width}}  FAILED", flush=True)
                print(f"pact-recorder: the demo failed at step {number}, {title}: {error}", file=sys.stderr)
                return False
            print(f"{number:>2}  {title:<{width}}  {figure}", flush=True)
    return True


def _prepare(folder: Path) -> None:
    """An empty folder; what an earlier demo left is removed, what someone else put there is not."""
    try:
        if folder.exists() and any(folder.iterdir()) and not _is_ours(folder):
            raise UsageError(f"{folder} has other things in it; give an empty folder with --directory.")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("recordings", "pacts"):
            shutil.rmtree(folder / name, ignore_errors=True)
        (folder / "mitmdump.log").unlink(missing_ok=True)
        (folder / _MARK).write_text(_ABOUT, "utf-8")
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be written: {error.strerror}.") from error


def _is_ours(folder: Path) -> bool:
    try:
        return (folder / _MARK).read_text("utf-8") == _ABOUT
    except (FileNotFoundError, UnicodeDecodeError):
        return False
