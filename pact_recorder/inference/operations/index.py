"""The index of operations: what requests and answers show is gathered as it comes, and decided when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from pact_recorder.http import Request
from pact_recorder.inference.operations.calls import call_of
from pact_recorder.inference.operations.deciding import decide
from pact_recorder.inference.operations.evidence import KEPT_VALUES, Evidence
from pact_recorder.inference.operations.flows import Flow, find_flows
from pact_recorder.inference.operations.forms import ANY, skeleton
from pact_recorder.inference.operations.hints import AppliedHints, PathHints
from pact_recorder.inference.operations.operation import Operation
from pact_recorder.inference.operations.place import Missing, Place
from pact_recorder.inference.operations.skeletons import Skeletons
from pact_recorder.matching import JsonValue

MOST_CALLS: Final = 256
"""Different calls of one method and path; of more none is told apart."""
_MOST_REMEMBERED: Final = 10_000
_LONGEST_REMEMBERED: Final = 512
_MOST_VALUES: Final = 2_000_000
_CHECKED_EVERY: Final = 16_384
_FEWEST_VALUES: Final = 8

_NO_HINTS: Final = PathHints()
_Key = tuple[str, int, str, str]
_Known = dict[str, tuple[Place, Evidence]]


def _identity(text: str) -> str:
    return text


class OperationIndex:
    """Tells which exchanges belong together.

    Requests and answers may come in any order: the same ones always lead to the same operations. `hints` are what a
    team says about its paths (ValueError for a template that is none), `provider_of` gives the name of the provider
    behind an authority.
    """

    def __init__(self, hints: PathHints = _NO_HINTS, provider_of: Callable[[str], str] = _identity) -> None:
        self._hints = AppliedHints(hints)
        self._provider_of = provider_of
        self._providers: dict[tuple[str, int], tuple[str, str]] = {}
        self._skeletons = Skeletons()
        self._seen: dict[Place, Evidence] = {}
        self._calls: dict[Place, set[str]] = {}
        self._known: dict[_Key, _Known] = {}
        self._largest = _MOST_VALUES
        self._kept = KEPT_VALUES
        self._requests = 0
        self._decision: dict[Place, Operation] | None = None
        self._latest: tuple[Place | None, Evidence] = (None, Evidence())

    def place(self, request: Request, body: JsonValue | Missing) -> Place:
        """Register a request; the place where its evidence is gathered.

        `body` is the request's parsed JSON body, `MISSING` when it has none.
        """
        self._decision = None
        key = (request.host, request.port, request.method, request.path)
        call = call_of(request, body) if request.query or request.body is not None else ""
        known = self._known.get(key)
        found = known.get(call) if known is not None else None
        if found is None:
            found = self._register(request, call)
            self._remember(key, call, found)
        found[1].asked(request, body)
        self._latest = found
        self._requests += 1
        if self._requests % _CHECKED_EVERY == 0:
            self._keep_bounds()
        return found[0]

    def answered(self, place: Place, status: int, members: frozenset[str]) -> None:
        """Register an answer: its status and the top-level member names of its JSON body, of its items for an array."""
        self._decision = None
        self._evidence(place).answered(status, members)

    def produced(self, place: Place, member: str, values: Iterable[str | int]) -> None:
        """Register scalar values under a member of an answer that names a thing (`id`) or a secret (`token`).

        Which answers of a place they come from does not matter: give as many at once as convenient, best as a set.
        `tells_value` says which members are worth it; texts longer than a name or an identifier never are.
        """
        self._decision = None
        self._evidence(place).made(member, values)

    def presented(self, place: Place, credentials: Iterable[tuple[str, str]]) -> None:
        """Register credentials of requests: the header's lower-case name and its value."""
        self._evidence(place).presented(credentials)

    @property
    def unused_hints(self) -> tuple[str, ...]:
        """The templates of the team that no request so far was like."""
        return self._hints.unused

    def operations(self) -> dict[Place, Operation]:
        """The operation of every place so far, decided from everything seen so far."""
        return dict(self._decided())

    def flows(self) -> tuple[Flow, ...]:
        """The values that an answer of one operation produced and a request of another used."""
        return find_flows(self._decided(), self._seen)

    def _evidence(self, place: Place) -> Evidence:
        # Most calls are about the latest place: hashing its skeleton anew would be the dearest part of them.
        latest, evidence = self._latest
        return evidence if place is latest else self._seen[place]

    def _decided(self) -> dict[Place, Operation]:
        if self._decision is None:
            self._keep_bounds()
            self._decision = decide(self._seen, self._skeletons)
        return self._decision

    def _provider(self, request: Request) -> tuple[str, str]:
        """The provider's name and its authority."""
        key = (request.host, request.port)
        known = self._providers.get(key)
        if known is None:
            authority = request.authority
            known = self._providers[key] = (self._provider_of(authority), authority)
        return known

    def _register(self, request: Request, call: str) -> tuple[Place, Evidence]:
        provider, authority = self._provider(request)
        parts, marks = skeleton(request.path)
        if self._hints:
            self._hints.apply(request.method, (provider, authority), parts, marks)
        changes = self._skeletons.changes
        settled = self._skeletons.settled(provider, tuple(marks))
        if self._skeletons.changes != changes:
            self._known.clear()
        place = self._place_of(provider, request.method, settled, call)
        evidence = self._seen.get(place)
        if evidence is None:
            evidence = self._seen[place] = Evidence(self._kept)
        for position, mark in enumerate(settled):
            if "{" in mark and position < len(parts):
                evidence.parted(position, parts[position])
        return place, evidence

    def _place_of(self, provider: str, method: str, settled: tuple[str, ...], call: str) -> Place:
        if not call:
            return Place(provider, method, settled)
        calls = self._calls.setdefault(Place(provider, method, settled), set())
        if len(calls) <= MOST_CALLS:
            calls.add(call)
        return Place(provider, method, settled, call if call in calls and len(calls) <= MOST_CALLS else ANY)

    def _remember(self, key: _Key, call: str, found: tuple[Place, Evidence]) -> None:
        if len(key[3]) <= _LONGEST_REMEMBERED and found[0].call == call:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known.setdefault(key, {})[call] = found

    def _keep_bounds(self) -> None:
        """Halve what is kept of each kind until all places together are within the bound."""
        while sum(evidence.weight for evidence in self._seen.values()) > self._largest and self._kept > _FEWEST_VALUES:
            self._kept //= 2
            for evidence in self._seen.values():
                evidence.narrow(self._kept)
