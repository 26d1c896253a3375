"""The inference that a running program keeps: each export feeds it only what was recorded since the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from pact_recorder.capture.redaction import Redactor
from pact_recorder.http import Exchange
from pact_recorder.http.identity import exchange_identity
from pact_recorder.inference import Inference, Inferred
from pact_recorder.inference.operations import PathHints
from pact_recorder.mock import Expectations, LoadExchange, Reference

Scrub = Callable[[Exchange], Exchange]
"""What takes the secrets that are known out of an exchange; the same object, and request, when there are none."""


def _as_it_is(exchange: Exchange) -> Exchange:
    return exchange


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded answers that are active at one moment: the host of each by its reference.

    `removals` is how often recorded expectations had been taken out by then, `knowledge` how many secrets were known,
    which `scrub` takes out of an exchange that was recorded before.
    """

    hosts: Mapping[Reference, str]
    removals: int = 0
    knowledge: int = 0
    scrub: Scrub = _as_it_is

    @classmethod
    def of(cls, expectations: Expectations, redactor: Redactor | None = None) -> Recorded:
        """Those of the expectations now; to be called by the thread that owns them."""
        hosts = dict(expectations.recorded.references())
        if redactor is None or not redactor.knowledge:
            return cls(hosts, expectations.removals)
        return cls(hosts, expectations.removals, redactor.knowledge, redactor.copy().scrub)

    @property
    def age(self) -> tuple[int, int]:
        """Evidence of another age is of no use: something was taken out since, or must not be shown any more."""
        return self.removals, self.knowledge


class Inferring:
    """One inference that grows from export to export. Any thread may use it; two at once wait for each other.

    Evidence cannot be taken back: when recorded expectations were taken out, or another secret is known, it starts
    anew. An exchange counts once, however often it was seen.
    """

    def __init__(
        self, load: LoadExchange, hints: PathHints | None = None, provider_of: Callable[[str], str] = str
    ) -> None:
        self._load = load
        self._hints = hints
        self._provider_of = provider_of
        self._lock = Lock()
        self._age = (0, 0)
        self._evidence = self._nothing()

    def contracts(
        self, recorded: Recorded, consumer: str, *, host: str | None = None, explain: bool = False
    ) -> dict[str, Inferred]:
        """The contracts of what is recorded by the names of their providers.

        `host` narrows to one of them: to what was recorded of it alone, also where it shares its provider's name with
        others. Raises StorageError when the recording cannot be read.
        """
        with self._lock:
            if host is None:
                return self._up_to_date(recorded).inference.contracts(consumer, explain=explain)
            provider = self._provider_of(host)
            if {other for other in recorded.hosts.values() if self._provider_of(other) == provider} <= {host}:
                return self._up_to_date(recorded).inference.contracts(consumer, of={provider}, explain=explain)
            alone = self._nothing()
            own = {reference: each for reference, each in recorded.hosts.items() if each == host}
            alone.take(self._load, recorded.scrub, own)
            return alone.inference.contracts(consumer, explain=explain)

    @property
    def withheld(self) -> int:
        """How many exchanges are in no contract because their requests hold what proved to be a secret later."""
        return self._evidence.withheld

    @property
    def unused_hints(self) -> tuple[str, ...]:
        """The hints that nothing of what contracts were made of was like."""
        return self._evidence.inference.unused_hints

    def _up_to_date(self, recorded: Recorded) -> _Evidence:
        if recorded.age > self._age:
            self._age = recorded.age
            self._evidence = self._nothing()
        if recorded.age == self._age:
            self._evidence.take(self._load, recorded.scrub, recorded.hosts)
        # Else it is from before something was taken out, and what is known now is newer.
        return self._evidence

    def _nothing(self) -> _Evidence:
        return _Evidence(Inference(self._hints, self._provider_of))


class _Evidence:
    """An inference with what it was fed."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.withheld = 0
        self._taken: set[Reference] = set()
        self._identities: set[bytes] = set()

    def take(self, load: LoadExchange, scrub: Scrub, references: Mapping[Reference, str]) -> None:
        """Feed it what it has not had; an exchange that another session has too is the same sample.

        A request with a secret that was recognised later is withheld: without it, nothing active would be found by it.
        """
        for reference in references:
            if reference in self._taken:
                continue
            recorded = load(reference)
            exchange = scrub(recorded)
            if exchange.request is not recorded.request:
                self.withheld += 1
                self._taken.add(reference)
                continue
            identity = bytes.fromhex(exchange_identity(exchange))
            if identity not in self._identities:
                self.inference.add(exchange)
                self._identities.add(identity)
            self._taken.add(reference)
