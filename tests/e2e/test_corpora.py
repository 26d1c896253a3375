"""Real traffic, one corpus after the other: recorded through real processes, replayed offline, exported, verified."""

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from corpora import NAMES, Corpus, Driven
from proxy import Proxy, running
from reference_verifier import verify_with_reference
from secret_scan import leaks, secrets_of, texts_in

from pact_recorder.http import Request, Response
from pact_recorder.mock import example_request
from pact_recorder.mock.fingerprint import fingerprint
from pact_recorder.pact import Interaction, read_contract
from pact_recorder.recordings import Session, load_session

pytestmark = pytest.mark.corpus

SESSION = "corpus"
REPLAYED = 0.999
TOLD = 30
KEPT_STATUS = re.compile(r"status (\d+)->\1,")

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Failure:
    """An interaction that the reference calls failed, with what is recorded for the same request."""

    interaction: Interaction
    recorded: tuple[Response, ...]

    @property
    def text(self) -> str:
        """The promised body where it is text, else nothing."""
        body = self.interaction.response.body
        return (body.text(None) or "") if body is not None else ""

    @property
    def answers(self) -> set[tuple[int, bytes | None]]:
        """What the request was answered, apart from headers."""
        return {(each.status, each.body.content if each.body else None) for each in self.recorded}


SEVERAL_ANSWERS = "several answers are recorded: the contract has one, the mock gives them in turn"
# Why the reference may fail an interaction that is right, and how such an interaction is told.
EXPLANATIONS: dict[str, Callable[[Failure], bool]] = {
    SEVERAL_ANSWERS: lambda of: len(of.answers) > 1,
    "it cannot parse XML that starts with a byte order mark": lambda of: of.text.startswith("\ufeff<?xml"),
    "it asks for /path where the contract says //path": lambda of: of.interaction.request.path.startswith("//"),
    "it takes text without a Content-Type for JSON": lambda of: (
        bool(of.text) and "content-type" not in map(str.lower, of.interaction.response.headers)
    ),
    "the JSON body null is no body in a V3 contract": lambda of: all(content == b"null" for _, content in of.answers),
    "its HTTP client refuses a control character in a header": lambda of: any(
        CONTROL.search(value) for each in of.recorded for _, value in each.headers
    ),
}
# The reference's own limits concern at most so many of the interactions of a corpus.
LIMITED = 0.05

Write = Callable[[str], None]


STYLES = ("inferred", "literal")


@dataclass(frozen=True, slots=True)
class Verified:
    """What the running proxy said of its own contract of a style."""

    style: str
    interactions: int
    status: int
    text: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A corpus recorded through one mode of mitmproxy: what the client got then, and with the upstream stopped."""

    corpus: Corpus
    folder: Path
    mode: str
    upstream_url: str | None
    captured: Driven
    replayed: Driven
    recorded: int
    refused: int
    output: str
    verified: tuple[Verified, ...]

    def started_again(self, confdir: Path) -> AbstractContextManager[Proxy]:
        """A new process in mock mode that has nothing but the session's file."""
        return running(*settings(self.folder, "pact_mode=mock"), mode=self.mode, confdir=confdir)

    def session(self) -> Session:
        return load_session(self.folder / f"{SESSION}.yaml")

    def drive(self, proxy: Proxy) -> Driven:
        return self.corpus.drive(proxy.url, self.upstream_url)


def settings(folder: Path, *more: str) -> tuple[str, ...]:
    return (f"pact_recordings={folder}", f"pact_session={SESSION}", "flow_detail=0", *more)


def counts(proxy: Proxy) -> dict[str, Any]:
    status = proxy.status()
    found: dict[str, Any] = status.get("recorder", status)
    return found


