"""The option `--redact`, for the commands that do not run the addon."""

from __future__ import annotations

from pathlib import Path

from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.cli.arguments import Parser
from pact_recorder.errors import UsageError


def add_redact(parser: Parser) -> None:
    """Declare `--redact`."""
    parser.add_argument(
        "--redact",
        metavar="default|none|FILE",
        default="default",
        help="which secrets are replaced by placeholders: by the built-in rules, none, or by those of a file too",
    )


def redaction_rules(value: str) -> RedactionRules:
    """The rules that a value of the option names. Raises UsageError when it names none."""
    if value == "none":
        return RedactionRules.none()
    if value == "default":
        return RedactionRules.default()
    path = Path(value).expanduser()
    if not path.is_file():
        raise UsageError(f"--redact: {value!r} is neither default nor none nor a file: choose one of them.")
    return RedactionRules.from_file(path)
