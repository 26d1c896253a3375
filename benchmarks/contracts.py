"""How well contracts fit traffic that they have not seen: `python benchmarks/contracts.py --jobs 2`.

Of each corpus a seeded random half makes contracts, one per host; the other half is held out. The table says how many
of the held-out requests the contracts cover, how many of the covered answers they accept, and of labelled mutants of
the covered answers how many breaking ones they refuse and how many others they accept. Shares are of the exchanges or
mutants behind them; `--json` has both numbers.
"""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contract_corpora import Corpus, Sampling, available
from contract_reference import Agreement, RequestCase, ResponseCase, judge_with_reference

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Exchange
from pact_recorder.inference.inferring import Inference
from pact_recorder.mock import Expectations
from pact_recorder.pact import Contract, format_contract, read_contract
from pact_recorder.server.operations import export_contract
from pact_recorder.verification import SCORED, ContractScore, Mutant, MutantTally, Scorer, Share, total
from pact_recorder.verification.mutant import BREAKING
from pact_recorder.verification.scoring import Judgement, judge_answer

LeftOut = Mapping[str, tuple[str, ...]]
"""By the description of an interaction the places of its response that some sample lacks, which Pact V3 cannot say."""
MakeContract = Callable[[Sequence[Exchange], str], tuple[Contract, LeftOut]]
"""Makes the contract of one host from exchanges with it."""


def literal(exchanges: Sequence[Exchange], provider: str) -> tuple[Contract, LeftOut]:
    """What the exchanges say, word for word."""
    expectations = Expectations(lambda reference: exchanges[reference])
    for place, exchange in enumerate(exchanges):
        expectations.add_recorded(exchange, place, 1, place + 1)
    return export_contract(expectations.all(0.0), "bench", provider).contract, {}


def inferred(exchanges: Sequence[Exchange], provider: str) -> tuple[Contract, LeftOut]:
    """What the exchanges have in common."""
    inference = Inference()
    for exchange in exchanges:
        inference.add(exchange)
    made = inference.contract("bench", provider, explain=True)
    left_out = {
        interaction.description: tuple(_place(each.path) for each in interaction.left_out if each.absent)
        for operation in made.report.operations
        for interaction in operation.interactions
    }
    return made.contract, left_out


def _place(path: str) -> str:
    """A path expression as mutants have it: without indexes, every name after a dot."""
    return re.sub(r"\['([^']*)'\]", r".\1", re.sub(r"\[\d*\]", "[*]", path))


STYLES: dict[str, MakeContract] = {"literal": literal, "inferred": inferred}


@dataclass(frozen=True)
class Task:
    """One corpus to be scored in one style."""

    path: Path
    style: str
    split: str
    sampling: Sampling
    redact: bool
    judged: int  # verdicts that are compared with the reference's, 0 for none


@dataclass(frozen=True)
class Row:
    """What came of it: the scores by host, and the seconds that making and scoring the contracts took."""

    corpus: str
    style: str
    interactions: int
    scores: dict[str, ContractScore]
    counted: "Counted"
    seconds: tuple[float, float]
    agreement: Agreement | None

    @property
    def coverage(self) -> Share:
        return sum((score.coverage for score in self.scores.values()), Share(0, self.counted.no_contract))

    @property
    def acceptance(self) -> Share:
        return sum((score.acceptance for score in self.scores.values()), Share(0, 0))

    @property
    def known(self) -> Share:
        """Accepted answers, of those whose status some matching interaction has."""
        return Share(self.counted.known_accepted, self.counted.known)

    @property
    def mutants(self) -> MutantTally:
        return total(score.mutants for score in self.scores.values())

    @property
    def sayable(self) -> Share:
        """Strong breaking changes that were refused, of those that Pact V3 can say."""
        refused = self.mutants.right(BREAKING, "strong")
        return Share(refused.part, refused.whole - self.counted.unsaid)

    def found(self, name: str) -> list[tuple[str, Any]]:
        """Alarms, missed changes or uncovered requests with their hosts, the most frequent first."""
        found = [(host, each) for host, score in self.scores.items() for each in getattr(score, name)]
        return sorted(found, key=lambda each: -each[1].count)


def run(task: Task) -> Row:
    """Make the contracts of one corpus and score them."""
    corpus = Corpus.read(task.path)
    train, held_out = corpus.halves(task.sampling.seed, task.split)
    exchanges = [corpus.exchange(place) for place in train]
    started = time.perf_counter()
    judges = {host: Judge(Scorer(contract), left_out) for host, contract, left_out in _contracts(exchanges, task)}
    scorers = {host: judge.scorer for host, judge in judges.items()}
    made = time.perf_counter()
    counted = _score(corpus, held_out, judges, task.sampling)
    scored = time.perf_counter()
    agreement = _compared(corpus, held_out, scorers, task) if task.judged else None
    return Row(
        corpus.name,
        task.style,
        sum(len(scorer.index.promises) for scorer in scorers.values()),
        {host: scorer.score() for host, scorer in scorers.items()},
        counted,
        (made - started, scored - made),
        agreement,
    )


