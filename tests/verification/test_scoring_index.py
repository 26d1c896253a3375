import pytest
from builders import request
from hypothesis import given
from hypothesis import strategies as st
from promising import asks, contract, interaction, rule, says

from pact_recorder.http import Request
from pact_recorder.matching import ExpectedMessage, ExpectedRequest, MatchingRules, match_request
from pact_recorder.pact import MessageInteraction
from pact_recorder.verification import Promise, PromiseIndex
from pact_recorder.verification.scoring_index import _known_folders

PATTERNS = [
    r"^/users/[^/]+$",
    r"/users/\d+",
    r"^/users/(?!me$)[^/]+$",
    r"/users|/repos/a",
    r"/(?:users|repos)/[a|b]",
    r"/repos/\w+/issues/\d+",
    r"/a\.b/c\-d/.*",
    r"/users/?",
    r"/users/*x",
    r"/users/{2}",
    r".*",
    r"(?i)/USERS/.*",
    r"/[(]|/users/me",
    r"[",
]
PATHS = ["/", "/users", "/users/", "/users/me", "/users/7", "/USERS/x", "/repos/a", "/repos/b/issues/3", "/a.b/c-d/e",
         "/aXb/c-d/e", "/(", "/users//", "", "/users/x", "/usersx"]  # fmt: skip


def index(*requests: ExpectedRequest) -> PromiseIndex:
    return PromiseIndex(contract(*(interaction(f"i{number}", each, says({})) for number, each in enumerate(requests))))


def numbers(promises: tuple[Promise, ...]) -> list[int]:
    return [each.number for each in promises]


@given(
    st.lists(
        st.sampled_from([*(asks("/example", pattern) for pattern in PATTERNS), *(asks(path) for path in PATHS)]),
        max_size=8,
    ),
    st.sampled_from(PATHS),
)
def test_the_index_finds_what_a_look_at_each_would(expected: list[ExpectedRequest], path: str) -> None:
    asked = Request("GET", path)
    assert numbers(index(*expected).covering(asked)) == [
        number for number, each in enumerate(expected) if not match_request(each, asked)
    ]


@pytest.mark.parametrize(
    ("pattern", "folders"),
    [
        (r"^/users/[^/]+$", "/users/"),
        (r"/users/\d+", "/users/"),
        (r"/repos/\w+/issues/\d+", "/repos/"),
        (r"/v1\.2/a", "/v1.2/"),
        (r"/(?:users|repos)/[a|b]", "/"),
        (r"/users|/repos", ""),
        (r"/users/?", "/"),
        (r"/users/", "/users/"),
        (r".*", ""),
        (r"(?i)/users/x", ""),
        (r"/[(]|/users/me", ""),
        (r"\A/users/x", ""),
    ],
)
def test_what_a_pattern_says_of_the_beginning(pattern: str, folders: str) -> None:
    assert _known_folders(pattern) == folders


def test_method_query_and_body_count() -> None:
    found = index(
        asks("/a"),
        asks("/a", method="POST"),
        asks("/a", query={"page": ("2",)}),
        ExpectedRequest("get", "/a"),
        ExpectedRequest("PUT", "/a", rules=MatchingRules({"method": {"$": rule("regex", regex="GET|PUT")}})),
        ExpectedRequest("GET", "/b", rules=MatchingRules({"path": {"$": rule("type")}})),
    )
    assert numbers(found.covering(request("GET", "/a"))) == [0, 3, 4, 5]
    assert numbers(found.covering(request("GET", "/a?page=2"))) == [2]
    assert numbers(found.placed(request("GET", "/a"))) == [0, 2, 3, 4, 5]
    assert numbers(found.covering(request("POST", "/a"))) == [1]


def test_redacted_values_may_be_the_expected_ones() -> None:
    found = index(asks("/a", headers={"Authorization": ("Bearer abc",)}), asks("/a", headers={"X-Page": ("2",)}))
    fields = ("Authorization", "Bearer REDACTED-authorization-1")
    assert numbers(found.covering(request("GET", "/a", None, fields, ("X-Page", "3")))) == [0]
    assert numbers(found.covering(request("GET", "/a", None, ("Authorization", "Basic REDACTED-a-1")))) == []


@pytest.mark.parametrize(
    ("description", "operation"),
    [
        ("GET /users/{id}", "GET /users/{id}"),
        ("GET /users/{id} (404)", "GET /users/{id}"),
        ("GET /users/{id} (200, without name) #2", "GET /users/{id}"),
        ("a user (who is there)", "a user (who is there)"),
    ],
)
def test_variants_of_an_operation_are_counted_together(description: str, operation: str) -> None:
    assert Promise(interaction(description, asks("/"), says({})), 0).operation == operation


def test_messages_are_no_part_of_it() -> None:
    assert PromiseIndex(contract(MessageInteraction("m", ExpectedMessage()))).promises == ()


def test_what_is_remembered_stays_bounded() -> None:
    found = index(asks("/example", "/items/.*"))
    for number in range(25_000):
        assert len(found.placed(Request("GET", f"/items/{number}"))) == 1
    assert len(found._found) <= 20_000
