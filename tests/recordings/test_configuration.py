from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.errors import DocumentError, StorageError
from pact_recorder.inference.operations import read_hint
from pact_recorder.recordings.configuration import FILE_NAME, Configuration, check_template, read_configuration

WHOLE = """\
# What the shop team keeps.
providers:
  API.example.com: Shop
  pay.example.com:443: Payments
  "[::1]:8443": Local
paths:
  force: ["GET /users/{id}", "/files/{path+}", "api.example.com /items/{item}.json"]
  forbid:
    - /users/me
    - /reports/^
select: ~d example.com
ignore: ~u /health
redact: redact.yaml
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def read(path: Path, text: str) -> Configuration:
    path.write_text(text)
    return read_configuration(path)


def test_the_whole_file(path: Path) -> None:
    (path.parent / "redact.yaml").write_text("")
    assert read(path, WHOLE) == Configuration(
        providers={"api.example.com": "Shop", "pay.example.com": "Payments", "[::1]:8443": "Local"},
        force=("GET /users/{id}", "/files/{path+}", "api.example.com /items/{item}.json"),
        forbid=("/users/me", "/reports/^"),
        select="~d example.com",
        ignore="~u /health",
        redact=str(path.parent / "redact.yaml"),
    )


def test_a_missing_file_says_nothing(path: Path) -> None:
    assert read_configuration(path) == Configuration()


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "paths:\nproviders:\nselect:\n", "paths:\n  force:\n"])
def test_an_empty_file_or_key_says_nothing(path: Path, text: str) -> None:
    assert read(path, text) == Configuration()


@pytest.mark.parametrize("value", ["default", "none"])
def test_words_for_redaction(path: Path, value: str) -> None:
    assert read(path, f"redact: {value}\n").redact == value


def test_a_provider_is_known_by_its_authority(path: Path) -> None:
    found = read(path, "providers: {api.example.com: Shop}\n")
    assert found.provider_of("API.example.com") == "Shop"
    assert found.provider_of("api.example.com:8080") == "api.example.com:8080"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("provider: {}\n", 1, '"provider" is not known here; did you mean "providers"?'),
        ("xyz: 1\n", 1, '"xyz" is not known here; known are ignore, paths, providers, redact, select'),
        ("select: a\npaths:\n  forse: []\n", 3, '"forse" is not known here; did you mean "force"?'),
        ("paths: 5\n", 1, '"paths" must be keys with values under it'),
        ("- a\n", 1, "the configuration must be keys with values under it"),
        ("a\n", 1, "the configuration must be keys with values under it"),
        ("providers: [a]\n", 1, '"providers" must be names by host'),
        ("paths:\n  forbid: /a\n", 2, '"paths.forbid" must be a list of path templates'),
        ("ignore: [a]\n", 1, '"ignore" must be a text'),
        ("paths:\n  force:\n  - /a\n  - b/{c}\n", 4, "'b/{c}' is not a path template"),
        ("paths:\n  force:\n  - /a/{b\n", 3, "'{b' is not a segment of a path template"),
        ("paths:\n  force:\n  - /a/{b+}/c\n", 3, "stands last and alone"),
        ("paths:\n  force:\n  - /a/^\n", 3, "^ forbids parameters: move it to forbid"),
        (f"paths:\n  force:\n  - {'/a' * 30}\n", 3, "more than 24 segments"),
        ("providers:\n  https://x: y\n", 2, "'https://x' is not a host"),
        ("providers:\n  x:\n", 2, "a provider needs a name"),
        ("providers:\n  x: a\n  X:80: b\n", 2, "two hosts under providers are one"),
        ("select: a\nredact: gone.yaml\n", 2, "neither default nor none nor a file"),
        ("select: a\nselect: b\n", 2, 'the key "select" stands here twice'),
        ("select: &x a\n", 1, "anchors (&) and aliases (*) are not allowed"),
        ("select: [\n", 2, "this is not YAML"),
        ("select: a\n---\nselect: b\n", 3, "a configuration is one document"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(path, text)
    assert (caught.value.source, caught.value.location) == (str(path), f"line {line}")
    assert reason in caught.value.reason


def test_bytes_that_are_no_text(path: Path) -> None:
    path.write_bytes(b"select: \xff\n")
    with pytest.raises(DocumentError, match="this is not YAML"):
        read_configuration(path)


def test_a_file_that_is_too_large(path: Path) -> None:
    path.write_text("#" * 1_000_001)
    with pytest.raises(DocumentError, match="not larger than 1,000,000 bytes"):
        read_configuration(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"The configuration .* cannot be read"):
        read_configuration(tmp_path)


pieces = st.sampled_from(
    ["GET ", "api.example.com ", "/", "a", "{b}", "{c+}", "^", "{", "}", " ", ".json", "é", "-", "+"]
)


@given(st.lists(pieces, max_size=8).map("".join))
def test_what_is_accepted_here_is_understood_there(text: str) -> None:
    try:
        check_template(text)
    except ValueError:
        return
    read_hint(text)
