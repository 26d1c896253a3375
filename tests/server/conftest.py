from collections.abc import Iterator
from pathlib import Path

import pytest

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.recordings import SessionStore
from pact_recorder.server import ControlApi
from tests.server.control_client import ControlClient


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """A recorder in capture mode with an empty session; its clock stands at 1000 seconds."""
    recorder = Recorder(SessionStore(tmp_path, "session"), Redactor(RedactionRules.default()), clock=lambda: 1000.0)
    recorder.open_session()
    yield recorder
    recorder.close()


@pytest.fixture
def control(recorder: Recorder) -> ControlClient:
    """A program on this machine that uses the control API of the recorder."""
    return ControlClient(ControlApi(recorder, "1.2.3"))
