import json
from pathlib import Path

import pytest
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow, tutils

from pact_recorder.recordings import load_session


def entry(path: str, status: int = 200, text: str = "{}", **headers: str) -> dict:
    named = [{"name": name, "value": value} for name, value in headers.items()]
    return {
        "startedDateTime": "2026-01-02T03:04:05.000Z",
        "time": 12,
        "request": {"method": "GET", "url": f"https://shop.test{path}", "httpVersion": "HTTP/1.1", "headers": named},
        "response": {
            "status": status,
            "statusText": "OK",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"size": len(text), "mimeType": "application/json", "text": text},
        },
        "timings": {"send": 1, "wait": 10, "receive": 1},
    }


def har(path: Path, *entries: dict) -> Path:
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def flows(path: Path, *targets: str) -> Path:
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for target in targets:
            flow = tflow.tflow(req=tutils.treq(host="api.test", port=80, path=target.encode()), resp=True)
            writer.add(flow)
        writer.add(tflow.tflow(err=True))
    return path


def test_files_of_both_kinds_become_one_session(run, tmp_path: Path) -> None:
    har(tmp_path / "recorded.data", entry("/a"), entry("/b", 404), entry("/a"))
    flows(tmp_path / "flows.har", "/c")
    ran = run("import", "recorded.data", "flows.har", "--session", "shop")
    assert (ran.status, ran.err) == (0, "")
    session = load_session(tmp_path / "recordings" / "shop.yaml")
    found = [(each.exchange.request.authority, each.exchange.request.path, each.count) for each in session.entries]
    assert found == [("shop.test", "/a", 2), ("shop.test", "/b", 1), ("api.test", "/c", 1)]
    for line in ("imported 2 files:", "shop.test      2          3", "api.test       1          1",
                 "recorded: 4 exchanges, 1 of them repeats", "session: recordings/shop.yaml"):  # fmt: skip
        assert line in ran.out
    assert "not recorded: 1 (" in ran.out


def test_a_session_is_continued(run, tmp_path: Path) -> None:
    for path in ("/a", "/b", "/a"):
        har(tmp_path / "x.har", entry(path))
        assert run("import", "x.har", "--session", "shop").status == 0
    entries = load_session(tmp_path / "recordings" / "shop.yaml").entries
    assert [(each.exchange.request.path, each.count) for each in entries] == [("/a", 2), ("/b", 1)]


@pytest.mark.parametrize(("options", "kept"), [([], False), (["--redact", "none"], True)])
def test_secrets_are_redacted_unless_told_otherwise(run, tmp_path: Path, options: list[str], kept: bool) -> None:
    har(
        tmp_path / "x.har",
        entry("/a", text='{"password": "hunter-2-hunter"}', Authorization="Bearer s3cr3t-t0ken-12345"),
    )
    ran = run("import", "x.har", "--session", "shop", *options)
    written = (tmp_path / "recordings" / "shop.yaml").read_text()
    assert [secret in written for secret in ("hunter-2-hunter", "s3cr3t-t0ken-12345")] == [kept, kept]
    assert ("secrets redacted: 2" in ran.out) is not kept


def test_bodies_above_the_limit_are_cut(run, tmp_path: Path) -> None:
    with (tmp_path / "x.flows").open("wb") as file:
        flow = tflow.tflow(resp=tutils.tresp(content=b"x" * 3000))
        FlowWriter(file).add(flow)
    assert "cut at pact_max_body: 1" in run("import", "x.flows", "--session", "shop", "--max-body", "2k").out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "x.har: it is empty"),
        (
            "<html>",
            "x.har: it begins like neither of the kinds that are read: give a HAR file or a mitmproxy",
        ),
        ("{", "x.har"),
        ('{"log": {}}', "x.har"),
    ],
)
def test_a_file_that_cannot_be_imported(run, tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "x.har").write_text(content)
    ran = run("import", "x.har", "--session", "shop")
    assert ran.status == 2
    assert ran.err.startswith(f"pact-recorder: {sentence}")
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "recordings").exists()


