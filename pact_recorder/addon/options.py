"""The addon's options: what they are called, what they mean, and which values are valid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from mitmproxy import exceptions, flowfilter
from mitmproxy.addonmanager import Loader
from mitmproxy.options import Options
from mitmproxy.utils import human

from pact_recorder.capture.modes import Mode
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.traffic_log import MOST_ENTRIES
from pact_recorder.errors import PactRecorderError, UsageError
from pact_recorder.mock import Exhausted
from pact_recorder.recordings import Configuration, Fsync, read_configuration
from pact_recorder.recordings.configuration import FILE_NAME
from pact_recorder.server.context import MOST_EXPECTATIONS
from pact_recorder.server.tokens import TOKEN_VARIABLE, configured_token

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=Enum)


@dataclass(frozen=True, slots=True)
class Option:
    """One mitmproxy option: its type, default, help and, where only some values are valid, these."""

    name: str
    type: Any
    default: object
    help: str
    choices: tuple[str, ...] | None = None


OPTIONS = (
    Option(
        "pact_mode",
        str,
        "capture",
        "What happens to a request. capture: forward and record all. spy: answer what is known, forward and record "
        "the rest. mock (also: simulate): answer what is known, refuse the rest; nothing leaves this machine.",
        ("capture", "spy", "mock", "simulate"),
    ),
    Option(
        "pact_session",
        str,
        "",
        "Name of the session to record into or to replay; default: the date, time and process.",
    ),
    Option("pact_recordings", str, "recordings", "Folder of the sessions; it is created when missing."),
    Option(
        "pact_load",
        Sequence[str],
        [],
        "Contracts (Pact files) and sessions (names or files) whose answers are active from the start.",
    ),
    Option(
        "pact_filter",
        str,
        "",
        f"Record only flows that match this mitmproxy filter expression; default: `select` of {FILE_NAME}, else all.",
    ),
    Option(
        "pact_ignore",
        str,
        "",
        "Neither record nor answer flows that match this mitmproxy filter expression; they are forwarded, "
        f"but in mock mode they are refused like any miss. Default: `ignore` of {FILE_NAME}, else none.",
    ),
    Option(
        "pact_redact",
        str,
        "",
        "Secrets are replaced by placeholders before anything is written. default: the built-in rules; "
        "none: nothing is replaced; or the path of a YAML file with rules of your own beside the default ones. When "
        f"not given: what {FILE_NAME} says, else default.",
    ),
    Option("pact_unmatched", int, 404, "Status of the answer to a request that nothing matches in mock mode."),
    Option(
        "pact_sequence",
        str,
        "repeat-last",
        "What a request gets when all the answers recorded to it were given.",
        tuple(policy.value for policy in Exhausted),
    ),
    Option(
        "pact_max_body",
        str,
        "16m",
        "Largest body that is recorded whole, decoded, in bytes or with k, m, g; of a larger one the beginning is "
        "kept and marked as cut.",
    ),
    Option(
        "pact_fsync",
        str,
        "never",
        "When a recorded exchange goes to the disk itself. A kill of this process never loses one; a power cut may: "
        "what the system has not written yet (never), the last second (interval), nothing (always, which every request "
        "waits for).",
        tuple(policy.value for policy in Fsync),
    ),
    Option(
        "pact_control_token",
        str,
        "",
        "Token that lets callers from other machines, from web pages and through the proxy use the control API "
        "(Authorization: Bearer TOKEN). Other users of this machine can see it in the list of processes: "
        f"pact_control_token_file or the environment variable {TOKEN_VARIABLE} are better places.",
    ),
    Option(
        "pact_control_token_file",
        str,
        "",
        f"File with the token of the control API; default: the environment variable {TOKEN_VARIABLE}.",
    ),
    Option(
        "pact_max_expectations",
        int,
        MOST_EXPECTATIONS,
        "How many expectations set through the control API may be active at once; more are refused.",
    ),
    Option(
        "pact_max_log",
        int,
        MOST_ENTRIES,
        "How many requests the log of the control API holds in memory. The oldest go first; recorded ones are read "
        "from the journal then.",
    ),
    Option("pact_max_log_memory", str, "64m", "About how much memory that log takes, in bytes or with k, m, g."),
    Option("pact_consumer", str, "consumer", "Name of the consumer in exported contracts."),
    Option("pact_provider", str, "", "Name of the provider in exported contracts; default: its host."),
)


def declare(loader: Loader) -> None:
    """Make the options known to mitmproxy."""
    for option in OPTIONS:
        loader.add_option(option.name, option.type, option.default, option.help, option.choices)


def refused_values(options: Options) -> list[str]:
    """Take the values given on the command line; one sentence for each that cannot be one, which is dropped."""
    sentences: list[str] = []
    for option in OPTIONS:
        if option.name in options.deferred:
            value = options.deferred.pop(option.name)
            try:
                options.set(*(f"{option.name}={text}" for text in _texts(value)))
            except exceptions.OptionsError as error:
                sentences.append(f"{option.name}: {error}")
    return sentences


def _texts(value: object) -> list[str]:
    """What was given for an option that was not known yet: texts of the command line, or a value of a file."""
    given = getattr(value, "val", value)
    return [str(each) for each in given] if isinstance(given, (list, tuple)) else [str(given)]


@dataclass(frozen=True, slots=True)
class Settings:
    """The options' values, checked."""

    mode: Mode
    session: str
    recordings: Path
    load: tuple[str, ...]
    record_only: flowfilter.TFilter | None
    ignore: flowfilter.TFilter | None
    redaction: RedactionRules
    unmatched: int
    policy: Exhausted
    max_body: int
    fsync: Fsync
    token: str | None
    max_expectations: int
    max_log: int
    max_log_memory: int
    consumer: str
    provider: str
    configuration: Configuration

    @classmethod
    def read(cls, options: Options, folder: Path = Path()) -> Settings:
        """The settings of the options, and of pact-recorder.yaml in a folder where an option is not given.

        Raises OptionsError that names the option and its valid values, or the line of the file.
        """
        configuration = _configuration(folder / FILE_NAME)
        return cls(
            mode=_checked("pact_mode", lambda: Mode.parse(options.pact_mode)),
            session=options.pact_session,
            recordings=Path(options.pact_recordings).expanduser(),
            load=tuple(options.pact_load),
            record_only=_filter("pact_filter", options.pact_filter or configuration.select),
            ignore=_filter("pact_ignore", options.pact_ignore or configuration.ignore),
            redaction=_checked("pact_redact", lambda: _redaction(options.pact_redact or configuration.redact)),
            unmatched=_status(options.pact_unmatched),
            policy=_one_of(Exhausted, "pact_sequence", options.pact_sequence),
            max_body=_size("pact_max_body", options.pact_max_body),
            fsync=_one_of(Fsync, "pact_fsync", options.pact_fsync),
            token=options.pact_control_token or _checked("pact_control_token_file", lambda: _token(options)),
            max_expectations=_count("pact_max_expectations", options.pact_max_expectations),
            max_log=_count("pact_max_log", options.pact_max_log),
            max_log_memory=_size("pact_max_log_memory", options.pact_max_log_memory),
            consumer=options.pact_consumer or "consumer",
            provider=options.pact_provider,
            configuration=configuration,
        )


