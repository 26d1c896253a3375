"""Hostile requests and mutated files: `python tests/fuzz/run.py --requests 10000 --files 10000`.

Requests go to mitmdump with the addon (as a proxy and as a reverse proxy) and to `pact-recorder serve`, each with its
control API; files to the loaders of sessions, contracts, HAR and mitmproxy flows. Exit status 1 when anything crashed,
raised what nobody expects, took longer than its bound, or kept memory; what failed is kept in the folder that is named.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

# Not the folder of tests itself: its `http` would hide the standard one.
sys.path[0] = str(Path(__file__).parents[2])

from tests.fuzz.files import fuzz_files  # noqa: E402
from tests.fuzz.targets import fuzz_target  # noqa: E402

_TARGETS = ("proxy", "reverse", "serve")
_MOST_SHOWN = 20


def main() -> int:
    """Fuzz as much as the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="how many in all (default 10000)")
    parser.add_argument("--files", type=int, default=10_000, help="how many in all (default 10000)")
    parser.add_argument("--seed", type=int, default=1, help="the seed (default 1)")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pact-recorder-fuzz-"))
    failures: list[str] = []
    if options.requests:
        for name in _TARGETS:
            sent = fuzz_target(name, folder, options.requests // len(_TARGETS), options.seed)
            answered = ", ".join(f"{count} {kind}xx" for kind, count in sorted(sent.answered.items()))
            _show(f"{name}: {sent.requests} requests, {answered}; slowest {sent.slowest:.2f} s")
            failures += [f"{name}: {failure}" for failure in sent.failures]
    if options.files:
        found = fuzz_files(folder, options.files, options.seed)
        _show(f"files: {found.files}, {found.loaded} of them load; slowest {found.slowest:.2f} s")
        failures += found.failures
    _show(f"{len(failures)} failures{', files are kept in ' + str(folder) if failures else ''}")
    for failure in failures[:_MOST_SHOWN]:
        _show(f"  {failure}")
    return 1 if failures else 0


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
