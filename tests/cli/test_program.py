import os
import subprocess
import sys
from pathlib import Path

import pytest

from pact_recorder import __version__
from pact_recorder.cli import main
from pact_recorder.cli.command import COMMANDS, Command
from pact_recorder.cli.program import command_parser


def test_version(run) -> None:
    ran = run("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"pact-recorder {__version__}\n", "")


def test_help_names_every_command(run) -> None:
    ran = run("--help")
    assert ran.status == 0
    for command in COMMANDS:
        assert f"  {command.name} " in ran.out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_help_of_each_command_has_examples(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command.name, "--help"])
    assert ended.value.code == 0
    assert "examples:\n  pact-recorder " in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_argument_is_explained(command: Command) -> None:
    assert all(action.help for action in command_parser(command)._actions)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "a command is missing"),
        (["captur"], "there is no command 'captur'; did you mean capture?"),
        (["--verison"], "there is no option --verison; did you mean --version?"),
        (["export", "--consumer", "c", "--style", "litteral"], "there is no 'litteral'; did you mean literal?"),
        (["export", "--consumer", "c", "--spec", "5"], "'5' is none of the versions"),
        (["export", "shop"], "--consumer"),
        (["verify", "--session", "x"], "PACT"),
        (["inspect", "x", "--", "y"], "inspect takes no arguments after --"),
        (["mock", "--sequence", "cycel"], "there is no 'cycel'; did you mean cycle?"),
    ],
)
def test_wrong_usage(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize("arguments", [["inspect", "recordings/pets.yaml", "--json"], ["export", "--help"]])
def test_whoever_stops_reading_early_gets_no_complaint(pets: Path, tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "pact_recorder.cli", *arguments]
    # As a person's shell has it: with unbuffered output argparse hides the broken pipe from us.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_defect_is_one_sentence_and_a_stack_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Command) -> None:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(Command, "load", broken)
    assert main(["demo"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("pact-recorder: a defect of this program stopped it (ZeroDivisionError: by zero)")
    assert said.count("\n") == 1
    monkeypatch.setenv("PACT_RECORDER_TRACE", "1")
    assert main(["demo"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(self: Command) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Command, "load", interrupted)
    assert main(["demo"]) == 130
    assert capsys.readouterr().err == ""


def test_a_terminal_without_the_letters_still_gets_the_rest(run, pets: Path, environment: dict[str, str]) -> None:
    environment["PYTHONIOENCODING"] = "ascii"
    assert run("export", "pets", "--consumer", "wéb").status == 0
    ran = run("inspect", next((pets.parents[1] / "pacts").iterdir()))
    assert ran.status == 0
    assert ran.out.startswith("contract w?b ? pets.test: 5 interactions")