def _token(options: Options) -> str | None:
    named = options.pact_control_token_file
    return configured_token(Path(named) if named else None)


def _configuration(path: Path) -> Configuration:
    try:
        return read_configuration(path, wrong_filter)
    except PactRecorderError as error:
        raise exceptions.OptionsError(str(error)) from error


def wrong_filter(expression: str) -> str:
    """What is wrong with a mitmproxy filter expression; empty when nothing is."""
    try:
        flowfilter.parse(expression or "~all")
    except ValueError as error:
        return (
            f"{expression!r} is no mitmproxy filter expression ({error}); "
            "see `mitmproxy --help` and the filter expressions in mitmproxy's documentation"
        )
    return ""


def _checked(name: str, read: Callable[[], Value]) -> Value:
    try:
        return read()
    except PactRecorderError as error:
        raise exceptions.OptionsError(f"{name}: {error}") from error


def _filter(name: str, expression: str) -> flowfilter.TFilter | None:
    if reason := wrong_filter(expression):
        raise exceptions.OptionsError(f"{name}: {reason}")
    return flowfilter.parse(expression) if expression else None


def _redaction(value: str) -> RedactionRules:
    if value in ("", "default"):
        return RedactionRules.default()
    if value == "none":
        return RedactionRules.none()
    path = Path(value).expanduser()
    if not path.is_file():
        raise UsageError(f"{value!r} is neither default nor none nor a file: choose one of them")
    return RedactionRules.from_file(path)


def _status(value: int) -> int:
    if not 200 <= value <= 599:
        raise exceptions.OptionsError(f"pact_unmatched: {value} is no HTTP status: choose one from 200 to 599")
    return value


def _count(name: str, value: int) -> int:
    if value < 1:
        raise exceptions.OptionsError(f"{name}: {value} is no limit: give a whole number from 1")
    return value


def _one_of(kind: type[Choice], name: str, value: str) -> Choice:
    # mitmproxy does not compare values of the command line with the choices of a script's option.
    try:
        return kind(value)
    except ValueError:
        choices = ", ".join(each.value for each in kind)
        raise exceptions.OptionsError(f"{name}: {value!r} is not one of {choices}") from None


def _size(name: str, value: str) -> int:
    try:
        size = human.parse_size(value)
    except ValueError:
        size = None
    if size is None or size <= 0:
        raise exceptions.OptionsError(f"{name}: {value!r} is no size: give bytes, or a number with k, m or g (16m)")
    return size
