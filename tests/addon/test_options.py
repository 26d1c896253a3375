"""Options: values are checked, and errors name the valid ones."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy.test import taddons

from pact_recorder.addon import RecorderAddon
from pact_recorder.addon.options import OPTIONS, Settings
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.traffic_log import MOST_BYTES, MOST_ENTRIES
from pact_recorder.server.tokens import TOKEN_VARIABLE


def configured(tmp_path: Path, **options: Any) -> Settings:
    async def configure() -> Settings:
        addon = RecorderAddon()
        with taddons.context(addon) as context:
            context.configure(addon, pact_recordings=str(tmp_path / "recordings"), **options)
            settings = Settings.read(context.options)
            addon.done()
        return settings

    return asyncio.run(configure())


def test_defaults(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    assert (settings.mode.value, settings.unmatched, settings.policy.value) == ("capture", 404, "repeat-last")
    assert settings.max_body == 16 * 1024 * 1024
    assert settings.max_expectations == 100_000
    assert (settings.max_log, settings.max_log_memory) == (MOST_ENTRIES, MOST_BYTES)
    assert not (tmp_path / "recordings").exists()


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("pact_mode", "replay", "capture, spy or mock"),
        ("pact_sequence", "never", "repeat-last"),
        ("pact_fsync", "sometimes", "never, interval, always"),
        ("pact_unmatched", 99, "200 to 599"),
        ("pact_max_body", "-1", "k, m or g"),
        ("pact_max_expectations", 0, "whole number from 1"),
        ("pact_max_log", 0, "pact_max_log: 0 is no limit: give a whole number from 1"),
        ("pact_max_log_memory", "much", "pact_max_log_memory: 'much' is no size"),
        ("pact_filter", "~b", "filter expression"),
        ("pact_redact", "nothing", "default nor none"),
        ("pact_session", "a/b", "name of a session"),
    ],
)
def test_a_wrong_value_names_the_option_and_the_valid_ones(
    tmp_path: Path, option: str, value: object, named: str
) -> None:
    with pytest.raises(exceptions.OptionsError, match=named):
        configured(tmp_path, **{option: value})


def test_simulate_is_mock(tmp_path: Path) -> None:
    assert configured(tmp_path, pact_mode="SIMULATE").mode.value == "mock"


def test_the_token_comes_from_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "from the environment")
    assert configured(tmp_path).token == "from the environment"
    (tmp_path / "token").write_text("from the file\n")
    assert configured(tmp_path, pact_control_token_file=str(tmp_path / "token")).token == "from the file"
    assert configured(tmp_path, pact_control_token="from the option").token == "from the option"


def test_every_option_has_a_help_text() -> None:
    assert all(option.name.startswith("pact_") and len(option.help) > 20 for option in OPTIONS)


def test_the_configuration_counts_where_no_option_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pact-recorder.yaml").write_text("redact: none\nselect: ~d shop.test\nproviders: {shop.test: Shop}\n")
    settings = configured(tmp_path)
    assert settings.record_only is not None
    assert settings.record_only.pattern == "~d shop.test"
    assert settings.redaction == RedactionRules.none()
    assert settings.configuration.provider_of("shop.test") == "Shop"


def test_options_win_over_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pact-recorder.yaml").write_text("redact: none\nselect: ~d shop.test\nignore: ~d shop.test\n")
    settings = configured(tmp_path, pact_redact="default", pact_filter="~d a.test", pact_ignore="~d b.test")
    assert settings.record_only is not None
    assert settings.ignore is not None
    assert (settings.record_only.pattern, settings.ignore.pattern) == ("~d a.test", "~d b.test")
    assert settings.redaction != RedactionRules.none()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("redact: none\nselct: x\n", 'line 2: "selct" is not known here'), ("select: ~b\n", 'line 1: "select": ')],
)
def test_an_error_in_the_configuration_names_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pact-recorder.yaml").write_text(text)
    with pytest.raises(exceptions.OptionsError, match=f"pact-recorder.yaml, {sentence}"):
        configured(tmp_path)
