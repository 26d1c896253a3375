from typing import Any

import pytest

from pact_recorder.mock.mockserver.fields import listed_values, named_values, read_fields

ACTUAL = [("Accept", "text/html"), ("X-A", "1"), ("x-a", "2"), ("X-Empty", "")]
MATCHING = [
    ({}, True),
    ({"accept": ["text/html"]}, True),
    ({"Accept": "TEXT/HTML"}, True),
    ({"Accept": ["text/.*"]}, True),
    ({"Accept": ["text/plain"]}, False),
    ({"Missing": ["a"]}, False),
    ({"X-A": ["2", "1"]}, True),
    ({"X-A": ["1", "3"]}, False),
    ({"X-A": ["1", "1"]}, False),
    ({"X-A": ["1", ".*"]}, True),
    ({"X-.*": ["1"]}, True),
    ({"X-A": []}, True),
    ({"X-B": []}, False),
    ({"X-A": [""]}, True),
    ({"!X-B": []}, True),
    ({"!X-A": []}, False),
    ({"!X-A": ["9"]}, True),
    ({"!X-A": ["1"]}, False),
    ({"X-A": ["!1"]}, True),
    ({"Accept": ["!text/html"]}, False),
    ({"Missing": ["!a"]}, False),
    ({"?Missing": ["a"]}, True),
    ({"?Accept": ["text/html"]}, True),
    ({"?Accept": ["text/plain"]}, False),
    ([{"name": "accept", "values": ["text/html"]}], True),
    ([{"name": "accept", "values": ["x"]}], False),
    ({"keyMatchStyle": "SUB_SET", "X-A": ["1"]}, True),
    ({"keyMatchStyle": "MATCHING_KEY", "X-A": ["1"]}, False),
    ({"keyMatchStyle": "MATCHING_KEY", "X-A": ["1", "2"]}, True),
    ({"keyMatchStyle": "MATCHING_KEY", "X-A": ["[12]"]}, True),
    ({"keyMatchStyle": "MATCHING_KEY", "X-A": ["1", "2", "3"]}, False),
    ({"Missing": ["?a"]}, True),
    ({"Accept": ["?text/html"]}, True),
    ({"Accept": ["?text/plain"]}, False),
    ({"Accept": [{"value": "text/html", "not": True}]}, False),
    ({"Missing": [{"value": "a", "optional": True}]}, True),
    ({"X-A": {"schema": {"type": "integer"}}}, True),
    ({"X-A": [{"schema": {"type": "integer", "minimum": 3}}]}, False),
    ({"Accept": {"schema": {"type": "string", "pattern": "^text/"}}}, True),
    ({"Accept": {"schema": {"type": "integer"}}}, False),
    ({"Accept": {"schema": {"type": "integer"}, "not": True}}, True),
]


@pytest.mark.parametrize(("document", "matches"), MATCHING)
def test_fields_are_compared_as_a_subset(document: Any, matches: bool) -> None:
    differences = read_fields(document).differences(ACTUAL, "header")
    assert (not differences) is matches


SENTENCES = [
    ({"Missing": ["a"]}, "Expected header 'Missing' but was missing"),
    ({"X-A": ["3"]}, "Expected header 'X-A' with value '3' but was '1, 2'"),
    ({"!X-A": []}, "Unexpected header 'X-A' received"),
    ({"X-A": ["1", "1"]}, "Expected 2 different headers but only 1 of the request are like them"),
]


@pytest.mark.parametrize(("document", "sentence"), SENTENCES)
def test_a_difference_is_a_sentence(document: Any, sentence: str) -> None:
    assert [found.sentence for found in read_fields(document).differences(ACTUAL, "header")] == [sentence]


FORMS = [
    ({"a": ["1", "2"]}, [("a", ("1", "2"))]),
    ({"a": "1"}, [("a", ("1",))]),
    ({"a": 10, "b": True}, [("a", ("10",)), ("b", ("true",))]),
    ({"a": None}, [("a", ())]),
    ([{"name": "a", "values": ["1"]}, {"name": "a", "value": "2"}], [("a", ("1",)), ("a", ("2",))]),
    (None, []),
    ([], []),
]


@pytest.mark.parametrize(("document", "pairs"), FORMS)
def test_every_form_is_read(document: Any, pairs: list[tuple[str, tuple[str, ...]]]) -> None:
    assert list(named_values(document)) == pairs


LISTED = [
    (None, {}),
    ({"a": "1", "b": ["2", "3"]}, {"a": ["1"], "b": ["2", "3"]}),
    ([{"name": "a", "values": ["1"]}, {"name": "a", "value": "2"}], {"a": ["1", "2"]}),
    ({"a": {"schema": {"type": "integer"}}}, {"a": [{"schema": {"type": "integer"}}]}),
    ({"keyMatchStyle": "MATCHING_KEY", "a": 1}, {"keyMatchStyle": "MATCHING_KEY", "a": ["1"]}),
]


@pytest.mark.parametrize(("document", "listed"), LISTED)
def test_what_is_stored_has_lists(document: Any, listed: Any) -> None:
    assert listed_values(document) == listed


def test_only_literals_that_must_be_there_are_literals() -> None:
    document = {"A": ["X", "!y"], "?b": ["1"], "!c": [], "d": ["?1"], "e": ["[0-9]"], "f": [""], "g.*": ["1"]}
    assert list(read_fields(document).literals()) == [("a", "x")]


WRONG = [
    ("text", "must be an object"),
    ({"keyMatchStyle": "ALL"}, "ALL"),
    ({"a": {"schema": {"type": "strnig"}}}, "the schema is not valid"),
    ({"a": {"schema": 1}}, "a schema must be an object"),
    ({"a": {"parameterStyle": "SIMPLE", "value": "1"}}, "parameterStyle"),
    ({"a": [["b"]]}, '"a"'),
    ({"a": ["?b", "c"]}, '"?"'),
    ({"!a": ["!b"]}, '"!"'),
    ([{"value": "a"}], "name"),
    ([{"name": "a", "valeus": ["1"]}], "valeus"),
    (["a"], "name"),
]


@pytest.mark.parametrize(("document", "named"), WRONG)
def test_what_is_wrong_or_not_supported_is_named(document: Any, named: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_fields(document)
    assert named in str(caught.value)


COVERING = [
    ({}, {"a": ["1"]}, True),
    ({"a": ["1"]}, {}, False),
    ({"A": ["1"]}, {"a": ["1", "2"]}, True),
    ({"a": ["1"]}, {"a": [".*"]}, True),
    ({"a": [".*"]}, {"a": ["1"]}, True),
    ({"a": ["2"]}, {"a": ["1"]}, False),
    ({"!a": []}, {"b": ["1"]}, True),
    ({"!a": []}, {"a": ["1"]}, False),
    ({"?a": ["1"]}, {}, True),
    ({"?a": ["1"]}, {"a": ["2"]}, False),
    ({"a": ["!1"]}, {"a": ["2"]}, True),
    ({"a": ["!1"]}, {"a": ["1"]}, False),
]


@pytest.mark.parametrize(("one", "other", "covers"), COVERING)
def test_a_filter_compares_patterns_in_both_directions(one: Any, other: Any, covers: bool) -> None:
    assert read_fields(one).covers(read_fields(other)) is covers
