from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.errors import MergeError, UsageError
from pact_recorder.matching import MatchingRule, MatchingRules, RuleList
from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.pact import Contract, Interaction, MessageInteraction, ProviderState, merge_contracts


def entry(description: str, path: str = "/", *states: ProviderState, key: str | None = None) -> Interaction:
    return Interaction(description, ExpectedRequest(path=path), ExpectedResponse(), states, key)


def contract(*interactions, **members) -> Contract:
    return Contract("c", "p", interactions, **members)


def ruled(path: str, *states: ProviderState, description: str = "GET /users/{user}") -> Interaction:
    rule = {"path": {"$": RuleList((MatchingRule("regex", {"regex": r"/users/\d+"}),))}}
    return Interaction(description, ExpectedRequest(path=path, rules=MatchingRules(rule)), ExpectedResponse(), states)


def test_what_was_inferred_from_less_gives_way_when_asked_to() -> None:
    old, new = ruled("/users/1"), ruled("/users/3", ProviderState("a user exists", {"user": "3"}))
    others = (
        entry("GET /users/{user}", "/by/hand", T),
        ruled("/users/7", description="another"),
        entry("GET /x", "/", S),
    )
    existing = contract(others[0], old, *others[1:])
    assert merge_contracts(existing, contract(new)).interactions == (*existing.interactions, new)
    assert merge_contracts(existing, contract(new), superseding=True).interactions == (*others, new)


S, T = ProviderState("s"), ProviderState("t")
MESSAGE = MessageInteraction("a", ExpectedMessage())
MERGES = {
    "others stay": ((entry("a"),), (entry("b"),), (entry("a"), entry("b"))),
    "the same is replaced where it was": (
        (entry("a"), entry("b")),
        (entry("a", "/new"),),
        (entry("a", "/new"), entry("b")),
    ),
    "other states": ((entry("a", "/", S),), (entry("a", "/", T),), (entry("a", "/", S), entry("a", "/", T))),
    "the order of states counts": (
        (entry("a", "/", S, T),),
        (entry("a", "/", T, S),),
        (entry("a", "/", S, T), entry("a", "/", T, S)),
    ),
    "parameters of states count": (
        (entry("a", "/", ProviderState("s", {"id": 1})),),
        (entry("a", "/", ProviderState("s", {"id": 2})),),
        (entry("a", "/", ProviderState("s", {"id": 1})), entry("a", "/", ProviderState("s", {"id": 2}))),
    ),
    "the order of parameters does not count": (
        (entry("a", "/", ProviderState("s", {"x": {"a": 1, "b": 2}, "y": 1})),),
        (entry("a", "/new", ProviderState("s", {"y": 1, "x": {"b": 2, "a": 1}})),),
        (entry("a", "/new", ProviderState("s", {"y": 1, "x": {"b": 2, "a": 1}})),),
    ),
    "equal keys": ((entry("a", key="k"),), (entry("b", key="k"),), (entry("b", key="k"),)),
    "different keys": (
        (entry("a", key="k"),),
        (entry("a", key="l"),),
        (entry("a", key="k"), entry("a", key="l")),
    ),
    "a key on one side only": ((entry("a"),), (entry("a", "/new", key="k"),), (entry("a", "/new", key="k"),)),
    "another kind": ((entry("a"),), (MESSAGE,), (entry("a"), MESSAGE)),
    "all that were the same are one": (
        (entry("a"), entry("b"), entry("a", "/2")),
        (entry("a", "/new"),),
        (entry("a", "/new"), entry("b")),
    ),
    "of two new ones the later counts": ((), (entry("a"), entry("a", "/new")), (entry("a", "/new"),)),
}


@pytest.mark.parametrize(("old", "new", "merged"), MERGES.values(), ids=MERGES)
def test_merging(old, new, merged) -> None:
    assert merge_contracts(contract(*old), contract(*new)).interactions == merged


@pytest.mark.parametrize(
    ("existing", "sentence"),
    [
        (Contract("x", "p"), 'the existing contract has the consumer "x" and the new one "c"'),
        (Contract("c", "x"), 'the existing contract has the provider "x" and the new one "p"'),
    ],
)
def test_other_parties_do_not_merge(existing: Contract, sentence: str) -> None:
    with pytest.raises(MergeError, match=sentence):
        merge_contracts(existing, contract())


