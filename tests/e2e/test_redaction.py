"""With default redaction nothing secret is written, and a client with other credentials is still answered."""

from pathlib import Path

import pytest
from proxy import Proxy, running
from upstream import Handler, Upstream

SECRET = "s3cr3t-T0ken-0123456789"
LOGIN = {"user": "ada", "password": "correct horse battery"}


def api(upstream: Upstream) -> None:
    def me(handler: Handler) -> None:
        if handler.headers.get("Authorization") is None:
            handler.reply(401, b'{"error":"who are you?"}', Vary="Authorization")
        else:
            handler.reply(200, b'{"me":"ada"}', Vary="Authorization, Cookie")

    upstream.says(
        "POST /login",
        body=f'{{"access_token": "{SECRET}", "expires_in": 3600}}'.encode(),
        Set_Cookie=f"sid={SECRET}-cookie; Path=/; HttpOnly",
    )
    upstream.answers["GET /me"] = me
    upstream.says("GET /search", body=b'{"found":1}')


def drive(proxy: Proxy, upstream: Upstream, token: str, password: str) -> list[tuple[int, object]]:
    with proxy.client() as client:
        login = client.post(f"{upstream.url}/login", json={**LOGIN, "password": password})
        authorized = {"Authorization": f"Bearer {token}"}
        return [
            (answer.status_code, answer.json())
            for answer in (
                login,
                client.get(f"{upstream.url}/me"),
                client.get(f"{upstream.url}/me", headers=authorized),
                client.get(f"{upstream.url}/search?api_key={token}&q=tea"),
            )
        ]


@pytest.mark.parametrize("restart", [False, True], ids=["same process", "restarted"])
def test_a_redacted_session_answers_other_credentials(
    confdir: Path, recordings: Path, upstream: Upstream, restart: bool
) -> None:
    api(upstream)
    settings = (f"pact_recordings={recordings}", "pact_session=test")
    proxy = Proxy(*settings, confdir=confdir).wait_until_listening()
    recorded = drive(proxy, upstream, SECRET, "correct horse battery")
    if restart:
        proxy.stop()
        proxy = Proxy(*settings, "pact_mode=mock", confdir=confdir).wait_until_listening()
    else:
        proxy.switch("mock")
    replayed = drive(proxy, upstream, "an-entirely-different-token", "hunter2")
    output = proxy.stop()
    assert [status for status, _ in replayed] == [status for status, _ in recorded] == [200, 401, 200, 200]
    assert replayed[1:] == recorded[1:]
    assert restart or "secrets redacted:" in output
    written = b"".join(path.read_bytes() for path in recordings.rglob("*") if path.is_file())
    assert SECRET.encode() not in written
    assert b"correct horse battery" not in written
    assert b"Bearer REDACTED-" in written
    assert b'"expires_in": 3600' in written


def whoami(handler: Handler) -> None:
    """Depends on credentials and does not say so by `Vary`."""
    shown = handler.headers.get("Authorization", "") + handler.headers.get("Cookie", "")
    handler.reply(200, b'{"me":"%s"}' % (b"ada" if "ada" in shown else b"bob" if "bob" in shown else b"nobody"))


@pytest.mark.parametrize("field", ["Authorization: Bearer tok-{}-8f3kd93kfl20dk", "Cookie: sid=tok-{}-8f3kd; _ga={}"])
@pytest.mark.parametrize("redact", ["default", "none"])
@pytest.mark.parametrize("again", [None, "mock", "spy"])
def test_each_client_gets_its_own_answers(
    confdir: Path, recordings: Path, upstream: Upstream, field: str, redact: str, again: str | None
) -> None:
    upstream.answers["GET /me"] = whoami
    settings = (f"pact_recordings={recordings}", "pact_session=test")
    name, _, value = field.partition(": ")
    moments = iter(range(100))

    def me(proxy: Proxy, user: str) -> object:
        with proxy.client() as client:
            # A part of it is never the same again.
            text = value.format(user, next(moments))
            return client.get(f"{upstream.url}/me", headers={name: text}).json()["me"]

    proxy = Proxy(*settings, f"pact_redact={redact}", confdir=confdir).wait_until_listening()
    assert [me(proxy, user) for user in ("ada", "bob")] == ["ada", "bob"]
    if again is None:
        proxy.switch("mock")
    else:
        proxy.stop()
        proxy = Proxy(*settings, f"pact_mode={again}", confdir=confdir).wait_until_listening()
    answers = [me(proxy, user) for user in ("bob", "ada", "bob", "bob", "eve", "ada")]
    proxy.stop()
    assert answers == ["bob", "ada", "bob", "bob", "ada", "ada"]


def test_nothing_is_redacted_when_told_so(confdir: Path, recordings: Path, upstream: Upstream) -> None:
    api(upstream)
    settings = (f"pact_recordings={recordings}", "pact_session=test", "pact_redact=none")
    with running(*settings, confdir=confdir) as proxy:
        drive(proxy, upstream, SECRET, "correct horse battery")
    written = (recordings / "test.yaml").read_text()
    assert f"Bearer {SECRET}" in written
    assert "REDACTED" not in written


def test_the_journal_holds_no_secret_either(proxy: Proxy, recordings: Path, upstream: Upstream) -> None:
    api(upstream)
    drive(proxy, upstream, SECRET, "correct horse battery")
    proxy.process.kill()
    journal = (recordings / "test.journal").read_bytes()
    assert b"/login" in journal
    assert SECRET.encode() not in journal
    assert b"correct horse battery" not in journal


def test_rules_of_ones_own(confdir: Path, recordings: Path, tmp_path: Path, upstream: Upstream) -> None:
    upstream.says("GET /x", body=b'{"plate":"AB-123-CD","token":"abcdefghij"}')
    rules = tmp_path / "redact.yaml"
    rules.write_text("fields: [plate]\n")
    settings = (f"pact_recordings={recordings}", "pact_session=test", f"pact_redact={rules}")
    with running(*settings, confdir=confdir) as proxy, proxy.client() as client:
        client.get(f"{upstream.url}/x")
    written = (recordings / "test.yaml").read_text()
    assert "AB-123-CD" not in written
    assert "abcdefghij" not in written
