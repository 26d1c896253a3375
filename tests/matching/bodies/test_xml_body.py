import pytest
from expecting import Rules, body_texts, typed_request, typed_response

XML = "application/xml"
TYPE = {"match": "type"}


def request(expected: str, actual: str, rules: Rules | None = None) -> list[str]:
    return body_texts(typed_request(XML, expected.encode(), actual.encode(), rules))


def response(expected: str, actual: str, rules: Rules | None = None) -> list[str]:
    return body_texts(typed_response(XML, expected.encode(), actual.encode(), rules))


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        ('<a x="1" y="2"/>', '<a y="2" x="1"></a>', []),
        ("<a><b/><c/></a>", "<a> <c/><!-- note --><b/> </a>", []),
        ("<a>text</a>", "<a> text </a>", []),
        ("<a>x y</a>", "<a><![CDATA[x y]]></a>", []),
        ('<p:a xmlns:p="urn:n"/>', '<q:a xmlns:q="urn:n"/>', []),
        ("<a/>", "<b/>", ["$.a -> Expected 'a' to be equal to 'b'"]),
        ("<a/>", '<a xmlns="urn:n"/>', ["$.a -> Expected 'a' to be equal to 'urn:n:a'"]),
        ("<a><two/></a>", "<a/>", ["$.a -> Expected child <two/> but was missing"]),
        ("<a/>", "<a><b/></a>", ["$.a -> Expected no children but received [b]"]),
        ("<a><b/></a>", "<a><b/><c/></a>", ["$.a -> Unexpected child <c/>"]),
        ("<a><b/></a>", "<a><b/><b/></a>", ["$.a.b -> Unexpected child <b/>"]),
        ("<a><b/><b/></a>", "<a><b/></a>", ["$.a.b -> Expected child <b/> but was missing"]),
        ("<a/>", '<a x="1"/>', ['$.a -> Did not expect any attributes but received {"x":"1"}']),
        ('<a x="1"/>', '<a x="1" y="2"/>', ["$.a -> Expected 1 attribute(s) but received 2 attribute(s)"]),
        ('<a x="1"/>', "<a/>", ["$.a['@x'] -> Expected attribute 'x'='1' but was missing"]),
        ('<a x="1"/>', '<a x="2"/>', ["$.a['@x'] -> Expected '2' to be equal to '1'"]),
        ("<a>x</a>", "<a>y</a>", ["$.a['#text'] -> Expected 'y' to be equal to 'x'"]),
        ("<a/>", "<a>y</a>", ["$.a['#text'] -> Expected 'y' to be equal to ''"]),
        ("<a>b  c</a>", "<a>b c</a>", ["$.a['#text'] -> Expected 'b c' to be equal to 'b  c'"]),
    ],
)
def test_requests_without_rules(expected: str, actual: str, differences: list[str]) -> None:
    assert request(expected, actual) == differences


@pytest.mark.parametrize(
    ("expected", "actual", "differences"),
    [
        ("<a><b/></a>", '<a x="1"><b/><b/><c/></a>', []),
        ("<a/>", "<a><b/></a>", []),
        ('<a x="1"/>', "<a/>", ["$.a['@x'] -> Expected attribute 'x'='1' but was missing"]),
        ("<a><b/><b/></a>", "<a><b/></a>", ["$.a.b -> Expected child <b/> but was missing"]),
    ],
)
def test_responses_may_hold_more(expected: str, actual: str, differences: list[str]) -> None:
    assert response(expected, actual) == differences


@pytest.mark.parametrize(
    ("expected", "actual", "rules", "differences"),
    [
        ('<a x="1"/>', '<a x="22"/>', {"$.a['@x']": {"match": "integer"}}, []),
        ('<a x="1"/>', '<a x="y"/>', {"$.a['@x']": {"match": "integer"}}, [
            "$.a['@x'] -> Expected 'y' to match an integer number"]),
        ("<a>1</a>", "<a>22</a>", {"$.a['#text']": {"match": "regex", "regex": r"\d+"}}, []),
        ("<a>1</a>", "<a>22</a>", {"$.a.#text": {"match": "regex", "regex": r"\d+"}}, []),
        ("<a>1</a>", "<a>22</a>", {"$.a": {"match": "regex", "regex": r"\d+"}}, []),
        ("<a>1</a>", "<a>x</a>", {"$.a": {"match": "regex", "regex": r"\d+"}}, [
            r"$.a['#text'] -> Expected 'x' to match '\d+'"]),
        ('<a x="1"><b>c</b></a>', '<a x="2"><b>d</b></a>', {"$.a": TYPE}, []),
        ("<a><b>1</b></a>", "<a><b>2</b><b>3</b></a>", {"$.a": TYPE}, []),
        ("<a><b/></a>", "<a><c/></a>", {"$.a": TYPE}, [
            "$.a -> Unexpected child <c/>", "$.a -> Expected child <b/> but was missing"]),
        ("<a><b>1</b></a>", "<a><b>2</b><b>x</b></a>", {"$.a": TYPE, "$.a.b['#text']": {"match": "integer"}}, [
            "$.a.b['#text'] -> Expected 'x' to match an integer number"]),
        ("<a><b>1</b></a>", "<a><b>2</b><b>x</b></a>", {"$.a": TYPE, "$.a[*].b['#text']": {"match": "integer"}}, [
            "$.a.b['#text'] -> Expected 'x' to match an integer number"]),
        ("<a><b/></a>", "<a><b/></a>", {"$.a": {"match": "min", "min": 2}}, [
            "$.a -> Expected 'a' to have at least 2 children"]),
        ("<a><b/></a>", "<a><b/><b/></a>", {"$.a": {"match": "min", "min": 2}}, []),
        ("<a>1</a>", "<a>1</a>", {"$.a": {"match": "integer"}}, [
            "$.a -> Unable to match <a/> using the integer matcher"]),
        ("<a><b/></a>", "<a/>", {"$.a": {"match": "notEmpty"}}, ["$.a -> Expected 'a' to have at least one child"]),
    ],
)  # fmt: skip
def test_rules(expected: str, actual: str, rules: Rules, differences: list[str]) -> None:
    assert request(expected, actual, rules) == differences


def test_a_type_rule_refuses_children_of_other_names_in_responses_too() -> None:
    assert response("<a><b/></a>", "<a><b/><c/></a>", {"$.a": TYPE}) == ["$.a -> Unexpected child <c/>"]


def test_what_is_no_xml() -> None:
    assert request("<a/>", "<a>") == ["$ -> Failed to parse the actual body: 'no element found: line 1, column 3'"]
    assert request("<a>", "<a>") == []
    assert "Failed to parse the expected body" in request("<a>", "<a/>")[0]


BOMB = '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;&y;</a>'


@pytest.mark.parametrize(
    ("actual", "reason"),
    [(BOMB, "document type declaration"), ("<a>" * 100_000 + "</a>" * 100_000, "nested more than 200")],
)
def test_hostile_documents_are_mismatches(actual: str, reason: str) -> None:
    (difference,) = request("<a/>", actual)
    assert reason in difference


def test_documents_as_deep_as_allowed_are_compared() -> None:
    deep = "<a>" * 199 + "{}" + "</a>" * 199
    assert request(deep.format("x"), deep.format("x ")) == []
    assert len(request(deep.format("x"), deep.format("y"))) == 1


def test_the_number_of_mismatches_is_bounded() -> None:
    many = "<a>" + "<b>y</b>" * 5_000 + "</a>"
    assert 0 < len(request("<a><b>x</b></a>", many, {"$.a.b": [TYPE, {"match": "equality"}]})) <= 500
