"""The rules of redaction, and the file in which a team adds to them."""

from pathlib import Path

import pytest

from pact_recorder.capture.redaction_rules import RedactionRules, Secrecy, is_secret_value
from pact_recorder.errors import DocumentError


def rules(tmp_path: Path, text: str) -> RedactionRules:
    path = tmp_path / "rules.yaml"
    path.write_text(text, "utf-8")
    return RedactionRules.from_file(path)


@pytest.mark.parametrize(
    ("name", "secrecy"),
    [
        ("password", Secrecy.STRONG),
        ("client_secret", Secrecy.STRONG),
        ("accessToken", Secrecy.WEAK),
        ("signature", Secrecy.WEAK),
        ("name", Secrecy.NONE),
        ("max_tokens", Secrecy.NONE),
    ],
)
def test_fields_by_default(name: str, secrecy: Secrecy) -> None:
    default = RedactionRules.default()
    assert default.field(name) is secrecy
    assert default.field(name) is secrecy


def test_headers_by_default() -> None:
    default = RedactionRules.default()
    assert default.header("Authorization") and default.header("X-Api-Key")
    assert not default.header("Accept")


@pytest.mark.parametrize(
    ("name", "secrecy"),
    [
        ("password", Secrecy.STRONG),
        ("Authorization", Secrecy.WEAK),
        ("X-Secret-Thing", Secrecy.WEAK),
        ("X-Partner", Secrecy.STRONG),
        ("cookie", Secrecy.CONTAINER),
        ("tokens", Secrecy.CONTAINER),
        ("secret_name", Secrecy.NONE),
        ("apiKeys", Secrecy.NONE),
        ("name", Secrecy.NONE),
    ],
)
def test_members_of_json(name: str, secrecy: Secrecy) -> None:
    added = RedactionRules(headers=frozenset(["x-partner"]), keep=frozenset([("api", "keys")]))
    assert added.member(name) is secrecy
    assert added.member(name) is secrecy


def test_a_file_adds_and_keeps(tmp_path: Path) -> None:
    added = rules(
        tmp_path,
        """
        headers: [X-Partner]
        fields: [ssn, customer_number]
        patterns: {customer: 'CU-[0-9]{8}'}
        keep: [session_id, X-Session-Id]
        """,
    )
    assert added.header("x-partner") and added.header("authorization")
    assert added.field("SSN") is added.field("mainCustomerNumber") is Secrecy.STRONG
    assert added.field("number") is Secrecy.NONE
    assert added.field("sessionId") is Secrecy.NONE
    assert not added.header("x-session-id")
    assert [shape.name for shape in added.shapes][:1] == ["customer"]
    assert "number" in added.markers


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "headers: []\n"])
def test_a_file_may_add_nothing(tmp_path: Path, text: str) -> None:
    assert rules(tmp_path, text) == RedactionRules.default()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("- a\n", 1, "mapping of headers, fields, patterns, keep"),
        ("headers: [a]\nfield: [b]\n", 2, "did you mean 'fields'?"),
        ("zzz: [b]\n", 1, "use headers, fields, patterns, keep"),
        ("\nheaders: Authorization\n", 2, "list of names"),
        ("headers:\n  - a\n  - [b]\n", 3, "holds names"),
        ("fields:\n  - ''\n", 2, "holds names"),
        ("patterns: [a]\n", 1, "mapping of a name"),
        ("patterns:\n  a: b\n  c: [d]\n", 3, "one string"),
        ("patterns:\n  a: '('\n", 2, "not a regular expression"),
        ("patterns:\n  a: 'x*'\n", 2, "empty text"),
        ("headers: [a\nfields: ]]\n", 2, "not YAML"),
        ("a: &a [*a]\nb: *c\n", 2, "not YAML"),
    ],
)
def test_a_wrong_file_says_where_and_why(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        rules(tmp_path, text)
    assert caught.value.source == str(tmp_path / "rules.yaml")
    assert caught.value.location == f"line {line}"
    assert reason in caught.value.reason


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        RedactionRules.from_file(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"headers: [\xe4]")
    with pytest.raises(DocumentError, match="not UTF-8"):
        RedactionRules.from_file(tmp_path / "latin.yaml")
    (tmp_path / "control.yaml").write_text("headers: [\0]")
    with pytest.raises(DocumentError, match="not YAML"):
        RedactionRules.from_file(tmp_path / "control.yaml")
    (tmp_path / "huge.yaml").write_text("#" * 1_000_001)
    with pytest.raises(DocumentError, match="larger than"):
        RedactionRules.from_file(tmp_path / "huge.yaml")


@pytest.mark.parametrize("value", ["hunter2", "a", "123", "correct horse battery staple", "https://x", "basic"])
def test_values_of_a_strong_name(value: str) -> None:
    assert is_secret_value(value, Secrecy.STRONG)


@pytest.mark.parametrize("value", ["abcd", "tok 1", "12345678", "a" * 5_000])
def test_values_of_a_weak_name(value: str) -> None:
    assert is_secret_value(value, Secrecy.WEAK)


@pytest.mark.parametrize(
    "value", ["", "  ", "true", "NULL", "undefined", "****", "xxxxxxxx", "REDACTED-token-1", "{token}", "${PASS}"]
)
@pytest.mark.parametrize("secrecy", [Secrecy.WEAK, Secrecy.STRONG])
def test_values_that_are_no_secret(value: str, secrecy: Secrecy) -> None:
    assert not is_secret_value(value, secrecy)


@pytest.mark.parametrize("value", ["abc", "1234567", "basic", "https://example.com/x", "this is a sentence"])
def test_values_that_are_no_secret_under_a_weak_name(value: str) -> None:
    assert not is_secret_value(value, Secrecy.WEAK)


def test_the_memory_of_names_is_bounded() -> None:
    default = RedactionRules.default()
    for number in range(20_100):
        default.field(f"name{number}")
        default.header(f"name{number}")
        default.member(f"name{number}")
    assert len(default._fields) <= 20_000 and len(default._headers) <= 20_000
    assert len(default._members) <= 20_000
