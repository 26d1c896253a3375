"""kill -9 at any moment: whatever a client has been answered is in the recovered session."""

import os
import random
import sys
import time
from pathlib import Path

import pytest
from load import MAX_BODY, Client, content, kind_of, load_until
from proxy import Proxy
from upstream import Upstream

from pact_recorder.http import Exchange
from pact_recorder.recordings import load_session, recover_orphans

KILLS = int(os.environ.get("PACT_KILLS", "30"))
"""How often; more than the usual number takes two seconds each."""

KILLS_A_SESSION = 3
CLIENTS = 6
LONGEST_SECONDS = 0.9
SEED = 20_26


def kill_under_load(
    upstream: Upstream, confdir: Path, recordings: Path, session: str, label: str, moment: float
) -> list[Client]:
    """Start recording into a session (which recovers what the last kill left), load it, kill it after `moment`."""
    settings = (f"pact_recordings={recordings}", f"pact_session={session}", f"pact_max_body={MAX_BODY}")
    proxy = Proxy(*settings, "flow_detail=0", confdir=confdir).wait_until_listening()

    def strike() -> None:
        time.sleep(moment)
        assert proxy.process.poll() is None, f"it ended by itself:\n{proxy.output}"
        proxy.process.kill()
        proxy.process.wait()

    try:
        return load_until(strike, proxy.port, upstream, label, CLIENTS)
    finally:
        proxy.process.kill()
        proxy.stop()


def recovered(recordings: Path, session: str) -> dict[str, Exchange]:
    """What the session holds, by path, once its orphaned journal is recovered."""
    recover_orphans(recordings)
    path = recordings / f"{session}.yaml"
    entries = load_session(path).entries if path.exists() else ()
    return {entry.exchange.request.path: entry.exchange for entry in entries}


def is_whole(path: str, exchange: Exchange) -> bool:
    """Whether an exchange holds what was on the wire, or is marked as cut where it is above the limit."""
    kind, body, sent = kind_of(path), exchange.response.body, exchange.request.body
    if body is None or (sent.content if sent else b"") != (content(path, kind.sent) if kind.sent else b""):
        return False
    expected = content(path, kind.answered)
    if kind.answered > MAX_BODY:
        return body.cut and body.content == expected[:MAX_BODY]
    return not body.cut and body.content == expected


def test_nothing_answered_is_lost(
    confdir: Path, recordings: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = random.Random(SEED)
    answered: dict[str, list[str]] = {}
    broken = []
    for number in range(KILLS):
        session = f"killed-{number // KILLS_A_SESSION}"
        moment = moments.uniform(0.02, LONGEST_SECONDS)
        clients = kill_under_load(upstream, confdir, recordings, session, str(number), moment)
        answered.setdefault(session, []).extend(path for client in clients for path in client.answered)
        broken.append(sum(client.broken for client in clients))
    lost, garbled = [], []
    for session, paths in answered.items():
        held = recovered(recordings, session)
        lost += [path for path in paths if path not in held]
        garbled += [path for path in paths if path in held and not is_whole(path, held[path])]
    total = sum(map(len, answered.values()))
    with capsys.disabled():
        sys.stdout.write(f"\n    {KILLS} kills: {total} answered, {len(lost)} lost, {sum(broken)} broken off: {broken}")
    assert (lost, garbled) == ([], []), f"of {total} answered"
    assert total > 20 * KILLS, "hardly any load"
    assert sum(1 for count in broken if count) >= KILLS - 3, f"kills that broke requests: {broken}"
    assert {kind_of(path).name for paths in answered.values() for path in paths} >= {"over", "chunked", "events"}
