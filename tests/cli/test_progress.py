import io

import pytest

from pact_recorder.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_wiped_at_the_end() -> None:
    stream = Terminal()
    with Progress("reading shop.yaml", stream) as progress:
        assert list(progress.count(["a", "b"])) == ["a", "b"]
    assert stream.getvalue() == "\r\x1b[Kreading shop.yaml: 1\r\x1b[K"


def test_progress_is_wiped_after_an_error() -> None:
    stream = Terminal()
    with pytest.raises(ValueError, match="torn"), Progress("reading", stream) as progress:
        progress.show(1)
        raise ValueError("torn")
    assert stream.getvalue().endswith("\r\x1b[K")


def test_nothing_is_written_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    with Progress("reading", stream) as progress:
        progress.show(1)
    assert stream.getvalue() == ""
