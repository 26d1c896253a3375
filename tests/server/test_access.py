import pytest

from pact_recorder.http import Headers
from pact_recorder.server import allowed

TOKEN = "s3cret ü"
BEARER = ("Authorization", f"Bearer {TOKEN}")
ORIGIN = ("Origin", "http://a.example")
CASES = [
    ("127.0.0.1", [], None, True),
    ("127.9.9.9", [], None, True),
    ("::1", [], None, True),
    ("::ffff:127.0.0.1", [], None, True),
    ("127.0.0.1", [ORIGIN], None, False),
    ("127.0.0.1", [("origin", "null")], None, False),
    ("192.168.0.7", [], None, False),
    ("::ffff:192.168.0.7", [], None, False),
    ("fe80::1%eth0", [], None, False),
    ("0.0.0.0", [], None, False),
    ("localhost", [], None, False),
    (None, [], None, False),
    ("", [], None, False),
    ("192.168.0.7", [BEARER], TOKEN, True),
    ("127.0.0.1", [ORIGIN, BEARER], TOKEN, True),
    (None, [("authorization", f"bearer {TOKEN}")], TOKEN, True),
    ("192.168.0.7", [("Authorization", "Bearer wrong")], TOKEN, False),
    ("192.168.0.7", [("Authorization", TOKEN)], TOKEN, False),
    ("192.168.0.7", [("Authorization", f"Basic {TOKEN}")], TOKEN, False),
    ("192.168.0.7", [("Authorization", "Bearer ")], "", False),
    ("192.168.0.7", [("Authorization", "Bearer ")], None, False),
    ("192.168.0.7", [("Authorization", "Bearer None")], None, False),
    ("127.0.0.1", [("Authorization", "Bearer wrong")], TOKEN, True),
]


@pytest.mark.parametrize(("peer", "fields", "token", "enters"), CASES)
def test_this_machine_or_the_token(
    peer: str | None, fields: list[tuple[str, str]], token: str | None, enters: bool
) -> None:
    refusal = allowed(peer, Headers(fields), token)
    assert (refusal is None) is enters
    assert refusal is None or (refusal.status == 403 and "pact_control_token" in refusal.sentence)
