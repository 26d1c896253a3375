"""Results that are kept: by number, and none for long arguments."""

import pytest

from pact_recorder.http.remembering import LONGEST, remembered


def test_a_result_is_made_once_for_equal_arguments() -> None:
    made: list[object] = []

    @remembered(2)
    def make(one: str, other: object = None) -> str | None:
        """What it does."""
        made.append((one, other))
        return one or None

    assert [make("a"), make("a"), make("", "b"), make("", "b")] == ["a", "a", None, None]
    assert make("a", other="c") == make("a", other="c") == "a"
    assert made == [("a", None), ("", "b"), ("a", "c"), ("a", "c")]
    assert make.__doc__ == "What it does."
    # A third one takes the place of all.
    make("d")
    make("a")
    assert len(made) == 6


@pytest.mark.parametrize(
    "kind", [lambda size: "x" * size, lambda size: b"x" * size, lambda size: (("x" * (size - 1), b"x"), 7)]
)
def test_what_is_long_is_made_each_time(kind: object) -> None:
    made: list[object] = []

    @remembered(9)
    def make(value: object) -> int:
        made.append(value)
        return 1

    assert callable(kind)
    for size, times in ((LONGEST, 1), (LONGEST + 1, 2)):
        made.clear()
        assert make(kind(size)) == make(kind(size)) == 1
        assert len(made) == times


def test_a_failure_is_not_kept() -> None:
    @remembered(9)
    def fail(value: str) -> None:
        raise ValueError(value)

    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            fail("a")
