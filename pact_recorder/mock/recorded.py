"""The index of recorded answers: finding one costs the same whether ten or a hundred thousand are held.

A request is looked up in three steps, each a dictionary:

1. its fingerprint (method, path, query, body) and host give a *bucket*;
2. the values of the bucket's selecting headers, which grow with each `Vary` that is seen, give a *variant*;
3. what is only preferred (whether there are credentials and cookies, and redacted values) gives the expectation. A
   client whose values are unknown is bound to one of the variant's expectations, in recorded order but the successful
   ones first, and stays with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice

from pact_recorder.http import Exchange, Request
from pact_recorder.mock.expectation import LoadExchange, RecordedExpectation, Reference
from pact_recorder.mock.fingerprint import Fingerprint, fingerprint
from pact_recorder.mock.masked import MaskedPlaces, is_alike
from pact_recorder.mock.selectors import Preferences, credentials_of, selecting_values, selectors_of

_MOST_BINDINGS = 1_000
_MOST_CANDIDATES = 16
_MOST_MASKED = 256


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


class RecordedIndex:
    """Recorded expectations by the request that they answer; `load` brings an exchange back from the recording."""

    def __init__(self, load: LoadExchange) -> None:
        self._load = load
        self._buckets: dict[bytes, dict[str, Bucket]] = {}
        self._paths: dict[str, list[Bucket]] = {}
        self._masked: MaskedPlaces[Bucket] = MaskedPlaces()
        self._hosts: dict[str, str] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[RecordedExpectation]:
        for hosts in self._buckets.values():
            for bucket in hosts.values():
                yield from bucket.expectations()

    def add(
        self, exchange: Exchange, reference: Reference, created: int, times: int = 1, live: bool = False
    ) -> RecordedExpectation:
        """Add an answer to the expectation of its request, which is made when this is the first.

        An exchange that is the same as a stored one is added with the stored one's reference.
        """
        request = exchange.request
        print_ = fingerprint(request)
        bucket = self._bucket(request, print_, live)
        found = selectors_of(exchange)
        if not found <= bucket.selectors:
            self._widen(bucket, bucket.selectors | found)
        expectation = self._expectation(bucket, exchange, print_, created)
        expectation.answers.append(reference, times)
        return expectation

    def remove(self, expectation: RecordedExpectation) -> None:
        """Take an expectation out; the recording keeps its exchanges."""
        expectation.requests.remove(expectation)
        self._size -= 1

    def find(self, request: Request, host: str | None) -> RecordedExpectation | None:
        """The expectation of a redacted request; a `host` of None takes any."""
        found = next(self._variants(request, host), None)
        return None if found is None else found[0].choose(found[1])

    def find_all(self, request: Request, host: str | None) -> Iterator[RecordedExpectation]:
        """Every expectation that a redacted request may get, in recorded order; no client is bound to one."""
        for variant, preferences in self._variants(request, host):
            yield from variant.possible(preferences)

    def _variants(self, request: Request, host: str | None) -> Iterator[tuple[Variant, Preferences]]:
        """The variant of each host, with what the request prefers in it."""
        print_ = fingerprint(request)
        hosts = self._buckets.get(_seal(print_))
        if not hosts:
            return
        for bucket in hosts.values() if host is None else filter(None, [hosts.get(host)]):
            required, preferred = selecting_values(request, bucket.selectors)
            variant = bucket.variants.get(required)
            if variant is not None:
                yield variant, Preferences(credentials_of(request), preferred + print_.secrets)

    def nearby(self, request: Request, host: str | None) -> list[RecordedExpectation]:
        """A few expectations of the same path, those of the same method and host first."""
        buckets = self._paths.get(request.path, ())
        method = request.method.upper()
        near = sorted(
            islice(buckets, 16 * _MOST_CANDIDATES),
            key=lambda bucket: (bucket.method != method, host is not None and bucket.host != host),
        )
        candidates = (expectation for bucket in near for expectation in bucket.expectations())
        return list(islice(candidates, _MOST_CANDIDATES))

    def find_masked(self, request: Request, host: str | None) -> RecordedExpectation | None:
        """The expectation of a request that shows a value where the recording has a redacted one.

        None when several recordings fit: which of them is meant, only the process that recorded them knew.
        """
        found: list[Variant] = []
        fitting = self._masked.fitting(fingerprint(request))
        for bucket in islice((each for each in fitting if host in (None, each.host)), _MOST_MASKED):
            variant = bucket.variants.get(selecting_values(request, bucket.selectors)[0])
            if variant is not None and is_alike(next(variant.recorded()), request):
                found.append(variant)
        if len(found) != 1:
            return None
        return found[0].choose(Preferences(credentials_of(request), (request.target,)))

    def at(self, path: str, method: str) -> list[RecordedExpectation]:
        """A few expectations of a path, those of a method first."""
        return self.nearby(Request(method, path), None)

    def methods(self, path: str, host: str | None) -> set[str]:
        """The methods recorded at a path."""
        at_path = (bucket for bucket in self._paths.get(path, ()) if bucket.variants)
        return {bucket.method for bucket in at_path if host in (None, bucket.host)}

    def paths(self) -> Iterator[str]:
        """Every recorded path."""
        return iter(self._paths)

    def rewind(self) -> None:
        """Start every sequence of answers again."""
        for expectation in self:
            expectation.answers.rewind()

    def _bucket(self, request: Request, print_: Fingerprint, live: bool) -> Bucket:
        hosts = self._buckets.setdefault(_seal(print_), {})
        host = self._hosts.setdefault(request.authority, request.authority)
        if host not in hosts:
            hosts[host] = Bucket(host, print_.place[0])
            self._paths.setdefault(request.path, []).append(hosts[host])
            if not live:
                self._masked.add(print_, hosts[host])
        return hosts[host]

    def _expectation(
        self, bucket: Bucket, exchange: Exchange, print_: Fingerprint, created: int
    ) -> RecordedExpectation:
        request = exchange.request
        required, preferred = selecting_values(request, bucket.selectors)
        expectations = bucket.variants.setdefault(required, Variant()).expectations
        preferences = Preferences(credentials_of(request), preferred + print_.secrets)
        if preferences not in expectations:
            failed = exchange.response.status >= 400
            expectations[preferences] = RecordedExpectation(created, bucket, self._load, failed)
            self._size += 1
        return expectations[preferences]

    def _widen(self, bucket: Bucket, selectors: frozenset[str]) -> None:
        """Sort a bucket's expectations again, by more selecting headers.

        More headers only ever split an expectation, so the answers of each keep their recorded order.
        """
        before = [(old.created, old.answers.in_order()) for old in bucket.expectations()]
        self._size -= len(before)
        bucket.selectors = selectors
        bucket.variants = {}
        for created, references in before:
            for reference in references:
                exchange = self._load(reference)
                print_ = fingerprint(exchange.request)
                self._expectation(bucket, exchange, print_, created).answers.append(reference)


def _seal(print_: Fingerprint) -> bytes:
    method, path = print_.place
    seal = blake2b(print_.digest, digest_size=16)
    seal.update(f"{method} {path}".encode("utf-8", "surrogatepass"))
    return seal.digest()
