"""A hook that raises never breaks the user's traffic: it is logged with its flow, counted, and shown at the end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from proxy import Proxy, running
from upstream import Upstream

from pact_recorder.recordings import load_session

FAULTY = Path(__file__).with_name("faulty.py")
FAULTY_START = Path(__file__).with_name("faulty_start.py")


@contextmanager
def faulty(confdir: Path, recordings: Path, *more: str, script: Path = FAULTY) -> Iterator[Proxy]:
    settings = (f"pact_recordings={recordings}", "flow_detail=0", *more)
    with running(*settings, confdir=confdir, script=script) as proxy:
        yield proxy


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_traffic_goes_on_whatever_fails(confdir: Path, recordings: Path, upstream: Upstream, how: int) -> None:
    upstream.answers["*"] = lambda handler: handler.reply(200, handler.body or handler.path.encode(), "text/plain")
    with faulty(confdir, recordings, "pact_session=test", "pact_max_body=100k") as proxy:
        large = b"x" * 200_000
        with proxy.client() as client:
            assert client.get(f"{upstream.url}/before").text == "/before"
            for turn in range(3):
                path = "/break" if turn == 0 else f"/{turn}"
                assert client.get(f"{upstream.url}{path}?token=s3cret").text == f"{path}?token=s3cret"
                # What is too large to be kept streams, whose functions are within hooks too.
                assert client.post(f"{upstream.url}/large", content=large).content == large
            assert client.get(f"{upstream.url}/mend").text == "/mend"
            assert client.get(f"{upstream.url}/after").text == "/after"
        output = proxy.stop(how)
    held = [entry.exchange.request.path for entry in load_session(recordings / "test.yaml").entries]
    assert held[0] == "/before"
    assert held[-1] == "/after"
    assert not {"/1", "/2", "/break"} & set(held)
    assert "response hook failed for GET 127.0.0.1/1: RuntimeError('injected: response')" in output
    assert "s3cret" not in output
    for hook in ("requestheaders", "responseheaders", "response"):
        assert f"errors in the {hook} hook: " in output
        assert output.count(f"{hook} hook failed") >= 5
    # The stack once for each hook; mitmproxy has one of its own when it ends with a client connected.
    assert 1 <= output.count("\nRuntimeError: injected") <= 4


def test_in_mock_mode_a_failure_is_an_answer_and_nothing_leaves(
    confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    with faulty(confdir, recordings, "pact_mode=mock") as proxy:
        with proxy.client() as client:
            for path in ("/break", "/1", "/2"):
                answer = client.get(upstream.url + path)
                assert (answer.status_code, "failed to answer" in answer.text) == (500, True)
            assert client.get(f"{upstream.url}/mend").status_code == 404
        output = proxy.stop()
    assert upstream.connections == 0
    assert "errors in the request hook: 3" in output


@pytest.mark.parametrize("mode", ["capture", "spy", "mock"])
def test_a_failure_while_mitmproxy_starts_does_not_end_it(
    mode: str, confdir: Path, recordings: Path, upstream: Upstream
) -> None:
    """It listens before it has started, and ends when an error is logged in between."""
    upstream.answers["*"] = lambda handler: handler.reply(200, b"whole", "text/plain")
    status, text = (500, "failed to answer") if mode == "mock" else (200, "whole")
    with faulty(confdir, recordings, f"pact_mode={mode}", script=FAULTY_START) as proxy:
        with proxy.client() as client:
            for path in ("/break", "/1"):
                answer = client.get(upstream.url + path)
                assert (answer.status_code, text in answer.text) == (status, True)
        output = proxy.stop()
    assert proxy.process.returncode == 0
    assert "hook failed for GET 127.0.0.1/break" in output
    assert "Error logged during startup" not in output
