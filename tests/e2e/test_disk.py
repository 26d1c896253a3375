"""A disk that is full or read-only in the middle of a capture and at its end: traffic goes on, the gap is told."""

import errno
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from proxy import ADDON, Proxy, running, wait_for
from upstream import Upstream

from pact_recorder.recordings import load_session, recover_orphans

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts and limits of other processes are Linux's")
REFUSED = "not recording: "
RESUMED = "recording again; not recorded meanwhile: "


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this user cannot mount: {done.stderr.strip()}")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", str(folder))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take every byte that a file system has left; the file that holds them."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        size = 65_536
        while size:
            try:
                file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC
                size //= 2
    return path


class Traffic:
    """Requests through a proxy, each for a path of its own, and how many were answered."""

    def __init__(self, proxy: Proxy, upstream: Upstream) -> None:
        upstream.answers["*"] = lambda handler: handler.reply(200, handler.path.encode() * 500, "text/plain")
        self._proxy, self._upstream = proxy, upstream
        self.paths: list[str] = []

    def send(self, count: int) -> None:
        with self._proxy.client() as client:
            for _ in range(count):
                path = f"/{len(self.paths)}"
                answer = client.get(self._upstream.url + path)
                assert (answer.status_code, answer.content) == (200, path.encode() * 500)
                self.paths.append(path)


def held(recordings: Path) -> list[str]:
    return [entry.exchange.request.path for entry in load_session(recordings / "test.yaml").entries]


def check_the_gap(traffic: Traffic, recordings: Path, output: str) -> None:
    session = load_session(recordings / "test.yaml")
    assert session.header.missing == 20
    assert held(recordings) == traffic.paths[:10] + traffic.paths[30:]
    assert output.count(REFUSED) == 1
    assert output.count(RESUMED + "20 exchanges") == 1
    assert "not recorded: 20 (the disk refused)" in output
    assert "hook failed" not in output


def test_a_full_disk_in_the_middle(small: Path, confdir: Path, upstream: Upstream) -> None:
    with running(f"pact_recordings={small}", "pact_session=test", confdir=confdir) as proxy:
        traffic = Traffic(proxy, upstream)
        traffic.send(10)
        filler = fill(small)
        traffic.send(20)
        filler.unlink()
        traffic.send(10)
        check_the_gap(traffic, small, proxy.stop())


def test_a_limit_in_the_middle(recordings: Path, confdir: Path, upstream: Upstream) -> None:
    with running(f"pact_recordings={recordings}", "pact_session=test", confdir=confdir) as proxy:
        traffic = Traffic(proxy, upstream)
        traffic.send(10)
        room = (recordings / "test.journal").stat().st_size
        resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        traffic.send(20)
        resource.prlimit(proxy.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        traffic.send(10)
        check_the_gap(traffic, recordings, proxy.stop())


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_full_disk_at_the_end(small: Path, confdir: Path, upstream: Upstream, how: int) -> None:
    with running(f"pact_recordings={small}", "pact_session=test", confdir=confdir) as proxy:
        traffic = Traffic(proxy, upstream)
        traffic.send(10)
        filler = fill(small)
        traffic.send(3)
        output = proxy.stop(how)
    if how != signal.SIGKILL:
        assert "not recorded: 3 (the disk refused)" in output
        assert "the session could not be written; its journal stays for the next start" in output
        assert "No space left on device" in output
        # asyncio may tell of connections that were cut off, with its own stack.
        assert not re.search(r'File "[^"]*/pact_recorder/', output)
    assert not (small / "test.yaml").exists()
    filler.unlink()
    assert "(10 records recovered, at least 3 that the disk had refused)" in recover_orphans(small)[0]
    assert held(small) == traffic.paths[:10]
    assert load_session(small / "test.yaml").header.missing == 3


def test_a_folder_that_is_read_only_at_the_end(small: Path, confdir: Path, upstream: Upstream) -> None:
    with running(f"pact_recordings={small}", "pact_session=test", confdir=confdir) as proxy:
        traffic = Traffic(proxy, upstream)
        traffic.send(10)
        # The journal stays open below; whatever is opened by name from here on is read-only.
        mount("--bind", str(small), str(small))
        mount("-o", "remount,bind,ro", str(small))
        traffic.send(10)
        assert os.access(small, os.R_OK)
        output = proxy.stop()
    assert "Read-only file system" in output
    assert "its journal stays for the next start" in output
    subprocess.run(["umount", str(small)], check=True)
    recover_orphans(small)
    assert held(small) == traffic.paths


@pytest.mark.parametrize("script", [ADDON, Path(__file__).with_name("faulty_start.py")])
def test_a_session_that_cannot_begin_begins_when_there_is_room(
    script: Path, small: Path, confdir: Path, upstream: Upstream
) -> None:
    """Without a name of its own a session is made by its first exchange, also while mitmproxy still starts."""
    with running(f"pact_recordings={small}", confdir=confdir, script=script) as proxy:
        traffic = Traffic(proxy, upstream)
        filler = fill(small)
        traffic.send(5)
        filler.unlink()
        traffic.send(5)
        wait_for(lambda: proxy.status()["recorder"]["recorded"] == 5)
        output = proxy.stop()
    (session,) = small.glob("*.yaml")
    loaded = load_session(session)
    assert [entry.exchange.request.path for entry in loaded.entries] == traffic.paths[5:]
    assert loaded.header.missing == 5
    assert output.count(REFUSED) == 1
    assert "not recorded: 5 (the disk refused)" in output
