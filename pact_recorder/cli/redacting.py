"""The option `--redact`, for the commands that do not run the addon."""

from __future__ import annotations

from pathlib import Path

from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.cli.arguments import Parser
from pact_recorder.errors import UsageError
from pact_recorder.recordings import Configuration
from pact_recorder.recordings.configuration import FILE_NAME


def add_redact(parser: Parser) -> None:
    """Declare `--redact`."""
    parser.add_argument(
        "--redact",
        metavar="default|none|FILE",
        help="which secrets are replaced by placeholders: by the built-in rules, none, or by those of a file too "
        f"(default: what {FILE_NAME} says, else default)",
    )


def redaction_rules(given: str | None, configured: Configuration) -> RedactionRules:
    """The rules that the option names, or the configuration where it is not given. Raises UsageError for no rules."""
    value = given or configured.redact or "default"
    if value == "none":
        return RedactionRules.none()
    if value == "default":
        return RedactionRules.default()
    path = Path(value).expanduser()
    if not path.is_file():
        raise UsageError(f"--redact: {value!r} is neither default nor none nor a file: choose one of them.")
    return RedactionRules.from_file(path)
