"""The Rust reference's verifier on contract files, in a process of its own: what it says of each interaction."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LONGEST_SECONDS = 900
# What the reference itself prints comes before it.
_MARK = "\n@@results:"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Host and description of each interaction that the reference verified, and the mismatches of those that failed."""

    verified: tuple[tuple[str, str], ...]
    failed: dict[tuple[str, str], str]


def verify_with_reference(contracts: dict[str, Path], proxy_url: str = "", state_url: str = "") -> Verdict:
    """Let the reference verify providers, given by host with a contract each, all behind one HTTP proxy, if any.

    Their states are changed at a URL, if any. Raises AssertionError when it gives up on a contract.
    """
    command = [sys.executable, __file__, state_url, *(f"{host}={path}" for host, path in contracts.items())]
    network = {"http_proxy": proxy_url, "NO_PROXY": "" if proxy_url else "*"}
    environment = {**os.environ, "PACT_DO_NOT_TRACK": "true", **network}
    run = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=_LONGEST_SECONDS, env=environment
    )
    assert run.returncode == 0, f"the reference gave up:\n{run.stderr[-4000:]}"
    return _verdict(json.loads(run.stdout.rpartition(_MARK)[2]))


def _verdict(results: dict[str, list[dict[str, Any]]]) -> Verdict:
    each = {(host, one["description"]): one for host, ones in results.items() for one in ones}
    failed = {key: json.dumps(one.get("mismatch")) for key, one in each.items() if one["result"] != "OK"}
    return Verdict(tuple(key for key in each if key not in failed), failed)


def _verify(host: str, contract: str, state_url: str) -> list[dict[str, Any]]:
    # Imported here, since it is only needed in the process of its own.
    from pact import Verifier

    name = host.partition(":")[0]
    verifier = Verifier(host, host=name).add_transport(url=f"http://{host}").add_source(Path(contract))
    verifier.follow_redirects(follow=False)
    if state_url:
        verifier.state_handler(state_url, body=True, teardown=True)
    # It raises when something failed; its results say what.
    with suppress(RuntimeError):
        verifier.verify()
    results: list[dict[str, Any]] = verifier.results["interactionResults"]
    return results


if __name__ == "__main__":
    _, states, *pairs = sys.argv
    found = {host: _verify(host, path, states) for host, _, path in (pair.partition("=") for pair in pairs)}
    sys.stdout.write(_MARK + json.dumps(found))
