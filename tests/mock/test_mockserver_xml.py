import time

import pytest

from pact_recorder.http import Body, MediaType
from pact_recorder.mock.mockserver_xml import read_xml, read_xpath

BOOKS = (
    b'<b:books xmlns:b="urn:b"><book id="1"><price>8</price></book><b:book id="2">x<price>12</price></b:book></b:books>'
)
FOUND = [
    ("/books", True),
    ("/books/book", True),
    ("//price", True),
    ("/price", False),
    ("/books/book[price > 10]", True),
    ("/books/book[price > 12]", False),
    ("//book[@id='2']/price", True),
    ("/books/book[last()]/@id", True),
    ("/books/book[3]", False),
    ("count(//book) = 2", True),
    ("count(//none)", False),
    ("string(//book[1]/price)", True),
    ("string(//none)", False),
    ("boolean(//none)", False),
    ("not(//none)", True),
    ("contains(//book[2], 'x')", True),
    ("string-length(/) > 3", True),
    ("//book[1]/following-sibling::book[@id='2']", True),
    ("//price/ancestor::books", True),
    ("//book[preceding::price]", True),
]


@pytest.mark.parametrize(("path", "found"), FOUND)
def test_an_expression_is_true_or_not_names_without_prefixes(path: str, found: bool) -> None:
    assert (read_xpath(path).difference(Body(BOOKS), None) is None) is found


EQUAL = [
    ("<a b='1' c='2'/>", b"<a c='2' b='1'></a>", True),
    ("<a><b/></a>", b"<?xml version='1.0'?><!-- c --><a>\n <b/>\n</a>", True),
    ("<a>x</a>", b"<a>y</a>", False),
    ("<a/>", b"", False),
    ("<a/>", b"{}", False),
    ("<a>\u00fc</a>", "<a>\u00fc</a>".encode("latin-1"), True),
]


@pytest.mark.parametrize(("expected", "content", "equal"), EQUAL)
def test_documents_are_compared_as_the_engine_does(expected: str, content: bytes, equal: bool) -> None:
    media_type = MediaType.parse("application/xml; charset=latin-1")
    assert (read_xml(expected).difference(Body(content), media_type) is None) is equal


@pytest.mark.parametrize("path", ["", "/a[", "/p:a", "$x", "foo()", "1 +", "(" * 3_000, "/a" * 3_000])
def test_what_is_no_expression_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"no XPath 1\.0 expression|longer"):
        read_xpath(path)


MANY = b"<a>" + b"<b><c>x</c><c>y</c></b>" * 5_000 + b"</a>"
HOSTILE = [
    ("//*[count(//*[string-length(/) > 5]) > 1]", MANY),
    ("//*[../b[../b[../none]]]", MANY),
    ("//b[following-sibling::b[following-sibling::none]]", MANY),
    ("//*//*//*//*//none", MANY),
    ("//b[preceding::none]", MANY),
    ("//*[contains(/, 'z')]", MANY),
    ("/a", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
    ("/a", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
    ("/a", b"<a>" * 1_000 + b"</a>" * 1_000),
]


@pytest.mark.parametrize(("path", "content"), HOSTILE)
def test_a_hostile_expression_or_document_is_given_up_in_time(path: str, content: bytes) -> None:
    began = time.process_time()
    assert read_xpath(path).difference(Body(content), None) is not None
    assert time.process_time() - began < 8
