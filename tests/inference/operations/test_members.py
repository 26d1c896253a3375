import pytest

from pact_recorder.inference.operations.members import MEDIUM, STRONG, identity_strength, tells_identity, tells_value


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
