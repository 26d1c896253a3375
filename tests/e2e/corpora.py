"""The shared corpora as real processes: the recorded services, the client that drives them, and what came of it."""

import gzip
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = (
    "aws-manageiq",
    "azure-custodian",
    "browser-har-a",
    "contentful-management-rb",
    "crossref-rcrossref",
    "datadog-client-python",
    "dns-lexicon-a",
    "fastly-go",
    "gbif-rgbif",
    "github-octokit-rb",
    "linode-linodego",
    "llm-openllmetry",
    "media-subliminal",
    "openstack-manageiq",
    "payments-pay-a",
    "reddit-praw",
    "trello-ruby",
)
_LONGEST_DRIVE_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Driven:
    """What a client got that sent a corpus' requests: `differences` has a line for each answer that differs."""

    requests: int
    status_identical: int
    both_identical: int
    differences: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """One corpus, with the tools that serve and drive it."""

    name: str
    shared: Path

    @property
    def path(self) -> Path:
        return self.shared / "data" / "traffic" / f"{self.name}.jsonl.gz"

    def exchanges(self) -> Iterator[dict[str, Any]]:
        """Every recorded exchange, as the corpus has it."""
        with gzip.open(self.path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
            for line in lines:
                yield json.loads(line)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The recorded services as a running upstream; its URL."""
        port = _free_port()
        with self._start("upstream.py", "--port", str(port)) as process:
            assert process.stdout is not None
            try:
                line = process.stdout.readline()
                assert line.startswith("upstream:"), f"the upstream did not start: {line}"
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(30)

    def drive(self, proxy_url: str, upstream_url: str | None = None) -> Driven:
        """Send every request, one after the other, through a proxy: to the original hosts, or to the one upstream.

        Several connections would not keep the order of requests that only differ in how they spell the same.
        """
        target = ("--upstream", upstream_url) if upstream_url else ()
        options = ("--proxy", proxy_url, *target, "--json", "--lenient", "--show", "1000000", "--concurrency", "1")
        with self._start("drive.py", *options) as process:
            output, _ = process.communicate(timeout=_LONGEST_DRIVE_SECONDS)
        assert process.returncode == 0, output
        result = json.loads(output)
        return Driven(
            result["requests"],
            result["status_identical"],
            result["both_identical"],
            tuple(result["diff"]),
            result["seconds"],
        )

    def _start(self, tool: str, *options: str) -> "subprocess.Popen[str]":
        command = [sys.executable, str(self.shared / "tools" / tool), str(self.path), *options]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace")


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port
