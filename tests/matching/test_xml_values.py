import pytest

from pact_recorder.matching.xml_values import XmlError, parse_xml

BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""
)


def test_elements_attributes_and_text() -> None:
    root = parse_xml(b'<a y="2" x="1"> one <b>two</b><!-- no --> three <![CDATA[<four>]]></a>')
    assert (root.name, list(root.attributes.items())) == ("a", [("x", "1"), ("y", "2")])
    assert root.text == "onethree <four>"
    assert [(child.name, child.text) for child in root.children] == [("b", "two")]


def test_prefixes_are_irrelevant_and_namespaces_are_not() -> None:
    first = parse_xml(b'<p:a xmlns:p="urn:n" p:x="1"/>')
    second = parse_xml(b'<q:a xmlns:q="urn:n" q:x="1"/>')
    assert first == second
    assert (first.name, first.local, dict(first.attributes)) == ("urn:n:a", "a", {"urn:n:x": "1"})
    assert parse_xml(b'<a xmlns="urn:n"/>').name != parse_xml(b"<a/>").name


@pytest.mark.parametrize(
    ("content", "size"),
    [(b"<a/>", 0), (b"<a> </a>", 0), (b"<a>x</a>", 1), (b"<a> <b/> <c/> </a>", 2), (b"<a><!-- c --></a>", 0)],
)
def test_size_counts_elements_and_text(content: bytes, size: int) -> None:
    assert parse_xml(content).size == size


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no element"),
        (b"<a>", "no element"),
        (b"<a></b>", "mismatched tag"),
        (b"hello", "syntax error"),
        (b"<p:a/>", "unbound prefix"),
        (BOMB, "document type declaration"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type declaration"),
        (b"<a>&undefined;</a>", "undefined entity"),
        (b"<a>" * 100_000, "nested more than"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "encoding"),
    ],
)
def test_what_is_no_xml(content: bytes, reason: str) -> None:
    with pytest.raises(XmlError, match=reason):
        parse_xml(content)


def test_declared_encodings_are_followed() -> None:
    assert parse_xml('<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1")).text == "é"
