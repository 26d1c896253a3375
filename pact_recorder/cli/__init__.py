"""The command line: commands, progress, tables, exit statuses."""

from pact_recorder.cli.program import main

__all__ = ["main"]
