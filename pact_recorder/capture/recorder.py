"""The recorder: takes exchanges in, redacts, journals and activates them, and answers requests from them.

One recorder runs per process and one thread owns it: mitmproxy's event loop. What takes long (saving, exporting,
verifying) works on snapshots in other threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pact_recorder.capture.modes import Mode
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.tally import Tally
from pact_recorder.capture.traffic_log import Cleared, Logged, Takes, TrafficLog
from pact_recorder.errors import StorageError, UsageError
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.http.identity import exchange_identity
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.matching.budget import REQUEST_SECONDS, Budget
from pact_recorder.mock import Exhausted, Expectations, Miss, Reference, expectations_of
from pact_recorder.mock.actions import Action, Forward, response_of
from pact_recorder.mock.contracts import Generate
from pact_recorder.mock.known import Known, KnownExpectations
from pact_recorder.pact import Contract, load_contract
from pact_recorder.recordings import (
    RecordedExchange,
    SessionStore,
    find_session,
    iterate_session,
    read_session_header,
)
from pact_recorder.recordings.journal_scan import ExchangeRecord

STATE_HEADER = "X-Pact-Provider-State"
"""Where a request names the provider states in which it is asked."""


class Recorder:
    """A running recorder.

    `store` keeps the session that is recorded into; `redactor` removes secrets before anything is kept. Loaded sessions
    and contracts are active beside it. `clock` gives seconds since the epoch. `generate` makes the values that
    contracts leave to generators; None keeps their examples. `log` is the log of requests.

    While `states` is None interactions answer whatever provider states they depend on, else only in these; a request
    may name its own.
    """

    def __init__(
        self,
        store: SessionStore,
        redactor: Redactor,
        mode: Mode = Mode.CAPTURE,
        policy: Exhausted = Exhausted.REPEAT_LAST,
        clock: Callable[[], float] = time.time,
        generate: Generate | None = None,
        log: TrafficLog | None = None,
    ) -> None:
        self.store = store
        self.redactor = redactor
        self.mode = mode
        self.policy = policy
        self.clock = clock
        self.tally = Tally()
        self._hurried = False
        self.log = TrafficLog() if log is None else log
        self.states: frozenset[str] | None = None
        self.generate = generate
        self.expectations = Expectations(self.load_exchange)
        self.known = KnownExpectations()
        self._loaded: list[Exchange] = []
        self._known: dict[bytes, Reference] = {}
        self._written: set[bytes] = set()
        self._taken = False
        self._latest: tuple[Reference, Exchange] | None = None

    def load_exchange(self, reference: Reference) -> Exchange:
        """The exchange behind a reference: of the session, or of a loaded one (a one-element tuple)."""
        if isinstance(reference, tuple):
            return self._loaded[reference[0]]
        # What asks for an exchange often asks for several of its parts in a row. Threads that export read here too.
        latest = self._latest
        if latest is None or latest[0] != reference:
            latest = self._latest = (reference, self.store.load(reference))
        return latest[1]

    def open_session(self) -> list[str]:
        """Make active what the session holds and, unless in mock mode, take it for recording.

        Several mocks can share a session, since they only read it. Gives warnings about a journal that was recovered.
        Raises SessionLockedError when another process records into it, StorageError when the folder refuses.
        """
        warnings = [] if self.mode is Mode.MOCK else self._take()
        if self.store.files.session.exists():
            self._known.update(self._load_session(self.store.files.session))
        return warnings

    def switch(self, mode: Mode) -> list[str]:
        """Change the mode; the first that records takes the session. Warns and raises as `open_session` does."""
        warnings = [] if mode is Mode.MOCK or self._taken else self._take()
        self.mode = mode
        return warnings

    def load(self, source: Path) -> int:
        """Make a contract's interactions or a session's exchanges active; how many. Raises DocumentError."""
        before = len(self.expectations)
        if source.suffix in (".yaml", ".yml"):
            self._load_session(source)
        else:
            self.activate(load_contract(source), source)
        return len(self.expectations) - before

    def activate(self, contract: Contract, source: Path) -> int:
        """Make the interactions of a contract from a file active; how many."""
        before = len(self.expectations)
        # Contracts of one file name in several folders do not replace each other.
        name = str(source) if f"{source.name}#1" in self.expectations.ruled else source.name
        for expectation in expectations_of(contract, name, self.generate):
            self.expectations.put(expectation)
        return len(self.expectations) - before

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange: when this returns it is in the journal and active. Raises StorageError.

        A session that was not opened yet is taken first.
        """
        if not self._taken:
            self._take_at_last()
        clean = self.redactor.exchange(exchange)
        identity = exchange_identity(clean)
        key = bytes.fromhex(identity)
        reference = self._known.get(key)
        if reference is None:
            reference = self._known[key] = self.store.append(clean)
        else:
            self._record_again(clean, key, isinstance(reference, tuple))
            self.tally.repeated += 1
        active = self.expectations.add_recorded(clean, reference, live=True)
        self.log.recorded(clean.started, reference, self.store.end)
        self.tally.cut += clean.cut and not active
        self.tally.cut_streams += clean.cut and active
        self.tally.count_exchange(clean.request.authority, clean.request.path)

    def _record_again(self, exchange: Exchange, key: bytes, loaded: bool) -> None:
        """Keep that an exchange was seen again.

        One that only the session file holds is written once more, so that what this process has recorded is in its
        journal, whatever becomes of that file.
        """
        if loaded and key not in self._written:
            self.store.append(exchange)
            self._written.add(key)
        else:
            self.store.append_repeat(key.hex(), exchange.started)

    def answer(self, request: Request, host: str | None) -> Action | Miss:
        """What the active expectations do with a request at `host` (None: at this program itself): mostly a response.

        A request that names provider states, in a header, is asked in these, whatever was chosen for all.
        """
        states = _named_states(request) or self.states
        redacted = self.redacted(request)
        unredacted = None if redacted is request else request
        now, forwards = self.clock(), self.mode is not Mode.MOCK
        with Budget(REQUEST_SECONDS, time.monotonic) as budget:
            found = self.expectations.answer(redacted, host, now, self.policy, unredacted, states, forwards)
        self._hurried = budget.cut > 0
        if isinstance(found, Miss):
            self.tally.missed += 1
        elif not isinstance(found, Forward):
            response = response_of(found)
            self._answered(now, redacted, response, self._reference_of(response))
        return found

    @property
    def steady(self) -> bool:
        """Whether equal requests get equal answers, and are logged as they are, until expectations or states change.

        Not when the last answer was found by leaving out a comparison that took too long: the next may be another.
        """
        return not self.redactor.enabled and not self._hurried and self.expectations.steady

    def answered_again(self, request: Request, response: Response) -> None:
        """Count and log a request that got the answer of an equal one."""
        self._answered(self.clock(), request, response, None)

    def missed(self, miss: Miss, response: Response) -> None:
        """Log a request that got an answer of its own because nothing matched it."""
        self.log.unmatched(self.clock(), miss.request, response)

    def passed(self, request: Request, response: Response | None, started: float) -> None:
        """Log a request that was forwarded and is not recorded; without a response it failed."""
        clean = self.redactor.exchange(Exchange(request, response or Response(0), started))
        self.log.forwarded(started, clean.request, None if response is None else clean.response)

    def loaded(self, first: int) -> Iterator[tuple[int, Exchange]]:
        """The exchanges of loaded sessions from a place on, each with its place."""
        return ((place, exchange) for place, exchange in enumerate(self._loaded[first:], start=first))

    def journaled(self, start: int, end: int) -> Iterator[tuple[int, float, Exchange]]:
        """What a stretch of the journal says was seen: the offset behind the record, the moment, and the exchange.

        Raises StorageError when it cannot be read.
        """
        for record in self.store.records(start, end):
            if isinstance(record, ExchangeRecord):
                yield record.end, record.exchange.started, record.exchange
            elif (reference := self._known.get(bytes.fromhex(record.identity))) is not None:
                yield record.end, record.started, self.load_exchange(reference)

    def clear_log(self) -> None:
        """Forget every request of the log; the session keeps what was recorded."""
        self.log.clear(self.store.end, len(self._loaded))

    def remove_from_log(self, taken: Iterable[Logged], takes: Takes) -> None:
        """Forget some requests of the log, those that memory holds and those in recordings that are meant too."""
        self.log.remove(taken, Cleared(takes, self.store.end, len(self._loaded)))

    def find_known(self, identifier: str) -> Known:
        """The request of an expectation that was set, or is active. Raises UsageError when there is none."""
        known = self.known.get(identifier)
        if known is not None:
            return known
        for expectation in self.expectations.all(self.clock()):
            if expectation.id == identifier:
                return Known.of(expectation)
        raise UsageError(f"No expectation found with id {identifier}")

    def redacted(self, request: Request) -> Request:
        """The request as a recording would hold it."""
        return self.redactor.request(request)

    def reset(self) -> None:
        """Forget expectations and log, as MockServer's reset does; the session keeps what was recorded."""
        self.expectations.clear()
        self.expectations.scenarios.clear()
        self.known.clear()
        self.clear_log()

    def save(self) -> Path | None:
        """Write the session file; its path, or None when nothing was recorded."""
        return None if self.store.is_empty else self.store.save(self.redactor.scrub, self.redactor.hints())

    def close(self) -> Path | None:
        """Write the session file and let go of the session; its path, or None when nothing was recorded."""
        if self.store.is_empty:
            return self.store.close()
        return self.store.close(self.redactor.scrub, self.redactor.hints())

    def _reference_of(self, response: Response | None) -> Reference | None:
        """Where the journal holds a response that an expectation has just given; None when it does not."""
        latest = self._latest
        if latest is None or isinstance(latest[0], tuple) or latest[1].response is not response:
            return None
        return latest[0]

    def _answered(self, now: float, request: Request, response: Response | None, reference: Reference | None) -> None:
        self.tally.answered += 1
        self.log.answered(now, request, response, reference)

    def _take(self) -> list[str]:
        warnings = self.store.open()
        self._taken = True
        return warnings

    def _take_at_last(self) -> None:
        try:
            self._take()
        except StorageError:
            self.store.count_refused()
            raise

    def _load_session(self, source: Path) -> dict[bytes, Reference]:
        """Make a session's exchanges active; their references by identity."""
        entries = list(iterate_session(source))
        self.redactor.remember(read_session_header(source).secrets)
        self.redactor.reserve(placeholder for entry in entries for placeholder in _placeholders(entry.exchange))
        created, loaded = self.expectations.last_created, len(self._loaded)
        self._loaded.extend(entry.exchange for entry in entries)
        for place, entry, times in in_order(entries):
            self.expectations.add_recorded(entry.exchange, (loaded + place - 1,), times, created + place)
        return {
            bytes.fromhex(exchange_identity(entry.exchange)): (place,)
            for place, entry in enumerate(entries, start=loaded)
        }


