"""What the addon's commands do, apart from mitmproxy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pact_recorder.capture.recorder import Recorder
from pact_recorder.pact import load_contract, write_contract
from pact_recorder.server import Exporter, Wanted
from pact_recorder.verification import verify_contract


def export(recorder: Recorder, exporter: Exporter, directory: str, wanted: Wanted, provider: str) -> str:
    """Write one contract per provider; the paths and what was left out, one a line.

    No secret gets into a file, also none that an expectation was set with.
    `provider` names the provider where there is only one.
    """
    wanted = replace(wanted, clean=recorder.redactor)
    active = exporter.active(wanted.style, recorder.clock())
    single = len({exporter.configuration.provider_of(host) for host in active.hosts}) == 1
    lines: list[str] = []
    with recorder.redactor.uncounted():
        contracts = exporter.each(active, wanted, lambda name: (single and provider) or name or "provider")
    for exported in contracts:
        lines.append(str(write_contract(exported.contract, Path(directory).expanduser(), superseding=True)))
        lines.extend(f"left out: {sentence}" for sentence in exported.left_out)
    return "\n".join(lines) or "nothing is active, so there is nothing to export"


def verify(recorder: Recorder, contract: str) -> str:
    """Whether the active expectations satisfy a contract; one line an interaction that they do not."""
    path = Path(contract).expanduser()
    document = load_contract(path)
    report = verify_contract(document, recorder.expectations, recorder.clock(), recorder.redacted)
    failed = [interaction for interaction in report.interactions if not interaction.verified]
    lines = [f"{len(report.interactions) - len(failed)} of {len(report.interactions)} interactions verified"]
    return "\n".join(lines + [f"{failure.description}: {failure.reason}" for failure in failed])
