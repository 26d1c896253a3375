import pytest

from pact_recorder.http import Body
from pact_recorder.matching.bodies import excerpt


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (None, None),
        (Body(b""), ""),
        (Body(b"hello"), "hello"),
        (Body(b"\xff\x00"), "ff00"),
        (Body(b"\xff" * 1000), "ff" * 64),
    ],
)
def test_excerpt(body: Body | None, text: str | None) -> None:
    assert excerpt(body) == text


@pytest.mark.parametrize("text", ["é" * 10_000, "x" + "é" * 10_000, "日本" * 5_000])
def test_a_long_text_is_cut_between_characters(text: str) -> None:
    shown = excerpt(Body(text.encode()))
    assert shown is not None
    assert text.startswith(shown.partition("…")[0])
    assert len(shown) < 2_100
