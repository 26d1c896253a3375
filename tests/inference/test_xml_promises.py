from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, Headers, Request, Response
from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.operations.place import MISSING
from pact_recorder.inference.promises import Promise
from pact_recorder.inference.xml_documents import Document, Markup, read_markup, read_xml
from pact_recorder.inference.xml_promises import xml_promise
from pact_recorder.matching import (
    ExpectedRequest,
    ExpectedResponse,
    MatchingRule,
    MatchingRules,
    Mismatch,
    RuleList,
    match_request,
    match_response,
)
from tests.inference.xml_strategies import documents, samples

XML = {"Content-Type": ("application/xml",)}
FIELDS = Headers([("Content-Type", "application/xml")])
TYPE = {"match": "type"}
DATE = r"\d{4}-\d{2}-\d{2}"


def promised(texts: Sequence[str], sample: int = 0, *, is_request: bool = False) -> Promise:
    shape = shape_of([read_xml(text) for text in texts])
    return xml_promise(shape, texts[sample], is_request=is_request, explain=True)


def differences(promise: Promise, text: str, *, is_request: bool = False) -> Sequence[Mismatch]:
    rules = MatchingRules({"body": promise.rules})
    expected, actual = Body(promise.example.encode()), Body(text.encode())
    if is_request:
        wanted = ExpectedRequest("POST", "/", None, XML, expected, rules)
        return match_request(wanted, Request("POST", "/", headers=FIELDS, body=actual))
    return match_response(ExpectedResponse(200, XML, expected, rules), Response(200, "", FIELDS, actual))


def plain(rules: dict[str, RuleList]) -> dict[str, dict[str, object]]:
    """The rules in a short form, where each place has one."""
    return {place: _document(*each.rules) for place, each in rules.items()}


def _document(rule: MatchingRule) -> dict[str, object]:
    return {"match": rule.match, **rule.attributes}


def regex(pattern: str) -> dict[str, object]:
    return {"match": "regex", "regex": pattern}


LISTS = ["<a><b>1</b><b>2</b></a>", "<a><b>3</b></a>"]


@pytest.mark.parametrize(
    ("texts", "example", "rules"),
    [
        # Text: free, of a format, sometimes missing, never there.
        (["<a>x</a>"], "<a>x</a>", {"$.a['#text']": TYPE}),
        (["<a/>"], "<a/>", {"$.a['#text']": TYPE}),
        (["<a/>", "<a>x</a>"], "<a>x</a>", {"$.a['#text']": TYPE}),
        (["<date>2020-01-01</date>"], "<date>2020-01-01</date>", {"$.date['#text']": regex(f"(?:{DATE})?")}),
        (
            ["<date/>", "<date>2020-01-01</date>"] * 10,
            "<date>2020-01-01</date>",
            {"$.date['#text']": regex(f"(?:{DATE})?")},
        ),
        (
            ["<date>2020-01-01</date>"] * 10,
            "<date>2020-01-01</date>",
            {"$.date['#text']": {"match": "date", "date": "yyyy-MM-dd"}},
        ),
        ([f"<a>{number}</a>" for number in range(20)], "<a>0</a>", {"$.a['#text']": regex(r"-?\d+")}),
        # Attributes.
        (['<a id="x"/>'], '<a id="x"/>', {"$.a['@id']": TYPE, "$.a['#text']": TYPE}),
        (['<a id="" p="1"/>', '<a id="x"/>'], '<a id="x"/>', {"$.a['@id']": TYPE, "$.a['#text']": TYPE}),
        # Children: left out when they are not always there, the text of what has children stays none.
        (
            ["<a><b>1</b><c/></a>", "<a><c/><b>2</b></a>"],
            "<a><b>1</b><c/></a>",
            {"$.a.b['#text']": TYPE, "$.a.c['#text']": TYPE},
        ),
        (["<a><b>1</b><c/></a>", "<a><c/></a>"], "<a><c/></a>", {"$.a.c['#text']": TYPE}),
        (["<a><b>1</b></a>", "<a/>"], "<a/>", {}),
        # Children in some samples and only text in others: the element.
        (["<a>x</a>", "<a><b>1</b></a>"], "<a/>", {"$.a['#text']": TYPE}),
        # Both everywhere.
        (["<a>x<b/> y</a>"], "<a>x<b/> y</a>", {"$.a['#text']": TYPE, "$.a.b['#text']": TYPE}),
        # Repeated elements: few samples cannot exclude that there is none.
        (LISTS, "<a/>", {}),
        (LISTS * 10, "<a><b>1</b></a>", {"$.a.b['#text']": TYPE}),
        # Namespaces: the example has the prefixes, the rules the names of the engine.
        (
            ['<n:a xmlns:n="urn:n" n:p="1" xmlns:unused="urn:u"><b xmlns="urn:m">x</b></n:a>'],
            '<n:a xmlns:n="urn:n" xmlns:unused="urn:u" n:p="1"><b xmlns="urn:m">x</b></n:a>',
            {"$['urn:n:a']['@urn:n:p']": TYPE, "$['urn:n:a']['urn:m:b']['#text']": TYPE},
        ),
        # A name that no path expression can say.
        (['<a><b xmlns="urn:it\'s">1</b><c/></a>'], "<a><c/></a>", {"$.a.c['#text']": TYPE}),
        # A placeholder has not the form of what it stands for.
        (
            [*["<date>2020-01-01</date>"] * 10, "<date>REDACTED-secret-1</date>"],
            "<date>2020-01-01</date>",
            {"$.date['#text']": TYPE},
        ),
    ],
)
def test_example_and_rules_of_a_response(texts: list[str], example: str, rules: dict[str, dict[str, object]]) -> None:
    promise = promised(texts)
    assert promise.example == example
    assert plain(promise.rules) == rules


