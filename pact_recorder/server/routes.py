"""Which endpoint answers at which path: the whole control API at a glance."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pact_recorder.server.context import ControlContext
from pact_recorder.server.expectation_endpoints import put_expectations
from pact_recorder.server.import_endpoints import import_document, import_pact, promote
from pact_recorder.server.log_endpoints import clear, retrieve
from pact_recorder.server.messages import ControlRequest, ControlResponse
from pact_recorder.server.metrics import show_metrics
from pact_recorder.server.mismatch_endpoints import debug_mismatch, explain_unmatched
from pact_recorder.server.pact_endpoints import export_pact, verify_pact
from pact_recorder.server.scenario_endpoints import list_scenarios, set_scenario, show_scenario, trigger_scenario
from pact_recorder.server.state_endpoints import reset, set_mode, set_states, show_mode, show_states, show_status, stop
from pact_recorder.server.verification_endpoints import verify, verify_sequence

Endpoint = Callable[[ControlContext, ControlRequest], Awaitable[ControlResponse]]

PREFIX = "/mockserver"
_SCENARIO = re.compile(rf"{PREFIX}/scenario/(?P<name>[^/]+)(?P<trigger>/trigger)?")
ROUTES: Mapping[str, Mapping[str, Endpoint]] = {
    f"{PREFIX}/clear": {"PUT": clear},
    f"{PREFIX}/debugMismatch": {"PUT": debug_mismatch},
    f"{PREFIX}/expectation": {"PUT": put_expectations},
    f"{PREFIX}/explainUnmatched": {"PUT": explain_unmatched},
    f"{PREFIX}/import": {"PUT": import_document},
    f"{PREFIX}/metrics": {"GET": show_metrics},
    f"{PREFIX}/mode": {"GET": show_mode, "PUT": set_mode},
    f"{PREFIX}/pact": {"PUT": export_pact},
    f"{PREFIX}/pact/import": {"PUT": import_pact},
    f"{PREFIX}/pact/verify": {"PUT": verify_pact},
    f"{PREFIX}/ready": {"GET": show_status},
    f"{PREFIX}/recordings/promote": {"PUT": promote},
    f"{PREFIX}/reset": {"PUT": reset},
    f"{PREFIX}/retrieve": {"PUT": retrieve},
    f"{PREFIX}/scenario": {"GET": list_scenarios},
    f"{PREFIX}/scenario/{{name}}": {"GET": show_scenario, "PUT": set_scenario},
    f"{PREFIX}/scenario/{{name}}/trigger": {"PUT": trigger_scenario},
    f"{PREFIX}/states": {"GET": show_states, "PUT": set_states},
    f"{PREFIX}/status": {"PUT": show_status},
    f"{PREFIX}/stop": {"PUT": stop},
    f"{PREFIX}/verify": {"PUT": verify},
    f"{PREFIX}/verifySequence": {"PUT": verify_sequence},
}


BARE_PATHS = frozenset(
    path.removeprefix(PREFIX)
    for path, endpoints in ROUTES.items()
    if "PUT" in endpoints and "{" not in path and path != f"{PREFIX}/states"
)
"""The paths at which MockServer answers without the prefix too, as its old clients have it: PUT only."""


@dataclass(frozen=True, slots=True)
class Place:
    """The endpoints of a path; `name` is what stands in the path at the place of a name."""

    endpoints: Mapping[str, Endpoint]
    name: str = ""


def find_place(path: str) -> Place | None:
    """The endpoints at a raw path, None when there are none."""
    endpoints = ROUTES.get(path)
    if endpoints is not None:
        return Place(endpoints)
    found = _SCENARIO.fullmatch(path)
    if found is None:
        return None
    route = f"{PREFIX}/scenario/{{name}}{found['trigger'] or ''}"
    return Place(ROUTES[route], unquote(found["name"]))


def is_bare_control(method: str, path: str) -> bool:
    """Whether a request may be for the control API although its path lacks the prefix."""
    return path in BARE_PATHS and method.upper() == "PUT"


def is_control_path(path: str) -> bool:
    """Whether a path belongs to the control API, known or not."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")
