"""The inference that a running program keeps: each export feeds it only what was recorded since the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_ledger import SHORTEST_RUN
from pact_recorder.http import Exchange
from pact_recorder.http.identity import exchange_identity
from pact_recorder.inference import Inference, Inferred
from pact_recorder.inference.operations import PathHints
from pact_recorder.mock import Expectations, LoadExchange, Reference
from pact_recorder.server.seen_runs import SeenRuns

_MOST_ALONE = 4
"""Hosts of which evidence is kept beside that of all; of another one the oldest gives way."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded answers that are active at one moment: the host of each by its reference.

    `removals` is how often recorded expectations had been taken out by then, `redactor` a copy of the one that takes
    known secrets out of an exchange that was recorded before; None where nothing is redacted.
    """

    hosts: Mapping[Reference, str]
    removals: int = 0
    redactor: Redactor | None = None

    @classmethod
    def of(cls, expectations: Expectations, redactor: Redactor | None = None) -> Recorded:
        """Those of the expectations now; to be called by the thread that owns them."""
        copied = redactor.copy() if redactor is not None and redactor.enabled else None
        return cls(dict(expectations.recorded.references()), expectations.removals, copied)

    @property
    def knowledge(self) -> int:
        """How many secrets were known."""
        return 0 if self.redactor is None else self.redactor.knowledge

    @property
    def age(self) -> tuple[int, int]:
        """What was read at another age may be of no use: taken out since, or not to be shown any more."""
        return self.removals, self.knowledge

    def scrub(self, exchange: Exchange) -> Exchange:
        """The exchange without the secrets that are known; the same object, and request, when it has none."""
        return exchange if self.redactor is None or not self.knowledge else self.redactor.scrub(exchange)


class Inferring:
    """One inference that grows from export to export. Any thread may use it; two at once wait for each other.

    Evidence cannot be taken back: when recorded expectations were taken out, or a secret became known that may stand in
    what was read, it starts anew. An exchange counts once, however often it was seen.
    """

    def __init__(
        self, load: LoadExchange, hints: PathHints | None = None, provider_of: Callable[[str], str] = str
    ) -> None:
        self._load = load
        self._hints = hints
        self._provider_of = provider_of
        self._lock = Lock()
        self._latest = Recorded({})
        self._start_anew()

    def contracts(
        self, recorded: Recorded, consumer: str, *, host: str | None = None, explain: bool = False
    ) -> dict[str, Inferred]:
        """The contracts of what is recorded by the names of their providers.

        `host` narrows to one of them: to what was recorded of it alone, also where it shares its provider's name with
        others. Raises StorageError when the recording cannot be read.
        """
        with self._lock:
            recorded = self._newest(recorded)
            evidence, of, hosts = self._of_host(recorded, host)
            evidence.take(self._load, recorded, hosts, self._seen)
            self._withheld = evidence.withheld
            return evidence.inference.contracts(consumer, of=of, explain=explain)

    @property
    def withheld(self) -> int:
        """How many exchanges are in no contract because their requests hold what proved to be a secret later."""
        return self._withheld

    @property
    def unused_hints(self) -> tuple[str, ...]:
        """The hints that nothing of what contracts were made of was like."""
        return self._evidence.inference.unused_hints

    def _of_host(
        self, recorded: Recorded, host: str | None
    ) -> tuple[_Evidence, set[str] | None, Mapping[Reference, str]]:
        """The evidence that tells of a host, the providers to tell of, and what it is to be fed."""
        if host is None:
            return self._evidence, None, recorded.hosts
        provider = self._provider_of(host)
        if {other for other in recorded.hosts.values() if self._provider_of(other) == provider} <= {host}:
            return self._evidence, {provider}, recorded.hosts
        evidence = self._alone.pop(host) if host in self._alone else self._nothing()
        self._alone[host] = evidence
        if len(self._alone) > _MOST_ALONE:
            del self._alone[next(iter(self._alone))]
        return evidence, None, {reference: each for reference, each in recorded.hosts.items() if each == host}

    def _newest(self, recorded: Recorded) -> Recorded:
        """What is recorded; the last that came, if this is from before something was taken out or became known."""
        latest = self._latest
        if recorded.age < latest.age:
            return latest
        if recorded.removals > latest.removals or self._may_show_secrets(recorded):
            self._start_anew()
        self._latest = recorded
        return recorded

    def _may_show_secrets(self, recorded: Recorded) -> bool:
        """Whether one of the secrets that were learnt since may stand in what was read."""
        if recorded.redactor is None or recorded.knowledge == self._latest.knowledge:
            return False
        anchors = recorded.redactor.anchors_since(self._latest.redactor)
        return any(len(anchor) < SHORTEST_RUN or self._seen.may_hold(anchor.encode()) for anchor in anchors)

    def _start_anew(self) -> None:
        self._evidence = self._nothing()
        self._alone: dict[str, _Evidence] = {}
        self._seen = SeenRuns()
        self._withheld = 0

    def _nothing(self) -> _Evidence:
        return _Evidence(Inference(self._hints, self._provider_of))


class _Evidence:
    """An inference with what it was fed."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.withheld = 0
        self._taken: set[Reference] = set()
        self._identities: set[bytes] = set()

    def take(self, load: LoadExchange, recorded: Recorded, references: Mapping[Reference, str], seen: SeenRuns) -> None:
        """Feed it what it has not had, and note what was `seen`; an exchange of another session is the same sample.

        A request with a secret that was recognised later is withheld: without it, nothing active would be found by it.
        """
        for reference in references:
            if reference in self._taken:
                continue
            loaded = load(reference)
            exchange = recorded.scrub(loaded)
            if exchange.request is not loaded.request:
                self.withheld += 1
                self._taken.add(reference)
                continue
            identity = bytes.fromhex(exchange_identity(exchange))
            if identity not in self._identities:
                self.inference.add(exchange)
                if recorded.redactor is not None:
                    seen.add(recorded.redactor.searched_runs(exchange))
                self._identities.add(identity)
            self._taken.add(reference)
