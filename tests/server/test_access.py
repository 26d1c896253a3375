"""Who may use the control API: each way in that somebody may try, and what becomes of it."""

import pytest

from pact_recorder.http import Headers
from pact_recorder.server import Caller, allowed
from pact_recorder.server.access import Doorkeeper

TOKEN = "s3cret ü"
BEARER = ("Authorization", f"Bearer {TOKEN}")
HOST = ("Host", "127.0.0.1:8080")
OWN = ("127.0.0.1", 8080)
OWN_V6 = ("::1", 8080)
LOCAL = "127.0.0.1"


def caller(
    *fields: tuple[str, str],
    peer: str | None = LOCAL,
    own: tuple[str, int] | None = OWN,
    scheme: str = "http",
    origin_form: bool = True,
) -> Caller:
    return Caller(peer, Headers(fields), own, scheme, origin_form)


@pytest.mark.parametrize(
    ("peer", "enters"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.0.7", False),
        ("::ffff:192.168.0.7", False),
        ("fe80::1%eth0", False),
        ("0.0.0.0", False),
        ("localhost", False),
        ("127.0.0.1, 10.0.0.1", False),
        ("", False),
        (None, False),
    ],
)
def test_peers(peer: str | None, enters: bool) -> None:
    refusal = allowed(caller(HOST, peer=peer), None)
    assert (refusal is None) is enters
    assert refusal is None or (refusal.status == 403 and "pact_control_token" in refusal.sentence)


@pytest.mark.parametrize(
    ("host", "own", "enters"),
    [
        ("127.0.0.1:8080", OWN, True),
        ("localhost:8080", OWN, True),
        ("LocalHost:8080", OWN, True),
        ("localhost.:8080", OWN, True),
        ("[::1]:8080", OWN_V6, True),
        ("[::ffff:127.0.0.1]:8080", OWN, True),
        ("127.0.0.1:8080", ("::ffff:127.0.0.1", 8080), True),
        ("192.168.0.7:8080", ("192.168.0.7", 8080), True),
        ("127.0.0.1", ("127.0.0.1", 80), True),
        ("127.0.0.1", OWN, False),
        ("127.0.0.1:8081", OWN, False),
        ("127.0.0.1:08080", OWN, False),
        ("127.0.0.1:+8080", OWN, False),
        ("127.0.0.1:", OWN, False),
        ("127.0.0.1:8080 ", OWN, True),
        ("127.0.0.1:8080, evil.example", OWN, False),
        ("evil.example:8080", OWN, False),
        ("evil.example", OWN, False),
        ("127.0.0.1.evil.example:8080", OWN, False),
        ("localhost.evil.example:8080", OWN, False),
        ("evil.localhost:8080", OWN, False),
        ("evil@127.0.0.1:8080", OWN, False),
        ("127.0.0.1:8080@evil.example", OWN, False),
        ("127.0.0.1:8080/evil", OWN, False),
        ("127.0.0.1:8080#.evil.example", OWN, False),
        ("192.168.0.8:8080", OWN, False),
        ("0.0.0.0:8080", OWN, False),
        ("[::]:8080", OWN, False),
        ("::1:8080", OWN_V6, False),
        ("[::1%25lo]:8080", OWN_V6, False),
        ("[localhost]:8080", OWN, False),
        ("127.1:8080", OWN, False),
        ("2130706433:8080", OWN, False),
        ("0x7f000001:8080", OWN, False),
        ("pact.recorder", ("127.0.0.1", 80), False),
        ("", OWN, False),
        ("127.0.0.1:8080", None, False),
    ],
)
def test_names_in_host(host: str, own: tuple[str, int] | None, enters: bool) -> None:
    assert (allowed(caller(("Host", host), own=own), None) is None) is enters


def test_the_usual_port_of_a_scheme_needs_no_naming() -> None:
    assert allowed(caller(("Host", "localhost"), own=("127.0.0.1", 443), scheme="https"), None) is None
    assert allowed(caller(("Host", "localhost"), own=("127.0.0.1", 443)), None) is not None


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param([], id="no Host"),
        pytest.param([HOST, HOST], id="two equal Hosts"),
        pytest.param([HOST, ("host", "evil.example")], id="two Hosts"),
        pytest.param([HOST, ("Origin", "http://a.example")], id="a page"),
        pytest.param([HOST, ("origin", "null")], id="a page of no origin"),
        pytest.param([HOST, ("Origin", "http://127.0.0.1:8080")], id="a page that the mock served"),
        pytest.param([HOST, ("Sec-Fetch-Site", "cross-site")], id="an image in a page"),
        pytest.param([HOST, ("Sec-Fetch-Site", "same-origin")], id="a recorded page reads"),
        pytest.param([HOST, ("X-Forwarded-For", "127.0.0.1")], id="another proxy says it is us"),
        pytest.param([HOST, ("Forwarded", "for=127.0.0.1")], id="another proxy, the standard way"),
        pytest.param([HOST, ("Via", "1.1 gateway")], id="a gateway"),
        pytest.param([HOST, ("X-Real-IP", "127.0.0.1")], id="a proxy of another kind"),
    ],
)
def test_this_machine_is_not_enough(fields: list[tuple[str, str]]) -> None:
    assert allowed(caller(*fields), None) is not None
    assert allowed(caller(*fields), TOKEN) is not None
    assert allowed(caller(*fields, BEARER), TOKEN) is None


