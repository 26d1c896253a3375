"""Contracts as Hypothesis makes them: in the form in which reading leaves them (JSON bodies compact)."""

from hypothesis import strategies as st

from pact_recorder.http import Body
from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.matching.rules import Generator, Generators, MatchingRule, MatchingRules, RuleList
from pact_recorder.pact import (
    Contract,
    ExactNumber,
    Interaction,
    MessageInteraction,
    ProviderState,
    SyncMessageInteraction,
    format_json,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
numbers = st.integers() | st.sampled_from(
    [1.0, 0.1, ExactNumber("1e2"), ExactNumber("1.50"), ExactNumber("-0"), 10**40]
)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
json_objects = st.dictionaries(names, json_values, max_size=2)

header_names = st.sampled_from(["X-A", "x-b", "Set-Cookie", "Location", "X-[1]", "X.Y"])
header_lines = st.lists(texts, min_size=1, max_size=2).map(tuple)
list_header_lines = st.lists(st.sampled_from(["gzip", "br;q=0.5", "*"]), min_size=1, max_size=3).map(tuple)
plain_headers = st.dictionaries(header_names, header_lines, max_size=2)
list_headers = st.dictionaries(st.sampled_from(["Accept", "vary"]), list_header_lines, max_size=1)

parameter_values = st.lists(st.none() | texts, min_size=1, max_size=2).map(tuple)
queries = st.none() | st.dictionaries(names, parameter_values, min_size=1, max_size=3)

states = st.builds(ProviderState, names, json_objects)
state_lists = st.lists(states, max_size=2).map(tuple)

matchers = st.sampled_from(
    [
        MatchingRule("type"),
        MatchingRule("type", {"min": 1}),
        MatchingRule("regex", {"regex": "é+"}),
        MatchingRule("include", {"value": "a"}),
        MatchingRule("null"),
    ]
)
rule_lists = st.builds(RuleList, st.lists(matchers, min_size=1, max_size=1).map(tuple)) | st.builds(
    RuleList, st.lists(matchers, min_size=2, max_size=3).map(tuple), st.sampled_from(["AND", "OR"])
)
body_places = st.sampled_from(["$", "$.a", "$.a[*].b", "$['x y']", "$[0]", "column:1"])
single = st.just("$")
places = {
    "path": single,
    "query": names,
    "header": header_names,
    "body": body_places,
    "status": single,
}
message_places = {"content": body_places, "metadata": names}


def rules_at(categories):
    return st.builds(
        MatchingRules,
        st.fixed_dictionaries(
            {},
            optional={
                name: st.dictionaries(place, rule_lists, min_size=1, max_size=2) for name, place in categories.items()
            },
        ),
    )


generator_values = st.sampled_from([Generator("Uuid"), Generator("RandomInt", {"min": 1, "max": 2})])


def generators_at(categories):
    return st.builds(
        Generators,
        st.fixed_dictionaries(
            {},
            optional={
                name: st.dictionaries(place, generator_values, min_size=1, max_size=2)
                for name, place in categories.items()
            },
        ),
    )


json_contents = json_values.map(lambda value: format_json(value).encode())
contents = {
    "application/json": json_contents | st.binary(max_size=8),
    "application/vnd.api+json; charset=utf-8": json_contents,
    "text/plain": texts.map(str.encode) | st.binary(max_size=8),
    "text/plain; charset=ISO-8859-1": st.binary(max_size=8),
    "application/xml": texts.map(str.encode),
    "image/png": st.binary(max_size=8) | st.just(b"abcd"),
    "multipart/form-data; boundary=x": st.binary(max_size=8),
    "nonsense": texts.map(str.encode),
    None: st.binary(max_size=8) | json_contents.filter(lambda content: content[:1] in b"{["),
}


@st.composite
def typed_bodies(draw):
    """A Content-Type (or None) with a body of it (or None)."""
    media_type = draw(st.sampled_from(list(contents)))
    return media_type, draw(st.none() | contents[media_type].map(Body))


@st.composite
def parts(draw):
    """Headers and body that go together."""
    media_type, body = draw(typed_bodies())
    typed = {"Content-Type": (media_type,)} if media_type else {}
    return {"headers": {**typed, **draw(plain_headers), **draw(list_headers)}, "body": body}


@st.composite
def requests(draw):
    return ExpectedRequest(
        method=draw(st.sampled_from(["GET", "POST", "M-SEARCH"])),
        path="/" + draw(texts),
        query=draw(queries),
        rules=draw(rules_at(places)),
        generators=draw(generators_at(places)),
        **draw(parts()),
    )


@st.composite
def responses(draw):
    return ExpectedResponse(
        status=draw(st.integers(100, 599)),
        rules=draw(rules_at(places)),
        generators=draw(generators_at(places)),
        **draw(parts()),
    )


@st.composite
def messages(draw):
    media_type, body = draw(typed_bodies())
    metadata = draw(json_objects.filter(lambda members: "contentType" not in members))
    return ExpectedMessage(
        contents=body,
        metadata={**metadata, **({"contentType": media_type} if media_type else {})},
        rules=draw(rules_at(message_places)),
        generators=draw(generators_at(message_places)),
    )


common = {
    "description": texts,
    "provider_states": state_lists,
    "key": st.none() | names,
    "pending": st.booleans(),
    "comments": json_objects,
    "transport": st.sampled_from([None, "http", "grpc"]),
}
extras = st.fixed_dictionaries(
    {},
    optional={
        "": st.fixed_dictionaries(
            {}, optional={"_id": texts, "pluginConfiguration": json_values, "interactionMarkup": json_objects}
        ).filter(bool),
    },
)
interactions = st.builds(Interaction, request=requests(), response=responses(), extras=extras, **common)
message_interactions = st.builds(MessageInteraction, message=messages(), extras=extras, **common)
sync_interactions = st.builds(
    SyncMessageInteraction,
    request=messages(),
    responses=st.lists(messages(), max_size=2).map(tuple),
    extras=extras,
    **common,
)


def contracts(entries):
    return st.builds(
        Contract,
        consumer=names,
        provider=names,
        interactions=st.lists(entries, max_size=2).map(tuple),
        metadata=st.dictionaries(st.sampled_from(["pactRust", "framework"]), json_values, max_size=1),
        extras=st.fixed_dictionaries(
            {}, optional={"": st.just({"_links": {"self": "x"}}), "consumer": st.just({"id": 1})}
        ),
    )


any_interactions = interactions | message_interactions | sync_interactions
any_contracts = contracts(any_interactions)
