"""A real mitmdump process with the addon, and clients that go through it."""

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
ADDON = ROOT / "addons" / "recorder.py"
MITMDUMP = Path(sysconfig.get_path("scripts")) / ("mitmdump.exe" if os.name == "nt" else "mitmdump")
LISTENING = re.compile(r" listening at .*?:(\d+)")
STARTUP_SECONDS = 60


class Proxy:
    """One mitmdump: its port, its output, and how to talk to it."""

    def __init__(self, *options: str, mode: str = "regular", confdir: Path, script: Path = ADDON) -> None:
        arguments = [str(MITMDUMP), "-s", str(script), "--mode", mode, "-p", "0", "--set", f"confdir={confdir}"]
        for option in options:
            arguments += ["--set", option]
        self.confdir = confdir
        self.lines: list[str] = []
        self._listening = threading.Event()
        self.port = 0
        self.process = subprocess.Popen(
            arguments,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            found = LISTENING.search(line)
            if found:
                self.port = int(found.group(1))
                self._listening.set()
        self._listening.set()

    def wait_until_listening(self) -> "Proxy":
        assert self._listening.wait(STARTUP_SECONDS), self.output
        assert self.port, f"mitmdump did not start:\n{self.output}"
        return self

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> httpx.Client:
        """An HTTP client that goes through the proxy and trusts nothing else."""
        options.setdefault("proxy", self.url)
        options.setdefault("verify", False)
        return httpx.Client(timeout=30, trust_env=False, **options)

    def direct(self) -> httpx.Client:
        """An HTTP client that talks to the proxy itself."""
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    def control(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request to the control API on the proxy's own port."""
        with self.direct() as client:
            return client.request(method, f"/mockserver/{path}", **options)

    def switch(self, mode: str) -> None:
        answer = self.control("PUT", f"mode?mode={mode}")
        assert answer.status_code == 200, answer.text

    def status(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.control("PUT", "status").text)
        return document

    def stop(self, how: int = signal.SIGTERM) -> str:
        """End it, and what it printed."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(60)
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.output


class OnlyHttp2(ssl.SSLContext):
    """A client's TLS that offers HTTP/2 and nothing else, as a browser prefers; httpx prefers HTTP/1.1."""

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2"])


def client_tls(http2: bool, ca: Path | None = None) -> ssl.SSLContext:
    """TLS of a client that trusts a CA, or anyone when none is given."""
    context = (OnlyHttp2 if http2 else ssl.SSLContext)(ssl.PROTOCOL_TLS_CLIENT)
    if ca is not None:
        context.load_verify_locations(ca)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def running(*options: str, mode: str = "regular", confdir: Path, script: Path = ADDON) -> Iterator[Proxy]:
    """A mitmdump that is listening; ended with the block."""
    proxy = Proxy(*options, mode=mode, confdir=confdir, script=script)
    try:
        yield proxy.wait_until_listening()
    finally:
        proxy.stop()


def wait_for(condition: Any, seconds: float = 20) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.02)


def executable(name: str) -> str:
    """The path of a console script beside this Python."""
    return str(Path(sys.executable).parent / name)
