"""The recordings folder removed under a running proxy: recording and replay go on, and nothing recorded is lost."""

import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from proxy import running
from upstream import Upstream

from pact_recorder.recordings import load_session, recover_orphans

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not remove open files")
GONE = "was removed or moved while it was recorded into"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_folder_that_is_removed_comes_back_with_everything(
    recordings: Path, confdir: Path, upstream: Upstream, how: int
) -> None:
    upstream.answers["*"] = lambda handler: handler.reply(200, handler.path.encode(), "text/plain")
    options = (f"pact_recordings={recordings}", "pact_session=test", "pact_mode=spy")
    with running(*options, confdir=confdir) as proxy, proxy.client() as client:

        def ask(path: str) -> None:
            answer = client.get(upstream.url + path)
            assert (answer.status_code, answer.text) == (200, path)

        ask("/1")
        ask("/2")
        shutil.rmtree(recordings)
        seen = len(upstream.requests)
        ask("/1")
        assert len(upstream.requests) == seen, "what was recorded is replayed"
        time.sleep(0.6)
        ask("/3")
        ask("/2")
        output = proxy.stop(how)
    assert output.count(GONE) == 1
    assert "hook failed" not in output
    if how == signal.SIGKILL:
        recover_orphans(recordings)
    else:
        assert f"session: {recordings / 'test.yaml'}" in output
    session = load_session(recordings / "test.yaml")
    assert [entry.exchange.request.path for entry in session.entries] == ["/1", "/2", "/3"]


def test_a_folder_that_cannot_come_back_is_told_without_a_journal_that_stays(
    recordings: Path, confdir: Path, upstream: Upstream
) -> None:
    with running(f"pact_recordings={recordings}", "pact_session=test", confdir=confdir) as proxy:
        with proxy.client() as client:
            assert client.get(upstream.url + "/1").status_code == 404
            shutil.rmtree(recordings)
            recordings.write_text("in the way")
            time.sleep(0.6)
            assert client.get(upstream.url + "/2").status_code == 404
        output = proxy.stop()
    assert output.count(GONE) == 1
    assert "the session could not be written: The folder" in output
    assert "its journal stays" not in output
