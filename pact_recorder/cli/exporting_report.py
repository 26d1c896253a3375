"""`export --report FILE`: what contracts rest on, as JSON for programs or as a page to read."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pact_recorder.cli.exporting_tables import Written
from pact_recorder.errors import StorageError, UsageError
from pact_recorder.inference.report import Report
from pact_recorder.inference.report_html import report_page
from pact_recorder.recordings.atomic import replacing


@dataclass(frozen=True, slots=True)
class _Told:
    """What a report tells of."""

    written: Sequence[Written]
    sessions: list[str]
    in_part: list[str]

    @property
    def reports(self) -> list[tuple[Written, Report]]:
        return [(each, each.report) for each in self.written if each.report is not None]


def report_file(text: str) -> Path:
    """An argument type: a file whose extension says how a report is written."""
    path = Path(text)
    if path.suffix.lower() not in _FORMS:
        raise ArgumentTypeError(f"{text!r} ends in neither .json nor .html, and that is how a report is chosen")
    return path


def check_report_file(path: Path, contracts: Iterable[Path]) -> None:
    """Raises UsageError when a report would take the place of a contract: one to be written, or one that is there."""
    if path.resolve() in {each.resolve() for each in contracts} or _holds_contract(path):
        raise UsageError(f"--report {path} is a contract, which the report would replace: give it a name of its own.")


def write_report(path: Path, written: Sequence[Written], sessions: list[str], in_part: list[str]) -> None:
    """Write the report on contracts. Raises StorageError."""
    content = _FORMS[path.suffix.lower()](_Told(written, sessions, in_part)).encode("utf-8", "backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(content)
    except OSError as error:
        raise StorageError(f"The report {path} cannot be written: {error.strerror}.") from error


def _holds_contract(path: Path) -> bool:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and not _CONTRACT_MEMBERS.isdisjoint(document)


def _json(told: _Told) -> str:
    contracts = [
        report.to_json() | {"hosts": [*each.export.hosts], "path": each.path, "left_out": [*each.left_out]}
        for each, report in told.reports
    ]
    return json.dumps({"sessions": told.sessions, "contracts": contracts, "recorded_in_part": told.in_part}, indent=2)


def _html(told: _Told) -> str:
    return report_page([report for _, report in told.reports])


_CONTRACT_MEMBERS = frozenset({"interactions", "messages"})
_FORMS: dict[str, Callable[[_Told], str]] = {".json": _json, ".html": _html}
