import pytest
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.inference.operations.forms import DEEPEST, FORM_OF, affixes, marked, skeleton

FORMS = {
    "integer": ["0", "7", "123456789012345678901234567890"],
    "negative": ["-7"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
    "ulid": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    "hex": ["5e679be5d53dfa748f41d775", "deadbeef1", "71516564edc3f5b4535bcc027bd4894beb8ec5b1", "ABCDEF12"],
    "date": ["2026-11-20", "2026-11", "20261120T140000Z"],
    "decimal": ["192.0.2.1", "1.2.3", "10.1371"],
    "prefixed": ["cus_HwGDNK3PKM6Ryk", "thread_1HjgF1qM3kuRK2aviYYaLlxF"],
    "email": ["bob@example.com", "bob%40example.com"],
    "host": ["example.com", "_acme-challenge.full.example.org", "example.com."],
    "range": ["v1.0...v2.0", "main..next"],
    "text": ["The%20Big%20Bang", "a%2Fb", "caf%C3%A9", "(issn)1442-9993"],
    "placeholder": ["<ID>", "%3CID%3E", "{id}", "GITHUB_TEST_REPOSITORY"],
    "redacted": ["REDACTED-access_token-1"],
    "mixed": ["yr5m0jky5hsh", "16xb01r", "29d-cad-9rf", "0026011-250827131500795", "private:1607"],
}
WORDS = [
    *("users", "search", "me", "v1", "v2.0", "v4beta", "oauth2", "md5", "sha-256", "ipv4", "os-floating-ips", "s3"),
    *("Microsoft.Compute", "networkSecurityGroups", "virtual_machines", "us-east-1", "zone1", "base64", "x86_64"),
    *("graphql", "Record.List", "Domain.Info", "disk2", "a", "", ".", "..", "octokit.rb", "catalog-2"),
]


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in FORMS.items() for text in texts])
def test_identifiers_show_their_form(form: str, text: str) -> None:
    assert marked(text) == f"{{{form}}}"


@pytest.mark.parametrize("text", WORDS)
def test_words_stay_words(text: str) -> None:
    assert marked(text) == text


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("5.json", "{integer}.json"),
        ("123e4567-e89b-12d3-a456-426614174000.PDF", "{uuid}.PDF"),
        ("about.json", "about.json"),
        ("Users(5)", "Users({integer})"),
        ("Users('bob')", "Users('{any}')"),
        ("Users(a=1,b=2)", "Users({any})"),
        ("getAll()", "{text}"),
        ("7:cancel", "{integer}:cancel"),
        ("messages:send", "messages:send"),
        ("cars;color=red", "cars;{opaque}"),
        ("7;v=1", "{opaque}"),
        ("cars;", "{opaque}"),
        ("Users('')", "{text}"),
        ("%31%32", "{mixed}"),
        ("a" * 65, "{opaque}"),
        ("a" * 100_000, "{opaque}"),
        ("a" * 100_000 + ".json", "{opaque}.json"),
    ],
)
def test_constant_text_stays_around_an_identifier(text: str, mark: str) -> None:
    assert marked(text) == mark


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("", [""]),
        ("/", [""]),
        ("*", ["*"]),
        ("//", ["", ""]),
        ("/a//b/", ["a", "", "b", ""]),
        ("/../a", ["..", "a"]),
        ("/1/cards/5", ["1", "cards", "{integer}"]),
        ("/api/2/users/3", ["api", "2", "users", "{integer}"]),
        ("/2013-04-01/hostedzone", ["2013-04-01", "hostedzone"]),
        ("/reports/2013-04-01", ["reports", "{date}"]),
        ("/CMD_API_LOGIN", ["CMD_API_LOGIN"]),
        ("/123/x", ["{integer}", "x"]),
        ("/%zz/%", ["{text}", "{text}"]),
    ],
)
def test_what_leads_to_the_resources_is_no_identifier(path: str, marks: list[str]) -> None:
    assert skeleton(path)[1] == marks


def test_of_a_deep_path_the_rest_is_one() -> None:
    parts, marks = skeleton("/" + "/".join("x" * 10_000))
    assert len(parts) == len(marks) == DEEPEST + 1
    assert marks[-1] == "{rest}"


@given(st.text(max_size=80))
def test_a_brace_is_only_in_markers(text: str) -> None:
    found = marked(text.replace("/", ""))
    if "{" in found:
        before, _, rest = found.partition("{")
        marker, _, after = rest.partition("}")
        assert "{" + marker + "}" in FORM_OF or marker == "any"
        assert "{" not in before + after


@given(st.text(max_size=40))
def test_affixes_leave_nothing_out(text: str) -> None:
    assert "".join(affixes(text)) == text
