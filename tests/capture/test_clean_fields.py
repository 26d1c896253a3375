"""What is known of header fields without secrets."""

from pact_recorder.capture.clean_fields import CleanFields, keep


def test_what_was_found_clean_is_forgotten_when_more_is_known() -> None:
    clean = CleanFields()
    keep(clean.at(1), [("Accept", "*/*")])
    assert clean.at(1) == {("Accept", "*/*")}
    assert clean.at(2) == set()
    assert clean.at(1) == set()


def test_what_an_older_search_finds_clean_does_not_count_for_newer_knowledge() -> None:
    clean = CleanFields()
    older = clean.at(1)
    newer = clean.at(2)
    keep(older, [("X-Any", "value")])
    assert newer == clean.at(2) == set()


def test_many_and_long_values_do_not_fill_the_memory() -> None:
    clean = CleanFields()
    keep(clean.at(), [("X-Any", "v" * 513)])
    assert clean.at() == set()
    for number in range(10_000):
        keep(clean.at(), [("X-Any", str(number))])
    assert 0 < len(clean.at()) <= 4_096
