"""The mitmdump of the demo: a process of its own with the addon, on a port that the system picks."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pact_recorder
from pact_recorder.errors import PactRecorderError

# By its place: to import it would be to import all of mitmproxy into this process too.
_SCRIPT = Path(pact_recorder.__file__).parent / "addon" / "mitmdump" / "script.py"
_START_TIMEOUT = 40
_STOP_TIMEOUT = 20
_ATTEMPTS = 3
_RUN_MITMDUMP = "import sys; from mitmproxy.tools.main import mitmdump; sys.exit(mitmdump())"


class ProxyFailed(PactRecorderError):
    """mitmdump did not start, or not stop, as it should."""


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """An answer of the control API."""

    status: int
    content: bytes


class ProxyProcess:
    """A running mitmdump; a context manager that ends with the process ended."""

    def __init__(self, recordings: Path, session: str, mode: str, confdir: Path, log: Path) -> None:
        self._log = log
        options = {"recordings": recordings, "session": session, "mode": mode}
        self._arguments = [
            *_mitmdump(),
            "-s",
            str(_SCRIPT),
            "--listen-host",
            "127.0.0.1",
            "--set",
            f"confdir={confdir}",
        ]
        for name, value in options.items():
            self._arguments += ["--set", f"pact_{name}={value}"]
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ProxyProcess:
        for _ in range(_ATTEMPTS):
            self.port = free_port()
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [*self._arguments, "--listen-port", str(self.port)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            ready = False
            try:
                ready = self._wait_until_ready()
            finally:
                if not ready:
                    self.stop()
            if ready:
                return self
        raise ProxyFailed(f"mitmdump did not start: {self._last_words()}.")

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def control(self, method: str, path: str, body: bytes | None = None) -> ControlAnswer:
        """Ask the control API. Raises OSError when the proxy does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_STOP_TIMEOUT)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return ControlAnswer(answer.status, answer.read())
        finally:
            connection.close()

    def stop(self) -> None:
        """End the process, which writes the session, and wait for it. Stopping twice is fine."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise ProxyFailed(f"mitmdump did not stop within {_STOP_TIMEOUT} seconds.") from None

    def _wait_until_ready(self) -> bool:
        """Whether it answers; False when it ended instead, as when the port was taken meanwhile."""
        assert self._process is not None
        end = time.monotonic() + _START_TIMEOUT
        while self._process.poll() is None:
            try:
                if self.control("PUT", "/mockserver/status").status == 200:
                    return True
            except OSError:
                pass
            if time.monotonic() > end:
                raise ProxyFailed(f"mitmdump did not answer within {_START_TIMEOUT} seconds: {self._last_words()}.")
            time.sleep(0.05)
        return False

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").strip().splitlines()
        return f"{lines[-1][:300]} (see {self._log})" if lines else "it said nothing"


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _mitmdump() -> list[str]:
    """The mitmdump of this Python's environment: its script beside the interpreter, else its function."""
    for name in ("mitmdump", "mitmdump.exe"):
        script = Path(sys.executable).with_name(name)
        if script.is_file():
            return [str(script)]
    return [sys.executable, "-c", _RUN_MITMDUMP]