def test_what_came_before_a_torn_place_is_kept(run, tmp_path: Path) -> None:
    whole = flows(tmp_path / "x.flows", "/a", "/b").read_bytes()
    (tmp_path / "x.flows").write_bytes(whole[: len(whole) * 2 // 5])
    ran = run("import", "x.flows", "--session", "shop")
    assert ran.status == 2
    assert "x.flows, flow 2:" in ran.err
    assert "recorded: 1 exchange" in ran.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing.har", "--session", "shop"], "nothing.har: it cannot be read"),
        (["x.har", "--session", "a/b"], "'a/b' cannot be the name of a session"),
        (["x.har", "--session", "shop", "--redact", "nothing"], "neither default nor none nor a file"),
        (["x.har", "--session", "shop", "--max-body", "lots"], "'lots' is no size"),
        (["x.har"], "--session"),
    ],
)
def test_wrong_arguments(run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    har(tmp_path / "x.har", entry("/a"))
    ran = run("import", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1


def test_a_folder_that_cannot_be_written(run, tmp_path: Path) -> None:
    har(tmp_path / "x.har", entry("/a"))
    (tmp_path / "file").write_text("")
    ran = run("import", "x.har", "--session", "shop", "--recordings", "file/recordings")
    assert ran.status == 2
    assert "file/recordings" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "options", "paths"),
    [
        ("select: '~u /a$'\n", [], ["/a"]),
        ("ignore: '~u /a$'\n", [], ["/b", "/c"]),
        ("select: '~u /a$'\n", ["--filter", "~u /b"], ["/b"]),
        ("ignore: '~u /a$'\n", ["--ignore", "~u /c"], ["/a", "/b"]),
    ],
)
def test_the_configuration_chooses_what_is_imported(
    run, tmp_path: Path, text: str, options: list[str], paths: list[str]
) -> None:
    (tmp_path / "pact-recorder.yaml").write_text(text)
    har(tmp_path / "x.har", entry("/a"), entry("/b"))
    flows(tmp_path / "x.flows", "/c")
    ran = run("import", "x.har", "x.flows", "--session", "shop", *options)
    assert ran.status == 0
    session = load_session(tmp_path / "recordings" / "shop.yaml")
    assert [each.exchange.request.path for each in session.entries] == paths
    assert "not recorded: " in ran.out


@pytest.mark.parametrize(("options", "kept"), [([], True), (["--redact", "default"], False)])
def test_redaction_is_configured_and_the_option_wins(run, tmp_path: Path, options: list[str], kept: bool) -> None:
    (tmp_path / "pact-recorder.yaml").write_text("redact: none\n")
    har(tmp_path / "x.har", entry("/a", Authorization="Bearer s3cr3t-token-of-mine"))
    assert run("import", "x.har", "--session", "shop", *options).status == 0
    assert ("s3cr3t" in (tmp_path / "recordings" / "shop.yaml").read_text()) is kept


def test_a_wrong_filter_in_the_configuration_names_its_line(run, tmp_path: Path) -> None:
    (tmp_path / "pact-recorder.yaml").write_text("redact: none\nignore: '~b'\n")
    har(tmp_path / "x.har", entry("/a"))
    ran = run("import", "x.har", "--session", "shop")
    assert (ran.status, ran.out) == (2, "")
    assert "pact-recorder.yaml, line 2: \"ignore\": '~b' is no mitmproxy filter expression" in ran.err


@pytest.mark.parametrize(("content", "status"), [(None, 0), ('{"log": {"entries": [{"request', 2)])
def test_a_file_without_exchanges_is_said_to_have_none(
    run: object, tmp_path: Path, content: str | None, status: int
) -> None:
    path = har(tmp_path / "none.har")
    if content is not None:
        path.write_text(content)
    ran = run("import", path, "--session", "e1")
    assert ran.status == status
    assert ran.out == "imported nothing from 1 file:\n  no exchange was found, so no session was written\n"
    assert not (tmp_path / "recordings" / "e1.yaml").exists()
