"""What is recorded of one request: its expectations, sorted by the headers that select and by what is only preferred.

Most requests are recorded once and never asked for again while the recording goes on. What is known of such a one is
held as a single value until it is needed: a bucket of it is a dozen objects, all of which every garbage collection of a
long recording would have to visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pact_recorder.http import Exchange, Request
from pact_recorder.mock.expectation import LoadExchange, RecordedExpectation, Reference
from pact_recorder.mock.fingerprint import Fingerprint
from pact_recorder.mock.selectors import (
    Preferences,
    Selectors,
    accepts_anything,
    but_for_accept,
    credentials_of,
    selecting_values,
    selectors_of,
)

_MOST_BINDINGS = 1_000


class Selection(NamedTuple):
    """What of a recorded request selects its answer, beside its fingerprint; many requests share one."""

    host: str
    method: str
    selectors: Selectors
    required: tuple[str, ...]
    preferences: Preferences

    @classmethod
    def of(cls, exchange: Exchange, print_: Fingerprint, host: str) -> Selection:
        """That of a recorded exchange, by the selectors that its own answer names."""
        request, selectors = exchange.request, selectors_of(exchange)
        required, preferred = selecting_values(request, selectors)
        preferences = Preferences(credentials_of(request), preferred + print_.secrets)
        return cls(host, print_.place[0], selectors, required, preferences)


class Lone(NamedTuple):
    """The only recording of a request so far, not yet asked for."""

    path: str
    selection: Selection
    created: int
    reference: Reference
    times: int
    failed: bool

    def bucket(self, load: LoadExchange) -> Bucket:
        """The bucket that holds it alone."""
        host, method, selectors, required, preferences = self.selection
        bucket = Bucket(host, method)
        bucket.selectors = selectors
        expectation = RecordedExpectation(self.created, bucket, load, self.failed)
        expectation.add(self.reference, self.times)
        bucket.variants[required] = variant = Variant()
        variant.expectations[preferences] = expectation
        return bucket


class Variant:
    """The expectations of one request, apart by what is only preferred."""

    __slots__ = ("_bound", "expectations")

    def __init__(self) -> None:
        self.expectations: dict[Preferences, RecordedExpectation] = {}
        self._bound: dict[Preferences, RecordedExpectation] | None = None

    def choose(self, preferences: Preferences) -> RecordedExpectation:
        """The expectation recorded with these preferences, else the one this client is bound to."""
        known = self.expectations.get(preferences)
        if known is not None:
            return known
        if len(self.expectations) == 1:
            return next(iter(self.expectations.values()))
        return self._bind(preferences)

    def possible(self, preferences: Preferences) -> list[RecordedExpectation]:
        """Every expectation, those first that a request with these preferences gets or may be bound to.

        The others count too: what is only preferred (cookies) is no part of a contract that was made of one of them.
        """
        known = self.expectations.get(preferences)
        first = self._like(preferences) if known is None else [known]
        return [*first, *(each for each in self.expectations.values() if each not in first)]

    @property
    def rank(self) -> tuple[bool, int]:
        """Which of several is to be preferred: the smallest."""
        return min((each.failed, each.created) for each in self.expectations.values())

    def remove(self, expectation: RecordedExpectation) -> None:
        """Take one out, if it is one of these."""
        self.expectations = {key: each for key, each in self.expectations.items() if each is not expectation}
        self._bound = None

    def recorded(self) -> Iterator[Request]:
        """The recorded requests, which differ only in what is preferred."""
        return (expectation.exchange().request for expectation in self.expectations.values())

    def _like(self, preferences: Preferences) -> list[RecordedExpectation]:
        """Those recorded with the same credentials, whatever their values, else all; successful ones first."""
        same = [each for key, each in self.expectations.items() if key.credentials == preferences.credentials]
        return sorted(same or self.expectations.values(), key=lambda each: each.failed)

    def _bind(self, preferences: Preferences) -> RecordedExpectation:
        bound = self._bound = self._bound if self._bound is not None else {}
        if preferences not in bound:
            if len(bound) >= _MOST_BINDINGS:
                bound.clear()
            candidates = self._like(preferences)
            before = sum(1 for each in bound if each.credentials == preferences.credentials)
            bound[preferences] = candidates[min(before, len(candidates) - 1)]
        return bound[preferences]


class Bucket:
    """All recordings of one method, path, query and body at one host."""

    __slots__ = ("host", "method", "selectors", "variants")

    def __init__(self, host: str, method: str) -> None:
        self.host = host
        self.method = method
        self.selectors: frozenset[str] = frozenset()
        self.variants: dict[tuple[str, ...], Variant] = {}

    def variant(self, required: tuple[str, ...]) -> Variant | None:
        """What was recorded with these values of the selecting headers.

        A request that accepts anything also gets what was recorded with some `Accept` (RFC 9110 §12.5.1), when all else
        agrees and nothing was recorded without one: the oldest, successful answers first.
        """
        found = self.variants.get(required)
        if found is None and accepts_anything(required):
            others = (
                each for values, each in self.variants.items() if but_for_accept(values) == but_for_accept(required)
            )
            found = min(others, key=lambda variant: variant.rank, default=None)
        return found

    def expectations(self) -> Iterator[RecordedExpectation]:
        """Every expectation in it."""
        for variant in self.variants.values():
            yield from variant.expectations.values()

    def remove(self, expectation: RecordedExpectation) -> None:
        """Take one out."""
        for required, variant in list(self.variants.items()):
            variant.remove(expectation)
            if not variant.expectations:
                del self.variants[required]
