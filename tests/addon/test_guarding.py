"""What the guard of a hook does with a failure."""

import asyncio
import logging

import pytest
from mitmproxy.test import tflow

from pact_recorder.addon.guarding import guarded, log_failure


class Failing:
    def __init__(self) -> None:
        self.told: list[tuple[str, object, str]] = []

    def failed(self, hook: str, data: object, error: Exception) -> None:
        self.told.append((hook, data, str(error)))

    @guarded
    def running(self) -> None:
        raise ValueError("no argument")

    @guarded
    def response(self, data: object) -> None:
        raise ValueError("one argument")

    @guarded
    async def request(self, data: object) -> None:
        raise ValueError("later")


def test_a_failure_of_any_hook_is_told_and_goes_no_further() -> None:
    addon = Failing()
    addon.running()
    addon.response(1)
    assert asyncio.iscoroutinefunction(addon.request)
    asyncio.run(addon.request(2))
    assert addon.told == [("running", None, "no argument"), ("response", 1, "one argument"), ("request", 2, "later")]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        (b"GET", b"/a?key=s3cret", "response hook failed for GET address/a: ValueError('x')"),
        (
            b"GET",
            b"/\x1b[2J\xff\r\n",
            "response hook failed for GET address/\\x1b[2J\\udcff\\r\\n: ValueError('x')",
        ),
        (None, b"/a", "response hook failed for a flow that cannot be shown ("),
    ],
)
def test_the_log_names_the_flow_as_far_as_it_can(
    caplog: pytest.LogCaptureFixture, method: bytes | None, path: bytes, expected: str
) -> None:
    flow = tflow.tflow()
    flow.request.data.method, flow.request.data.path = method, path
    with caplog.at_level(logging.ERROR):
        log_failure("response", flow, ValueError("x"), seen_before=False)
        log_failure("response", None, ValueError("x"), seen_before=True)
    assert caplog.messages[0].startswith(expected)
    assert caplog.messages[1] == "response hook failed: ValueError('x')"
    assert [record.exc_info is None or record.exc_info[1] is None for record in caplog.records] == [False, True]
