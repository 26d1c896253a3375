"""Standard output and standard error that are full or closed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = {
    "inspect": ["inspect", "pets"],
    "inspect --json": ["inspect", "pets", "--json"],
    "export": ["export", "pets", "--consumer", "web", "-o", "-"],
    "export --json": ["export", "pets", "--consumer", "web", "--json"],
}


@pytest.fixture
def shell(tmp_path: Path, environment: dict[str, str]):
    # As a person's shell has it: with unbuffered output failures come at other places.
    clean = {name: value for name, value in environment.items() if name != "PYTHONUNBUFFERED"}

    def run(arguments: list[str], redirection: str) -> subprocess.CompletedProcess[str]:
        script = f'exec "$@" {redirection}'
        command = ["sh", "-c", script, "sh", sys.executable, "-m", "pact_recorder.cli", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, encoding="utf-8", timeout=60)

    return run


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_a_full_disk_is_a_sentence(shell, pets: Path, arguments: list[str]) -> None:
    ran = shell(arguments, ">/dev/full")
    assert ran.returncode == 2
    assert ran.stderr.endswith("pact-recorder: the output cannot be written: No space left on device.\n")
    assert "defect" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    assert shell(arguments, ">/dev/full 2>/dev/full").returncode == 2


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_closed_streams_swallow_what_is_written(shell, pets: Path, arguments: list[str]) -> None:
    assert shell(arguments, "").stdout != ""
    closed = shell(arguments, ">&-")
    assert (closed.returncode, closed.stdout) == (0, "")
    assert "defect" not in closed.stderr
    assert shell(arguments, ">&- 2>&- <&-").returncode == 0


def test_without_standard_error_results_stay_pure(shell, pets: Path) -> None:
    arguments = COMMANDS["export"]
    ran, pure = shell(arguments, "2>&-"), shell(arguments, "")
    assert (ran.returncode, ran.stdout) == (0, pure.stdout)
    assert shell(["inspect", "nothing"], "2>&-").returncode == 2
