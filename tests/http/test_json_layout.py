import gzip
import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pact_recorder.http.json_layout import MAX_DEPTH, Layout, original, readable

SHARED = Path(__file__).parents[2] / "../shared/data/traffic"

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
SEPARATORS = {"compact": (",", ":"), "spaced": (", ", ": "), "odd": (" ,", ":")}


@given(values, st.sampled_from(sorted(SEPARATORS)), st.sampled_from(["", "\n"]), st.booleans())
def test_the_round_trip_is_exact_for_json(value: object, form: str, tail: str, ascii_only: bool) -> None:
    text = json.dumps(value, separators=SEPARATORS[form], ensure_ascii=ascii_only) + tail
    made = readable(text)
    if made is not None:
        pretty, layout = made
        assert original(pretty, layout) == text
        assert json.loads(pretty) == value
    elif form != "odd" and isinstance(value, list | dict):
        assert not value


@given(st.text('{}[]:,"\\ \n\ta1é\u2028') | st.text())
@example('["\\"]"]')
@example('{"a":1}\n\n')
@example('["\u00a0",1]')
def test_the_round_trip_is_exact_for_any_text(text: str) -> None:
    made = readable(text)
    if made is not None:
        assert original(*made) == text


@pytest.mark.parametrize(
    ("text", "pretty", "layout"),
    [
        ('{"a":1}', '{\n  "a": 1\n}\n', Layout.COMPACT),
        ('{"a":1,"a":1.0}\n', '{\n  "a": 1,\n  "a": 1.0\n}\n', Layout.COMPACT_LINE),
        ('{"b": [1, {}], "a": []}', '{\n  "b": [\n    1,\n    {}\n  ],\n  "a": []\n}\n', Layout.SPACED),
        ("[1e2, -0.50]\n", "[\n  1e2,\n  -0.50\n]\n", Layout.SPACED_LINE),
        ('["\\u00e9\\/ ,:{"]', '[\n  "\\u00e9\\/ ,:{"\n]\n', Layout.COMPACT),
        ("[12345678901234567890.10]", "[\n  12345678901234567890.10\n]\n", Layout.COMPACT),
        ("[[],[[]],{}]", "[\n  [],\n  [\n    []\n  ],\n  {}\n]\n", Layout.COMPACT),
    ],
)
def test_the_readable_form(text: str, pretty: str, layout: Layout) -> None:
    assert readable(text) == (pretty, layout)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", '"text"', "{}", "[]\n", "nope", "{'a':1}", '{"a":1}}', '{"a" :1}', '{"a":1, "b":2}',
        '{"a":1,}', '{\n  "a": 1\n}', '{"a":1}\r\n', ' {"a":1}', '\ufeff{"a":1}', '["unended]',
        '["\x00"]', "[1\u00a0]",
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "[" * 200_000,
    ],
)  # fmt: skip
def test_what_has_no_known_layout_stays_as_it_is(text: str) -> None:
    assert readable(text) is None


def test_the_deepest_text_that_is_indented() -> None:
    text = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH
    made = readable(text)
    assert made is not None
    assert original(*made) == text


@pytest.mark.parametrize(
    ("edited", "layout", "text"),
    [
        ('{ "a" : 2 ,\r\n\t"b": [ ] }', Layout.COMPACT, '{"a":2,"b":[]}'),
        ('{"a":2}', Layout.SPACED_LINE, '{"a": 2}\n'),
        ('{"a" 2}', Layout.COMPACT, '{"a" 2}'),
        ("[true\nfalse]", Layout.COMPACT, "[true false]"),
        ("", Layout.COMPACT, ""),
        ("nope", Layout.COMPACT, "nope"),
    ],
)
def test_an_edited_text_gets_the_layout_too(edited: str, layout: Layout, text: str) -> None:
    assert original(edited, layout) == text


@pytest.mark.parametrize("edited", ['{"a": "b}', '"', '{"a": "b\\"}', '["ab\\'])
def test_a_string_without_an_end_is_an_error(edited: str) -> None:
    with pytest.raises(ValueError, match="does not end"):
        original(edited, Layout.COMPACT)


@pytest.mark.parametrize("text", ['"' + '\\"' * 500_000, "[" * 500_000, '""' * 300_000, "\\" * 500_000, " " * 10**6])
def test_hostile_texts_take_linear_time(text: str) -> None:
    started = time.process_time()
    assert readable(text) is None
    with suppress(ValueError):
        original(text, Layout.SPACED)
    assert time.process_time() - started < 5


@pytest.mark.corpus
@pytest.mark.skipif(not SHARED.exists(), reason="the corpora in ../shared are not there")
def test_recorded_json_comes_back_exactly_and_is_mostly_made_readable() -> None:
    with gzip.open(SHARED / "github-octokit-rb.jsonl.gz", "rt", encoding="utf-8") as file:
        exchanges = [json.loads(line) for line in file]
    texts = [one[side]["body"] for one in exchanges for side in ("request", "response")]
    bodies = [text for text in texts if text and text.startswith(("{", "["))]
    made = [(text, readable(text)) for text in bodies]
    assert all(form is None or original(*form) == text for text, form in made)
    on_one_line = [(text, form) for text, form in made if "\n" not in text.strip() and len(text.strip()) > 2]
    assert len(on_one_line) > 1000
    # What is left has placeholders in the place of numbers and is no JSON any more.
    assert sum(form is not None for _, form in on_one_line) > 0.98 * len(on_one_line)
