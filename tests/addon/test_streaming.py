"""Bodies that pass while they are kept."""

from pact_recorder.addon.streaming import Tee


def test_it_keeps_up_to_the_limit_and_passes_everything() -> None:
    tee = Tee(5)
    assert [tee(chunk) for chunk in (b"abc", b"defg", b"h", b"")] == [b"abc", b"defg", b"h", b""]
    assert (tee.content, tee.passed, tee.cut) == (b"abcde", 8, True)


def test_it_is_finished_once_before_the_last_byte_goes_on() -> None:
    seen: list[bytes] = []
    tee = Tee(10, expected=4, finished=lambda: seen.append(tee.content))
    assert tee(b"ab") == b"ab"
    assert seen == []
    assert tee(b"cd") == b"cd"
    assert tee(b"") == b""
    assert seen == [b"abcd"]
    assert not tee.cut


def test_another_addons_stream_is_kept() -> None:
    tee = Tee(10, inner=lambda chunk: chunk.upper())
    assert tee(b"ab") == b"AB"
    assert tee.content == b"ab"
