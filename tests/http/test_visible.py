import pytest

from pact_recorder.http.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("wéb → 犬 \\n", "wéb → 犬 \\n"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("nul\0, c1\x9b, bidi\u202e, lone \udc80", "nul\\x00, c1\\x9b, bidi\\u202e, lone \\udc80"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert shown.isprintable()
