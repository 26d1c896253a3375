"""Random XML documents that resemble each other: few names, namespaces, repetitions, all spellings of text."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

TEXTS = ["", "x", "12", "7", "2020-01-01", "2021-12-31T10:00:00Z", "a & b", "é <", "true", " padded ", "two\nlines"]
NAMESPACES = 'xmlns="urn:one" xmlns:n="http://two.example/a1/"'


def _text(text: str) -> st.SearchStrategy[str]:
    spellings = [escape(text), f"<![CDATA[{text}]]>", f"{escape(text)}<!-- c -->"]
    return st.sampled_from(spellings if text else ["", " ", "<!-- c -->"])


def _element(children: st.SearchStrategy[list[str]]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, attributes, text, inner, gap: f"<{name}{attributes}>{text}{gap.join(['', *inner, ''])}</{name}>",
        st.sampled_from(["a", "b", "n:c", "Item2"]),
        _attributes,
        st.sampled_from(TEXTS).flatmap(_text),
        children,
        st.sampled_from(["", "\n  ", "tail"]),
    )


_attributes = st.dictionaries(st.sampled_from(["p", "n:q", "xml:lang"]), st.sampled_from(TEXTS), max_size=2).map(
    lambda values: "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
)
_elements = st.recursive(_element(st.just([])), lambda below: _element(st.lists(below, max_size=3)), max_leaves=6)

documents = st.builds(
    lambda declaration, children: f"{declaration}<root {NAMESPACES}>{''.join(children)}</root>",
    st.sampled_from(["", '<?xml version="1.0" encoding="UTF-8"?>\n', '<?xml version="1.0" encoding="ISO-8859-1"?>']),
    st.lists(_elements, max_size=4),
)
# Twenty times the same, so that there is evidence enough to promise what is repeated.
samples = st.builds(
    lambda texts, times: texts * times, st.lists(documents, min_size=1, max_size=5), st.sampled_from([1, 20])
)