@pytest.mark.parametrize(
    ("new", "conflicts"),
    [
        (entry("a"), False),
        (replace(entry("a"), response=ExpectedResponse(headers={"X": ("1",)})), False),
        (replace(entry("a"), request=ExpectedRequest(headers={"X": ("1",)})), False),
        (replace(entry("a"), request=ExpectedRequest(method="get")), False),
        (replace(entry("a"), request=ExpectedRequest(method="PUT")), True),
        (replace(entry("a"), request=ExpectedRequest(path="/new")), True),
        (replace(entry("a"), request=ExpectedRequest(query={"q": ("1",)})), True),
        (replace(entry("a"), response=ExpectedResponse(status=404)), True),
    ],
)
def test_conflicts_are_reported_instead_of_replaced_on_request(new: Interaction, conflicts: bool) -> None:
    existing = contract(entry("a"))
    assert merge_contracts(existing, contract(new)).interactions == (new,)
    if conflicts:
        with pytest.raises(MergeError, match='"a": the contract has this already with another method, path'):
            merge_contracts(existing, contract(new), on_conflict="error")
    else:
        assert merge_contracts(existing, contract(new), on_conflict="error").interactions == (new,)


def test_many_conflicts_are_counted() -> None:
    existing = contract(*(entry(str(number)) for number in range(9)))
    new = contract(*(entry(str(number), "/new") for number in range(9)))
    with pytest.raises(MergeError, match='"0", "1", "2", "3", "4" and 4 more: '):
        merge_contracts(existing, new, on_conflict="error")


def test_an_unknown_way_with_conflicts_is_refused() -> None:
    with pytest.raises(UsageError, match="'ask', but must be one of replace, error"):
        merge_contracts(contract(), contract(), on_conflict="ask")  # type: ignore[arg-type]


def test_metadata_of_both_with_the_plugins_that_either_needs() -> None:
    old = contract(metadata={"a": 1, "b": 1, "plugins": [{"name": "csv", "version": "1"}, {"name": "xml"}]})
    new = contract(metadata={"b": 2, "plugins": [{"name": "csv", "version": "2"}]})
    assert merge_contracts(old, new).metadata == {
        "a": 1,
        "b": 2,
        "plugins": [{"name": "csv", "version": "2"}, {"name": "xml"}],
    }


entries = st.builds(
    entry,
    st.sampled_from("ab"),
    st.sampled_from(["/", "/1", "/2"]),
    st.sampled_from([S, T]),
    key=st.sampled_from([None, "k", "l"]),
)
contracts = st.lists(entries, max_size=5).map(lambda interactions: contract(*interactions))


@given(contracts, contracts)
def test_merging_again_changes_nothing(old: Contract, new: Contract) -> None:
    merged = merge_contracts(old, new)
    assert merge_contracts(merged, new) == merged


@given(contracts)
def test_merging_into_nothing_or_with_nothing(some: Contract) -> None:
    assert merge_contracts(some, contract()) == some
    alone = merge_contracts(contract(), some)
    assert set(map(str, alone.interactions)) <= set(map(str, some.interactions))
    assert merge_contracts(contract(), alone) == alone


@given(contracts, contracts)
def test_what_is_new_and_what_is_untouched_is_there(old: Contract, new: Contract) -> None:
    merged = merge_contracts(old, new).interactions
    if new.interactions:
        assert new.interactions[-1] in merged
    described = {(one.description, one.provider_states[0].name) for one in new.interactions}
    keys = {one.key for one in new.interactions}
    for one in old.interactions:
        if (one.description, one.provider_states[0].name) not in described and one.key not in keys - {None}:
            assert one in merged


def test_ten_thousand_of_one_identity_merge_at_once() -> None:
    keyed = contract(*(entry("a", key=str(number)) for number in range(10_000)))
    assert merge_contracts(keyed, keyed) == keyed
    assert merge_contracts(keyed, contract(entry("a", "/new"))).interactions == (entry("a", "/new"),)
