"""The command line: commands, progress, tables, exit statuses."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: the process's own); the exit status."""
    try:
        # Only here: whoever presses Ctrl-C while modules are imported should see no stack either.
        from pact_recorder.cli import program
    except KeyboardInterrupt:
        return 130
    return program.main(arguments)
