import pytest

from pact_recorder.inference.operations.naming import name_parameter


@pytest.mark.parametrize(
    ("parent", "followed", "members", "forms", "name"),
    [
        ("users", False, ["login"], [], "user"),
        ("repos", True, ["login"], [], "owner"),
        ("repos", False, [], [], "repo"),
        ("service", False, ["id"], [], "service"),
        ("r", False, ["display_name"], [], "display_name"),
        ("v1", False, [], [], "id"),
        ("", False, [], ["date"], "date"),
        ("", False, ["name", "login", "login"], ["hex"], "login"),
        ("compare", False, [], ["range"], "basehead"),
        ("--", False, [], [], "id"),
    ],
)
def test_names(parent: str, followed: bool, members: list[str], forms: list[str], name: str) -> None:
    assert name_parameter(parent, followed, members, forms, ()) == name


def test_a_name_is_taken_once() -> None:
    assert name_parameter("users", False, [], [], {"user", "user_2"}) == "user_3"
