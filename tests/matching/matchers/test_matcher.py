import pytest

from pact_recorder.matching.effort import Effort
from pact_recorder.matching.matchers.collections import EachKey
from pact_recorder.matching.matchers.kinds import Null
from pact_recorder.matching.matchers.matcher import Matcher
from pact_recorder.matching.xml_values import parse_xml

UNABLE = "Unable to match {} using the null matcher"


def test_what_a_matcher_is_not_about_is_refused() -> None:
    matcher, effort, element = Null(), Effort(), parse_xml(b"<a/>")
    assert matcher.text("x", "y", False, effort) == UNABLE.format("'y'")
    assert matcher.text("x", "y", True, effort) == UNABLE.format("'y'")
    assert matcher.members({}, {"a": 1}, False) == UNABLE.format('{"a":1}')
    assert matcher.binary(b"", b"\x01\x02", False, effort) == UNABLE.format("'0102...' (2 bytes)")
    assert matcher.element(element, element, False) == UNABLE.format("<a/>")
    assert matcher.status(1, 2, effort) == UNABLE.format("2")


@pytest.mark.parametrize("cascaded", [True, False])
def test_rules_that_do_not_cascade_say_nothing_below_their_node(cascaded: bool) -> None:
    matcher = EachKey([])
    assert (matcher.text("x", "y", cascaded, Effort()) is None) is cascaded
    assert (matcher.binary(b"x", b"y", cascaded, Effort()) is None) is cascaded


def test_scalars_and_lists_pass_by_default() -> None:
    assert Matcher().scalar(1, 2, False, Effort()) is None
    assert Matcher().items([1], [2], False) is None
