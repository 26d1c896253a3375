import pytest

from pact_recorder.cli.demo_api import DemoApi
from pact_recorder.cli.demo_client import QUESTIONS, Client, Reply, difference
from pact_recorder.cli.demo_library import TOKEN

LIVE = Reply(200, (("content-length", "30"), ("etag", '"1"')), f'{{"token": "{TOKEN}"}}'.encode())


def test_every_question_has_its_answer() -> None:
    # The API understands requests that are sent to a proxy, so it can stand in for one.
    with DemoApi() as api:
        replies = list(Client(api.port, api.port).ask_all())
    statuses = [reply.status for reply in replies]
    assert len(replies) == len(QUESTIONS)
    assert statuses == [200, 200, 200, 200, 200, 401, 401, 200, 201, 422, 302, 200, 201, 409, 204, 404, 200]
    assert [difference(reply, reply) for reply in replies if TOKEN.encode() not in reply.content] == [""] * 16


@pytest.mark.parametrize(
    ("status", "headers", "content", "found"),
    [
        (200, LIVE.headers, b'{"token": "REDACTED-token-1"}', ""),
        (200, (("content-length", "29"), ("etag", '"1"')), b'{"token": "REDACTED-token-1"}', ""),
        (200, LIVE.headers, LIVE.content, "other bytes of content"),
        (200, LIVE.headers, b'{"token": "REDACTED-token-1", "x": 1}', "other bytes of content"),
        (500, LIVE.headers, b'{"token": "REDACTED-token-1"}', "status 500 instead of 200"),
        (200, LIVE.headers[:1], b'{"token": "REDACTED-token-1"}', "header etag"),
        (200, (*LIVE.headers, ("x-new", "1")), b'{"token": "REDACTED-token-1"}', "header x-new"),
    ],
)
def test_differences(status: int, headers: tuple[tuple[str, str], ...], content: bytes, found: str) -> None:
    result = difference(LIVE, Reply(status, headers, content))
    assert result.endswith(found) if found else result == ""
