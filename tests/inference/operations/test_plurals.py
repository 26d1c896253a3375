import pytest

from pact_recorder.inference.operations.plurals import is_plural, parameter_name, singular


@pytest.mark.parametrize(
    ("many", "one"),
    [
        *[("users", "user"), ("repositories", "repository"), ("addresses", "address"), ("boxes", "box")],
        *[("statuses", "status"), ("people", "person"), ("branches", "branch"), ("databases", "database")],
        *[("caches", "cache"), ("leases", "lease"), ("movies", "movie"), ("ips", "ip"), ("ids", "id")],
        *[("resourceGroups", "resourceGroup"), ("security-groups", "security-group"), ("Users", "User")],
    ],
)
def test_one_of_many(many: str, one: str) -> None:
    assert singular(many) == one
    assert is_plural(many)
    assert not is_plural(one)


@pytest.mark.parametrize(
    "word", ["status", "series", "news", "address", "dns", "gcs", "analysis", "https", "", "x" * 100_000, "v2", "a1"]
)
def test_what_is_no_plural(word: str) -> None:
    assert singular(word) == word


@pytest.mark.parametrize(
    ("text", "name"),
    [("user", "user"), ("security-group", "security_group"), ("2fa", "_2fa"), ("%3Cx%3E", "_3Cx_3E"), ("--", "")],
)
def test_names_of_parameters(text: str, name: str) -> None:
    assert parameter_name(text) == name
