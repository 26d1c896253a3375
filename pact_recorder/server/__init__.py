"""The control API as one ASGI application, and the operations that it shares with commands and command line."""

from pact_recorder.server.access import Caller, Refusal, allowed
from pact_recorder.server.context import ControlSettings
from pact_recorder.server.control import ControlApi
from pact_recorder.server.exporting import Active, Exported, Exporter, Style, Wanted
from pact_recorder.server.operations import export_contract
from pact_recorder.server.routes import ROUTES, is_bare_control, is_control_path

__all__ = [
    "ROUTES",
    "Active",
    "Caller",
    "ControlApi",
    "ControlSettings",
    "Exported",
    "Exporter",
    "Refusal",
    "Style",
    "Wanted",
    "allowed",
    "export_contract",
    "is_bare_control",
    "is_control_path",
]
