"""What a serving process tells its user: what is served, where, and how to use it."""

from __future__ import annotations

from pathlib import Path

from pact_recorder import __version__
from pact_recorder.cli.tables import counted, shown, shown_path, table
from pact_recorder.server.standalone import Standalone

_MOST_STATES = 10


def serving_text(app: Standalone, url: str, private: bool, workers: int = 1) -> str:
    """The start-up table of a standalone server; `private` says that only this machine reaches it."""
    lines = [f"pact-recorder {__version__} serves {_total(app)}, listens on {url}", ""]
    rows = [("source", "kind", "from", "expectations")]
    rows += [
        (shown_path(each.source, Path.cwd()), each.kind, each.parties, f"{each.expectations:,}") for each in app.served
    ]
    lines += [*table(rows, numbers=(3,), indent="  "), ""]
    notes = _notes(app, url, workers)
    if not private:
        notes.insert(0, ("careful", "other machines can use this server too; --listen 127.0.0.1:8080 keeps them out"))
    return "\n".join([*lines, *(f"  {name:<12} {text}" for name, text in notes)])


def manager_text(url: str, output: Path, key: str | None) -> str:
    """What the manager of mock servers tells; `key` is None when its user has it."""
    notes = [
        ("create", f"curl -H 'Content-Type: application/json' --data-binary @contract.json {url}/"),
        ("verify", f"curl -X POST {url}/mockserver/PORT/verify      writes the contract into {output}"),
        ("stop", f"Ctrl-C, or POST {url}/shutdown with Authorization: Bearer {key or 'TOKEN'}"),
    ]
    heading = f"pact-recorder {__version__} manages mock servers, listens on {url}"
    return "\n".join([heading, *(f"  {name:<12} {text}" for name, text in notes)])


def _total(app: Standalone) -> str:
    return counted(sum(each.expectations for each in app.served), "expectation")


def _notes(app: Standalone, url: str, workers: int) -> list[tuple[str, str]]:
    notes = []
    if app.unindexed:
        notes.append(
            ("unindexed", f"{counted(app.unindexed, 'expectation')} with an open path: tried for every request")
        )
    if app.settings.states:
        known = ", ".join(f'"{shown(name)}"' for name in app.states[:_MOST_STATES]) or "none"
        notes += [
            ("states", f"{known}{' …' if len(app.states) > _MOST_STATES else ''}"),
            ("", f"choose by the header X-Pact-Provider-State, or for all: PUT {url}/mockserver/states"),
        ]
    if app.settings.control is not None:
        notes.append(("control API", f"{url}/mockserver/"))
    if workers > 1:
        notes.append(("workers", f"{workers} processes; no control API, which would reach only one of them"))
    notes.append(("stop", "Ctrl-C or SIGTERM; requests under way are answered first"))
    return notes