@dataclass(frozen=True)
class Judge:
    """What scores the contract of a host, and the places that it leaves out."""

    scorer: Scorer
    left_out: LeftOut

    def leaves_out(self, exchange: Exchange, mutant: Mutant) -> bool:
        """Whether a strong breaking change is accepted and lies below a member that some sample lacks."""
        if (mutant.label, mutant.severity) != (BREAKING, "strong"):
            return False
        judgement = judge_answer(self.scorer.index.covering(exchange.request), mutant.response)
        if not judgement.accepted:
            return False
        place = _place(mutant.path)
        places = self.left_out.get(judgement.promise.interaction.description, ())
        return any(place == each or place.startswith((f"{each}.", f"{each}[")) for each in places)


def _contracts(exchanges: Sequence[Exchange], task: Task) -> Iterator[tuple[str, Contract, LeftOut]]:
    """The contract of each host, as its document is read again, and what it leaves out."""
    redactor = Redactor(RedactionRules()) if task.redact else None
    by_host: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        known = redactor.exchange(exchange) if redactor else exchange
        by_host.setdefault(exchange.request.authority, []).append(known)
    for host, of_host in by_host.items():
        contract, left_out = STYLES[task.style](of_host, host)
        yield host, read_contract(format_contract(contract, 3), source=host), left_out


@dataclass
class Counted:
    """What is counted beside the scores.

    Held-out exchanges with hosts that no contract was made for; strong breaking changes that were accepted below
    members that some sample lacks; covered answers with a status that some matching interaction has, and how many of
    them were accepted.
    """

    no_contract: int = 0
    unsaid: int = 0
    known: int = 0
    known_accepted: int = 0

    def add(self, exchange: Exchange, judge: Judge, judgement: Judgement) -> None:
        """Count an answer that is covered."""
        promises = judge.scorer.index.covering(exchange.request)
        status = exchange.response.status
        self.known += judgement.accepted or any(each.interaction.response.status == status for each in promises)
        self.known_accepted += judgement.accepted


def _score(corpus: Corpus, held_out: Sequence[int], judges: Mapping[str, Judge], sampling: Sampling) -> Counted:
    """Score the held-out exchanges."""
    chance = random.Random(f"{sampling.seed} {corpus.name}")
    mutated = set(chance.sample(held_out, min(sampling.mutated, len(held_out))))
    counted = Counted()
    for place in held_out:
        exchange = corpus.exchange(place)
        judge = judges.get(exchange.request.authority)
        if judge is None:
            counted.no_contract += 1
            continue
        mutants = tuple(corpus.mutants(place, sampling)) if place in mutated else ()
        judgement = judge.scorer.add(exchange, mutants, corpus.name_of(place), corpus.route(place))
        if judgement is not None:
            counted.add(exchange, judge, judgement)
            counted.unsaid += sum(judge.leaves_out(exchange, mutant) for mutant in mutants)
    return counted


