import pytest
from mutating import profile

from pact_recorder.verification.mutants_profile import (
    INTEGER,
    NULL,
    Profile,
    is_enum_name,
    is_free_key,
)

SIBLINGS = profile(
    {"id": 1, "name": "a", "tags": [], "owner": {"id": 7}, "when": "2021-03-04"},
    {"id": 2, "name": None, "tags": ["x"], "owner": {"id": 8, "site": "b"}, "when": "04.03.2021"},
)


def test_what_siblings_require() -> None:
    assert SIBLINGS.requires("$", "name")
    assert SIBLINGS.requires("$.owner", "id")
    assert not SIBLINGS.requires("$.owner", "site")
    assert SIBLINGS.lacks("$.owner", "site")
    assert not SIBLINGS.lacks("$.owner", "id")
    assert not SIBLINGS.requires("$.nowhere", "id")


def test_what_siblings_show() -> None:
    assert SIBLINGS.shows("$.name", NULL)
    assert not SIBLINGS.shows("$.id", NULL)
    assert SIBLINGS.shows("$.owner.id", NULL, INTEGER)
    assert SIBLINGS.at("$.tags").empty == 1
    assert SIBLINGS.at("$.tags[*]").seen == 1


def test_forms_and_variety() -> None:
    assert SIBLINGS.has_one_form("$.name")
    assert not SIBLINGS.has_one_form("$.name", least=3)
    assert not SIBLINGS.has_one_form("$.when")
    assert SIBLINGS.varies("$.id", 2)
    assert not SIBLINGS.varies("$.id", 3)


@pytest.mark.parametrize("silent", [Profile(), profile({"id": 1})])
def test_without_siblings_nothing_is_known_to_be_otherwise(silent: Profile) -> None:
    assert silent.requires("$", "anything")
    assert not silent.lacks("$", "anything")
    assert not silent.shows("$.id", NULL)
    assert silent.has_one_form("$.id") and silent.varies("$.id", 100)
    assert not silent.is_map("$")
    assert silent.choices("$.state", "state") == []


def test_an_object_with_free_keys_is_a_map() -> None:
    rates = profile(*({f"{first}{second}": 1 for second in "abcd"} for first in "ABCD"))
    assert rates.is_map("$")
    assert not SIBLINGS.is_map("$")


@pytest.mark.parametrize(
    ("values", "name", "choices"),
    [
        (["open", "closed"] * 5, "state", ["closed", "open"]),
        (["open", "closed"] * 5, "login", []),
        (["open", "closed", None] * 5, "state", ["closed", "open"]),
        (["open"] * 10, "state", []),
        (["open", "closed"] * 2, "state", []),
        (["open", "a text"] * 5, "state", []),
        (["open", 5] * 5, "state", []),
        (list("abcdefg") * 5, "state", []),
    ],
)
def test_the_values_of_an_enumeration(values: list[object], name: str, choices: list[str]) -> None:
    found = profile(*({name: value} for value in values))
    assert found.choices(f"$.{name}", name) == choices


@pytest.mark.parametrize(
    ("name", "enumerated"), [("type", True), ("order_status", True), ("orderState", True), ("title", False), (0, False)]
)
def test_names_of_enumerations(name: str | int, enumerated: bool) -> None:
    assert is_enum_name(name) is enumerated


@pytest.mark.parametrize(
    ("name", "free"),
    [("12", True), ("api.example.com", True), ("a b", True), ("0f8fad5b0f", True), ("owner_id", False), ("x1", False)],
)
def test_keys_that_are_values(name: str, free: bool) -> None:
    assert is_free_key(name) is free


def test_a_profile_stays_bounded() -> None:
    wide = Profile()
    wide.add({f"key {number}": {"a": number} for number in range(30_000)})
    deep: object = 1
    for _ in range(500):
        deep = [deep]
    wide.add(deep)
    assert wide.at("$").seen == 2
    assert len(wide._nodes) <= 20_000