@pytest.mark.parametrize(
    ("texts", "example", "rules"),
    [
        (LISTS, "<a><b>1</b></a>", {"$.a.b": TYPE, "$.a.b['#text']": TYPE}),
        (["<a><b/></a>"], "<a><b/></a>", {"$.a.b['#text']": TYPE}),
        (["<a><b/></a>", "<a><b/><c/></a>"], MISSING, {}),
        (['<a p="1"/>', "<a/>"], MISSING, {}),
        (['<a><b xmlns="urn:it\'s">1</b></a>'], MISSING, {}),
        (["<a>" * 30 + "</a>" * 30], MISSING, {}),
        (["<a>" + "".join(f"<a{number}/>" for number in range(501)) + "</a>"], MISSING, {}),
    ],
)
def test_example_and_rules_of_a_request(texts: list[str], example: object, rules: dict[str, dict[str, object]]) -> None:
    promise = promised(texts, is_request=True)
    assert promise.example == example
    assert plain(promise.rules) == rules


@pytest.mark.parametrize(
    ("texts", "sample"),
    [
        (["<a/>", "<b/>"], "<a/>"),
        (["<a/>"], "<b/>"),
        (["<a/>"], "<a>"),
        (['<a xmlns="urn:it\'s"/>'], '<a xmlns="urn:it\'s"/>'),
    ],
)
def test_nothing_is_promised_when_there_is_no_common_root_to_name(texts: list[str], sample: str) -> None:
    promise = xml_promise(shape_of([read_xml(text) for text in texts]), sample, explain=True)
    assert promise.example is MISSING
    assert not promise.rules
    assert all(finding.rule is None for finding in promise.findings)


def test_what_is_nested_too_deeply_is_free() -> None:
    text = "<a>" * 60 + "x" + "</a>" * 60
    promise = promised([text])
    assert promise.example.count("<a") < 30
    assert list(plain(promise.rules).values()) == [TYPE]
    assert not differences(promise, text)
    assert not differences(promise, text.replace("x", "<b/>y"))