def record(corpus: Corpus, folder: Path, confdir: Path, through_upstream_mode: bool) -> Recording:
    """Capture a corpus, stop its upstream, replay it in the same process, export and verify, and stop."""
    contract = folder.with_suffix(".contract.json")
    with corpus.serving() as upstream_url:
        mode = f"upstream:{upstream_url}" if through_upstream_mode else "regular"
        target = None if through_upstream_mode else upstream_url
        proxy = Proxy(*settings(folder, "pact_redact=none"), mode=mode, confdir=confdir).wait_until_listening()
        captured = corpus.drive(proxy.url, target)
        recorded = counts(proxy)["recorded"]
    try:
        proxy.switch("mock")
        replayed = corpus.drive(proxy.url, target)
        refused = counts(proxy)["refusedConnections"]
        verified = []
        for style in STYLES:
            exported = proxy.control("PUT", f"pact?consumer=c&provider=p&style={style}")
            assert exported.status_code == 200, exported.text[:1000]
            contract.write_bytes(exported.content)
            answer = proxy.control("PUT", "pact/verify", content=exported.content)
            verified.append(Verified(style, len(exported.json()["interactions"]), answer.status_code, answer.text))
    finally:
        output = proxy.stop()
    return Recording(corpus, folder, mode, target, captured, replayed, recorded, refused, output, tuple(verified))


@pytest.fixture(scope="module", params=NAMES)
def corpus(request: pytest.FixtureRequest, shared: Path) -> Corpus:
    return Corpus(request.param, shared)


@pytest.fixture(scope="module")
def recording(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory, confdir: Path) -> Recording:
    return record(corpus, tmp_path_factory.mktemp(corpus.name) / "recordings", confdir, True)


@pytest.fixture(scope="module")
def regular_recording(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory, confdir: Path) -> Recording:
    return record(corpus, tmp_path_factory.mktemp(corpus.name) / "recordings", confdir, False)


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str], corpus: Corpus) -> Iterator[Write]:
    """Write a figure of a corpus to the terminal, so that a run shows what it measured."""
    lines: list[str] = []
    yield lines.append
    with capsys.disabled():
        sys.stdout.writelines(f"\n    {corpus.name}: {line}" for line in lines)


def check_capture(recording: Recording, tell: Write) -> None:
    """The client got the upstream's answers, and each of them is in the session."""
    driven = recording.captured
    entries = recording.session().entries
    held = sum(entry.count for entry in entries)
    tell(f"{driven.requests} driven, {recording.recorded} recorded, {held} in the session, {len(entries)} different")
    assert driven.differences == ()
    assert recording.recorded == held == driven.requests == sum(1 for _ in recording.corpus.exchanges())
    assert f"recorded: {held} exchanges" in recording.output
    assert "errors in the" not in recording.output


def check_replay(driven: Driven, tell: Write, what: str) -> None:
    """The client got the recorded status and body; every exception is told."""
    tell(f"{what}: {driven.both_identical} of {driven.requests} identical in {driven.seconds} s")
    for difference in driven.differences[:TOLD]:
        tell(f"  differs: {difference}")
    assert driven.both_identical >= math.ceil(REPLAYED * driven.requests), driven.differences


def test_every_exchange_is_captured(recording: Recording, tell: Write) -> None:
    check_capture(recording, tell)


def test_it_replays_with_the_upstream_stopped(recording: Recording, tell: Write) -> None:
    check_replay(recording.replayed, tell, "replayed")
    assert recording.refused == 0


def test_it_replays_after_a_restart(recording: Recording, confdir: Path, tell: Write) -> None:
    with recording.started_again(confdir) as proxy:
        check_replay(recording.drive(proxy), tell, "replayed after a restart")


def test_its_contract_verifies_against_the_expectations(recording: Recording, tell: Write) -> None:
    for each in recording.verified:
        tell(f"verify: {each.status}, {each.interactions} {each.style} interactions")
        assert each.status == 202, each.text[:3000]


def test_the_reference_loads_its_contracts_and_the_mock_satisfies_them(
    recording: Recording, confdir: Path, tmp_path: Path, tell: Write
) -> None:
    with recording.started_again(confdir) as proxy:
        contracts = export_by_host(recording, proxy, tmp_path)
        verdict = verify_with_reference(contracts, proxy.url)
    interactions = {(host, each.description): each for host, path in contracts.items() for each in read(path)}
    count = f"{len(verdict.verified)} of {len(interactions)} interactions of {len(contracts)} providers"
    tell(f"reference: {count} verified")
    recorded = answers_by_request(recording)
    reasons: Counter[str] = Counter()
    unexplained = {}
    for key, mismatch in verdict.failed.items():
        interaction = interactions[key]
        failure = Failure(interaction, tuple(recorded[key[0], *asked(example_request(interaction.request))]))
        reason = next((why for why, told in EXPLANATIONS.items() if told(failure)), None)
        if reason is None:
            unexplained[key] = mismatch
            tell(f"  fails: {key}: {mismatch}"[:800])
        else:
            reasons[reason] += 1
    for reason, times in reasons.items():
        tell(f"  {times} not verified: {reason}")
    assert {*verdict.verified, *verdict.failed} == set(interactions)
    assert unexplained == {}
    assert reasons.total() - reasons[SEVERAL_ANSWERS] <= LIMITED * len(interactions)