def _compared(corpus: Corpus, held_out: Sequence[int], scorers: Mapping[str, Scorer], task: Task) -> Agreement:
    """The verdicts on a sample of requests, answers and mutants beside the reference's."""
    chance = random.Random(f"{task.sampling.seed} {corpus.name} judge")
    requests: list[RequestCase] = []
    responses: list[ResponseCase] = []
    for place in chance.sample(held_out, len(held_out)):
        exchange = corpus.exchange(place)
        scorer = scorers.get(exchange.request.authority)
        placed = scorer.index.placed(exchange.request) if scorer else ()
        for promise in chance.sample(placed, min(2, len(placed))):
            requests.append(RequestCase(promise, exchange.request))
            answers = [exchange.response]
            answers += [mutant.response for mutant in corpus.mutants(place, replace(task.sampling, mutants=4))]
            responses += [ResponseCase(promise, answer) for answer in answers]
        if len(responses) >= task.judged:
            break
    return judge_with_reference(requests[: task.judged // 4], responses[: task.judged])


HEADINGS = (
    "corpus",
    "style",
    "inter.",
    "coverage",
    "accepted",
    "(known)",
    "breaking",
    "(sayable)",
    "(weak)",
    "harmless",
    "(weak)",
    "seconds",
)


def main() -> int:
    options = _options()
    styles = [options.style] if options.style != "both" else list(STYLES)
    sampling = Sampling(options.seed, options.mutants, options.mutated, options.min_samples, options.support)
    tasks = [
        Task(path, style, options.split, sampling, options.redact, options.judged if options.judge else 0)
        for path in available(options.corpora)
        for style in styles
    ]
    if not tasks:
        print("no corpus of this name in ../shared/data/traffic", file=sys.stderr)
        return 2
    rows = []
    print(_line(HEADINGS))
    with _pool(options.jobs) as mapped:
        for row in mapped(run, tasks):
            rows.append(row)
            print(_line(_cells(row, options.bases == "accepted")), flush=True)
    for row in rows:
        _show_details(row, options)
    if options.json:
        options.json.write_text(json.dumps([_document(row) for row in rows], indent=2))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--corpora", nargs="*", default=[], help="names, or parts of them (default: all)")
    add("--style", choices=[*STYLES, "both"], default="both")
    add("--seed", type=int, default=1, help="of the halves and of the mutants")
    add("--split", choices=["random", "source"], default="random", help="source: no recording is in both halves")
    add("--mutants", type=int, default=12, help="of an answer, at most")
    add("--mutated", type=int, default=400, help="held-out answers that are mutated, at most")
    add("--min-samples", type=int, default=3, help="samples that an operation needs for its answers to be mutated")
    add("--support", type=int, default=0, help="only mutants of places with so many values in the corpus")
    add("--bases", choices=["covered", "accepted"], default="covered", help="answers whose mutants count")
    add("--redact", action="store_true", help="make the contracts of redacted exchanges, as a recorder does")
    add("--by-operation", action="store_true", help="a line for each operation")
    add("--alarms", type=int, default=0, metavar="N", help="list N false alarms of each corpus")
    add("--missed", type=int, default=0, metavar="N", help="list N strong breaking changes that were accepted")
    add("--uncovered", type=int, default=0, metavar="N", help="list N requests that no interaction matches")
    add("--judge", choices=["reference"], help="compare verdicts with those of the Rust reference")
    add("--judged", type=int, default=400, help="answers that it is asked about in each corpus")
    add("--jobs", type=int, default=1, help="corpora at a time")
    add("--json", type=Path, metavar="FILE", help="write everything there")
    return parser.parse_args()


@contextmanager
def _pool(jobs: int) -> Iterator[Callable[[Callable[[Task], Row], Sequence[Task]], Iterable[Row]]]:
    if jobs <= 1:
        yield map
        return
    with ProcessPoolExecutor(jobs) as executor:
        yield executor.map


def _cells(row: Row, of_accepted: bool) -> tuple[str, ...]:
    classes = [row.mutants.right(label, severity, of_accepted) for label, severity in SCORED]
    making, scoring = row.seconds
    shares = [
        _percent(each) for each in (row.coverage, row.acceptance, row.known, classes[0], row.sayable, *classes[1:])
    ]
    return (row.corpus, row.style, str(row.interactions), *shares, f"{making:.1f}+{scoring:.1f}")


def _line(cells: Sequence[str]) -> str:
    widths = (27, 9, 7, *(9,) * (len(cells) - 3))
    return "".join(
        cell.ljust(width) if place < 2 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )


def _percent(share: Share) -> str:
    return "-" if share.value is None else f"{100 * share.value:.1f}"


def _show_details(row: Row, options: argparse.Namespace) -> None:
    title = f"\n{row.corpus}, {row.style}:"
    if row.agreement is not None:
        print(title, row.agreement)
    if options.by_operation:
        _show_operations(row, title, options.bases == "accepted")
    if options.alarms:
        print(f"{title} false alarms")
        for host, each in row.found("alarms")[: options.alarms]:
            print(f"  {each.count:5}  {each.cause}: {each.path}  [{_short(each.rule)}]  {host} {each.operation}")
            print(f"         {_short(each.sentence, 200)}  expected {_short(each.expected)} was {_short(each.actual)}")
            print(f"         {each.example} by {_short(each.description, 100)!r}")
    if options.missed:
        print(f"{title} strong breaking changes that were accepted")
        strong = [found for found in row.found("missed") if found[1].severity == "strong"]
        for host, each in strong[: options.missed]:
            print(f"  {each.count:5}  {each.kind}: {each.path}  {host} {each.operation}")
            print(f"         {_short(each.note, 120)}  ({each.example})")
    if options.uncovered:
        print(f"{title} uncovered ({row.counted.no_contract} more with hosts without a contract)")
        for host, each in row.found("uncovered")[: options.uncovered]:
            print(f"  {each.count:5}  {each.method} {host}{_short(each.path, 100)}  {_short(each.reason, 160)}")


def _show_operations(row: Row, title: str, of_accepted: bool) -> None:
    print(f"{title} operations")
    print(f"  {'seen':>6}" + "".join(name.rjust(9) for name in HEADINGS[3:-1]))
    for host, score in row.scores.items():
        for each in sorted(score.operations, key=lambda each: -each.exchanges):
            classes = [each.mutants.right(label, severity, of_accepted) for label, severity in SCORED]
            shares = (Share(each.covered, each.exchanges), each.acceptance, *classes)
            print(
                f"  {each.exchanges:6}" + "".join(_percent(share).rjust(9) for share in shares), f" {host} {each.name}"
            )


def _short(text: str, width: int = 80) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _document(row: Row) -> dict[str, Any]:
    return {
        "corpus": row.corpus,
        "style": row.style,
        "interactions": row.interactions,
        "coverage": row.coverage.to_json(),
        "accepted": row.acceptance.to_json(),
        "accepted of a known status": row.known.to_json(),
        "strong breaking that V3 can say": row.sayable.to_json(),
        "mutants": row.mutants.to_json(),
        "seconds": row.seconds,
        "hosts": {host: score.to_json() for host, score in row.scores.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
