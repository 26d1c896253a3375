import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pact_recorder.cli.ending import Ended, ending_at_once, ending_cleanly

ALL = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def python(*lines: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "\n".join(lines)]
    # Whoever runs the tests in the background has made its children deaf to SIGINT.
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, preexec_fn=hearing)


def hearing() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)


@pytest.mark.parametrize("number", ALL)
def test_at_once_is_without_a_word(number: signal.Signals) -> None:
    ended = python(
        "import os",
        "from pact_recorder.cli.ending import ending_at_once",
        "with ending_at_once():",
        f"    os.kill(os.getpid(), {number:d})",
        "print('still here')",
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (128 + number, "", "")


def test_an_interrupt_among_the_first_imports_is_quiet() -> None:
    ended = python(
        "import sys",
        "class Interrupted:",
        "    def find_spec(self, name, path=None, target=None):",
        "        if name == 'pact_recorder.cli.command': raise KeyboardInterrupt",
        "sys.meta_path.insert(0, Interrupted())",
        "from pact_recorder.cli import main",
        "sys.exit(main(['export', '--help']))",
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_cleanly_is_an_exception_that_says_which(number: signal.Signals) -> None:
    # Whoever runs the tests by nohup has made them deaf to SIGHUP.
    before = signal.signal(number, signal.SIG_DFL)
    try:
        with pytest.raises(Ended) as ended, ending_cleanly():
            os.kill(os.getpid(), number)
        assert ended.value.status == 128 + number
        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("taken", [signal.SIG_IGN, lambda *_: None], ids=["ignored", "taken"])
def test_a_signal_that_the_caller_has_decided_about_stays_his(taken) -> None:
    before = signal.signal(signal.SIGHUP, taken)
    try:
        with ending_at_once():
            assert signal.getsignal(signal.SIGHUP) == taken
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == taken
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_leave_signals_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with ending_cleanly():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]


@pytest.mark.parametrize("number", ALL)
def test_a_command_that_is_ended_leaves_nothing(
    pets: Path, tmp_path: Path, environment: dict[str, str], number: signal.Signals
) -> None:
    (tmp_path / "pacts").mkdir()
    folder = os.open(tmp_path / "pacts", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)  # so that it waits before it writes
    command = [sys.executable, "-m", "pact_recorder.cli", "export", "--consumer", "web"]
    options = {"cwd": tmp_path, "env": environment, "encoding": "utf-8", "preexec_fn": hearing}
    try:
        with subprocess.Popen(command, stderr=subprocess.PIPE, **options) as process:
            assert process.stderr is not None
            assert "exporting the newest session" in process.stderr.readline()
            process.send_signal(number)
            _, said = process.communicate(timeout=30)
    finally:
        os.close(folder)
    assert (process.returncode, said) == (128 + number, "")
    assert [*(tmp_path / "pacts").iterdir()] == []
