"""Random cases judged by the engine here and by the Rust reference: `python tests/differential/run.py --cases 20000`.

Prints how many verdicts agree, by kind, and each disagreement under the deliberate difference that explains it
(docs/conformance.md) or as unexplained. Exit status 0 when 99.9 % agree and every disagreement is explained.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

# Not the folder of tests itself: its `http` would hide the standard one.
sys.path[0] = str(Path(__file__).parents[2])

from tests.differential.cases import CaseMaker  # noqa: E402
from tests.differential.comparison import Disagreement, compare  # noqa: E402

_AIM = 0.999


def main() -> int:
    """Run the comparison that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="how many cases (default 20000)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random cases (default 1)")
    parser.add_argument("--kind", action="append", default=[], help="only cases of this kind; may be repeated")
    parser.add_argument("--show", type=int, default=3, help="how many disagreements of each class are shown in full")
    options = parser.parse_args()
    cases = list(CaseMaker(options.seed).cases(options.cases, options.kind))
    found = compare(cases)
    _report(Counter(case.kind for case in cases), found, options.show)
    agreement = 1 - len(found) / len(cases)
    return 0 if agreement >= _AIM and all(each.reason for each in found) else 1


def _report(counts: Counter[str], found: list[Disagreement], show: int) -> None:
    total = counts.total()
    _show(f"{total - len(found)} of {total} verdicts agree: {100 * (1 - len(found) / total):.3f} %")
    wrong = Counter(each.case.kind for each in found)
    for kind, count in counts.items():
        _show(f"  {kind:8} {count - wrong[kind]:6} of {count}")
    for reason, count in Counter(each.reason for each in found).most_common():
        _show(f"\n{count} disagree: {reason or 'UNEXPLAINED'}")
        for each in [each for each in found if each.reason == reason][:show]:
            _show(f"\n{each}")


def _show(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
