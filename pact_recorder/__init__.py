"""Record real HTTP traffic through mitmproxy, replay it offline with Pact matching, and export Pact contracts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pact_recorder.server.certificates import Certificate as Certificate
    from pact_recorder.server.mock_functions import cleanup_mock_server as cleanup_mock_server
    from pact_recorder.server.mock_functions import create_mock_server as create_mock_server
    from pact_recorder.server.mock_functions import mock_server_matched as mock_server_matched
    from pact_recorder.server.mock_functions import mock_server_mismatches as mock_server_mismatches
    from pact_recorder.server.mock_functions import write_pact_file as write_pact_file
    from pact_recorder.server.mock_server import MockServer as MockServer

__version__ = "0.1.0"

_FUNCTIONS = (
    "cleanup_mock_server",
    "create_mock_server",
    "mock_server_matched",
    "mock_server_mismatches",
    "write_pact_file",
)
# Imported when they are first asked for: the command line should not wait for a server that it does not need.
_HOMES = {
    "Certificate": "pact_recorder.server.certificates",
    "MockServer": "pact_recorder.server.mock_server",
    **dict.fromkeys(_FUNCTIONS, "pact_recorder.server.mock_functions"),
}

__all__ = ["Certificate", "MockServer", "__version__", *_FUNCTIONS]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
