from collections.abc import Mapping
from typing import Any

import pytest
from expecting import JSON, json_body, json_response
from generating import context, generators
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Body, EncodedBody, MediaType
from pact_recorder.matching import ExpectedResponse, generate_response
from pact_recorder.matching.generators.bodies import MOST_GENERATORS, generate_body

FIVE: Mapping[str, Any] = {"type": "RandomInt", "min": 5, "max": 5}
SIX: Mapping[str, Any] = {"type": "RandomInt", "min": 6, "max": 6}
X: Mapping[str, Any] = {"type": "Regex", "regex": "<x>"}
FORM = "application/x-www-form-urlencoded"


def body_of(media_type: str, content: bytes, places: Mapping[str, Mapping[str, Any]], *reports: str) -> bytes:
    found: list[str] = []
    of_body = generators(body=places).categories["body"]
    made = generate_body(Body(content), MediaType.parse(media_type), of_body, {}, context(report=found.append))
    assert len(found) == len(reports)
    assert all(wanted in sentence for wanted, sentence in zip(reports, found, strict=True))
    return made.content


@pytest.mark.parametrize(
    ("content", "places", "expected"),
    [
        (b'{"a": 1, "b": "1"}', {"$.a": FIVE, "$.b": FIVE}, b'{"a":5,"b":"5"}'),
        (b"1", {"$": FIVE}, b"5"),
        (b'{"a":{"b":1}}', {"$.a": FIVE}, b'{"a":5}'),
        (b'{"l":[{"id":1},{"id":2},{"x":1}]}', {"$.l[*].id": FIVE}, b'{"l":[{"id":5},{"id":5},{"x":1}]}'),
        (b'{"l":[1,2]}', {"$.l[1]": FIVE}, b'{"l":[1,5]}'),
        (b'{"l":[1,2]}', {"$.l[2]": FIVE, "$.l.x": FIVE}, b'{"l":[1,2]}'),
        (b'{"a":{"x":1},"b":{"x":1,"y":1}}', {"$.*.x": FIVE}, b'{"a":{"x":5},"b":{"x":5,"y":1}}'),
        (b'{"1":1}', {"$[1]": FIVE, "$[*]": SIX}, b'{"1":5}'),
        # The stronger path decides, whatever the order.
        (b'{"l":[1,2]}', {"$.l[0]": SIX, "$.l[*]": FIVE}, b'{"l":[6,5]}'),
        (b'{"l":[1,2]}', {"$.l[*]": FIVE, "$.l[0]": SIX}, b'{"l":[6,5]}'),
        # Everything else stays as it was: order, big and exact numbers, text.
        (
            '{"z":1.10,"a":123456789012345678901,"e":1e5,"é":"\\n","c":1}'.encode(),
            {"$.c": FIVE},
            '{"z":1.10,"a":123456789012345678901,"e":1e5,"é":"\\n","c":5}'.encode(),
        ),
        (b'{"a":1}', {"$.b": FIVE, "$.a.b": FIVE}, b'{"a":1}'),
    ],
)
def test_json(content: bytes, places: Mapping[str, Mapping[str, Any]], expected: bytes) -> None:
    assert body_of("application/json", content, places) == expected


@pytest.mark.parametrize(
    ("content", "places", "expected"),
    [
        (b"a=1&b=2&a=3", {"$.a": FIVE}, b"a=5&b=2&a=3"),
        (b"a=1&b=2&a=3", {"$.a[1]": FIVE}, b"a=1&b=2&a=5"),
        (b"a=1&b=2&a=3", {"$.a[*]": FIVE}, b"a=5&b=2&a=5"),
        (b"x%5B%5D=1&y&z=%26", {"$['x[]'][0]": X}, b"x%5B%5D=%3Cx%3E&y&z=%26"),
        (b"y", {"$.y": FIVE, "$.y[0].z": SIX}, b"y=5"),
    ],
)
def test_forms(content: bytes, places: Mapping[str, Mapping[str, Any]], expected: bytes) -> None:
    assert body_of(FORM, content, places) == expected


