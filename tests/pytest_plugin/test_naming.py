"""Names of recordings: those that are plain stay, and no two tests share one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.pytest_plugin.naming import own_place, place_of_name, place_of_test
from pact_recorder.recordings.files import checked_name

MODULE = Path("test_it.py")
awkward = st.text(st.sampled_from("ab.-[]/ é\0\ud800") | st.characters(), max_size=100)
identifiers = st.from_regex(r"test_[a-z]{0,3}", fullmatch=True)


def of_test(test: str) -> str:
    return place_of_test(Path("kept"), MODULE, test).as_posix().removeprefix("kept/test_it/").removesuffix(".yaml")


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("test_x", "test_x"), ("test_x[a]", "test_x-a"), ("test_x[a-1.5]", "test_x-a-1.5"), ("test_x[-a]", "test_x--a"),
        ("test_x[]", "test_x"), ("TestA.test_x[a]", "TestA.test_x-a"), ("test_é[ü]", "test_é-ü"),
        ("test_x[a b]", "test_x-a-b-6e8c8ffd"),
    ],
)  # fmt: skip
def test_names_of_tests(test: str, name: str) -> None:
    assert of_test(test) == name


@pytest.mark.parametrize(
    "tests",
    [
        [f"test_x[{each}]" for each in ("a", "a.", "a-", ".a", "-a", "", "-", ".", "--", "a/", "a[", "[a]")],
        ["test_x[a[0]]", "test_x[a-0]", "test_x[a-0-]"],
        ["test_x[" + "a" * 80 + end + "]" for end in ("", "a", "b")],
    ],
)
def test_different_tests_have_different_names(tests: list[str]) -> None:
    assert len(set(map(of_test, tests))) == len(tests)


@given(st.lists(st.builds("{}[{}]".format, identifiers, awkward) | identifiers, min_size=2, max_size=2, unique=True))
def test_no_two_functions_and_parameters_share_a_name(tests: list[str]) -> None:
    first, second = tests
    # A function without parameters has none that are empty.
    assert of_test(first) != of_test(second) or sorted(tests)[1] == sorted(tests)[0] + "[]"


@given(awkward, awkward)
def test_no_two_names_share_a_file_and_each_can_be_a_session(first: str, second: str) -> None:
    one, other = place_of_name(Path(), first), place_of_name(Path(), second)
    assert (one == other) is (first == second)


@pytest.mark.parametrize("name", ["", ".", "...", "-", "a/b", "\ud800", " ", "[a]", "a" * 500])
def test_whatever_was_given_can_be_a_session(name: str) -> None:
    assert checked_name(place_of_name(Path(), name).stem)


@pytest.mark.parametrize("name", ["shared", "a.b", "a-b", "a_1", "ü"])
def test_a_plain_name_stays(name: str) -> None:
    assert place_of_name(Path(), name) == Path(f"{name}.yaml")


def test_modules_of_the_same_name_have_places_of_their_own(tmp_path: Path) -> None:
    a, b = (place_of_test(tmp_path, Path(folder, "test_same.py"), "test_x") for folder in "ab")
    assert (a, b) == (tmp_path / "a/test_same/test_x.yaml", tmp_path / "b/test_same/test_x.yaml")


def test_a_recording_of_earlier_versions_keeps_its_place_unless_another_module_may_own_it(tmp_path: Path) -> None:
    place, earlier = tmp_path / "recordings/a/test_same/test_x.yaml", tmp_path / "recordings/test_same/test_x.yaml"
    module, other = tmp_path / "a/test_same.py", tmp_path / "b/test_same.py"
    assert own_place(place, earlier, [module], module, tmp_path) == place
    earlier.parent.mkdir(parents=True)
    earlier.touch()
    assert own_place(place, earlier, [module, module, tmp_path / "b/test_it.py"], module, tmp_path) == earlier
    assert own_place(place, earlier, [module, other], module, tmp_path) == place
    (tmp_path / "test_same.py").touch()
    assert own_place(place, earlier, [module], module, tmp_path) == place
    (tmp_path / "test_same.py").unlink()
    place.parent.mkdir(parents=True)
    place.touch()
    assert own_place(place, earlier, [module], module, tmp_path) == place
