import pytest

from pact_recorder.pact.fields import (
    read_headers,
    read_query,
    read_states,
    write_headers,
    write_query,
    write_state,
)
from pact_recorder.pact.json_text import ExactNumber
from pact_recorder.pact.model import ProviderState

HEADER_FORMS = [
    (None, {}),
    ({}, {}),
    ({"X-A": "b"}, {"X-A": ("b",)}),
    ({"X-A": ["b", "c"]}, {"X-A": ("b", "c")}),
    ({"X-A": "b, c"}, {"X-A": ("b, c",)}),
    ({"accept": "b ,c"}, {"accept": ("b", "c")}),
    ({"Accept": ["b, c"]}, {"Accept": ("b, c",)}),
    ({"Date": "Tue, 01 Jan 2030"}, {"Date": ("Tue, 01 Jan 2030",)}),
    ({"X-N": 5, "X-B": True, "X-Z": None}, {"X-N": ("5",), "X-B": ("true",), "X-Z": ("",)}),
    ({"X-N": [1, ExactNumber("1.50")]}, {"X-N": ("1", "1.50")}),
]
QUERY_FORMS = [
    (None, None),
    ("", None),
    ({}, None),
    ("a=1&b=2&a=3", {"a": ("1", "3"), "b": ("2",)}),
    ("a&b=", {"a": (None,), "b": ("",)}),
    ("q=a%20b+c&%C3%A9=%C3%A9&&", {"q": ("a b c",), "é": ("é",)}),
    ({"a": ["1", None]}, {"a": ("1", None)}),
    ({"a": "1", "b": None, "c": 5}, {"a": ("1",), "b": (None,), "c": ("5",)}),
]
STATE_FORMS = [
    (None, ()),
    ("", ()),
    ([], ()),
    ("a user", (ProviderState("a user"),)),
    (["a", "b"], (ProviderState("a"), ProviderState("b"))),
    ([{"name": "a", "params": {"id": 1}}], (ProviderState("a", {"id": 1}),)),
    ([{"name": "a", "params": None}], (ProviderState("a"),)),
    ({"name": "a"}, (ProviderState("a"),)),
]
REFUSED = [
    (read_headers, ["a"], "must be an object of names and values, but are a list"),
    (read_headers, {"X": {}}, 'the header "X" must be text or a list of texts, but is an object'),
    (read_headers, {"X": [[]]}, 'a value of "X" must be text, but is a list'),
    (read_query, 5, "must be text or an object of names and values, but is a number"),
    (read_query, {"a": [{}]}, 'a value of "a" must be text, but is an object'),
    (read_states, [5], "a provider state must be text, or an object with a name"),
    (read_states, [{"params": {}}], "a provider state must be text, or an object with a name"),
    (read_states, [{"name": "a", "params": [1]}], 'the params of the state "a" must be an object, but are a list'),
]


@pytest.mark.parametrize(("form", "headers"), HEADER_FORMS)
def test_header_forms(form, headers) -> None:
    assert read_headers(form) == headers


@pytest.mark.parametrize(("form", "query"), QUERY_FORMS)
def test_query_forms(form, query) -> None:
    assert read_query(form) == query


@pytest.mark.parametrize(("form", "states"), STATE_FORMS)
def test_state_forms(form, states) -> None:
    assert read_states(form) == states


@pytest.mark.parametrize(("read", "form", "reason"), REFUSED)
def test_other_forms_are_refused_with_the_reason(read, form, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(form)


@pytest.mark.parametrize(
    ("values", "version", "written"),
    [
        ({"X": ("a",)}, 2, {"X": "a"}),
        ({"X": ("a",)}, 3, {"X": "a"}),
        ({"X": ("a",)}, 4, {"X": ["a"]}),
        ({"Vary": ("a", "b")}, 3, {"Vary": "a, b"}),
        ({"Vary": ("a", "b")}, 4, {"Vary": ["a", "b"]}),
        ({"Set-Cookie": ("a=1", "b=2")}, 2, {"Set-Cookie": ["a=1", "b=2"]}),
        ({"Set-Cookie": ("a=1", "b=2")}, 3, {"Set-Cookie": ["a=1", "b=2"]}),
        ({"X": ()}, 3, {"X": []}),
    ],
)
def test_written_headers(values, version: int, written) -> None:
    assert write_headers(values, version) == written


def test_the_query_of_v2_is_percent_encoded_utf8() -> None:
    query = {"a b": ("1+2", None), "é": ("ü&=",)}
    assert write_query(query, 2) == "a+b=1%2B2&a+b&%C3%A9=%C3%BC%26%3D"
    assert read_query(write_query(query, 2)) == query


def test_the_query_of_v3_is_a_map() -> None:
    assert write_query({"a b": ("1+2", None)}, 3) == {"a b": ["1+2", None]}


def test_written_states() -> None:
    assert write_state(ProviderState("a")) == {"name": "a"}
    assert write_state(ProviderState("a", {"id": 1})) == {"name": "a", "params": {"id": 1}}
