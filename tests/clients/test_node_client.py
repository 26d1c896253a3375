"""MockServer's Node client, unmodified, against both hosts; npm brings it when Node is there."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hosts import Host

FOLDER = Path(__file__).parent / "node"
CASES = 14


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite with the client installed beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node and npm are not installed")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "suite.js"):
        shutil.copy(FOLDER / name, folder)
    command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm could not install the client: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "suite.js"


def test_every_case_of_the_suite_passes(suite: Path, host: Host) -> None:
    command = ["node", str(suite), str(host.port), host.kind]
    done = subprocess.run(command, cwd=suite.parent, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    failures = [f"{each['name']}: {each['failure']}" for each in results if each["failure"]]
    assert not failures, "\n\n".join(failures)
    assert len(results) == CASES
