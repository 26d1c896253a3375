from pact_recorder.http import Request
from pact_recorder.mock import Miss
from pact_recorder.mock.miss import nothing_active


def test_the_line_for_a_log_is_one_line_of_bounded_length_whatever_was_asked() -> None:
    miss = Miss(
        Request("G\x1b[2JT", "/\x1b]0;x\x07\r\nforged line" + "y" * 9_000, host="a.test"), "no-match", "Record it."
    )
    line = miss.line()
    assert line.isprintable()
    assert line.endswith("Record it.")
    assert len(line) < 500


def test_what_is_advised_where_nothing_is_active_holds_with_and_without_a_proxy() -> None:
    advice = nothing_active(Request("GET", "/")).advice
    assert "PUT /mockserver/expectation" in advice
    assert "pact_" not in advice
