import json
import time
from typing import Any

import pytest

from pact_recorder.http import Body
from pact_recorder.mock.mockserver.json_path import JsonPathBody, compiled

STORE = {
    "store": {
        "book": [
            {"category": "reference", "title": "Sayings", "price": 8.95},
            {"category": "fiction", "title": "Sword", "price": 12.99, "isbn": "0-553"},
        ],
        "open": None,
    }
}
FOUND = [
    ("$.store.book", True),
    ("$.store.open", True),
    ("$.store.closed", False),
    ("$['store']['book'][0]['title']", True),
    ("$.store.book[2]", False),
    ("$.store.book[-1:]", True),
    ("$.store.book[0,5]", True),
    ("$..isbn", True),
    ("$..issn", False),
    ("$.store.book[?(@.isbn)]", True),
    ("$.store.book[?(@.price < 10)]", True),
    ("$.store.book[?(@.price > 20)]", False),
    ("$.store.book[?(@.price < 10 && @.category == 'reference')]", True),
    ("$.store.book[?(@.price < 10 && @.category == 'fiction')]", False),
    ("$.store.book[?(@.category == 'x' || @.category == 'fiction')]", True),
    ("$.store.book[?(@.category in ['x', 'fiction'])]", True),
    ("$.store.book[?(@.title =~ /sw.*/i)]", True),
    ("$.store.book[?(@.title =~ /sw.*/)]", False),
    ("$.store.book[?search(@.title, 'wor')]", True),
    ("$.store.book[?match(@.title, 'wor')]", False),
    ("$..book[?(@.price <= $.store.book[0].price)]", True),
    ("$.store.*", True),
]


@pytest.mark.parametrize(("path", "found"), FOUND)
def test_a_path_finds_something_or_not(path: str, found: bool) -> None:
    assert (JsonPathBody(path).difference(Body(json.dumps(STORE).encode()), None) is None) is found


@pytest.mark.parametrize("path", ["$[", "$.a.length()", "$[?(@.a =~ /(/)]", "$" + "[?@" * 2_000, "$" * 5_000])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"no JSON path|longer"):
        compiled(path)


NESTED: Any = [[[[1] * 20] * 20] * 20] * 10
HOSTILE = [
    ("$..*..*..*..*..x", NESTED),
    ("$..[?(@..[?(@..x)])]", NESTED),
    ("$..[?count($..*) == 1]", NESTED),
    ("$[?(@ =~ /(a|a)+[bc]/)]", ["a" * 60] * 200),
    ("$[?match(@, '(a|a)+[bc]')]", ["a" * 60] * 200),
]


@pytest.mark.parametrize(("path", "document"), HOSTILE)
def test_a_hostile_path_or_body_finds_nothing_in_time(path: str, document: Any) -> None:
    body = Body(json.dumps(document).encode())
    began = time.process_time()
    assert JsonPathBody(path).difference(body, None) is not None
    assert time.process_time() - began < 8


@pytest.mark.parametrize("path", ["$..*..*..*..*..x", "$..[?(@..[?(@..x)])]", "$..[?count($..*) == 1]"])
def test_what_visits_too_much_says_so(path: str) -> None:
    wrong = JsonPathBody(path).difference(Body(json.dumps(NESTED).encode()), None)
    assert wrong == f"{path} cannot be applied: the path visits too many values"


def test_a_large_body_is_no_hostile_one() -> None:
    document = {"items": [{"id": at, "tags": ["a", "b"]} for at in range(10_000)]}
    assert JsonPathBody("$.items[?(@.id == 9999)]").difference(Body(json.dumps(document).encode()), None) is None
    assert JsonPathBody("$..tags[1]").difference(Body(json.dumps(document).encode()), None) is None


def test_a_deep_body_is_given_up() -> None:
    assert JsonPathBody("$..x").difference(Body(b"[" * 900 + b"]" * 900), None) is not None
    assert JsonPathBody("$..x").difference(Body(b"[" * 100_000), None) is not None
