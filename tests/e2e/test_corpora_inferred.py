"""Inferred contracts of real traffic verify against what they were made of, redacted or not."""

import json
from pathlib import Path

import pytest
from recorded_traffic import exchanges_of

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.cli.program import main
from pact_recorder.recordings import SessionStore
from pact_recorder.server import ControlApi
from tests.server.control_client import ControlClient

TRAFFIC = Path(__file__).parents[2] / "../shared/data/traffic"
NAMES = (
    "aws-manageiq",
    "browser-har-a",
    "contentful-management-rb",
    "crossref-rcrossref",
    "github-octokit-rb",
    "llm-openllmetry",
    "media-subliminal",
    "trello-ruby",
)
RULES = {"default": RedactionRules.default, "none": RedactionRules.none}

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not TRAFFIC.is_dir(), reason="the shared corpora are not beside the repository"),
]


@pytest.mark.parametrize("redaction", list(RULES))
@pytest.mark.parametrize("name", NAMES)
def test_it_verifies_while_recorded_and_from_its_session(
    name: str, redaction: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    recorder = Recorder(SessionStore(tmp_path / "recordings", "session"), Redactor(RULES[redaction]()))
    recorder.open_session()
    for each in exchanges_of(TRAFFIC / f"{name}.jsonl.gz"):
        recorder.record(each)
    control = ControlClient(ControlApi(recorder, "1"))
    exported = control.put("/mockserver/pact")
    verified = control.put("/mockserver/pact/verify", exported.body)
    failed = [each for each in verified.json()["interactions"] if not each["verified"]]
    assert (verified.status, failed[:5]) == (202, [])
    interactions = exported.json()["interactions"]
    assert len({each["description"] for each in interactions}) == len(interactions) > 10
    recorder.close()
    assert main(["export", "session", "--consumer", "web", "--spec", "4", "--report", "report.json"]) == 0
    contracts = sorted(map(str, (tmp_path / "pacts").glob("*.json")))
    assert main(["verify", *contracts, "--session", "session", "--redact", redaction]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert len(report["contracts"]) == len(contracts)
