import pytest

from pact_recorder.http.one_line import one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("größe 字", "größe 字"),
        ("a\nb\r\tc", "a�b��c"),
        ("\x1b]0;title\x07", "�]0;title�"),
        ("\u202egnp.exe", "�gnp.exe"),
        ("\udcff\x9b", "��"),
    ],
)
def test_only_text_stays(text: str, shown: str) -> None:
    assert one_line(text) == shown
