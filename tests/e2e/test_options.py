"""The addon's options and commands: wrong values are named, right ones work."""

import json
from pathlib import Path

import pytest
from proxy import Proxy, running
from upstream import Upstream

from pact_recorder.recordings import load_session

WRONG = [
    ("pact_mode=replay", "choose capture, spy or mock"),
    ("pact_filter=~q ~z (", "no mitmproxy filter expression"),
    ("pact_ignore=~~", "no mitmproxy filter expression"),
    ("pact_redact=/no/such/file.yaml", "neither default nor none nor a file"),
    ("pact_unmatched=42", "no HTTP status"),
    ("pact_sequence=sometimes", "repeat-last"),
    ("pact_max_body=huge", "is no size"),
    ("pact_session=../escape", "cannot be the name of a session"),
    ("pact_load=absent-session", "absent-session"),
]


@pytest.mark.parametrize(("option", "said"), WRONG, ids=[option.partition("=")[0] for option, _ in WRONG])
def test_a_wrong_value_is_an_error_that_names_the_valid_ones(
    option: str, said: str, confdir: Path, recordings: Path
) -> None:
    proxy = Proxy(f"pact_recordings={recordings}", option, confdir=confdir)
    assert proxy.process.wait(60) == 1
    output = proxy.stop()
    assert said in output
    assert "Traceback" not in output


def test_mock_of_a_session_that_is_not_there_names_the_nearest(confdir: Path, recordings: Path) -> None:
    recordings.mkdir()
    (recordings / "checkout.yaml").write_text("")
    proxy = Proxy(f"pact_recordings={recordings}", "pact_session=chekout", "pact_mode=mock", confdir=confdir)
    assert proxy.process.wait(60) == 1
    assert "did you mean checkout" in proxy.stop()


CALLER = '''
import json
from mitmproxy import command, ctx, http
from pact_recorder.addon import RecorderAddon

class Caller:
    """Runs the commands that a person would type, when a request asks for them."""

    def request(self, flow: http.HTTPFlow) -> None:
        if flow.request.host == "run.command":
            words = json.loads(flow.request.content)
            try:
                result, status = ctx.master.commands.call_strings(words[0], words[1:]), 200
            except Exception as error:
                result, status = str(error), 500
            flow.response = http.Response.make(status, json.dumps(result))

addons = [RecorderAddon(), Caller()]
'''


def test_commands(confdir: Path, recordings: Path, tmp_path: Path, upstream: Upstream) -> None:
    upstream.says("GET /users", body=b'[{"id":1}]')
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER)
    contracts = tmp_path / "contracts"
    settings = (
        f"pact_recordings={recordings}",
        "pact_session=test",
        "pact_consumer=web",
        "pact_provider=users",
    )
    with running(*settings, confdir=confdir, script=caller) as proxy, proxy.client() as client:

        def run(*words: str) -> str:
            answer = client.post("http://run.command/", content=json.dumps(words))
            assert answer.status_code == 200, answer.text
            return str(answer.json())

        client.get(f"{upstream.url}/users")
        assert run("pact.mode") == "capture"
        written = run("pact.export", str(contracts))
        assert written == str(contracts / "web-users.json")
        assert json.loads(Path(written).read_text())["interactions"][0]["description"] == "GET /users"
        assert run("pact.verify", written) == "1 of 1 interactions verified"
        assert run("pact.save") == str(recordings / "test.yaml")
        assert (recordings / "test.yaml").exists()
        assert run("pact.mode", "mock") == "mock"
        assert client.get(f"{upstream.url}/users").json() == [{"id": 1}]
        run("pact.clear")
        assert client.get(f"{upstream.url}/users").json()["reason"] == "nothing-active"
        wrong = client.post("http://run.command/", content=json.dumps(["pact.mode", "nonsense"]))
        assert "choose capture, spy or mock" in wrong.text
        absent = client.post("http://run.command/", content=json.dumps(["pact.verify", str(tmp_path / "absent.json")]))
        assert absent.status_code == 500
        assert "absent.json" in absent.text


def test_another_session_while_it_runs(confdir: Path, recordings: Path, tmp_path: Path, upstream: Upstream) -> None:
    upstream.says("GET /a", body=b'"a"')
    upstream.says("GET /b", body=b'"b"')
    caller = tmp_path / "caller.py"
    caller.write_text(CALLER)
    settings = (f"pact_recordings={recordings}", "pact_session=first")
    with running(*settings, confdir=confdir, script=caller) as proxy, proxy.client() as client:
        client.get(f"{upstream.url}/a")
        client.post("http://run.command/", content=json.dumps(["set", "pact_session", "second"]))
        assert (recordings / "first.yaml").exists()
        client.get(f"{upstream.url}/b")
        wrong = client.post("http://run.command/", content=json.dumps(["set", "pact_session", "../third"]))
        assert "cannot be the name of a session" in wrong.text
        assert client.get(f"{upstream.url}/b").json() == "b"
        output = proxy.stop()
    assert "recorded: 1 exchange" in output
    assert [
        load_session(recordings / f"{name}.yaml").entries[0].exchange.request.path for name in ("first", "second")
    ] == ["/a", "/b"]
    assert [load_session(recordings / f"{name}.yaml").entries[0].count for name in ("first", "second")] == [1, 2]


@pytest.mark.parametrize("option", ["pact_unmatched=abc", "pact_mode=mock,pact_mode=spy"])
def test_what_mitmproxy_itself_refuses_ends_the_start(option: str, confdir: Path, recordings: Path) -> None:
    """Without the addon mitmproxy would forward everything."""
    proxy = Proxy(f"pact_recordings={recordings}", *option.split(","), confdir=confdir)
    assert proxy.process.wait(60) == 1
    assert option.partition("=")[0] in proxy.stop()
