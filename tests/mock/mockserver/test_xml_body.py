import pytest

from pact_recorder.http import Body, MediaType
from pact_recorder.mock.mockserver.xml_body import read_xml

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


@pytest.mark.parametrize("text", ["", "a", "<a>", "<!DOCTYPE a><a/>", "<a>${xmlunit.ignore}</a>"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no XML|xmlunit"):
        read_xml(text)
