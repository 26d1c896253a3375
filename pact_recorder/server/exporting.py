"""Exports of active expectations: recorded ones are inferred or literal, all others literal."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pact_recorder.capture.redaction import Redactor
from pact_recorder.errors import UsageError
from pact_recorder.http import Exchange
from pact_recorder.inference import Inferred
from pact_recorder.inference.comments import with_evidence
from pact_recorder.inference.operations import PathHints
from pact_recorder.inference.report import Report
from pact_recorder.inference.single_rules import with_single_rules
from pact_recorder.mock import Expectation, Expectations
from pact_recorder.mock.cleaned import Cleaning, cleaned
from pact_recorder.mock.expectation import RecordedExpectation
from pact_recorder.mock.expectations import precedence
from pact_recorder.pact import AnyInteraction, Contract, Interaction, SpecVersion
from pact_recorder.recordings import Configuration
from pact_recorder.server.confirming import confirmed
from pact_recorder.server.inferring import Inferring, Recorded
from pact_recorder.server.operations import export_contract, unknown_host

_log = logging.getLogger(__name__)
_WITHHELD = "they hold what proved to be a secret later"


class Style(StrEnum):
    """How recorded exchanges become interactions: generalised from all samples, or each as it is."""

    INFERRED = "inferred"
    LITERAL = "literal"

    @classmethod
    def parse(cls, text: str) -> Style:
        """The style of a name in any case; empty is inferred. Raises UsageError that lists the styles."""
        try:
            return cls(text.strip().lower() or cls.INFERRED)
        except ValueError:
            raise UsageError(f"unknown style {text.strip()!r} (expected one of {', '.join(cls)})") from None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an export is to be: for which consumer, how, and for which version of the specification.

    `host` narrows to one authority; `explain` asks for the report, and for the evidence in comments where the version
    has them. `clean` takes the secrets out of what was set or loaded, too.
    """

    consumer: str
    style: Style = Style.INFERRED
    version: SpecVersion = 3
    host: str | None = None
    explain: bool = False
    clean: Cleaning | None = None


@dataclass(frozen=True, slots=True)
class Active:
    """What is active at one moment. `literal` are the expectations to be taken literally, in their order."""

    literal: tuple[Expectation, ...]
    recorded: Recorded

    @property
    def hosts(self) -> list[str]:
        """The authorities of providers, sorted; empty for expectations that answer for any."""
        return sorted({each.host for each in self.literal} | set(self.recorded.hosts.values()))


@dataclass(frozen=True, slots=True)
class Exported:
    """The contract with one provider: its hosts, a sentence for each thing left out, and the report when asked for."""

    hosts: tuple[str, ...]
    contract: Contract
    left_out: tuple[str, ...]
    report: Report | None = None


