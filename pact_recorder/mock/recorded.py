"""The index of recorded answers: finding one costs the same whether ten or a hundred thousand are held.

A request is looked up in three steps, each a dictionary:

1. its fingerprint (method, path, query, body) and host give a *bucket*;
2. the values of the bucket's selecting headers, which grow with each `Vary` that is seen, give a *variant*;
3. what is only preferred (whether there are credentials and cookies, and redacted values) gives the expectation. A
   client whose values are unknown is bound to one of the variant's expectations, in recorded order but the successful
   ones first, and stays with it.

Of the answers of one expectation a client whose credentials are known gets those that were given to the same
credentials (`credentials.py`), whether or not the provider says by `Vary` that it looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice

from pact_recorder.http import Exchange, Request
from pact_recorder.mock.buckets import Bucket, Lone, Selection, Variant
from pact_recorder.mock.expectation import LoadExchange, RecordedExpectation, Reference
from pact_recorder.mock.fingerprint import Fingerprint, fingerprint
from pact_recorder.mock.masked import MaskedPlaces, is_alike
from pact_recorder.mock.selectors import Preferences, credentials_of, selecting_values, selectors_of

_MOST_CANDIDATES = 16
_MOST_MASKED = 256
_MOST_ALIKE = 10_000


class RecordedIndex:
    """Recorded expectations by the request that they answer; `load` brings an exchange back from the recording."""

    def __init__(self, load: LoadExchange) -> None:
        self._load = load
        self._buckets: dict[bytes, dict[str, Bucket]] = {}
        self._lone: dict[bytes, Lone] = {}
        self._selections: dict[Selection, Selection] = {}
        self._paths: dict[str, list[bytes]] = {}
        self._masked: MaskedPlaces[Bucket] = MaskedPlaces()
        self._hosts: dict[str, str] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[RecordedExpectation]:
        for seal in list(self._lone):
            self._at(seal)
        return self._in_buckets()

    def _in_buckets(self) -> Iterator[RecordedExpectation]:
        for hosts in self._buckets.values():
            for bucket in hosts.values():
                yield from bucket.expectations()

    def add(self, exchange: Exchange, reference: Reference, created: int, times: int = 1, live: bool = False) -> None:
        """Add an answer to the expectation of its request, which is made when this is the first.

        An exchange that is the same as a stored one is added with the stored one's reference.
        """
        print_ = fingerprint(exchange.request)
        seal = _seal(print_)
        host = exchange.request.authority
        host = self._hosts.setdefault(host, host)
        hosts = self._at(seal)
        if not hosts and (live or not print_.secrets):
            self._add_lone(seal, Selection.of(exchange, print_, host), exchange, reference, created, times)
            return
        bucket = self._bucket(seal, exchange.request, print_, host, live)
        found = selectors_of(exchange)
        if not found <= bucket.selectors:
            self._widen(bucket, bucket.selectors | found)
        self._expectation(bucket, exchange, print_, created).add(reference, times, exchange.request)

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

    def references(self) -> Iterator[tuple[Reference, str]]:
        """Every answer's reference with the host that gave it; an answer given again is there again."""
        for lone in self._lone.values():
            yield lone.reference, lone.selection.host
        for expectation in self._in_buckets():
            for reference in expectation.answers.answers:
                yield reference, expectation.host

    def alike(self, request: Request) -> Iterator[RecordedExpectation]:
        """Every expectation of a redacted request's method and path, at any host, up to a great number of them.

        Those of the same query and body come first, whatever their headers.
        """
        same = list(self._at(_seal(fingerprint(request))).values())
        method = request.method.upper()
        near = (bucket for bucket in islice(self._buckets_at(request.path), _MOST_ALIKE) if bucket.method == method)
        for bucket in (*same, *(each for each in near if each not in same)):
            yield from bucket.expectations()

    def _variants(self, request: Request, host: str | None) -> Iterator[tuple[Variant, Preferences]]:
        """The variant of each host, with what the request prefers in it."""
        print_ = fingerprint(request)
        hosts = self._at(_seal(print_))
        for bucket in hosts.values() if host is None else filter(None, [hosts.get(host)]):
            required, preferred = selecting_values(request, bucket.selectors)
            variant = bucket.variant(required)
            if variant is not None:
                yield variant, Preferences(credentials_of(request), preferred + print_.secrets)

    def nearby(self, request: Request, host: str | None) -> list[RecordedExpectation]:
        """A few expectations of the same path, those of the same method and host first."""
        method = request.method.upper()
        near = sorted(
            islice(self._buckets_at(request.path), 16 * _MOST_CANDIDATES),
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
        at_path = (bucket for bucket in self._buckets_at(path) if bucket.variants)
        return {bucket.method for bucket in at_path if host in (None, bucket.host)}

    def paths(self) -> Iterator[str]:
        """Every recorded path."""
        return iter(self._paths)

    def rewind(self) -> None:
        """Start every sequence of answers again."""
        for expectation in self._in_buckets():
            expectation.rewind()

    def _add_lone(
        self, seal: bytes, selection: Selection, exchange: Exchange, reference: Reference, created: int, times: int
    ) -> None:
        path = exchange.request.path
        selection = self._selections.setdefault(selection, selection)
        self._lone[seal] = Lone(path, selection, created, reference, times, exchange.response.status >= 400)
        self._paths.setdefault(path, []).append(seal)
        self._size += 1

    def _at(self, seal: bytes) -> dict[str, Bucket]:
        """The buckets of a seal by host; a lone recording becomes one now."""
        lone = self._lone.pop(seal, None)
        if lone is not None:
            self._buckets[seal] = {lone.selection.host: lone.bucket(self._load)}
        return self._buckets.get(seal) or {}

    def _buckets_at(self, path: str) -> Iterator[Bucket]:
        for seal in self._paths.get(path, ()):
            yield from self._at(seal).values()

    def _bucket(self, seal: bytes, request: Request, print_: Fingerprint, host: str, live: bool) -> Bucket:
        hosts = self._buckets.setdefault(seal, {})
        if not hosts:
            self._paths.setdefault(request.path, []).append(seal)
        if host not in hosts:
            hosts[host] = Bucket(host, print_.place[0])
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
                self._expectation(bucket, exchange, print_, created).add(reference, 1, exchange.request)


def _seal(print_: Fingerprint) -> bytes:
    method, path = print_.place
    seal = blake2b(print_.digest, digest_size=16)
    seal.update(f"{method} {path}".encode("utf-8", "surrogatepass"))
    return seal.digest()
