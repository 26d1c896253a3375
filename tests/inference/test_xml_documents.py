import pytest
from hypothesis import given

from pact_recorder.inference.columns import shape_of
from pact_recorder.inference.shapes import join
from pact_recorder.inference.xml_documents import key_of, name_of, read_markup, read_xml
from pact_recorder.matching import JsonValue
from pact_recorder.matching.xml_values import Element, parse_xml
from tests.inference.xml_strategies import documents


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<a/>", {"a": {}}),
        ("<a> x </a>", {"a": {"#text": "x"}}),
        ("<a>x<!-- c --> y</a>", {"a": {"#text": "xy"}}),
        ("<a><![CDATA[<x>]]></a>", {"a": {"#text": "<x>"}}),
        ('<a id="3" empty=""/>', {"a": {"@id": "3", "@empty": ""}}),
        ("<a><b>1</b><c/><b>2</b></a>", {"a": {"b": [{"#text": "1"}, {"#text": "2"}], "c": [{}]}}),
        ("<a>x<b/>y</a>", {"a": {"b": [{}], "#text": "xy"}}),
        ('<p:a xmlns:p="urn:n" p:x="1"><b/></p:a>', {"<urn:n:a": {"@urn:n:x": "1", "b": [{}]}}),
        ("<a>&lt;&#233;</a>", {"a": {"#text": "<é"}}),
        ('<?xml version="1.0" encoding="utf-16"?><a>é</a>', {"a": {"#text": "é"}}),
        ("<Ipv6CidrBlockAssociation/>", {"<Ipv6CidrBlockAssociation": {}}),
    ],
)
def test_the_value_of_a_document(text: str, value: JsonValue) -> None:
    assert read_xml(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "<a>",
        "<a></b>",
        "<p:a/>",
        "<a>&nope;</a>",
        "<a/><b/>",
        '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        "<a>" * 300 + "</a>" * 300,
        "<a>\ud800</a>",
    ],
)
def test_what_cannot_be_compared_has_no_value(text: str) -> None:
    assert read_xml(text) is None
    assert read_markup(text) is None


@pytest.mark.parametrize("name", ["a", "urn:n:a", "http://x.example/doc/2016-11-15/:item", "Route53HealthCheckId"])
def test_no_name_is_taken_for_the_identifier_of_a_map(name: str) -> None:
    shape = shape_of([{key_of(name): []}])
    assert shape.objects is not None and shape.objects.entries is None
    assert name_of(key_of(name)) == name


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<a><!-- c --><?pi x?></a>", "<a/>"),
        ("<a>\n  <b/>\n</a>", "<a><b/></a>"),
        ("<a>one <b>two</b> three</a>", "<a>one <b>two</b> three</a>"),
        ("<a>one <!-- c --> two</a>", "<a>onetwo</a>"),
        ("<a>x &amp; <![CDATA[<y>]]></a>", "<a>x &amp; &lt;y&gt;</a>"),
        ('<a b="&#10;&quot;&lt;"/>', "<a b='&#10;\"&lt;'/>"),
        ("<a>&#13;x</a>", "<a>&#13;x</a>"),
        ('<p:a xmlns:p="urn:n" p:x="1"/>', '<p:a xmlns:p="urn:n" p:x="1"/>'),
        ('<a xmlns="urn:n"><b xmlns=""/></a>', '<a xmlns="urn:n"><b xmlns=""/></a>'),
        ('<?xml version="1.0" encoding="latin-1" standalone="yes"?><a/>', None),
    ],
)
def test_markup_is_written_as_it_was(text: str, written: str | None) -> None:
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a/>'
    assert str(read_markup(text)) == (declared if written is None else written)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<a/>", "a"),
        ('<a xmlns="urn:n"/>', "urn:n:a"),
        ('<p:a xmlns:p="urn:n" xmlns="urn:m"/>', "urn:n:a"),
    ],
)
def test_markup_has_the_names_of_the_engine(text: str, name: str) -> None:
    document = read_markup(text)
    assert document is not None
    assert document.root.name == name


def test_a_declared_prefix_ends_with_its_element() -> None:
    document = read_markup('<a xmlns="urn:n"><b xmlns="urn:m"/><c xml:lang="en" xmlns=""/></a>')
    assert document is not None
    assert [child.name for child in document.root.children] == ["urn:m:b", "c"]
    [_, last] = document.root.children
    assert last.attributes[0].name == "http://www.w3.org/XML/1998/namespace:lang"


@given(documents)
def test_what_is_written_means_the_same(text: str) -> None:
    written = str(read_markup(text))
    assert read_xml(text) is not None
    assert read_xml(written) == read_xml(text)
    assert str(read_markup(written)) == written


@given(documents, documents)
def test_shapes_of_documents_join_as_all_shapes_do(one: str, other: str) -> None:
    values = [read_xml(one), read_xml(other)]
    assert join(shape_of(values[:1]), shape_of(values[1:])) == shape_of(values)


def value_of(element: Element) -> dict[str, JsonValue]:
    value: dict[str, JsonValue] = {f"@{name}": text for name, text in element.attributes.items()}
    for child in element.children:
        value.setdefault(key_of(child.name), []).append(value_of(child))
    return value | ({"#text": element.text} if element.text else {})


@given(documents)
def test_the_value_is_what_the_engine_sees(text: str) -> None:
    root = parse_xml(text)
    assert read_xml(text) == {key_of(root.name): value_of(root)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"/><p:c/></p:a>', ["urn:1:a", "urn:2:b", "urn:1:c"]),
        ('<a xmlns="urn:1"><b xmlns=""/><c/></a>', ["urn:1:a", "b", "urn:1:c"]),
        ('<a xmlns:p="urn:1" xmlns:q="urn:1"><p:b/><q:b/></a>', ["a", "urn:1:b", "urn:1:b"]),
    ],
)
def test_prefixes_are_those_of_the_place_where_they_stand(text: str, names: list[str]) -> None:
    document = read_markup(text)
    assert document is not None
    assert [document.root.name, *(each.name for each in document.root.children)] == names
    assert str(document) == text