class Exporter:
    """Makes contracts of active expectations, and keeps what it has learnt of the recorded ones.

    `configuration` names providers and has hints about paths. What `redactor` has found to be a secret after it was
    recorded is in no export.
    """

    def __init__(
        self,
        expectations: Expectations,
        configuration: Configuration | None = None,
        redactor: Redactor | None = None,
    ) -> None:
        self.configuration = configuration or Configuration()
        self._expectations = expectations
        self._redactor = redactor
        hints = PathHints(force=self.configuration.force, forbid=self.configuration.forbid)
        self._inferring = Inferring(expectations.load, hints, self.configuration.provider_of)

    @property
    def unused_hints(self) -> tuple[str, ...]:
        """The path templates of the configuration that nothing recorded was like, as far as exports have looked."""
        return self._inferring.unused_hints

    def active(self, style: Style, now: float) -> Active:
        """What is active now; to be called by the thread that owns the expectations, unlike all else."""
        recorded = Recorded.of(self._expectations, self._redactor)
        if style is Style.INFERRED:
            return Active(tuple(self._expectations.all_ruled(now)), recorded)

        return Active(tuple(self._expectations.all(now)), replace(recorded, hosts={}))

    def each(
        self,
        active: Active,
        wanted: Wanted,
        name_of: Callable[[str], str] = str,
        of: Collection[str] | None = None,
    ) -> list[Exported]:
        """One contract for each provider, in the order of their names, or only for those that `of` names.

        `name_of` may give another name to a provider; that of expectations that answer for any host is empty. Raises
        UsageError for a host of which there is nothing, StorageError when the recording cannot be read.
        """
        inferred, literal = self._parts(active, wanted)
        exports = []
        for name in sorted(each for each in {*inferred, *literal} if of is None or each in of):
            found = inferred.get(name)
            exported = _exported([found] if found else [], literal.get(name, []), wanted, name_of(name))
            exports.append(replace(exported, hosts=self._hosts(active, wanted, name)))
        return exports

    def together(self, active: Active, wanted: Wanted, provider: str) -> Exported:
        """One contract of all providers under one name, or of a single host. Raises as `each` does.

        A name that the configuration gives to hosts means these alone, and what answers for any host.
        """
        inferred, literal = self._parts(active, wanted)
        if wanted.host is None and provider in self.configuration.providers.values():
            inferred = {name: each for name, each in inferred.items() if name == provider}
            literal = {name: each for name, each in literal.items() if name in (provider, "")}
        expectations = sorted((each for group in literal.values() for each in group), key=precedence)
        exported = _exported([*inferred.values()], expectations, wanted, provider)
        return replace(exported, hosts=tuple(filter(None, self._hosts(active, wanted, *inferred, *literal))))

    def _hosts(self, active: Active, wanted: Wanted, *providers: str) -> tuple[str, ...]:
        if wanted.host is not None:
            return (wanted.host.strip().lower(),)
        return tuple(host for host in active.hosts if self.configuration.provider_of(host) in providers)

    def _parts(self, active: Active, wanted: Wanted) -> tuple[dict[str, Inferred], dict[str, list[Expectation]]]:
        """What is inferred and what is literal, by the names of providers."""
        host = None if wanted.host is None else wanted.host.strip().lower()
        if host is not None and host not in active.hosts:
            raise unknown_host(wanted.host or "", active.hosts)
        literal: dict[str, list[Expectation]] = {}
        withheld = 0
        for expectation in active.literal:
            if host in (None, expectation.host):
                shown = self._scrubbed(expectation, active.recorded)
                withheld += shown is None
                if shown is not None:
                    literal.setdefault(self.configuration.provider_of(expectation.host), []).append(shown)
        found: dict[str, Inferred] = {}
        if active.recorded.hosts:
            found = self._inferring.contracts(active.recorded, wanted.consumer, host=host, explain=wanted.explain)
            withheld = self._inferring.withheld
        if withheld:
            _log.warning("%d requests are in no contract before the session is written: %s", withheld, _WITHHELD)
        return found, literal

    def _scrubbed(self, expectation: Expectation, active: Recorded) -> Expectation | None:
        """An expectation without the secrets that are known by now; None when its request holds one."""
        if not active.knowledge or not isinstance(expectation, RecordedExpectation):
            return expectation
        scrub, recorded = active.scrub, expectation.exchange()
        if scrub(recorded).request is not recorded.request:
            return None
        return expectation.read_by(lambda reference: scrub(self._expectations.load(reference)))


def _exported(
    inferred: Sequence[Inferred], expectations: Sequence[Expectation], wanted: Wanted, provider: str
) -> Exported:
    found = confirmed(_told_apart(inferred, wanted), wanted.version)
    literal = export_contract(expectations, wanted.consumer, provider, version=wanted.version)
    taken, holding = cleaned(literal.contract.interactions, wanted.clean)
    interactions = tuple(_numbered((*found.interactions, *taken)))
    # Of several providers there is no single report.
    single = inferred[0] if len(inferred) == 1 else None
    report = replace(single.report, provider=provider) if wanted.explain and single is not None else None
    left_out = (sentence for each in inferred for sentence in each.left_out)
    return Exported(
        (),
        Contract(wanted.consumer, provider, interactions),
        (*left_out, *found.sentences, *literal.left_out, *holding),
        report,
    )


def _told_apart(inferred: Sequence[Inferred], wanted: Wanted) -> list[tuple[AnyInteraction, Exchange]]:
    """The interactions of several providers with their samples; a repeated description gets its provider's name."""
    comments = wanted.explain and wanted.version >= 4
    parts = [(each, with_evidence(each) if comments else each.contract.interactions) for each in inferred]
    if wanted.version == 2:
        parts = [(each, _with_single_rules(interactions)) for each, interactions in parts]
    counts = Counter(each.description for _, interactions in parts for each in interactions)
    told_apart: list[tuple[AnyInteraction, Exchange]] = []
    for part, interactions in parts:
        for each, example in zip(interactions, part.examples, strict=True):
            several = counts[each.description] > 1
            text = f"{each.description} at {part.contract.provider}" if several else each.description
            told_apart.append((replace(each, description=text), example))
    return told_apart


def _with_single_rules(interactions: Iterable[AnyInteraction]) -> tuple[AnyInteraction, ...]:
    return tuple(with_single_rules(each) if isinstance(each, Interaction) else each for each in interactions)


def _numbered(interactions: Iterable[AnyInteraction]) -> Iterator[AnyInteraction]:
    """The interactions with a number behind each description that an earlier one has."""
    taken: set[str] = set()
    for each in interactions:
        description, number = each.description, 1
        while description in taken:
            number += 1
            description = f"{each.description} #{number}"
        taken.add(description)
        yield each if number == 1 else replace(each, description=description)
