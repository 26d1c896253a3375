from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.operations.forms import ANY
from pact_recorder.inference.operations.skeletons import WIDEST, Skeletons

MANY = WIDEST + 50


def many(*around: str) -> list[tuple[str, ...]]:
    return [tuple(text.format(f"w{number}x") for text in around) for number in range(MANY)]


def settled(skeletons: list[tuple[str, ...]], largest: int = 20_000) -> dict[tuple[str, ...], tuple[str, ...]]:
    tree = Skeletons(largest)
    for skeleton in skeletons:
        tree.settled("p", skeleton)
    return {skeleton: tree.settled("p", skeleton) for skeleton in skeletons}


def test_few_words_are_kept_apart() -> None:
    few = many("users", "{}")[:WIDEST]
    assert settled(few) == {skeleton: skeleton for skeleton in few}


def test_too_many_words_are_one() -> None:
    assert set(settled(many("users", "{}", "posts")).values()) == {("users", ANY, "posts")}


def test_forms_and_hints_stay_beside_words_that_are_one() -> None:
    apart = [("users", "{integer}"), ("users", "{=id}"), ("users", "{!}me")]
    found = settled([*apart, *many("users", "{}")])
    assert {found[skeleton] for skeleton in apart} == set(apart)


def test_what_is_below_words_that_become_one_becomes_one_too() -> None:
    halves = [(f"a{number % 2}", f"w{number}x") for number in range(MANY)]
    found = settled([*halves, *many("{}", "x")])
    assert set(found.values()) == {(ANY, ANY)}


def test_a_skeleton_returned_before_settles_as_later_ones_do() -> None:
    tree = Skeletons()
    first = tree.settled("p", ("w0x",))
    for skeleton in many("{}"):
        tree.settled("p", skeleton)
    assert tree.settled("p", first) == tree.settled("p", ("other",)) == (ANY,)


def test_providers_do_not_add_up() -> None:
    tree = Skeletons()
    for number in range(MANY):
        assert tree.settled(f"p{number}", ("users",)) == ("users",)


def test_the_whole_tree_is_bounded() -> None:
    product = [(f"a{x}q", f"b{y}q", f"c{z}q") for x in range(20) for y in range(20) for z in range(20)]
    found = settled(product, largest=500)
    assert len(set(found.values())) < 500


texts = st.sampled_from(["a", "b", "{integer}", "{!}c", *(f"w{number}x" for number in range(12))])


@given(st.lists(st.lists(texts, max_size=3).map(tuple), max_size=60), st.randoms())
def test_the_order_does_not_matter(skeletons: list[tuple[str, ...]], random: object) -> None:
    shuffled = list(skeletons)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    trees = []
    for order in (skeletons, shuffled):
        tree = Skeletons(10_000)
        tree._width = 6
        for skeleton in order:
            tree.settled("p", skeleton)
        trees.append({skeleton: tree.settled("p", skeleton) for skeleton in skeletons})
    assert trees[0] == trees[1]