def asked(request: Request) -> tuple[tuple[str, str], bytes]:
    """What makes two requests to one host ask the same, headers aside."""
    print_ = fingerprint(request)
    return print_.place, print_.digest


def answers_by_request(recording: Recording) -> dict[tuple[str, tuple[str, str], bytes], list[Response]]:
    """Everything recorded, by host and request."""
    answers: dict[tuple[str, tuple[str, str], bytes], list[Response]] = defaultdict(list)
    for exchange in (entry.exchange for entry in recording.session().entries):
        answers[exchange.request.authority, *asked(exchange.request)].append(exchange.response)
    return answers


def export_by_host(recording: Recording, proxy: Proxy, folder: Path) -> dict[str, Path]:
    """A contract for each provider of the session, as a team publishes them."""
    session = recording.session()
    contracts: dict[str, Path] = {}
    for host in sorted({entry.exchange.request.authority for entry in session.entries}):
        wanted = {"consumer": "c", "provider": host, "host": host, "style": "literal"}
        exported = proxy.control("PUT", "pact", params=wanted)
        assert exported.status_code == 200, exported.text[:1000]
        contracts[host] = folder / f"{len(contracts)}.json"
        contracts[host].write_bytes(exported.content)
    return contracts


def read(contract: Path) -> list[Interaction]:
    interactions = read_contract(contract.read_bytes(), contract.name).interactions
    return [each for each in interactions if isinstance(each, Interaction)]


def test_every_exchange_is_captured_in_regular_mode(regular_recording: Recording, tell: Write) -> None:
    check_capture(regular_recording, tell)


def test_it_replays_in_regular_mode(regular_recording: Recording, tell: Write) -> None:
    check_replay(regular_recording.replayed, tell, "replayed in regular mode")
    assert regular_recording.refused == 0


def test_it_replays_after_a_restart_in_regular_mode(regular_recording: Recording, confdir: Path, tell: Write) -> None:
    with regular_recording.started_again(confdir) as proxy:
        check_replay(regular_recording.drive(proxy), tell, "replayed after a restart in regular mode")


def test_no_secret_is_written_and_it_still_replays(corpus: Corpus, tmp_path: Path, confdir: Path, tell: Write) -> None:
    folder = tmp_path / "recordings"
    with corpus.serving() as upstream_url:
        mode = f"upstream:{upstream_url}"
        with running(*settings(folder), mode=mode, confdir=confdir) as proxy:
            captured = corpus.drive(proxy.url)
    assert captured.differences == ()
    secrets = secrets_of(corpus.exchanges())
    leaked = leaks(secrets, [*texts_in(folder), session_text(folder)])
    tell(f"{len(secrets)} secrets, {len(leaked)} of them written")
    for secret, place in islice(leaked.items(), TOLD):
        tell(f"  leaks: {place}: {secret[:80]!r}")
    with running(*settings(folder, "pact_mode=mock"), mode=mode, confdir=confdir) as proxy:
        replayed = corpus.drive(proxy.url)
    tell(f"redacted: {replayed.status_identical} of {replayed.requests} have the recorded status")
    for difference in [line for line in replayed.differences if not KEPT_STATUS.search(line)][:TOLD]:
        tell(f"  differs: {difference}")
    assert leaked == {}
    assert replayed.status_identical >= math.ceil(REPLAYED * replayed.requests), replayed.differences


def session_text(folder: Path) -> str:
    """Everything that a reader of the session gets, unescaped."""
    pieces: list[str] = []
    for entry in load_session(folder / f"{SESSION}.yaml").entries:
        request, response = entry.exchange.request, entry.exchange.response
        pieces += [request.target, *(f"{name}: {value}" for name, value in (*request.headers, *response.headers))]
        pieces += [body.text(None) or "" for body in (request.body, response.body) if body is not None]
    return "\n".join(pieces)
