import pytest

from pact_recorder.matching import BodyMismatch, StatusMismatch
from pact_recorder.verification.scoring_unknown import could_be, differences


@pytest.mark.parametrize(
    ("expected", "actual", "possible"),
    [
        ("abc", "REDACTED-token-1", True),
        ('"abc"', '"REDACTED-token-1"', True),
        ("123", '"REDACTED-pin-1"', True),
        ('{"a":1}', '"REDACTED-token-1"', False),
        ("Bearer abc", "Bearer REDACTED-token-1", True),
        ("Basic abc", "Bearer REDACTED-token-1", False),
        ("a=1; b=2", "a=REDACTED-a-1; b=REDACTED-b-2", True),
        ("a=1; c=2", "a=REDACTED-a-1; b=REDACTED-b-2", False),
        ("a=; b=2", "a=REDACTED-a-1; b=REDACTED-b-2", False),
        ("a=1; b=", "a=REDACTED-a-1; b=REDACTED-b-2", False),
        ("/users/x/repos", "/users/REDACTED-key-1/repos", True),
        ("abc", "abd", False),
        ("", "REDACTED-token-1", False),
        (None, "REDACTED-token-1", False),
        ("abc", None, False),
        ("abc", "REDACTED-", False),
    ],
)
def test_what_a_placeholder_may_stand_for(expected: str | None, actual: str | None, possible: bool) -> None:
    assert could_be(expected, actual) is possible


def test_only_what_hangs_on_a_placeholder_is_forgiven() -> None:
    redacted = BodyMismatch("$.token", '"abc"', '"REDACTED-token-1"', "")
    other = BodyMismatch("$.name", '"a"', '"b"', "")
    status = StatusMismatch(200, 404, "")
    assert list(differences([redacted, other, status])) == [other, status]
    assert differences([]) == []
