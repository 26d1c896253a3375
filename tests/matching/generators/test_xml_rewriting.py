import pytest

from pact_recorder.matching.generators.xml_rewriting import rewrite_xml
from pact_recorder.matching.xml_values import XmlError, parse_xml


@pytest.mark.parametrize(
    "document",
    [
        "<a/>",
        '<a p="1"><b>t</b> u <c/></a>',
        "<a><!-- c --><?p i?>x &lt; y</a>",
        '<n:a xmlns:n="u" n:p="&quot;\'&amp;"/>',
        "<a>\n  <b> </b>\n</a>",
    ],
)
def test_a_document_without_changes_means_the_same(document: str) -> None:
    rewritten = rewrite_xml(document.encode(), lambda trail: False, lambda trail, text: text)
    assert parse_xml(rewritten) == parse_xml(document)


def test_the_change_is_told_where_it_is() -> None:
    seen: list[tuple[str, str]] = []

    def change(trail: object, text: str) -> str:
        seen.append((".".join(map(str, trail if isinstance(trail, list) else [])), text))
        return "new"

    rewrite_xml(b'<a p="1">x<b/>y</a>', lambda trail: True, change)
    assert seen == [("a.@p", "1"), ("a.#text", "x"), ("a.b.#text", ""), ("a.#text", "y")]


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(XmlError, match="no element found"):
        rewrite_xml(b"", lambda trail: True, lambda trail, text: text)
