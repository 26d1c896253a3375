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
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.http.identity import exchange_identity
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.mock import Exhausted, Expectations, Miss, Reference, expectations_of
from pact_recorder.mock.contracts import Generate
from pact_recorder.pact import Contract, read_contract
from pact_recorder.recordings import (
    RecordedExchange,
    SessionStore,
    find_session,
    iterate_session,
    read_session_header,
)

STATE_HEADER = "X-Pact-Provider-State"
"""Where a request names the provider states in which it is asked."""


class Recorder:
    """A running recorder.

    `store` keeps the session that is recorded into; `redactor` removes secrets before anything is kept. Loaded sessions
    and contracts are active beside it. `clock` gives seconds since the epoch. `generate` makes the values that
    contracts leave to generators; None keeps their examples.

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
    ) -> None:
        self.store = store
        self.redactor = redactor
        self.mode = mode
        self.policy = policy
        self.clock = clock
        self.tally = Tally()
        self.states: frozenset[str] | None = None
        self._generate = generate
        self.expectations = Expectations(self.load_exchange)
        self._loaded: list[Exchange] = []
        self._known: dict[bytes, Reference] = {}
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
            self.activate(read_contract(source.read_bytes(), str(source)), source)
        return len(self.expectations) - before

    def activate(self, contract: Contract, source: Path) -> int:
        """Make the interactions of a contract from a file active; how many."""
        before = len(self.expectations)
        # Contracts of one file name in several folders do not replace each other.
        name = str(source) if f"{source.name}#1" in self.expectations.ruled else source.name
        for expectation in expectations_of(contract, name, self._generate):
            self.expectations.put(expectation)
        return len(self.expectations) - before

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange: when this returns it is in the journal and active. Raises StorageError.

        A session that was not opened yet is taken first.
        """
        if not self._taken:
            self._take()
        clean = self.redactor.exchange(exchange)
        identity = exchange_identity(clean)
        key = bytes.fromhex(identity)
        reference = self._known.get(key)
        if reference is None:
            reference = self._known[key] = self.store.append(clean)
        else:
            self.store.append_repeat(identity, clean.started)
            self.tally.repeated += 1
        self.expectations.add_recorded(clean, reference, live=True)
        self.tally.cut += clean.cut
        self.tally.count_exchange(clean.request.authority, clean.request.method, clean.request.path)

    def answer(self, request: Request, host: str | None) -> Response | Miss:
        """The answer of the active expectations to a request at `host` (None: at this program itself).

        A request that names provider states, in a header, is asked in these, whatever was chosen for all.
        """
        states = _named_states(request) or self.states
        redacted = self.redacted(request)
        unredacted = None if redacted is request else request
        found = self.expectations.answer(redacted, host, self.clock(), self.policy, unredacted, states)
        if isinstance(found, Miss):
            self.tally.missed += 1
        else:
            self.tally.answered += 1
        return found

    def redacted(self, request: Request) -> Request:
        """The request as a recording would hold it."""
        return self.redactor.request(request)

    def reset(self) -> None:
        """Forget every active expectation, as MockServer's reset does; the session keeps what was recorded."""
        self.expectations.clear()

    def save(self) -> Path | None:
        """Write the session file; its path, or None when nothing was recorded."""
        return None if self.store.is_empty else self.store.save(self.redactor.scrub, self.redactor.hints())

    def close(self) -> Path | None:
        """Write the session file and let go of the session; its path, or None when nothing was recorded."""
        if self.store.is_empty:
            return self.store.close()
        return self.store.close(self.redactor.scrub, self.redactor.hints())

    def _take(self) -> list[str]:
        warnings = self.store.open()
        self._taken = True
        return warnings

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
