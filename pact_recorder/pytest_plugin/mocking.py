"""Mock servers of one test."""

from __future__ import annotations

import os
from typing import Any

from pact_recorder.server.mock_server import MockServer, Pact


class PactMockServers:
    """Starts mock servers and, when the test has run, says what did not match."""

    def __init__(self) -> None:
        self._servers: list[tuple[MockServer, str | os.PathLike[str] | None]] = []

    def __call__(self, pact: Pact, *, write_to: str | os.PathLike[str] | None = None, **options: Any) -> MockServer:
        """A running mock server; `options` are those of `MockServer`.

        With `write_to` its contract is written into that folder, if the test passes and everything matched.
        """
        server = MockServer(pact, **options).start()
        self._servers.append((server, write_to))
        return server

    def complaints(self) -> str:
        """What did not match, by server; empty when everything did."""
        return "\n\n".join(_complaint(server) for server, _ in self._servers if not server.matched)

    def write(self) -> None:
        """Write the contracts that are to be written. Raises PactRecorderError."""
        for server, folder in self._servers:
            if folder is not None:
                server.write(folder)

    def stop(self) -> None:
        """Stop them all."""
        for server, _ in self._servers:
            server.stop()


def _complaint(server: MockServer) -> str:
    parties = f"{server.contract.consumer} → {server.contract.provider}"
    return f"The contract {parties} was not kept, at {server.url}:\n{server.report()}"
