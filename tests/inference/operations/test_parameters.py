import pytest

from tests.inference.operations.traffic import Sample, gets, names_of, operations_of

LOGINS = [Sample(f"GET /users/{name}", {"login": name}) for name in ("ann", "bob")]


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        (["/users/7", "/users/8"], r"/users/\d+"),
        (["/users/7", "/users/-8"], r"/users/-?\d+"),
        (["/users/7", "/users/5e679be5d53dfa748f41d775"], "/users/[^/]+"),
        (["/users/-7"], r"/users/-?\d+"),
        (["/users/-7", "/users/x%20y"], "/users/[^/]+"),
        (["/users/7", "/users/%37"], "/users/[^/]+"),
        (["/users/7", "/users/x@y.z"], "/users/[^/]+"),
    ],
)
def test_a_pattern_is_typed_where_the_form_is_certain(paths: list[str], pattern: str) -> None:
    assert {operation.path_pattern for operation in operations_of(gets(*paths))} == {pattern}


def test_constants_beside_are_excluded() -> None:
    found, _, constant = operations_of([*LOGINS, *gets("/users/me")])
    assert constant.path_template == "/users/me"
    assert found.matches("GET", "/users/mel")
    assert not found.matches("GET", "/users/me")


def test_constants_that_the_pattern_would_not_take_are_not_excluded() -> None:
    found, _ = operations_of(gets("/users/7", "/users/me"))
    assert found.path_pattern == r"/users/\d+"


def test_extensions_are_kept_apart() -> None:
    samples = gets("/items/5.json", "/items/6.json", "/items/5", "/items/x1y2z3.xml")
    assert names_of(samples) == ["GET /items/{item}.json"] * 2 + ["GET /items/{item}", "GET /items/{item}.xml"]
    assert operations_of(samples)[0].parameters("/items/7.json") == {"item": "7"}


def test_a_word_with_an_extension_goes_with_the_others_of_it() -> None:
    item = {"id": 5, "price": 1, "label": "x"}
    samples = [Sample("GET /items/5.json", item), Sample("GET /items/shoe.json", item)]
    assert names_of(samples) == ["GET /items/{item}.json"] * 2


def test_keys_in_parentheses_are_parameters() -> None:
    samples = gets("/odata/Users('ann')", "/odata/Users('bob')/Name", "/odata/Users", "/odata/Orders(5)")
    assert names_of(samples) == [
        "GET /odata/Users('{User}')",
        "GET /odata/Users('{User}')/Name",
        "GET /odata/Users",
        "GET /odata/Orders({Order})",
    ]


def test_custom_verbs_and_matrix_parameters_stay() -> None:
    assert names_of(gets("/jobs/7:cancel", "/cars;color=red/5")) == ["GET /jobs/{job}:cancel", "GET /cars;{car}/{id}"]


def test_a_version_is_none_beside_other_numbers() -> None:
    assert names_of(gets("/1/cards", "/2/cards")) == ["GET /1/cards", "GET /2/cards"]
    assert names_of(gets("/1/cards", "/4711/cards")) == ["GET /{id}/cards"] * 2


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ([f"/api/2024-{month:02d}-01/a" for month in range(1, 5)], None),
        ([f"/admin/api/2024-{month:02d}/a.json" for month in range(1, 5)], None),
        (["/api/2024-01-01-preview/a", "/api/2024-01-01/a"], None),
        (["/2024-01-01/a", "/2024-06-01/a"], None),
        (["/v1/2024-01-01", "/v1/2024-06-01"], "/v1/{date}"),
        (["/api/2024-01-01", "/api/2024-06-01"], "/api/{date}"),
        (["/days/2024-01-01/a", "/days/2024-06-01/a"], "/days/{day}/a"),
    ],
)
def test_a_date_that_leads_from_an_api_to_its_resources_is_a_version(paths: list[str], names: str | None) -> None:
    assert names_of(gets(*paths)) == [f"GET {names or path}" for path in paths]


def test_a_range_is_one_parameter() -> None:
    assert names_of(gets("/compare/main...topic")) == ["GET /compare/{basehead}"]


def test_a_trailing_slash_is_another_operation() -> None:
    assert names_of(gets("/users/7", "/users/7/")) == ["GET /users/{user}", "GET /users/{user}/"]


def test_names_are_unique_in_a_template() -> None:
    assert names_of(gets("/users/7/users/8/9")) == ["GET /users/{user}/users/{user_2}/{user_3}"]


def test_very_many_constants_do_not_make_a_pattern_that_engines_refuse() -> None:
    constants = gets(*(f"/users/{'x' * 30}{chr(97 + number % 26)}{chr(97 + number // 26)}s/7" for number in range(200)))
    found = operations_of([*LOGINS, *constants])[0]
    assert found.matches("GET", "/users/cy")
    assert found.path_pattern is not None
    assert len(found.path_pattern) < 1_000
