import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pact_recorder.cli.demo_steps import STEPS, broken
from pact_recorder.pact import load_contract
from pact_recorder.recordings import load_session


def test_the_demo_does_the_main_job(run, tmp_path: Path) -> None:
    ran = run("demo")
    assert (ran.status, ran.err) == (0, "")
    for title, _ in STEPS:
        assert f"  {title} " in ran.out
    assert ran.out.count("17/17 answers identical, 1 with a placeholder for its secret") == 2
    assert re.search(r"all 11 steps in [0-9.]+ s; look at pact-recorder-demo", ran.out)
    folder = tmp_path / "pact-recorder-demo"
    assert len(load_session(folder / "recordings" / "demo.yaml").entries) == 17
    assert load_contract(folder / "pacts" / "demo-app-library.json").provider == "library"
    assert not list((folder / "recordings").glob("*.journal"))


@pytest.mark.parametrize("name", ["thesis.txt", "README.txt"])
def test_a_folder_with_other_things_is_left_alone(run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    ran = run("demo", "--directory", ".")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "pact-recorder: . has other things in it; give an empty folder with --directory.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["home", name])


def test_a_folder_that_cannot_be_made(run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("demo", "--directory", "file/demo")
    assert ran.status == 2
    assert "file/demo cannot be written" in ran.err


def test_a_name_that_no_session_can_have(run, tmp_path: Path) -> None:
    ran = run("demo", "--session", "a/b")
    assert (ran.status, ran.out) == (2, "")
    assert "'a/b' cannot be the name of a session" in ran.err
    assert not (tmp_path / "pact-recorder-demo").exists()


def test_a_failing_step_is_named_and_ends_the_demo(run, tmp_path: Path, environment: dict[str, str]) -> None:
    broken_site = tmp_path / "site"
    broken_site.mkdir()
    (broken_site / "sitecustomize.py").write_text(
        "import sys\nif sys.argv[:1] and sys.argv[0].endswith('mitmdump'): sys.exit('no mitmdump today')\n"
    )
    environment["PYTHONPATH"] = os.pathsep.join([str(broken_site), environment.get("PYTHONPATH", "")])
    ran = run("demo")
    assert ran.status == 1
    assert ran.out == " 1  recorded                FAILED\n"
    assert "the demo failed at step 1, recorded: mitmdump did not start" in ran.err


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_its_children_end_with_it(tmp_path: Path, environment: dict[str, str], how: signal.Signals) -> None:
    command = [sys.executable, "-m", "pact_recorder.cli", "demo"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    # Whoever runs the tests in the background has made its children deaf to SIGINT.
    listening = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes, **listening) as process:
        assert process.stdout is not None
        recorded = process.stdout.readline()
        process.send_signal(how)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (128 + how, "")
    port = re.search(r"on port (\d+)", recorded)
    assert port is not None
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port[1]))) != 0


def test_a_broken_copy_differs_in_one_interaction() -> None:
    contract = {"interactions": [{"response": {}}, {"response": {"body": {"id": 1}}}, {"response": {"body": {}}}]}
    copy = broken(contract)
    assert contract["interactions"][1] == {"response": {"body": {"id": 1}}}
    assert [a == b for a, b in zip(copy["interactions"], contract["interactions"], strict=True)] == [True, False, True]
