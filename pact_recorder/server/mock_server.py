"""A contract as a mock server in this process.

    with MockServer(pact) as server:
        requests.get(f"{server.url}/users/1")
    assert server.matched, server.report()

`async with` works too. All servers of a process share one thread, which ends with the last of them; whichever thread or
event loop starts, asks or stops a server does not matter.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from pact_recorder.errors import PactDocumentError, UsageError
from pact_recorder.http import Request
from pact_recorder.http.visible import visible
from pact_recorder.matching import JsonValue
from pact_recorder.matching.budget import REQUEST_SECONDS, Budget
from pact_recorder.mock import ContractMock, RequestMismatch, RequestNotFound, Unmet
from pact_recorder.mock.actions import Reply
from pact_recorder.pact import Contract, SpecVersion, load_contract, read_contract, write_contract
from pact_recorder.pact.reading import parse_version
from pact_recorder.server.certificates import Certificate, SelfSigned, self_signed
from pact_recorder.server.generating import consumer_values
from pact_recorder.server.listener import Listener, listen
from pact_recorder.server.mock_app import MockApp
from pact_recorder.server.serving_thread import SHARED, run_on
from pact_recorder.server.wire import text

Pact = Contract | Mapping[str, JsonValue] | str | bytes | os.PathLike[str]
"""A contract: JSON text, a mapping, the path of a file, or a document of this library."""

_MOST_COUNTED = 1_000
_log = logging.getLogger(__name__)


class MockServer:
    """A mock server of one contract, listening while it is started.

    `port` 0 lets the system pick one; `tls` is True for a certificate that signs itself (`certificate` is what clients
    have to trust) or a `Certificate`; `cors_preflight` answers preflights that no interaction has; `specification`
    (`4`, `"V3"`, `"2.0.0"`) is the version in which the contract is written, the document's own by default (the nearest
    known one for another). Raises PactDocumentError for what is no contract, UsageError for a version that cannot be
    written and for a host, port or tls that is none.
    """

    def __init__(
        self,
        pact: Pact,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool | Certificate = False,
        cors_preflight: bool = False,
        specification: int | str | None = None,
    ) -> None:
        _check_place(host, port, tls)
        self.contract = contract_of(pact)
        self.specification = specification_of(specification, self.contract)
        self.address = (host, port)
        self._own_certificate: SelfSigned | None = self_signed(host) if tls is True else None
        self._tls: ssl.SSLContext | None = _context(tls, self._own_certificate)
        self._mock = ContractMock(
            self.contract, prepare=consumer_values(lambda: self.url), cors_preflight=cors_preflight
        )
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.requests = 0
        self._by_path: dict[bytes, int] = {}

    def start(self) -> Self:
        """Listen. Raises UsageError when the address cannot be listened on, or the server listens already."""
        self._begin()
        try:
            self._listener = run_on(self._running_loop(), self._listen())
        except BaseException:
            self._end()
            raise
        return self

    def stop(self) -> None:
        """Close the listener and every connection; what was asked for stays known. Once more does nothing."""
        listener, loop = self._listener, self._loop
        if listener is None or loop is None:
            return
        self._listener = None
        try:
            run_on(loop, listener.close())
        finally:
            self._end()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    @property
    def port(self) -> int:
        """Where it listens; 0 before it is started."""
        return self.address[1]

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        host = f"[{self.address[0]}]" if ":" in self.address[0] else self.address[0]
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"

    @property
    def certificate(self) -> str | None:
        """The certificate in PEM that clients have to trust, when it signs itself."""
        return None if self._own_certificate is None else self._own_certificate.pem

    @property
    def matched(self) -> bool:
        """Whether every request was right and every interaction was asked for."""
        with self._lock:
            return self._mock.matched

    @property
    def requests_by_path(self) -> Counter[str]:
        """How often each path was asked for, the first thousand of them."""
        return Counter({text(path): count for path, count in self._by_path.copy().items()})

    @property
    def unindexed(self) -> int:
        """How many interactions are compared with every request, because rules leave their path open."""
        return self._mock.unindexed

    def unmet(self) -> list[Unmet]:
        """What went wrong: requests that did not match, in the order they came, then those that never came."""
        with self._lock:
            return self._mock.mismatches()

    def mismatches(self) -> list[dict[str, JsonValue]]:
        """The same as the reference's mock server writes it in JSON."""
        return [each.to_json() for each in self.unmet()]

    def report(self) -> str:
        """The same as text for people; empty when all is well."""
        return "\n".join(_told(each) for each in self.unmet())

    def write(self, directory: str | os.PathLike[str] | None = None, *, overwrite: bool = False) -> Path:
        """Write the contract into a directory (default: the working directory), whatever was asked for; its path.

        It is merged into the file there unless `overwrite`. Raises MergeError for another consumer's or provider's
        file, PactDocumentError when the file is no contract, StorageError when the disk refuses.
        """
        return write_contract(self.contract, directory or Path.cwd(), overwrite=overwrite, version=self.specification)

    def _begin(self) -> None:
        if self._loop is not None:
            raise UsageError(f"The mock server listens already, on port {self.port}.")
        self._loop = SHARED.acquire()

    def _end(self) -> None:
        self._loop = None
        SHARED.release()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        assert self._loop is not None
        return self._loop

    async def _listen(self) -> Listener:
        app = MockApp(self._answer, repeated=lambda asked, _: self._count(asked.target), any_order=True)
        listener = await listen(app, *self.address, self._tls, direct=app)
        self.address = (self.address[0], listener.port)
        return listener

    def _answer(self, request: Request) -> Reply:
        self._count(request.target.encode("utf-8", "surrogateescape"))
        with self._lock, Budget(REQUEST_SECONDS, time.monotonic):
            return self._mock.reply(request)

    def _count(self, target: bytes) -> None:
        """Count a request; only the thread that answers does."""
        self.requests += 1
        path = target.partition(b"?")[0]
        counts = self._by_path
        if path in counts:
            counts[path] += 1
        elif len(counts) < _MOST_COUNTED:
            counts[path] = 1


