"""Which endpoint answers at which path, by which parameters: the whole control API at a glance."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pact_recorder.server.context import ControlContext
from pact_recorder.server.expectation_endpoints import put_expectations
from pact_recorder.server.import_endpoints import import_document, import_pact, promote
from pact_recorder.server.log_endpoints import clear, retrieve
from pact_recorder.server.messages import ControlRequest, ControlResponse, error_response, text_response
from pact_recorder.server.metrics import show_metrics
from pact_recorder.server.mismatch_endpoints import debug_mismatch, explain_unmatched
from pact_recorder.server.pact_endpoints import export_pact, verify_pact
from pact_recorder.server.parameters import Parameters
from pact_recorder.server.scenario_endpoints import list_scenarios, set_scenario, show_scenario, trigger_scenario
from pact_recorder.server.state_endpoints import reset, set_mode, set_states, show_mode, show_states, show_status, stop
from pact_recorder.server.verification_endpoints import verify, verify_sequence

Endpoint = Callable[[ControlContext, ControlRequest], Awaitable[ControlResponse]]

PREFIX = "/mockserver"
_SCENARIO = re.compile(rf"{PREFIX}/scenario/(?P<name>[^/]+)(?P<trigger>/trigger)?")
_REDACTION = ("redactSensitiveData",)
_METADATA = ("metadataKey", "metadataValue", "metadataJsonPath", "unmatched", "namespace")
_LARGE = ("repeatsAsScenarios", "extractBodiesLargerThan")


@dataclass(frozen=True, slots=True)
class Route:
    """What is called at a place, the parameters that it has there, and how it says that a request is wrong."""

    endpoint: Endpoint
    parameters: Parameters = field(default_factory=Parameters)
    error: Callable[[int, str], ControlResponse] = text_response


ROUTES: Mapping[str, Mapping[str, Route]] = {
    f"{PREFIX}/clear": {"PUT": Route(clear, Parameters(("type",), (*_METADATA, "offset", "limit")))},
    f"{PREFIX}/debugMismatch": {"PUT": Route(debug_mismatch, error=error_response)},
    f"{PREFIX}/expectation": {"PUT": Route(put_expectations, Parameters((), ("namespace",)))},
    f"{PREFIX}/explainUnmatched": {"PUT": Route(explain_unmatched, error=error_response)},
    f"{PREFIX}/import": {"PUT": Route(import_document, Parameters(("format", *_REDACTION), ("source",)))},
    f"{PREFIX}/metrics": {"GET": Route(show_metrics)},
    f"{PREFIX}/mode": {"GET": Route(show_mode), "PUT": Route(set_mode, Parameters(("mode",)))},
    f"{PREFIX}/pact": {"PUT": Route(export_pact, Parameters(("consumer", "provider", "host", "style")))},
    f"{PREFIX}/pact/import": {"PUT": Route(import_pact, Parameters(_REDACTION))},
    f"{PREFIX}/pact/verify": {"PUT": Route(verify_pact, error=error_response)},
    f"{PREFIX}/ready": {"GET": Route(show_status)},
    f"{PREFIX}/recordings/promote": {
        "PUT": Route(promote, Parameters(("consolidate", "parameterize", *_REDACTION), (*_LARGE, "captureHeaders")))
    },
    f"{PREFIX}/reset": {"PUT": Route(reset)},
    f"{PREFIX}/retrieve": {
        "PUT": Route(
            retrieve,
            Parameters(
                ("type", "format", "offset", "limit", "consolidate", "parameterize", "captureHeaders", "correlationId"),
                (*_METADATA, *_LARGE, "forwardUnmatchedTo"),
            ),
        )
    },
    f"{PREFIX}/scenario": {"GET": Route(list_scenarios, error=error_response)},
    f"{PREFIX}/scenario/{{name}}": {
        "GET": Route(show_scenario, error=error_response),
        "PUT": Route(set_scenario, error=error_response),
    },
    f"{PREFIX}/scenario/{{name}}/trigger": {"PUT": Route(trigger_scenario, error=error_response)},
    f"{PREFIX}/states": {"GET": Route(show_states), "PUT": Route(set_states)},
    f"{PREFIX}/status": {"PUT": Route(show_status)},
    f"{PREFIX}/stop": {"PUT": Route(stop)},
    f"{PREFIX}/verify": {"PUT": Route(verify)},
    f"{PREFIX}/verifySequence": {"PUT": Route(verify_sequence)},
}


BARE_PATHS = frozenset(
    path.removeprefix(PREFIX)
    for path, routes in ROUTES.items()
    if "PUT" in routes and "{" not in path and path != f"{PREFIX}/states"
)
"""The paths at which MockServer answers without the prefix too, as its old clients have it: PUT only."""


@dataclass(frozen=True, slots=True)
class Place:
    """The routes of a path by verb; `name` is what stands in the path at the place of a name."""

    routes: Mapping[str, Route]
    name: str = ""


def find_place(path: str) -> Place | None:
    """The routes of a raw path, None when there are none."""
    routes = ROUTES.get(path)
    if routes is not None:
        return Place(routes)
    found = _SCENARIO.fullmatch(path)
    if found is None:
        return None
    pattern = f"{PREFIX}/scenario/{{name}}{found['trigger'] or ''}"
    return Place(ROUTES[pattern], unquote(found["name"]))


def is_bare_control(method: str, path: str) -> bool:
    """Whether a request may be for the control API although its path lacks the prefix."""
    return path in BARE_PATHS and method.upper() == "PUT"


def is_control_path(path: str) -> bool:
    """Whether a path belongs to the control API, known or not."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")
