"""Mock servers side by side: the same contracts, the same requests, one client (wrk), in turns.

    .venv/bin/python benchmarks/mock_server.py [--only NAME …] [--kinds …] [--counts …] [--asked N] [--rounds N]
        [--seconds N]
    .venv/bin/python benchmarks/mock_server.py --growth       what our servers take with ever more interactions
    .venv/bin/python benchmarks/mock_server.py --look-ups     answers alone, without network and HTTP

Three kinds of contract with 1 to 100,000 interactions each: `paths` (distinct literal paths), `bodies` (one path with
different queries and JSON bodies) and `rules` (path rules and type rules). Every interaction is asked for in turn, or
as many as `--asked` says, spread over all of them. A peer that cannot load a contract within a minute, answers less
than five requests a second, or has no such rules, is left out from there on. wrk must be installed (apt-get install
wrk); the Java servers are fetched by Maven (mvn) when Java is there.

The tables are on standard output, what happens meanwhile on standard error. All of it takes about 25 minutes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from mock_servers.contracts import COUNTS, KINDS
from mock_servers.growth import growth
from mock_servers.look_ups import look_ups
from mock_servers.measuring import TOO_SLOW, measure
from mock_servers.peers import JAVA, OURS, SERVERS, has_java
from mock_servers.roles import ROLES
from mock_servers.tables import COLUMNS, heading, machine, row

GROWN = [1, 1_000, 100_000]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=list(SERVERS), help="which servers; all by default")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    parser.add_argument("--counts", nargs="*", type=int, help="how many interactions")
    parser.add_argument("--asked", type=int, help="how many of the interactions are asked for; all by default")
    parser.add_argument("--look-ups", action="store_true", help="measure answers alone, in a loop, and nothing else")
    parser.add_argument("--growth", action="store_true", help="measure our servers only, all counts in turns")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    if not options.look_ups and shutil.which("wrk") is None:
        parser.error("wrk is not installed: apt-get install wrk")
    began = time.monotonic()
    print(f"At the start: {machine()}\n", flush=True)
    if options.look_ups:
        look_ups()
    else:
        with tempfile.TemporaryDirectory() as temporary:
            (grown if options.growth else side_by_side)(options, Path(temporary))
    print(f"\nAt the end: {machine()}; {(time.monotonic() - began) / 60:.0f} minutes.")


def grown(options: argparse.Namespace, folder: Path) -> None:
    growth(options.only or list(OURS), options.kinds, options.counts or GROWN, folder, options.rounds, options.seconds)


def side_by_side(options: argparse.Namespace, folder: Path) -> None:
    able = [name for name in options.only or SERVERS if name not in JAVA or has_java()]
    print(heading(COLUMNS), flush=True)
    for kind in options.kinds:
        names = able
        for count in sorted(options.counts or COUNTS):
            asked = min(count, options.asked or count)
            found = measure(names, kind, count, asked, folder, options.rounds, options.seconds)
            for name, each in found.items():
                print(row(kind, count, name, each), flush=True)
            names = [name for name, each in found.items() if each.medians().rate >= TOO_SLOW]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--be"]:
        ROLES[sys.argv[2]](*sys.argv[3:])
    else:
        main()
