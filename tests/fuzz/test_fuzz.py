"""A smaller run of tests/fuzz/run.py."""

import sys
from pathlib import Path

import pytest

from tests.fuzz.files import fuzz_files
from tests.fuzz.targets import fuzz_target


def test_mutated_files(tmp_path: Path) -> None:
    found = fuzz_files(tmp_path, 1_200, 7)
    assert found.failures == []
    assert found.loaded > 60


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("target", ["proxy", "reverse", "serve"])
def test_hostile_requests(tmp_path: Path, target: str) -> None:
    sent = fuzz_target(target, tmp_path, 150, 7)
    assert sent.failures == []
    assert set(sent.answered) >= {"2", "4"}