def test_what_a_user_types_into_a_browser_is_let_in() -> None:
    assert allowed(caller(HOST, ("Sec-Fetch-Site", "none")), None) is None


@pytest.mark.parametrize(
    "name",
    [
        "Accept", "Accept-Encoding", "Connection", "Content-Type", "Cookie", "User-Agent", "X-Requested-With",
        "X-Request-Id", "traceparent", "X-B3-TraceId", "Upgrade-Insecure-Requests", "X-Membership", "X-Gzip",
    ],
)  # fmt: skip
def test_what_programs_send_besides_is_let_in(name: str) -> None:
    assert allowed(caller(HOST, (name, "127.0.0.1")), None) is None


def test_a_request_through_the_proxy_needs_the_token() -> None:
    refusal = allowed(caller(HOST, origin_form=False), None)
    assert refusal is not None
    assert "--noproxy" in refusal.sentence
    assert allowed(caller(HOST, BEARER, origin_form=False), TOKEN) is None


def test_a_client_of_the_proxy_is_told_that_it_came_through_it() -> None:
    refusal = allowed(caller(("Host", "pact.recorder"), ("Proxy-Connection", "Keep-Alive"), origin_form=False), None)
    assert refusal is not None
    assert "come through the proxy" in refusal.sentence
    assert "the proxy's own address (curl --noproxy '*'" in refusal.sentence


@pytest.mark.parametrize("given", ["Bearer wrong", f"Basic {TOKEN}"])
def test_a_wrong_token_is_said_where_one_is_set(given: str) -> None:
    asked = caller(HOST, ("Authorization", given), ("Proxy-Connection", "Keep-Alive"), origin_form=False)
    refusal, without = allowed(asked, TOKEN), allowed(asked, None)
    assert refusal is not None
    assert without is not None
    assert "the one in Authorization is wrong" in refusal.sentence
    assert "come through the proxy" in without.sentence


@pytest.mark.parametrize(
    ("fields", "token", "enters"),
    [
        ([BEARER], TOKEN, True),
        ([("authorization", f"bearer   {TOKEN} ")], TOKEN, True),
        ([("Authorization", "Bearer wrong")], TOKEN, False),
        ([("Authorization", TOKEN)], TOKEN, False),
        ([("Authorization", f"Basic {TOKEN}")], TOKEN, False),
        ([("Authorization", f"Bearer {TOKEN.upper()}")], TOKEN, False),
        ([("Authorization", f"Bearer {TOKEN}x")], TOKEN, False),
        ([("Authorization", f"Bearer {TOKEN[:-1]}")], TOKEN, False),
        ([BEARER, BEARER], TOKEN, False),
        ([("Authorization", "Bearer wrong"), BEARER], TOKEN, False),
        ([("Proxy-Authorization", f"Bearer {TOKEN}")], TOKEN, False),
        ([("Cookie", f"Authorization=Bearer {TOKEN}")], TOKEN, False),
        ([("Authorization", "Bearer ")], "", False),
        ([("Authorization", "Bearer")], None, False),
        ([("Authorization", "Bearer None")], None, False),
        ([("X-Forwarded-For", "127.0.0.1"), HOST], TOKEN, False),
    ],
)
def test_tokens_from_elsewhere(fields: list[tuple[str, str]], token: str | None, enters: bool) -> None:
    assert (allowed(caller(*fields, peer="192.168.0.7", origin_form=False), token) is None) is enters


def test_a_wrong_token_takes_nothing_from_this_machine() -> None:
    assert allowed(caller(HOST, ("Authorization", "Bearer wrong")), TOKEN) is None


def test_each_kind_of_refusal_is_logged_once_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    keeper = Doorkeeper()
    for _ in range(3):
        assert keeper.refusal(caller(HOST, BEARER, peer="192.168.0.7"), "other", "GET", "/a\nb") is not None
        assert keeper.refusal(caller(HOST, ("Origin", "null")), None, "GET", "/") is not None
        assert keeper.refusal(caller(HOST), None, "GET", "/") is None
    assert len(caplog.messages) == 2
    assert "192.168.0.7" in caplog.messages[0]
    assert "pact_control_token" in caplog.messages[0]
    assert TOKEN not in caplog.text
    assert not any("\n" in message for message in caplog.messages)