def contract_of(pact: Pact) -> Contract:
    """The contract that is meant. Raises PactDocumentError."""
    if isinstance(pact, Contract):
        return pact
    if isinstance(pact, Mapping):
        return read_contract(pact, "the contract")
    if isinstance(pact, bytes) or (isinstance(pact, str) and pact.lstrip("\ufeff \t\r\n").startswith(("{", "["))):
        return read_contract(pact, "the contract")
    _check_path(pact)
    return load_contract(pact)


def _check_path(given: object) -> None:
    if not isinstance(given, (str, os.PathLike)):
        reason = "is no contract: give JSON text, a mapping, the path of a file or a Contract"
        raise PactDocumentError(f"the value {given!r:.60}", reason)


def specification_of(wanted: int | str | None, contract: Contract) -> SpecVersion:
    """The version to write; V1 contracts are written as V2. Raises UsageError for one that there is not."""
    if wanted is None:
        return _written_for(contract)
    spelled = str(wanted).lstrip("vV")
    found = _WRITTEN.get(parse_version(spelled)[0]) if spelled[:1].isdigit() else None
    if found is None:
        raise UsageError(f"There is no Pact specification {wanted!r}: choose one of 1, 2, 3, 4.")
    return found


def _written_for(contract: Contract) -> SpecVersion:
    """The version of a contract itself; one that is not known is taken as the nearest that is."""
    version = parse_version(contract.specification)[0]
    nearest: SpecVersion = _WRITTEN.get(version, 4 if version else 2)
    if version not in _WRITTEN:
        named = visible(str(contract.specification))
        _log.warning(
            "The contract names the Pact version %s, which is not known: it is taken as version %d.", named, nearest
        )
    return nearest


def _check_place(host: object, port: object, tls: object) -> None:
    """Raises UsageError for what is no place to listen at."""
    if not isinstance(host, str):
        raise UsageError(f"The host is {host!r}: give a text like '127.0.0.1'.")
    if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= 65535:
        raise UsageError(f"The port is {port!r}: give a whole number from 0 (any free one) to 65535.")
    if not isinstance(tls, (bool, Certificate)):
        raise UsageError(f"tls is {tls!r}: give True, False or a Certificate.")


_WRITTEN: dict[int, SpecVersion] = {1: 2, 2: 2, 3: 3, 4: 4}


def _context(tls: bool | Certificate, own: SelfSigned | None) -> ssl.SSLContext | None:
    if own is not None:
        return own.context()
    return tls.context() if isinstance(tls, Certificate) else None


def _told(unmet: Unmet) -> str:
    if isinstance(unmet, RequestNotFound):
        return f"unexpected request: {unmet.request.method} {unmet.request.target}"
    asked = f"{unmet.interaction.request.method} {unmet.interaction.request.path}"
    if isinstance(unmet, RequestMismatch):
        differences = "\n".join(f"    {each}" for each in unmet.mismatches)
        return f'mismatch with "{unmet.interaction.description}" ({asked}):\n{differences}'
    return f'missing request: "{unmet.interaction.description}" ({asked})'
