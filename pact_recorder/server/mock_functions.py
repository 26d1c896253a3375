"""The five functions of the Pact library's mock server, as its users know them: a server is named by its port.

They are a thin layer over `MockServer`, which says more and is closed by itself. What the C form tells by negative
numbers and null pointers are exceptions here, except where a server is simply not known.
"""

from __future__ import annotations

import logging
import os
import threading

from pact_recorder.errors import PactRecorderError
from pact_recorder.http.visible import visible
from pact_recorder.pact import format_json
from pact_recorder.server.certificates import Certificate
from pact_recorder.server.mock_server import MockServer, Pact

WRITTEN = 0
NOT_WRITTEN = 2
NO_MOCK_SERVER = 3

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_servers: dict[int, MockServer] = {}


def create_mock_server(
    pact: Pact,
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    tls: bool | Certificate = False,
    cors_preflight: bool = False,
    specification: int | str | None = None,
) -> int:
    """Start a mock server of a contract; its port, which is `port` unless that is 0.

    `pact` is JSON text, a mapping, the path of a file or a `Contract`. It runs until `cleanup_mock_server`.
    Raises PactDocumentError for what is no contract, UsageError when the port is in use or another argument is wrong.
    """
    server = MockServer(
        pact, host=host, port=port, tls=tls, cors_preflight=cors_preflight, specification=specification
    ).start()
    with _lock:
        _servers[server.port] = server
    return server.port


def mock_server_matched(port: int) -> bool:
    """Whether every request was right and every interaction was asked for; False for an unknown port."""
    server = _servers.get(port)
    return server is not None and server.matched


def mock_server_mismatches(port: int) -> str | None:
    """What went wrong as a JSON list (`[]` when nothing did); None for an unknown port."""
    server = _servers.get(port)
    return None if server is None else format_json(server.mismatches())


def cleanup_mock_server(port: int) -> bool:
    """Stop a mock server and forget it; nothing listens on the port when this returns. False for an unknown port."""
    with _lock:
        server = _servers.pop(port, None)
    if server is None:
        return False
    server.stop()
    return True


def write_pact_file(port: int, directory: str | os.PathLike[str] | None = None, overwrite: bool = False) -> int:
    """Write the contract of a mock server into a directory (default: the working directory), whatever was asked for.

    It is merged into the file that is there unless `overwrite`. 0 when it was written, 2 when it could not be (the log
    says why: the directory cannot be made or written, the file there is no contract or another consumer's or
    provider's), 3 when no mock server has the port. (1, a panic in the C form, does not occur.)
    """
    server = _servers.get(port)
    if server is None:
        return NO_MOCK_SERVER
    try:
        server.write(directory, overwrite=overwrite)
    except PactRecorderError as error:
        _log.warning("The contract was not written: %s", visible(str(error)))
        return NOT_WRITTEN
    return WRITTEN
