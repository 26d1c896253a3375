"""All active expectations, and the choice of an answer among them.

A request is answered by the full match of the highest priority; at the same priority what was set or loaded on purpose
comes before what was recorded, the more specific before the less, and the older before the newer; among those that were
set in MockServer's JSON only age counts, as there. A request that nothing matches is a miss with the nearest candidate.
Looking an answer up costs the same however many are held: the indexes narrow, and only the few candidates left are
compared by the matching engine. What is slow on purpose spends the budget of whoever asks (`matching/budget.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from pact_recorder.http import Exchange, Request, Response
from pact_recorder.matching import score_request
from pact_recorder.matching.budget import SpentError, refusals
from pact_recorder.mock.actions import Action
from pact_recorder.mock.contracts import likeness
from pact_recorder.mock.expectation import Expectation, LoadExchange, RecordedExpectation, Reference, RuledExpectation
from pact_recorder.mock.miss import (
    Miss,
    Nearest,
    exhausted,
    in_other_state,
    no_match,
    not_forwarded,
    not_modified_only,
    nothing_active,
    only_partly_recorded,
    too_slow,
    used_up,
)
from pact_recorder.mock.preflight import preflight_answer, preflight_method
from pact_recorder.mock.recorded import RecordedIndex
from pact_recorder.mock.ruled import RuledIndex
from pact_recorder.mock.scenarios import Scenarios
from pact_recorder.mock.selectors import CONDITIONAL
from pact_recorder.mock.sequence import Exhausted

_MOST_NEAREST = 16
_MOST_PATHS = 2_000

States = frozenset[str] | None
"""The provider states in which a request is asked; None when states do not count."""


class Expectations:
    """The active expectations. One thread owns it.

    `load` brings a recorded exchange back from its reference. Requests are given redacted, as recordings are; `host` is
    the authority that the client asked for, or None when it asked this program itself and any provider will do.
    `removals` grows whenever recorded expectations are taken out, `changes` whenever anything is put in or taken out.
    """

    def __init__(self, load: LoadExchange) -> None:
        self.load = load
        self._created = 0
        self.recorded = RecordedIndex(load)
        self.ruled = RuledIndex()
        self.scenarios = Scenarios()
        self.cut_paths: set[str] = set()
        self.removals = 0
        self.changes = 0

    @property
    def steady(self) -> bool:
        """Whether equal requests get equal answers as long as `changes` stays: no answer is used up, dated or drawn."""
        return not self.ruled.passing and not len(self.recorded)

    @property
    def last_created(self) -> int:
        """The highest place in the order of creation so far."""
        return self._created

    def __len__(self) -> int:
        return len(self.recorded) + len(self.ruled)

    def add_recorded(
        self, exchange: Exchange, reference: Reference, times: int = 1, created: int = 0, live: bool = False
    ) -> bool:
        """Make a recorded exchange, given so many times in a row, active; a cut one is only remembered as such.

        A stream of events is active as far as it came. Says whether it is active.

        `created` is its place in the order of creation where that is not the order of these calls; `live` says that
        this process recorded it, so that the secrets behind its placeholders are known.
        """
        self.changes += 1
        if exchange.cut and not _streams(exchange):
            self.cut_paths.add(exchange.request.path)
            return False
        self._created = max(self._created + 1, created)
        self.recorded.add(exchange, reference, created or self._created, times, live)
        return True

    def put(self, expectation: RuledExpectation) -> None:
        """Add an expectation, or replace the one of the same identifier."""
        self.changes += 1
        self._created += 1
        expectation.created = self._created
        self.ruled.put(expectation)

    def remove(self, expectations: Iterable[Expectation]) -> None:
        """Take active expectations out; the recording itself keeps its exchanges."""
        self.changes += 1
        for expectation in expectations:
            if isinstance(expectation, RuledExpectation) and self.ruled.get(expectation.id) is expectation:
                self.ruled.remove(expectation)
            elif isinstance(expectation, RecordedExpectation):
                self.recorded.remove(expectation)
                self.removals += 1

    def clear(self) -> None:
        """Take everything out."""
        self.changes += 1
        self.removals += 1
        self.recorded = RecordedIndex(self.load)
        self.ruled = RuledIndex()
        self.cut_paths.clear()

    def knows(self, method: str, path: str) -> bool:
        """Whether anything active may take a request of this method and path."""
        asked = Request(method, path)
        return bool(self.ruled.nearby(asked, 1)) or method in self.recorded.methods(path, None)

    def all(self, now: float) -> list[Expectation]:
        """Every active expectation: priority descending, then creation."""
        everything: list[Expectation] = [*self.all_ruled(now), *self.recorded]
        return sorted(everything, key=precedence)

    def all_ruled(self, now: float) -> list[Expectation]:
        """Every active expectation that is not a recorded one, in the same order."""
        self.ruled.prune(now)
        return sorted(self.ruled, key=precedence)

    def answer(
        self,
        request: Request,
        host: str | None,
        now: float,
        policy: Exhausted,
        unredacted: Request | None = None,
        states: States = None,
        forwards: bool = True,
    ) -> Action | Miss:
        """What is done with a request, mostly a response, or why there is none.

        Without `forwards` a request that would be sent on is a miss.

        `unredacted` is the request as it came, to be looked for after the redacted one: a contract, and a session that
        was recorded without redaction, hold values that redaction takes for secrets.
        """
        found = self.find(request, host, now, states)
        forms = (request,) if unredacted is None else (request, unredacted)
        if found is None and unredacted is not None:
            found = self.find(unredacted, host, now, states)
            request = request if found is None else unredacted
        if found is None:
            return self._preflight(request, host) or self._miss(request, host, now, states)
        if isinstance(found, RuledExpectation):
            if found.forwards and not forwards:
                return not_forwarded(request, found)
            if found.scenario is not None:
                found.scenario.take(self.scenarios)
        action = found.take(policy, *forms)
        return exhausted(request, found) if action is None else action

    def find(self, request: Request, host: str | None, now: float, states: States = None) -> Expectation | None:
        """The expectation that answers a request, without using it up."""
        ruled = self._best_ruled(request, host, now, states)
        if ruled is not None and ruled.priority >= RecordedExpectation.priority:
            return ruled
        return self.recorded.find(request, host) or ruled or self._equivalent(request, host)

    def find_all(self, request: Request, now: float) -> Iterator[Expectation]:
        """Every expectation that fully matches, of any host; reading only."""
        for candidate in self.ruled.candidates(request):
            if candidate.active(now) and not candidate.match(request):
                yield candidate
        recorded = list(self.recorded.find_all(request, None))
        yield from recorded
        if not recorded and (equivalent := self._equivalent(request, None)) is not None:
            yield equivalent

    def nearest(self, request: Request, host: str | None, now: float) -> Nearest | None:
        """The expectation that comes closest to a request, and why it fails."""
        candidates = [each for each in self.ruled.nearby(request, _MOST_NEAREST) if each.active(now)]
        nearby: list[Expectation] = [*candidates, *self.recorded.nearby(request, host)]
        return self._closest(request, host, nearby or self._elsewhere(request, now))

    def _best_ruled(
        self, request: Request, host: str | None, now: float, states: States, gated: bool = True
    ) -> RuledExpectation | None:
        matching: list[RuledExpectation] = []
        for candidate in self.ruled.candidates(request):
            if matching and candidate.priority < matching[0].priority:
                break
            if not candidate.active(now) or (host is not None and candidate.host not in ("", host)):
                continue
            if gated and not candidate.is_due(self.scenarios, states):
                continue
            if not candidate.match(request):
                matching.append(candidate)
        if len(matching) < 2 or all(each.document is not None for each in matching):
            # What the control API set is taken in MockServer's order, where the older goes first.
            return matching[0] if matching else None
        try:
            # Of equals the first, which is the oldest.
            return max(matching, key=lambda each: _specificity(each, request, states))
        except SpentError:
            return matching[0]

    def _equivalent(self, request: Request, host: str | None) -> RecordedExpectation | None:
        """One whose request the engine calls equal although it is spelled differently (XML, redacted values)."""
        for candidate in self.recorded.nearby(request, host):
            if host in (None, candidate.host) and candidate.answers_equivalent(request):
                return candidate
        return self.recorded.find_masked(request, host)

    def _closest(self, request: Request, host: str | None, candidates: list[Expectation]) -> Nearest | None:
        best: Nearest | None = None
        best_score = 0
        for candidate in candidates:
            mismatches = candidate.match(request)
            expected = candidate.expected()
            score = score_request(expected, request, mismatches) if expected else -len(mismatches)
            if best is None or score > best_score:
                other_host = host if host is not None and candidate.host not in ("", host) else None
                best, best_score = Nearest(candidate, tuple(mismatches), other_host), score
        return best

    def _elsewhere(self, request: Request, now: float) -> list[Expectation]:
        paths = islice(self.recorded.paths(), _MOST_PATHS)
        path = max(paths, key=lambda each: _shared(each, request.path), default=None)
        ruled: list[Expectation] = [each for each in islice(self.ruled, _MOST_NEAREST) if each.active(now)]
        return ruled if path is None else [*self.recorded.at(path, request.method), *ruled]

    def _used_up(self, request: Request, now: float) -> RuledExpectation | None:
        candidates = islice(self.ruled.candidates(request), _MOST_NEAREST)
        return next((each for each in candidates if not each.active(now) and not each.match(request)), None)

    def _preflight(self, request: Request, host: str | None) -> Response | None:
        method = preflight_method(request)
        if method is None:
            return None
        known = method in self.recorded.methods(request.path, host) or self.ruled.answers(method, request.path)
        return preflight_answer(request) if known else None

    def _miss(self, request: Request, host: str | None, now: float, states: States) -> Miss:
        if request.path in self.cut_paths:
            return only_partly_recorded(request)
        if not len(self):
            return nothing_active(request)
        try:
            return self._nothing_found(request, host, now, states)
        except SpentError:
            return too_slow(request)

    def _nothing_found(self, request: Request, host: str | None, now: float, states: States) -> Miss:
        if refusals():
            return too_slow(request)
        if (inactive := self._used_up(request, now)) is not None:
            return used_up(request, inactive)
        if (gated := self._best_ruled(request, host, now, states, gated=False)) is not None:
            return in_other_state(request, gated)
        nearest = self.nearest(request, host, now)
        if refusals():
            return too_slow(request)
        if nearest is not None and _only_lacks_condition(nearest, request):
            return not_modified_only(request, nearest.expectation)
        return no_match(request, nearest)


def precedence(expectation: Expectation) -> tuple[int, int]:
    """The order in which expectations are listed: priority descending, then creation."""
    return -expectation.priority, expectation.created


def _streams(exchange: Exchange) -> bool:
    """Whether the beginning of the answer is an answer too: a stream of events has no end of its own."""
    media_type = exchange.response.media_type
    request_whole = exchange.request.body is None or not exchange.request.body.cut
    return request_whole and media_type is not None and media_type.essence == "text/event-stream"


def _specificity(candidate: RuledExpectation, request: Request, states: States) -> tuple[int, int, int]:
    """How much a match says: of provider states, where they count, and of the request; how alike it is besides."""
    expected = candidate.expected()
    stated = len(candidate.provider_states) if states is not None else 0
    return (stated, score_request(expected, request, []), likeness(expected, request)) if expected else (stated, 0, 0)


def _shared(one: str, other: str) -> int:
    """How many leading segments two paths share, twice, less their difference in length."""
    ours, theirs = one.split("/"), other.split("/")
    shared = sum(1 for mine, yours in zip(ours, theirs, strict=False) if mine == yours)
    return 2 * shared - abs(len(ours) - len(theirs))


def _only_lacks_condition(nearest: Nearest, request: Request) -> bool:
    if not isinstance(nearest.expectation, RecordedExpectation) or not CONDITIONAL.isdisjoint(
        name.lower() for name, _ in request.headers
    ):
        return False
    return nearest.expectation.exchange().response.status == 304
