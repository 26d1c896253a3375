"""Which endpoint answers at which path: the whole control API at a glance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from pact_recorder.server.context import ControlContext
from pact_recorder.server.expectation_endpoints import put_expectations
from pact_recorder.server.log_endpoints import clear, retrieve
from pact_recorder.server.messages import ControlRequest, ControlResponse
from pact_recorder.server.metrics import show_metrics
from pact_recorder.server.mismatch_endpoints import debug_mismatch, explain_unmatched
from pact_recorder.server.pact_endpoints import export_pact, verify_pact
from pact_recorder.server.state_endpoints import reset, set_mode, set_states, show_mode, show_states, show_status
from pact_recorder.server.verification_endpoints import verify, verify_sequence

Endpoint = Callable[[ControlContext, ControlRequest], Awaitable[ControlResponse]]

PREFIX = "/mockserver"
ROUTES: Mapping[str, Mapping[str, Endpoint]] = {
    f"{PREFIX}/clear": {"PUT": clear},
    f"{PREFIX}/debugMismatch": {"PUT": debug_mismatch},
    f"{PREFIX}/expectation": {"PUT": put_expectations},
    f"{PREFIX}/explainUnmatched": {"PUT": explain_unmatched},
    f"{PREFIX}/metrics": {"GET": show_metrics},
    f"{PREFIX}/mode": {"GET": show_mode, "PUT": set_mode},
    f"{PREFIX}/pact": {"PUT": export_pact},
    f"{PREFIX}/pact/verify": {"PUT": verify_pact},
    f"{PREFIX}/ready": {"GET": show_status},
    f"{PREFIX}/reset": {"PUT": reset},
    f"{PREFIX}/retrieve": {"PUT": retrieve},
    f"{PREFIX}/states": {"GET": show_states, "PUT": set_states},
    f"{PREFIX}/status": {"PUT": show_status},
    f"{PREFIX}/verify": {"PUT": verify},
    f"{PREFIX}/verifySequence": {"PUT": verify_sequence},
}


def is_control_path(path: str) -> bool:
    """Whether a path belongs to the control API, known or not."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")
