import pytest

from pact_recorder.inference.operations.members import (
    MEDIUM,
    STRONG,
    identity_strength,
    is_identifier,
    tells_identity,
    tells_value,
)


@pytest.mark.parametrize(
    ("name", "strength"),
    [
        ("id", STRONG),
        ("userId", STRONG),
        ("api-key", STRONG),
        ("login", STRONG),
        ("full_name", MEDIUM),
        ("displayName", MEDIUM),
        ("type", 0.0),
        ("description", 0.0),
        ("idle", 0.0),
        ("", 0.0),
        ("%", 0.0),
    ],
)
def test_the_last_word_counts(name: str, strength: float) -> None:
    assert identity_strength(name) == strength
    assert tells_identity(name) == tells_value(name) == (strength > 0)


def test_values_of_secrets_are_worth_knowing_and_name_nothing() -> None:
    assert tells_value("access_token")
    assert not tells_identity("access_token")


@pytest.mark.parametrize(
    "name",
    [
        *("4711", "1690000000000", "0f8fad5b-d9cb-469f-a165-70867728950e", "5f43a1b2c3d4", "2024-01", "2024-01-31"),
        *("a.b@example.com", "https://example.com/x?y=1", "Zx81kLm902QwErTy"),
    ],
)
def test_names_that_are_data(name: str) -> None:
    assert is_identifier(name)


@pytest.mark.parametrize("name", ["id", "f1", "", "user_id", "x-4711", "deadbeef", "CamelCaseNameOfAMember", "a@b"])
def test_names_of_members(name: str) -> None:
    assert not is_identifier(name)
