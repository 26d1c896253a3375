from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.operations.sample import Sample

values = st.lists(st.one_of(st.integers(), st.text(max_size=5), st.binary(max_size=5)), max_size=60)


def sampled(batches: list[list[object]], limit: int = 8) -> set[object]:
    sample = Sample(limit)
    for batch in batches:
        sample.update(batch)  # type: ignore[arg-type]
    return set(sample.values())


@given(st.lists(values, max_size=6), st.randoms())
def test_what_is_kept_depends_on_the_values_only(batches: list[list[object]], random: object) -> None:
    flat = [value for batch in batches for value in batch]
    random.shuffle(flat)  # type: ignore[attr-defined]
    kept = sampled(batches)
    assert kept == sampled([[value] for value in flat]) == sampled([[*flat]])
    assert kept <= set(flat)
    assert len(kept) == min(8, len(set(flat)))


@given(values)
def test_narrowing_keeps_what_a_smaller_sample_had(found: list[object]) -> None:
    sample = Sample(16)
    sample.update(found)  # type: ignore[arg-type]
    sample.narrow(4)
    sample.add("more")
    assert sample.values() == sampled([[*found, "more"]], 4)


def test_memory_is_bounded() -> None:
    sample = Sample(10)
    for number in range(10_000):
        sample.add(number)
        assert sample.held <= 20
