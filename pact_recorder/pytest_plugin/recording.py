"""The recording proxy of one test, as a process of its own."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from pact_recorder.pytest_plugin.naming import own_place, place_of_name, place_of_test
from pact_recorder.recordings.files import JOURNAL_SUFFIX

_MARK = "name, mode (none, once, new_episodes, all) and upstream."
_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 60.0
_LISTENS = re.compile(r"listens on (http://\S+?:\d+)")
_MISSED = "no answer for "
_PROXIED = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_TRUSTED = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
_VERBS = {"none": "mock", "new_episodes": "spy", "all": "capture"}


class PactRecording:
    """A running recording: `url` is the proxy, `ca` the certificate to trust, `session` the file it is kept in."""

    def __init__(self, session: Path, mode: str, upstream: str | None, state: Path, marked: str | None = None) -> None:
        self.session, self.mode, self.upstream = session, mode, upstream
        self._marked, self._is_new = marked, not session.exists()
        self.ca = state / "mitmproxy-ca-cert.pem"
        self.url = ""
        self._said: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pact_recorder.cli", *self._arguments(state)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, name="pact-recording", daemon=True)
        self._reader.start()
        if not self._ready.wait(_SECONDS_TO_START) or not self.url:
            self.stop()
            pytest.fail(f"The recording proxy did not start:\n{''.join(self._said)}", pytrace=False)

    def set_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Send the clients of this process and of its children through the proxy, and let them trust it.

        As one service's stand-in it is no proxy: clients are pointed at its URL.
        """
        if self.upstream is not None:
            return
        for name in _PROXIED:
            monkeypatch.setenv(name, self.url)
            monkeypatch.setenv(name.lower(), self.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name in _TRUSTED:
            monkeypatch.setenv(name, str(self.ca))

    def complaints(self) -> str:
        """The requests that were not recorded, as text; empty when there were none, and in modes that record."""
        if self.mode != "none" or not self._missed():
            return ""
        missed = [line.partition(_MISSED)[2].strip() for line in self._said if _MISSED in line]
        if self._is_new:
            # What the proxy advises is for those who started it themselves.
            listed = "\n".join(f"  {line.partition(': ')[0]}" for line in missed)
            return f"Requests were made and there is no recording yet ({self.session}):\n{listed}\n{self.advice}"
        listed = "\n".join(f"  {line}" for line in missed)
        return f"Requests were made that {self.session} does not hold:\n{listed}\n{self.advice}"

    @property
    def advice(self) -> str:
        """How to record what is missing: where the mark sets the mode, an option changes nothing."""
        if self._marked == "once":
            return f"Record them: the mark says mode='once'; change it there, or delete {self.session}."
        if self._marked is not None:
            return f"Record them: the mark says mode={self._marked!r}; change it there."
        if self._is_new:
            return "Record them: run with --pact-record=once."
        return "Record them with --pact-record=new_episodes, or everything anew with --pact-record=all."

    def stop(self) -> None:
        """End the proxy; the session is written then."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_SECONDS_TO_STOP)
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _arguments(self, state: Path) -> list[str]:
        arguments = [_VERBS[self.mode], "--listen", "127.0.0.1:0", "--recordings", str(self.session.parent)]
        if self.mode != "none" or self.session.exists():
            arguments += ["--session", self.session.stem]
        if self.upstream is not None:
            arguments += ["--upstream", self.upstream]
        return [*arguments, "--", "--set", f"confdir={state}", "--set", "termlog_verbosity=warn"]

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._said.append(line)
            if found := _LISTENS.search(line):
                self.url = found[1]
            if line.startswith("  stop "):
                self._ready.set()
        self._ready.set()

    def _missed(self) -> int:
        """How many requests had no answer, as the proxy's control API tells."""
        opener = build_opener(ProxyHandler({}))
        try:
            with opener.open(f"{self.url}/mockserver/ready", timeout=10) as answer:
                return int(json.load(answer)["recorder"]["missed"])
        except OSError:
            return 0


def start_recording(request: pytest.FixtureRequest, state: Path) -> PactRecording:
    """The recording of a test by its name, or as its mark and the options say."""
    name, mode, upstream, marked = _wanted(request)
    session = _session(request, name)
    session.parent.mkdir(parents=True, exist_ok=True)
    if mode == "once":
        mode = "none" if session.exists() else "all"
    if mode == "all":
        session.unlink(missing_ok=True)
        # What a killed run left there would be recovered into the new session.
        session.with_suffix(JOURNAL_SUFFIX).unlink(missing_ok=True)
        shutil.rmtree(session.with_suffix(".bodies"), ignore_errors=True)
    return PactRecording(session, mode, upstream, state, marked)


def _wanted(request: pytest.FixtureRequest) -> tuple[str | None, str, str | None, str | None]:
    """Name, mode and upstream: of the mark, else of the options; and the mode that the mark sets."""
    mark = request.node.get_closest_marker("pact_recording")
    given = dict(mark.kwargs) if mark is not None else {}
    name = mark.args[0] if mark is not None and mark.args else given.pop("name", None)
    marked = given.pop("mode", None)
    mode = marked or request.config.getoption("--pact-record") or request.config.getini("pact_record")
    upstream = given.pop("upstream", None)
    if mark is not None and len(mark.args) > 1:
        wrong = f"takes only its name without a keyword, not {mark.args[1]!r} too"
        pytest.fail(f"pact_recording {wrong}: {_MARK}", pytrace=False)
    if given or mode not in ("none", "once", "new_episodes", "all"):
        wrong = f"has no argument {next(iter(given))!r}" if given else f"has no mode {mode!r}"
        pytest.fail(f"pact_recording {wrong}: {_MARK}", pytrace=False)
    return name, mode, upstream, marked or None


def _session(request: pytest.FixtureRequest, name: str | None) -> Path:
    """`recordings/MODULE/TEST.yaml` beside the test file, `recordings/NAME.yaml` for a name that was given.

    In a folder that was configured MODULE is the path of the test file from the root.
    """
    configured, root, module = request.config.getini("pact_recordings"), request.config.rootpath, request.path
    folder = root / configured if configured else module.parent / "recordings"
    if name is not None:
        return place_of_name(folder, name)
    owner = f"{request.cls.__qualname__}." if request.cls is not None else ""
    earlier = place_of_test(folder, Path(module.name), owner + request.node.name)
    if not configured or not module.is_relative_to(root):
        return earlier
    place = place_of_test(folder, module.relative_to(root), owner + request.node.name)
    return own_place(place, earlier, (each.path for each in request.session.items), module, root)
