"""Changes of an XML body, made in its text: one leaf element removed, renamed, added, or given another value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from pact_recorder.http import Response
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.verification.mutant import BREAKING, NON_BREAKING, STRONG, WEAK, Mutant
from pact_recorder.verification.mutants_forms import DATES, STRICT, TEXT, WORD, form_of, other_text
from pact_recorder.verification.mutants_messages import Answer

_LEAF = re.compile(
    r"<(?P<name>[A-Za-z_][\w:.-]*)(?P<attributes>(?:\s[^<>]*)?)>(?P<text>[^<>&]*[^<>&\s][^<>&]*)</(?P=name)>"
)
_MOST_LEAVES = 5_000
_FORMED = STRICT | DATES | {"integer in a string", "decimal in a string", "hex"}


def xml_mutants(answer: Answer) -> Iterator[Mutant]:
    """The changes that the document has a place for; the label of none rests on siblings."""
    try:
        text = answer.content.decode()
    except UnicodeDecodeError:
        return
    leaves = list(islice(_LEAF.finditer(text), _MOST_LEAVES))
    counts = Counter(leaf["name"] for leaf in leaves)
    single = [leaf for leaf in leaves if counts[leaf["name"]] == 1]
    yield from _of_elements(answer, text, leaves, single)
    yield from _of_values(answer, text, leaves)


def _of_elements(
    answer: Answer, text: str, leaves: Sequence[re.Match[str]], single: Sequence[re.Match[str]]
) -> Iterator[Mutant]:
    if single:
        leaf = answer.chance.of("xml_element_removed").choice(single)
        changed = _spliced(answer, text, leaf.start(), leaf.end(), "")
        yield Mutant("xml_element_removed", BREAKING, WEAK, leaf["name"], "is absent", changed)
        leaf = answer.chance.of("xml_element_renamed").choice(single)
        new = f"{leaf['name']}New"
        element = f"<{new}{leaf['attributes']}>{leaf['text']}</{new}>"
        changed = _spliced(answer, text, leaf.start(), leaf.end(), element)
        yield Mutant("xml_element_renamed", BREAKING, STRONG, leaf["name"], f"is called {new}", changed)
    if leaves:
        leaf = answer.chance.of("xml_extra_element").choice(leaves)
        changed = _spliced(answer, text, leaf.end(), leaf.end(), "<xNewElement>1</xNewElement>")
        yield Mutant("xml_extra_element", NON_BREAKING, WEAK, leaf["name"], "has a new neighbour", changed)


def _of_values(answer: Answer, text: str, leaves: Sequence[re.Match[str]]) -> Iterator[Mutant]:
    path = answer.exchange.request.path
    free = [leaf for leaf in leaves if leaf["text"].strip() not in path and form_of(leaf["text"]) != WORD]
    free = [leaf for leaf in free if not PLACEHOLDER.search(leaf["text"])]
    if free:
        chance = answer.chance.of("xml_other_value")
        leaf = chance.choice(free)
        form = form_of(leaf["text"])
        changed = _spliced(answer, text, *leaf.span("text"), other_text(leaf["text"], chance))
        note = "another text" if form == TEXT else f"another {form}"
        yield Mutant("xml_other_value", NON_BREAKING, WEAK, leaf["name"], note, changed)
    formed = [leaf for leaf in leaves if form_of(leaf["text"]) in _FORMED]
    if formed:
        leaf = answer.chance.of("xml_value_format_lost").choice(formed)
        changed = _spliced(answer, text, *leaf.span("text"), "n/a")
        note = f"{form_of(leaf['text'])} became free text"
        yield Mutant("xml_value_format_lost", BREAKING, WEAK, leaf["name"], note, changed)


def _spliced(answer: Answer, text: str, start: int, end: int, new: str) -> Response:
    return answer.with_body((text[:start] + new + text[end:]).encode())