@pytest.mark.parametrize(
    ("content", "places", "expected"),
    [
        (b"<a>1</a>", {"$.a['#text']": X}, b"<a>&lt;x&gt;</a>"),
        (b"<a/>", {"$.a.#text": FIVE}, b"<a>5</a>"),
        (b"<a></a>", {"$.a.b.#text": FIVE}, b"<a/>"),
        (b'<a p="1" q="2"/>', {"$.a['@q']": X}, b'<a p="1" q="&lt;x&gt;"/>'),
        (b"<a><b>1</b><b>2</b></a>", {"$.a.b.#text": FIVE}, b"<a><b>5</b><b>5</b></a>"),
        (b"<a><b>1</b><b>2</b></a>", {"$.a.b[*].#text": FIVE}, b"<a><b>5</b><b>5</b></a>"),
        (b"<a><b>1</b><c>2</c></a>", {"$.a.*.#text": FIVE}, b"<a><b>5</b><c>5</c></a>"),
        (b'<n:a xmlns:n="u"><n:b>1</n:b></n:a>', {"$.n:a.n:b.#text": FIVE}, b'<n:a xmlns:n="u"><n:b>5</n:b></n:a>'),
        (
            b'<?xml version="1.0" encoding="utf-8"?><!-- c --><a x="&quot;"> <b>1 &amp; 2</b><?p i?><![CDATA[<]]></a>',
            {"$.a.b.#text": FIVE},
            b'<?xml version="1.0" encoding="UTF-8"?><!-- c --><a x="&quot;"> <b>5</b><?p i?>&lt;</a>',
        ),
        ("<?xml version='1.0' encoding='latin-1'?><a>é</a>".encode("latin-1"), {"$.a['@x']": X}, None),
    ],
)
def test_xml(content: bytes, places: Mapping[str, Mapping[str, Any]], expected: bytes | None) -> None:
    wanted = expected or '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode()
    assert body_of("application/xml", content, places) == wanted


@pytest.mark.parametrize(
    ("media_type", "content", "report"),
    [
        ("application/json", b"{", "cannot be read"),
        ("application/json", b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        ("application/xml", b"<a>", "cannot be read"),
        ("application/xml", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "document type declaration"),
        ("application/xml", b"<a>" * 300 + b"</a>" * 300, "nested more than 200"),
        (FORM, b"\xff", "cannot be read"),
        ("text/plain", b"x", "neither JSON nor XML nor a form"),
    ],
)
def test_bodies_that_stay(media_type: str, content: bytes, report: str) -> None:
    assert body_of(media_type, content, {"$": FIVE}, report) == content


def test_a_place_that_is_no_path_is_reported() -> None:
    assert body_of("application/json", b"[1]", {"$[": FIVE}, "cannot be read at character") == b"[1]"


def test_too_many_generators_are_left_out() -> None:
    places = {f"$[{number}]": FIVE for number in range(MOST_GENERATORS + 1)}
    assert body_of("application/json", b"[1]", places, "has 1,001: at most 1,000 can be") == b"[1]"


def test_the_encoded_form_of_the_example_is_dropped() -> None:
    body = Body(b'{"a":1}', encoded=EncodedBody("gzip", b"..."))
    expected = ExpectedResponse(200, JSON, body, generators=generators(body={"$.a": FIVE}))
    assert generate_response(expected, context()).body == Body(b'{"a":5}')


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_no_generator_names_stays_equal(value: Any) -> None:
    expected = ExpectedResponse(
        200, JSON, json_body({"a": value, "b": 1}), generators=generators(body={"$.b": {**FIVE, "min": 1, "max": 1}})
    )
    made = generate_response(expected, context()).body
    assert made is not None
    assert json_response({"a": value, "b": 1}, made.content) == []
