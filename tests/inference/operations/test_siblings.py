import pytest

from pact_recorder.inference.operations.siblings import numbered
from tests.inference.operations.traffic import Sample, gets, names_of, operations_of

PERSON = {"id": 1, "email": "e", "born": "b", "name": "n"}
MISSING = {"message": "not found"}


def test_words_beside_identifiers_that_are_answered_alike_are_identifiers() -> None:
    samples = [Sample("GET /people/7", PERSON), Sample("GET /people/ann", PERSON)]
    assert names_of(samples) == ["GET /people/{person}"] * 2


def test_words_beside_identifiers_that_are_answered_otherwise_are_constants() -> None:
    samples = [Sample("GET /people/7", PERSON), Sample("GET /people/tall", {"items": [], "next": 0})]
    assert names_of(samples) == ["GET /people/{person}", "GET /people/tall"]


@pytest.mark.parametrize("word", ["me", "search", "new", "count", "starred"])
def test_words_with_a_meaning_stay_constants(word: str) -> None:
    samples = [Sample("GET /people/7", PERSON), Sample(f"GET /people/{word}", PERSON)]
    assert names_of(samples)[1] == f"GET /people/{word}"


def test_what_was_not_found_beside_identifiers_was_one() -> None:
    samples = [Sample("GET /people/7", PERSON), Sample("GET /people/nobody", MISSING, 404)]
    assert names_of(samples) == ["GET /people/{person}"] * 2


def test_what_was_not_found_where_nothing_else_is_asked_stays() -> None:
    samples = [Sample("GET /people/7", PERSON), Sample("POST /people/nobody", MISSING, 404)]
    assert names_of(samples)[1] == "POST /people/nobody"


def test_what_was_deleted_beside_identifiers_was_one() -> None:
    samples = [Sample("DELETE /people/7", status=204), Sample("DELETE /people/ann", status=204)]
    assert names_of(samples) == ["DELETE /people/{person}"] * 2


def test_a_request_without_an_answer_says_nothing() -> None:
    from pact_recorder.inference.operations import MISSING as NO_BODY
    from pact_recorder.inference.operations import OperationIndex

    index = OperationIndex()
    places = [index.place(sample.request, NO_BODY) for sample in gets("/people/7", "/people/tall")]
    assert [index.operations()[place].name for place in places] == ["GET /people/{person}", "GET /people/tall"]


def test_words_with_the_same_things_below_as_a_proven_one_are_identifiers() -> None:
    samples = [
        Sample("GET /zones/ann", {"id": "ann"}),
        Sample("GET /zones/ann/records"),
        Sample("GET /zones/bob/records"),
    ]
    assert names_of(samples)[1:] == ["GET /zones/{zone}/records"] * 2


def test_many_that_give_the_same_kind_of_thing_are_identifiers_without_other_evidence() -> None:
    samples = [Sample(f"GET /people/{name}", {**PERSON, "name": "?"}) for name in ("ann", "bob", "cy")]
    assert names_of(samples) == ["GET /people/{person}"] * 3
    assert operations_of(samples)[0].segments[1].why == "3 siblings with answers alike"


@pytest.mark.parametrize(
    "words",
    [("ann", "bob"), ("owners", "members", "guests"), ("ann", "owners", "guests")],
    ids=["too few", "plurals", "plurals but one"],
)
def test_fewer_or_collections_are_not(words: tuple[str, ...]) -> None:
    samples = [Sample(f"GET /people/{word}", PERSON) for word in words]
    assert names_of(samples) == [f"GET /people/{word}" for word in words]


def test_sub_resources_with_the_same_envelope_are_structure() -> None:
    page = {"data": [], "meta": {}}
    samples = [Sample(f"GET /api/v2/{word}", page) for word in ("roles", "teams", "users", "monitor", "slo", "usage")]
    assert len(set(names_of(samples))) == 6


def test_kinds_of_things_with_things_below_are_structure() -> None:
    samples = [
        Sample(f"GET /databases/{kind}/instances/{number}", PERSON) for kind in ("mysql", "redis") for number in (5, 6)
    ]
    assert sorted(set(names_of(samples))) == [
        "GET /databases/mysql/instances/{instance}",
        "GET /databases/redis/instances/{instance}",
    ]


@pytest.mark.parametrize(
    ("texts", "after_plural", "around"),
    [
        (["disk1", "disk2"], True, {("", "")}),
        (["disk1", "disk2"], False, set()),
        (["disk1", "disk2", "disk3"], False, {("disk", "")}),
        (["secret", "secret2"], True, {("", "")}),
        (["show-15-2.html", "show-17-1.html", "show-3-1.html"], False, {("show-", ".html")}),
        (["v1", "v2", "v3"], True, set()),
        (["1", "2", "3"], True, set()),
        (["a1", "b2", "c3"], True, set()),
        (["a", "a1", "a2"], False, {("", "")}),
    ],
)
def test_words_that_differ_in_numbers(texts: list[str], after_plural: bool, around: set[tuple[str, str]]) -> None:
    found = numbered(texts, after_plural)
    assert {(verdict.before, verdict.after) for verdict in found.values()} == around
    assert set(found) == (set(texts) if around else set())


CITIES = [
    "london",
    "paris",
    "berlin",
    "rome",
    "oslo",
    "bern",
    "madrid",
    "lisbon",
    "vienna",
    "prague",
    "dublin",
    "athens",
]
WEATHER = {"temp": 1.5, "wind": 3, "humidity": 4, "sky": "x"}
LIST = {"data": [], "page": 1, "total": 7}


@pytest.mark.parametrize("below", ["", "/weather", "/weather/today"])
def test_very_many_below_a_plural_need_no_identifier_to_be_values(below: str) -> None:
    samples = [Sample(f"GET /cities/{city}{below}", WEATHER) for city in CITIES]
    others = gets("/other/7", "/health")
    assert names_of([*samples, *others])[:12] == [f"GET /cities/{{city}}{below}"] * 12
    assert names_of(samples[:7]) == [sample.line for sample in samples[:7]]


@pytest.mark.parametrize(
    ("parent", "answer"),
    [
        ("/weather", WEATHER),
        ("/v1", WEATHER),
        ("/cities", {"temp": 1.5, "wind": 3}),
        ("/cities", {}),
    ],
)
def test_others_stay_constants(parent: str, answer: dict[str, float]) -> None:
    samples = [Sample(f"GET {parent}/{city}", answer) for city in CITIES]
    assert names_of(samples) == [sample.line for sample in samples]


def test_what_all_answers_have_tells_nothing_of_siblings() -> None:
    lists = [Sample(f"GET /{city}/all", LIST) for city in CITIES]
    samples = [Sample(f"GET /reports/{city}", LIST) for city in CITIES]
    assert names_of([*lists, *samples])[12:] == [sample.line for sample in samples]


def test_words_that_lead_to_other_things_stay_constants() -> None:
    samples = [sample for city in CITIES for sample in gets(f"/shops/{city}/7", f"/shops/{city}/8")]
    assert names_of(samples)[0] == "GET /shops/london/{london}"
