"""The control API as one ASGI application, and the operations that it shares with commands and command line."""

from pact_recorder.server.access import Refusal, allowed
from pact_recorder.server.context import ControlSettings
from pact_recorder.server.control import ControlApi
from pact_recorder.server.operations import contracts_by_host, export_contract
from pact_recorder.server.routes import ROUTES, is_control_path

__all__ = [
    "ROUTES",
    "ControlApi",
    "ControlSettings",
    "Refusal",
    "allowed",
    "contracts_by_host",
    "export_contract",
    "is_control_path",
]
