import json
from pathlib import Path

import pytest

from pact_recorder.errors import ImportFileError
from pact_recorder.recordings.importers import read_exchanges
from tests.recordings.importers.test_flows import answered, convert, write
from tests.recordings.importers.test_har import ENTRY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_har_file_is_recognised_whatever_its_name(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "some.flows"
    path.write_text("\n " * (encoding == "utf-8") + json.dumps({"log": {"entries": [ENTRY]}}), encoding)
    found = read_exchanges(path, convert)
    assert found.kind == "HAR"
    assert [exchange.request.host for exchange in found] == ["api.example.com"]


def test_a_flow_file_is_recognised_whatever_its_name(tmp_path: Path) -> None:
    found = read_exchanges(write(tmp_path / "some.har", answered("/1")), convert)
    assert found.kind == "mitmproxy flows"
    assert [exchange.request.path for exchange in found] == ["/1"]
    assert not found.skipped


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty: give a HAR file or a mitmproxy flow file"),
        (
            b"pact-recorder: session\n",
            "it begins like neither of the kinds that are read: give a HAR file or a mitmproxy flow file",
        ),
        (b"\x1f\x8b\x08", "it begins like neither"),
        (b"12345678901234567890:", "it begins like neither"),
    ],
)
def test_another_file_is_an_error(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "some.har"
    path.write_bytes(content)
    with pytest.raises(ImportFileError, match=reason):
        read_exchanges(path, convert)


@pytest.mark.parametrize("name", ["missing", "."])
def test_what_cannot_be_opened_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportFileError, match="it cannot be read: "):
        read_exchanges(tmp_path / name, convert)