def _placeholders(exchange: Exchange) -> Iterator[str]:
    """What redaction has left in an exchange: other secrets must not get the same placeholders."""
    for message in (exchange.request, exchange.response):
        yield from PLACEHOLDER.findall(" ".join(value for _, value in message.headers))
        if message.body is not None and b"REDACTED-" in message.body.content:
            yield from PLACEHOLDER.findall(message.body.content.decode("latin-1"))
    yield from PLACEHOLDER.findall(exchange.request.target)


def in_order(entries: Iterable[RecordedExchange]) -> Iterator[tuple[int, RecordedExchange, int]]:
    """Entries as the session went: place in the file from 1, the entry, and how often it was seen in a row.

    Those whose order matters not come first.
    """
    ordered: list[tuple[int, int, RecordedExchange]] = []
    for place, entry in enumerate(entries, start=1):
        if entry.at:
            ordered.extend((at, place, entry) for at in entry.at)
        else:
            yield place, entry, entry.count
    ordered.sort(key=itemgetter(0))
    for place, run in groupby(ordered, key=itemgetter(1)):
        same = list(run)
        yield place, same[0][2], len(same)


def _named_states(request: Request) -> frozenset[str]:
    """The provider states that a request names; several are divided by semicolons, since names have commas."""
    names = (name.strip() for line in request.headers.get_all(STATE_HEADER) for name in line.split(";"))
    return frozenset(filter(None, names))


def find_source(name: str, recordings: Path) -> Path:
    """The contract or session that a `pact_load` entry names: a path, or a session of the recordings folder."""
    path = Path(name).expanduser()
    return path if path.is_file() else find_session(recordings, name)
