import pytest

from pact_recorder.verification.mutants_chance import Chance


def test_a_seed_says_what_is_chosen() -> None:
    # Fixed here, so that a report can be made again on another machine and with another Python.
    chance = Chance.seeded(1, "words")
    assert [chance.below(100) for _ in range(5)] == [5, 57, 40, 80, 90]
    assert Chance.seeded(1, "words").of("a").choice("abcdefgh") == Chance.seeded(1, "words").of("a").choice("abcdefgh")


def test_purposes_are_independent() -> None:
    chance = Chance.seeded(1)
    before = chance.of("a").below(1 << 60)
    chance.of("b").below(10)
    assert chance.of("a").below(1 << 60) == before
    assert chance.of("b").below(1 << 60) != before


@pytest.mark.parametrize(("words", "others"), [((1, "a"), (1, "b")), ((1, "a"), (2, "a")), (("ab",), ("a", "b"))])
def test_other_words_choose_otherwise(words: tuple[object, ...], others: tuple[object, ...]) -> None:
    assert Chance.seeded(*words).below(1 << 60) != Chance.seeded(*others).below(1 << 60)


def test_every_item_is_chosen_some_time() -> None:
    chance = Chance.seeded("fair")
    assert {chance.choice("abcd") for _ in range(200)} == set("abcd")
    assert {tuple(chance.shuffled("abc")) for _ in range(200)} == {
        ("a", "b", "c"), ("a", "c", "b"), ("b", "a", "c"), ("b", "c", "a"), ("c", "a", "b"), ("c", "b", "a"),
    }  # fmt: skip
