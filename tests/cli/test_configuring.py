from pathlib import Path

import pytest

from pact_recorder.cli.configuring import configuration
from pact_recorder.errors import DocumentError
from pact_recorder.recordings import Configuration


def test_the_file_in_the_working_directory_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert configuration() == Configuration()
    (tmp_path / "pact-recorder.yaml").write_text("providers: {a.test: A}\n")
    assert configuration().provider_of("a.test") == "A"
    (tmp_path / "pact-recorder.yaml").write_text("providers: {a.test: A}\nselect: ~nothing\n")
    with pytest.raises(
        DocumentError, match=r'pact-recorder\.yaml, line 2: "select": .~nothing. is no mitmproxy filter'
    ):
        configuration()
