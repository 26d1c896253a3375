"""Secrets in settings, YAML and the arguments of GraphQL."""

import time

import pytest

from pact_recorder.capture.redaction_lines import redact_arguments, redact_lines
from pact_recorder.capture.redaction_rules import RedactionRules, Secrecy, is_secret_value

RULES = RedactionRules.default()


def shown(value: str, name: str, secrecy: Secrecy) -> str | None:
    return f"<{value}>" if is_secret_value(value, secrecy) else None


def lines(text: str, *, is_yaml: bool) -> str:
    return redact_lines(text, RULES.field, shown, is_yaml=is_yaml)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password: x y # note\nb: c", "password: <x y> # note\nb: c"),
        ('a:\r\n  - password: "x y"\r\n', 'a:\r\n  - password: "<x y>"\r\n'),
        ("\"password\": 'x1'\n", "\"password\": '<x1>'\n"),
        ("a: {user: me, password: x1, b: c}", "a: {user: me, password: <x1>, b: c}"),
        ("private_key: |\n  one\n\n  two\nb: c\n", "private_key: |\n  <one\n\n  two>\nb: c\n"),
        ("a: 1\npin: 1234\n", "a: 1\npin: <1234>\n"),
    ],
)
def test_yaml(text: str, expected: str) -> None:
    assert lines(text, is_yaml=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b\nexport API_KEY=abcd1\n", "a=b\nexport API_KEY=<abcd1>\n"),
        ("password = 'x y'\r\nb=c", "password = '<x y>'\r\nb=c"),
        ("password: x1", "password: <x1>"),
    ],
)
def test_settings(text: str, expected: str) -> None:
    assert lines(text, is_yaml=False) == expected


@pytest.mark.parametrize("is_yaml", [True, False])
@pytest.mark.parametrize("text", ["", "a: b", "password:\nb: c", "max_tokens: 12345678", "password: null", "password"])
def test_other_lines_are_left_alone(text: str, is_yaml: bool) -> None:
    assert lines(text, is_yaml=is_yaml) == text


@pytest.mark.parametrize("text", ["password = get(x)", "Password: at least eight characters", "a, password: x1"])
def test_sentences_and_programs_are_left_alone(text: str) -> None:
    assert lines(text, is_yaml=False) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{login(name: "me", password: "x\\"1") {id}}', '{login(name: "me", password: "<x"1>") {id}}'),
        ('mutation { a(input: {apiKey:"abcd1"}) }', 'mutation { a(input: {apiKey:"<abcd1>"}) }'),
        ('query ($password: String! = "x1") {a}', 'query ($password: String! = "<x1>") {a}'),
        ('{a(password: """x1""")}', '{a(password: """<x1>""")}'),
        (r'{"query":"{a(password: \"x1\", b: \"c\")}"}', r'{"query":"{a(password: \"<x1>\", b: \"c\")}"}'),
    ],
)
def test_arguments(text: str, expected: str) -> None:
    assert redact_arguments(text, RULES.field, shown) == expected


@pytest.mark.parametrize("text", ["", '{a(name: "x1")}', '{"password": "x1"}', "{a(password: $password)}"])
def test_other_arguments_are_left_alone(text: str) -> None:
    assert redact_arguments(text, RULES.field, shown) == text


MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "password:" * MANY, "password: |\n" * MANY, "password: |" + "\n " * MANY, "{password: " * MANY, "- " * MANY,
        'password: "' * MANY, 'a password: "' + "\\" * MANY, "a\n" * MANY, "password: x " * MANY, " " * MANY,
        'a password: \\"' + "\\" * MANY, '(password:\\"' * MANY,
    ],
    ids=range(12),
)  # fmt: skip
def test_hostile_text_costs_linear_time(text: str) -> None:
    started = time.process_time()
    lines(text, is_yaml=True)
    lines(text, is_yaml=False)
    redact_arguments(text, RULES.field, shown)
    assert time.process_time() - started < 20
