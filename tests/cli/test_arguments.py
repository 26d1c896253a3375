from argparse import ArgumentTypeError

import pytest

from pact_recorder.cli.arguments import Address, Parser, choice, service_url, suggestion


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", Address("127.0.0.1", 8080)),
        ("localhost:1", Address("localhost", 1)),
        (":9000", Address("127.0.0.1", 9000)),
        ("9000", Address("127.0.0.1", 9000)),
        ("[::1]:8080", Address("::1", 8080)),
        ("0.0.0.0:0", Address("0.0.0.0", 0)),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize("text", ["", "host", "host:", "host:http", "host:65536", "::1:8080", "host:-1", "host:²"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="give HOST:PORT"):
        Address.parse(text)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert Address(host, 1).is_loopback is loopback


@pytest.mark.parametrize("text", ["http://localhost:3000", "https://api.example.com", "http://[::1]:80"])
def test_services(text: str) -> None:
    assert service_url(text) == text
    assert service_url(text + "/") == text


@pytest.mark.parametrize(
    "text",
    [
        "localhost:3000",
        "ftp://x",
        "http://",
        "http://x/path",
        "http://x?q",
        "http://u@x",
        "http://x:99999",
        "http://[x",
    ],
)
def test_what_is_no_service(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="give http://HOST:PORT"):
        service_url(text)


def test_a_choice_suggests_the_nearest_value() -> None:
    check = choice(["repeat-last", "cycle", "miss"])
    assert check("cycle") == "cycle"
    with pytest.raises(ArgumentTypeError, match=r"there is no 'cycel'; did you mean cycle\?"):
        check("cycel")


@pytest.mark.parametrize(
    ("wanted", "text"),
    [("exprot", "; did you mean export?"), ("zzz", "; choose one of export, verify")],
)
def test_suggestions(wanted: str, text: str) -> None:
    assert suggestion(wanted, ["export", "verify"]) == text
    assert suggestion(wanted, []) == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--sesion", "x"], "there is no option --sesion; did you mean --session?"),
        (["--zz=1"], "there is no option --zz"),
        (["--json", "extra"], "'extra' is one argument too many"),
        (["--session"], "argument --session: expected one argument"),
        (["--sess", "x"], "there is no option --sess"),
    ],
)
def test_mistakes_get_one_sentence(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser("tool", "A tool.", "")
    parser.add_argument("--session")
    parser.add_argument("--json", action="store_true")
    with pytest.raises(SystemExit) as ended:
        parser.parse(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"tool: {sentence}")
    assert said.err.endswith("(see tool --help)\n")
    assert said.err.count("\n") == 1