def test_too_many_names_are_free() -> None:
    text = "<r>" + "".join(f"<a{number}/>" for number in range(501)) + "</r>"
    promise = promised([text])
    assert promise.example == "<r/>"
    assert not differences(promise, "<r>text<other/></r>")


@pytest.mark.parametrize(
    ("path", "rule", "seen", "absent", "why"),
    [
        ("$.a['@id']", "text", 2, 0, "no form is common to all texts"),
        ("$.a.b", None, 1, 1, "not always there"),
        ("$.a.c['#text']", "any text or none", 2, 0, "only empty elements were seen"),
        ("$.a.d", None, 2, 0, "up to 2 of them were seen together, and 2 samples cannot exclude that there is none"),
        ("$.a.date['#text']", "date or empty", 2, 0, "all 2 different texts are"),
    ],
)
def test_findings_say_what_is_promised_and_why(path: str, rule: str | None, seen: int, absent: int, why: str) -> None:
    texts = [
        '<a id="1"><b/><c/><d/><date>2020-01-01</date></a>',
        '<a id="2"><c/><d/><d/><date>2020-01-02</date></a>',
    ]
    [found] = [finding for finding in promised(texts).findings if finding.path == path]
    assert (found.rule, found.seen, found.absent, found.why) == (rule, seen, absent, why)


@given(samples, st.data())
def test_every_sample_keeps_the_promise_and_so_does_its_example(texts: list[str], data: st.DataObject) -> None:
    promise = promised(texts, data.draw(st.integers(0, len(texts) - 1)))
    for text in {promise.example, *texts}:
        assert not differences(promise, text), text


@given(st.one_of(documents.map(lambda text: [text]), samples))
def test_every_request_keeps_a_promise_that_can_be_made(texts: list[str]) -> None:
    promise = promised(texts, is_request=True)
    if promise.example is not MISSING:
        for text in {promise.example, *texts}:
            assert not differences(promise, text, is_request=True), text


@given(samples)
def test_the_order_of_samples_does_not_matter(texts: list[str]) -> None:
    shapes = [shape_of([read_xml(text) for text in order]) for order in (texts, texts[::-1])]
    first, second = (xml_promise(shape, texts[0], explain=True) for shape in shapes)
    assert first == second


@given(samples, st.data())
def test_an_element_that_the_example_has_can_be_neither_removed_nor_renamed(
    texts: list[str], data: st.DataObject
) -> None:
    promise = promised(texts)
    example, sample = read_markup(promise.example), read_markup(data.draw(st.sampled_from(texts)))
    assert example is not None and sample is not None
    trails = list(_trails(example.root))
    if trails:
        trail = data.draw(st.sampled_from(trails))
        for change in (_nothing, _renamed):
            broken = Document(sample.declaration, _changed(sample.root, trail, change))
            assert differences(promise, str(broken)), (trail, str(broken))


@given(samples, st.data())
def test_a_truncated_answer_breaks_the_promise(texts: list[str], data: st.DataObject) -> None:
    promise, text = promised(texts), data.draw(st.sampled_from(texts))
    assert differences(promise, text[: data.draw(st.integers(0, len(text) - 1))])


def _trails(element: Markup, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for child in element.children:
        yield (*above, child.name)
        yield from _trails(child, (*above, child.name))


def _changed(element: Markup, trail: tuple[str, ...], change: Callable[[Markup], Iterator[Markup]]) -> Markup:
    """The element with the change at the end of the trail: at all of the name, below the first ones on the way."""
    name, *rest = trail
    content: list[str | Markup] = []
    is_first = True
    for piece in element.content:
        if not isinstance(piece, Markup) or piece.name != name:
            content.append(piece)
        elif rest:
            content.append(_changed(piece, tuple(rest), change) if is_first else piece)
            is_first = False
        else:
            content += change(piece)
    return replace(element, content=content)


def _nothing(element: Markup) -> Iterator[Markup]:
    yield from ()


def _renamed(element: Markup) -> Iterator[Markup]:
    yield replace(element, written=f"{element.written}New")
