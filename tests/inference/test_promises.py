"""What a contract says of JSON documents: true of every sample, and no looser than the samples allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.kin import Kin
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.promises import promise
from pact_recorder.matching import JsonValue
from pact_recorder.pact.portable import is_portable
from tests.inference.promised import accepts, accepts_request, parsed, promised

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([1.5, 2.0, -1e300, 10**400, "\ud800"])
    | st.sampled_from(["", "a", "2020-02-30", "2020-01-01", "2020-01-01T00:00:00Z", "REDACTED-token-1", "12", "<p>"])
    | st.text(max_size=3)
)
NAMES = st.sampled_from(["id", "name", "created_at", "items", "42", "a b", "it's", "$", "\udc00"]) | st.text(max_size=3)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=10
)
SAMPLES = st.lists(DOCUMENTS, min_size=1, max_size=6)


def many(document: JsonValue, count: int = 60) -> list[JsonValue]:
    return [document] * count


@given(SAMPLES, st.data())
def test_every_sample_keeps_the_promise(documents: list[JsonValue], data: st.DataObject) -> None:
    made = promised(documents, data.draw(st.integers(0, len(documents) - 1)))
    for document in documents:
        assert accepts(made, document), (made, document)
    assert is_portable(made.example) and is_portable(list(made.rules))


@given(SAMPLES, st.data())
def test_the_example_keeps_its_own_promise(documents: list[JsonValue], data: st.DataObject) -> None:
    made = promised(documents, data.draw(st.integers(0, len(documents) - 1)))
    again = promise(shape_of([made.example]), made.example)
    assert again.example is not MISSING
    assert accepts(made, _plain(made.example))


@given(st.lists(DOCUMENTS, min_size=1, max_size=1).map(lambda one: one * 3))
def test_a_request_keeps_its_own_promise(documents: list[JsonValue]) -> None:
    made = promised(documents, is_request=True)
    if made.example is not MISSING:
        assert accepts_request(made, documents[0]), made


@pytest.mark.parametrize(
    ("samples", "accepted", "refused"),
    [
        pytest.param(
            [{"a": "x"}], [{"a": "y"}, {"a": None}, {"a": ""}, {"a": "x", "b": 1}], [{}, {"a": 1}, []], id="one"
        ),
        pytest.param(many({"a": "x"}), [{"a": "y"}], [{"a": None}, {"a": 1}, {}], id="many exclude null"),
        pytest.param([{"a": 1}], [{"a": 2}, {"a": 2.5}, {"a": None}], [{"a": "1"}, {"a": True}], id="one number"),
        pytest.param([{"id": 1}], [{"id": 2}], [{"id": 2.5}, {"id": "2"}], id="the name says integer"),
        pytest.param(many({"a": 1}), [{"a": 2}], [{"a": 2.5}], id="many integers"),
        pytest.param([{"a": 1}, {"a": 1.5}], [{"a": 2}, {"a": 0.5}], [{"a": "1"}], id="integers and decimals"),
        pytest.param([{"a": "x"}, {"a": 1}], [{"a": "y"}, {"a": 2}], [{"a": True}, {"a": {}}], id="text or number"),
        pytest.param([{"a": True}, {"a": 1}], [{"a": False}, {"a": 2}], [{"a": {}}], id="boolean or number"),
        pytest.param([{"a": None}], [{"a": 1}, {"a": {}}, {"a": None}], [{}], id="only null: it is there"),
        pytest.param(
            [{"a": {"b": 1}}, {"a": None}], [{"a": {}}, {"a": None}], [{"a": []}, {"a": 1}, {}], id="object or null"
        ),
        pytest.param(
            [{"a": [1]}, {"a": None}], [{"a": []}, {"a": None}], [{"a": {}}, {"a": 1}, {}], id="array or null"
        ),
        pytest.param(
            [{"a": {"b": n, "c": "x", "d": {}}} for n in range(3)] + [{"a": None}],
            [{"a": None}, {"a": {"d": {"x": 1}, "c": None, "b": -1.5, "e": []}}],
            [{"a": {"b": 1, "c": "x"}}, {"a": {"b": "1", "c": "x", "d": {}}}, {"a": {"b": 1, "c": "x", "d": None}}],
            id="an object of known members or null",
        ),
        pytest.param(
            [{"a": [{"b": 1}]}] * 3 + [{"a": None}],
            [{"a": []}, {"a": [{}, {}]}, {"a": None}],
            [{"a": [1]}, {"a": [{}, "x"]}, {"a": ["x", {}]}],
            id="an array of objects or null",
        ),
        pytest.param(
            [{"a": [1, 2.5]}] * 3 + [{"a": None}],
            [{"a": [7]}, {"a": [None]}, {"a": [-1, 2, 3]}],
            [{"a": ["7"]}, {"a": [1, True]}],
            id="an array of numbers or null",
        ),
        pytest.param(
            [{"a": "x"}] * 15, [{"a": None}, {"a": "y"}], [{"a": 1}], id="one text alone excludes null only after more"
        ),
        pytest.param([{"a": {}}, {"a": []}], [{"a": 1}, {"a": {}}], [{}], id="several kinds of container"),
        pytest.param([{"a": 1, "b": 1}, {"a": 1}], [{"a": 2}], [{"b": 1}], id="an optional member is left out"),
        pytest.param([[{"a": 1}]], [[], [{"a": 1}, {"a": 2}]], [[{"a": 1}, {}], {}, [1]], id="array of objects"),
        pytest.param(many([1]), [[2, 3]], [[], ["x"]], id="many arrays exclude the empty one"),
        pytest.param([[]], [[], [1], ["x"]], [{}, 1], id="only empty arrays"),
        pytest.param([[1, "x"]], [[], ["y", 2]], [[True]], id="items of several scalar kinds"),
        pytest.param([[1, {"a": 1}]], [[], [{}], ["x"]], [{}], id="items of several kinds"),
        pytest.param(
            [{"at": "2020-01-01T10:00:00Z"}], [{"at": "2021-05-05T11:22:33.5+02:00"}], [{"at": "5 May"}], id="date"
        ),
        pytest.param(
            [{"x": "2020-01-01T10:00:00Z"}], [{"x": "5 May"}], [{"x": 5}], id="one date under a name that says nothing"
        ),
        pytest.param(
            [{"x": f"2020-01-0{n}T10:00:00Z"} for n in (1, 2)],
            [{"x": "2021-01-01T00:00:00Z"}],
            [{"x": "5 May"}],
            id="two dates",
        ),
        pytest.param(
            [{"d": "2020-02-30"}] * 3, [{"d": "2020-02-30"}, {"d": "soon"}], [{"d": 1}], id="no date of the calendar"
        ),
        pytest.param([{"t": "REDACTED-t-1"}, {"t": "2020-01-01"}], [{"t": "REDACTED-t-2"}], [{"t": 1}], id="redacted"),
        pytest.param([{"17": "a", "18": "b"}], [{"19": "c"}, {}], [{"19": 1}], id="identifiers as names are a map"),
        pytest.param([{"it's": 1, "a": 1}], [{"a": 2}], [{"it's": 1}], id="a name that no expression can say"),
        pytest.param(["x"], ["y", "", None], [1, {}, []], id="a scalar document"),
    ],
)
def test_what_is_accepted(samples: list[JsonValue], accepted: list[JsonValue], refused: list[JsonValue]) -> None:
    made = promised(samples)
    assert [document for document in accepted if not accepts(made, document)] == []
    assert [document for document in refused if accepts(made, document)] == []


def test_items_of_one_array_are_one_documents_word() -> None:
    one = promised([[{"a": "x"}] * 30])
    assert accepts(one, [{"a": None}])
    several = promised([[{"a": "x"}] * 3] * 10)
    assert not accepts(several, [{"a": None}])


def test_what_the_sample_lacks_comes_from_others() -> None:
    made = promised([{"a": None, "b": []}, {"a": "x", "b": [{"c": 1}]}], sample=0)
    assert made.example == {"a": "x", "b": [{"c": 1}]}


def test_a_request_keeps_what_was_recorded() -> None:
    made = promised([{"a": None, "b": []}, {"a": "x", "b": [{"c": 1}]}], sample=0, is_request=True)
    assert made.example == {"a": None, "b": []}


def test_a_request_may_have_no_other_members() -> None:
    made = promised([{"a": 1}], is_request=True)
    assert accepts_request(made, {"a": 2})
    assert not accepts_request(made, {"a": 2, "b": 1})


def test_items_of_a_request_that_differ_are_not_promised() -> None:
    samples = [{"items": [{"a": 1}, {"b": 1}]}]
    made = promised(samples, is_request=True)
    assert accepts_request(made, samples[0])
    assert "items have different members" in "".join(finding.why for finding in made.findings)


def test_a_name_that_no_expression_can_say_makes_a_request_impossible() -> None:
    assert promised([{"it's": 1}], is_request=True).example is MISSING


def test_members_stand_in_the_order_of_the_sample() -> None:
    made = promised([{"z": 1, "a": 2, "m": 3}])
    assert list(made.example) == ["z", "a", "m"]


def test_every_place_has_a_finding() -> None:
    made = promised([{"a": "x", "b": [1], "c": None}, {"a": "y", "b": []}])
    found = {finding.path: finding for finding in made.findings}
    assert found["$.a"].rule == "text or null"
    assert (found["$.a"].seen, found["$.a"].distinct, found["$.a"].samples) == (2, 2, 2)
    assert found["$.b"].rule == "an array"
    assert found["$.b[*]"].samples == 1
    assert (found["$.c"].rule, found["$.c"].absent, found["$.c"].why) == (None, 1, "not always there")


USERS = [{"id": n, "login": "x", "url": "u", "admin": False, "email": "e"} for n in range(8)]


def test_a_name_that_no_expression_can_say_is_left_out_whatever_its_kin_says() -> None:
    few = [parsed({"id": 1, "k": "x", "z": True, "": {"q": 1}})]
    others = [parsed({"id": n, "k": "x", "z": True, "": None if n % 2 else {"q": 1}}) for n in range(8)]
    shape = shape_of(few)
    made = promise(shape, few[0], kin=Kin([shape, shape_of(others)]))
    assert set(made.example) == {"id", "k", "z"}
    assert accepts(made, {"id": 1, "k": "x", "z": True, "": {"q": 1}})


def test_few_samples_ask_their_kin() -> None:
    others = [parsed(user) for user in USERS] + [
        parsed({k: v for k, v in user.items() if k != "email"}) for user in USERS
    ]
    few = [parsed({"id": 9, "login": "y", "url": "v", "admin": True, "email": "f"})]
    shape = shape_of(few)
    alone = promise(shape, few[0])
    related = promise(shape, few[0], kin=Kin([shape, shape_of(others)]))
    assert "email" in alone.example
    assert "email" not in related.example
    assert set(related.example) == {"id", "login", "url", "admin"}


def test_what_is_null_in_objects_of_the_same_kind_may_be_null() -> None:
    base = {"id": 1, "login": "x", "url": "u", "owner": {"a": 1}}
    others = [parsed({**base, "owner": None if n % 2 else {"a": 1}}) for n in range(8)]
    shape = shape_of([parsed(base)])
    made = promise(shape, parsed(base), kin=Kin([shape, shape_of(others)]))
    assert accepts(made, {**base, "owner": None})
    assert not accepts(made, {**base, "owner": "x"})


def test_many_samples_speak_for_themselves() -> None:
    shape = shape_of([parsed(user) for user in USERS])
    others = shape_of([parsed({k: v for k, v in user.items() if k != "email"}) for user in USERS * 5])
    assert "email" in promise(shape, parsed(USERS[0]), kin=Kin([shape, others])).example


def _plain(value: JsonValue) -> JsonValue:
    """A document with decimals as numbers again."""
    if isinstance(value, bytes):
        return float(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
