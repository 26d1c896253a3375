import time

import pytest

from pact_recorder.http import Body
from pact_recorder.mock.mockserver.xpath import read_xpath

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
    ("/books/book[price = 12]", True),
    ("/books/book[price = 13]", False),
    ("/books/book[price != 12]", True),
    ("//book[12 = price]/@id = '2'", True),
    ("//price[. = 8.0]", True),
    ("//price = '12'", True),
    ("//book > 10", False),
    ("//price > 10", True),
    ("//none = 1", False),
    ("/books/text()", False),
    ("//book[2]/text() = 'x'", True),
    ("//none = false()", True),
    ("//price = true()", True),
    ("//price = //book/price", True),
    ("1 = 1 and 'a' != 'b'", True),
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


NAMED = [
    ("/b:books", True),
    ("/books", False),
    ("/b:books/book", True),
    ("/b:books/b:book/price[. = 12]", True),
    ("/b:books/b:book[@id='2']", True),
    ("/b:books/b:none", False),
]


@pytest.mark.parametrize(("path", "found"), NAMED)
def test_with_prefixes_names_have_namespaces(path: str, found: bool) -> None:
    assert (read_xpath(path, {"b": "urn:b"}).difference(Body(BOOKS), None) is None) is found


def test_prefixes_are_an_object_of_texts() -> None:
    for wrong in (["a"], "a", {"b": 1}):
        with pytest.raises(ValueError, match="namespacePrefixes"):
            read_xpath("/a", wrong)


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
    ("//c = //none or //c != //c/..", MANY),
    ("//c[. = //c/@x]", MANY),
    ("/a", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
    ("/a", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
    ("/a", b"<a>" * 1_000 + b"</a>" * 1_000),
]


@pytest.mark.parametrize(("path", "content"), HOSTILE)
def test_a_hostile_expression_or_document_is_given_up_in_time(path: str, content: bytes) -> None:
    began = time.process_time()
    assert read_xpath(path).difference(Body(content), None) is not None
    assert time.process_time() - began < 8
