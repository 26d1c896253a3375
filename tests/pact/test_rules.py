import pytest

from pact_recorder.matching.rules import Generator, Generators, MatchingRule, MatchingRules, RuleList
from pact_recorder.pact.rules import read_generators, read_rules, renamed, write_generators, write_rules

TYPE = {"match": "type"}
ONE = RuleList((MatchingRule("type"),))

# Every place that a flat key of V2 can name, and the category and place it stands for.
FLAT_KEYS = [
    ("$.body", "body", "$"),
    ("$.body.a.b", "body", "$.a.b"),
    ("$.body[0].a", "body", "$[0].a"),
    ("$.body[*].*", "body", "$[*].*"),
    ("$.body['a b'].c", "body", "$['a b'].c"),
    ("$['body'].a", "body", "$.a"),
    ("$.headers.X-A", "header", "X-A"),
    ("$.header.X-A", "header", "X-A"),
    ("$.headers['X-A']", "header", "X-A"),
    ("$.headers.Content-Type", "header", "Content-Type"),
    ("$.query.q", "query", "q"),
    ("$.query.q[0]", "query", "q"),
    ("$.query.q[*]", "query", "q"),
    ("$.query.ids[]", "query", "ids[]"),
    ("$.query['q.x']", "query", "q.x"),
    ("$.query['q'][0]", "query", "q"),
    ("$.query['q[0]']", "query", "q[0]"),
    ("$.path", "path", "$"),
    ("$.status", "status", "$"),
    ("$.method", "method", "$"),
    ("$[0].a", "body", "$[0].a"),
]
RULE_FORMS = [
    ({"match": "regex", "regex": "a+"}, MatchingRule("regex", {"regex": "a+"})),
    ({"regex": "a+"}, MatchingRule("regex", {"regex": "a+"})),
    ({"min": 1}, MatchingRule("type", {"min": 1})),
    ({"max": 2}, MatchingRule("type", {"max": 2})),
    ({"match": "type", "min": 1, "max": 2}, MatchingRule("type", {"min": 1, "max": 2})),
    ({"timestamp": "yyyy"}, MatchingRule("timestamp", {"timestamp": "yyyy"})),
    ({"date": "yyyy"}, MatchingRule("date", {"date": "yyyy"})),
    ({"match": "of a plugin", "x": {"y": 1}}, MatchingRule("of a plugin", {"x": {"y": 1}})),
]
V3_FORMS = [
    ({"path": {"matchers": [TYPE]}}, {"path": {"$": ONE}}),
    ({"path": {"$": {"matchers": [TYPE]}}}, {"path": {"$": ONE}}),
    ({"path": TYPE}, {"path": {"$": ONE}}),
    ({"status": {"": {"matchers": [TYPE]}}}, {"status": {"$": ONE}}),
    ({"header": {"X": {"matchers": [TYPE], "combine": "AND"}}}, {"header": {"X": ONE}}),
    ({"headers": {"X": {"matchers": [TYPE]}}}, {"header": {"X": ONE}}),
    ({"query": {"$.q": {"matchers": [TYPE]}}}, {"query": {"$.q": ONE}}),
    ({"body": {"$.a": {"matchers": [TYPE]}}}, {"body": {"$.a": ONE}}),
    ({"body": {"$.a": TYPE}}, {"body": {"$.a": ONE}}),
    ({"body": {"$.a": [TYPE]}}, {"body": {"$.a": ONE}}),
    ({"body": {"column:1": {"matchers": [TYPE]}}}, {"body": {"column:1": ONE}}),
    ({"body": {"$.a": {"matchers": []}}, "header": {}, "status": {}}, {}),
    ({"metaData": {"k": {"matchers": [TYPE]}}}, {"metadata": {"k": ONE}}),
    (
        {"body": {"$": {"matchers": [TYPE, {"match": "null"}], "combine": "or"}}},
        {"body": {"$": RuleList((MatchingRule("type"), MatchingRule("null")), "OR")}},
    ),
    (
        {"body": {"$": {"matchers": [TYPE, TYPE], "combine": "whatever"}}},
        {"body": {"$": RuleList((MatchingRule("type"), MatchingRule("type")), "AND")}},
    ),
    ({"$.body.a": TYPE, "header": {"X": {"matchers": [TYPE]}}}, {"body": {"$.a": ONE}, "header": {"X": ONE}}),
]
REFUSED = [
    (5, "must be an object, but is a number"),
    ({"body": []}, '"body" must be an object, but is a list'),
    ({"body": {"$": 5}}, "the rule at body \\$ must be an object, but is a number"),
    ({"body": {"$": {"matchers": {}}}}, "the matchers at body \\$ must be a list, but are an object"),
    ({"body": {"$": {"matchers": ["type"]}}}, "the rule at body \\$ must be an object, but is text"),
    ({"body": {"$": {"matchers": [{"value": 1}]}}}, "the rule at body \\$ must name its matcher in match"),
    ({"$.path": {"match": 5}}, "the rule at path \\$ must name its matcher in match"),
]


