from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.pact import ExactNumber, format_json, parse_json
from pact_recorder.pact.portable import is_portable, is_portable_text, may_not_be_portable
from tests.pact.reference import reference_response_bodies

GREATEST = "1.7976931348623157e308"
PORTABLE = ["1", "-1", "1e308", GREATEST, "1e-999", "0e999999", "9" * 308, '"\\ud83d\\ude00"', '"\\u0000"', '{"":1e2}']
OTHERS = ["1e309", "-1e309", "1E+999", "9" * 309, "12" * 150 + "e99", '"\\ud800"', '"\\uDFFFx"', '{"\\udc00":1}']


@pytest.mark.parametrize("text", [*PORTABLE, *OTHERS])
def test_the_reference_agrees(text: str) -> None:
    document = f'{{"interactions":[{{"response":{{"body":{{"a":[{text}]}}}}}}],"metadata":{{}}}}'
    read = reference_response_bodies(document) is not None
    assert read == is_portable(parse_json(text)) == (text in PORTABLE)
    assert read or may_not_be_portable(text.encode())


@pytest.mark.parametrize(("digits", "portable"), [(b"1e999", False), (b"1.5", True), (b"-1e400", False)])
def test_decimals_may_be_their_digits(digits: bytes, portable: bool) -> None:
    assert is_portable([digits]) is portable


@given(
    st.recursive(
        st.text(st.characters()) | st.sampled_from(["1e999", "1e5", "9" * 400]).map(ExactNumber),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    )
)
def test_what_is_not_suspect_is_portable(value: Any) -> None:
    assert is_portable(value) or may_not_be_portable(format_json(value).encode())


@given(st.text(st.characters()))
def test_texts_that_can_be_encoded_are_portable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        assert not is_portable_text(text)
    else:
        assert is_portable_text(text)