@pytest.mark.parametrize(("key", "category", "place"), FLAT_KEYS)
def test_flat_keys(key: str, category: str, place: str) -> None:
    assert read_rules({key: TYPE}) == MatchingRules({category: {place: ONE}})


NAMED = sorted({(category, place) for _, category, place in FLAT_KEYS})
UNNAMED = [
    (category, name) for category in ("header", "query") for name in ("ids[]", "q[0]", "a b", "a/b", "", ".a", "a'b")
]


@pytest.mark.parametrize(("category", "place"), [named for named in NAMED if named not in UNNAMED])
def test_a_flat_key_reads_back_to_its_place(category: str, place: str) -> None:
    rules = MatchingRules({category: {place: ONE}})
    written, lost = write_rules(rules, 2)
    assert all(key.startswith("$") for key in written)
    assert (read_rules(written), lost) == (rules, [])


@pytest.mark.parametrize(("category", "name"), UNNAMED)
def test_names_that_no_flat_key_can_carry_are_lost_in_v2_only(category: str, name: str) -> None:
    rules = MatchingRules({category: {name: ONE}})
    assert write_rules(rules, 2) == ({}, [f"the rule at {category} {name}, a place that version 2 cannot name"])
    assert read_rules(write_rules(rules, 3)[0]) == rules


@pytest.mark.parametrize(("form", "rule"), RULE_FORMS)
def test_rule_forms(form, rule: MatchingRule) -> None:
    assert read_rules({"$.body": form}) == MatchingRules({"body": {"$": RuleList((rule,))}})
    assert read_rules({"body": {"$": {"matchers": [form]}}}) == MatchingRules({"body": {"$": RuleList((rule,))}})


@pytest.mark.parametrize(("form", "categories"), V3_FORMS)
def test_forms_by_category(form, categories) -> None:
    rules = read_rules(form)
    assert rules == MatchingRules(categories)
    assert read_rules(write_rules(rules, 3)[0]) == rules


def test_two_flat_keys_for_one_parameter_are_alternatives() -> None:
    first, second = {"match": "regex", "regex": "a"}, {"match": "regex", "regex": "b"}
    rules = read_rules({"$.query.q[0]": first, "$.query.q[1]": second, "$.query.q[2]": first})
    expected = RuleList((MatchingRule("regex", {"regex": "a"}), MatchingRule("regex", {"regex": "b"})), "OR")
    assert rules == MatchingRules({"query": {"q": expected}})


@pytest.mark.parametrize(("form", "reason"), REFUSED)
def test_what_is_no_rule_is_refused(form, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_rules(form)


def test_the_written_form() -> None:
    rules = MatchingRules({"path": {"$": ONE}, "body": {"$.a": ONE}})
    entry = {"matchers": [TYPE], "combine": "AND"}
    assert write_rules(rules, 3) == ({"path": entry, "body": {"$.a": entry}}, [])
    assert write_rules(rules, 2) == ({"$.path": TYPE, "$.body.a": TYPE}, [])


def test_v2_says_which_rules_it_has_no_place_for() -> None:
    two = RuleList((MatchingRule("type"), MatchingRule("null")))
    written, lost = write_rules(MatchingRules({"body": {"$.a": two, "column:1": ONE}}), 2)
    assert written == {"$.body.a": TYPE}
    assert lost == [
        "all rules but the first at body $.a",
        "the rule at body column:1, a place that version 2 cannot name",
    ]


def test_renaming_a_category_keeps_what_is_there() -> None:
    rules = MatchingRules({"body": {"$.a": ONE}, "content": {"$.b": ONE}, "metadata": {"k": ONE}})
    assert renamed(rules, "body", "content").categories == {
        "content": {"$.a": ONE, "$.b": ONE},
        "metadata": {"k": ONE},
    }
    assert renamed(rules, "header", "x") is rules


GENERATORS = Generators(
    {
        "path": {"$": Generator("ProviderState", {"expression": "/${id}"})},
        "body": {"$.a": Generator("RandomInt", {"min": 1, "max": 2})},
        "status": {"$": Generator("RandomInt")},
    }
)


def test_generators_by_category() -> None:
    written = write_generators(GENERATORS)
    assert written == {
        "path": {"type": "ProviderState", "expression": "/${id}"},
        "body": {"$.a": {"type": "RandomInt", "min": 1, "max": 2}},
        "status": {"type": "RandomInt"},
    }
    assert read_generators(written) == GENERATORS


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ([], "must be an object, but is a list"),
        ({"body": {"$": {"min": 1}}}, 'the generator at body "\\$" must be an object with a type'),
        ({"body": {"$": "Uuid"}}, 'the generator at body "\\$" must be an object with a type'),
    ],
)
def test_what_is_no_generator_is_refused(form, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_generators(form)
