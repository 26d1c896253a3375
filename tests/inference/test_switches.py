"""What of requests selects the form of their answers; bounded, and the same in whatever parts it was seen."""

from __future__ import annotations

from builders import exchange, json_request, request, response
from hypothesis import given
from hypothesis import strategies as st

from pact_recorder.http import Headers, Request, Response
from pact_recorder.inference.messages import asked, content_of
from pact_recorder.inference.switches import (
    ABSENT,
    ACCEPT,
    BODY,
    FIELD,
    HEADER,
    QUERY,
    AnsweredForm,
    Part,
    Selected,
    Selecting,
    Setting,
    Settings,
    Value,
    setting_of,
)

JSON, STREAM = ("JSON", "application/json", "dict"), ("text", "text/event-stream", "")
LIST = ("JSON", "application/json", "list")
SWITCH, FORMAT, ORDER, VERSION = (BODY, "s"), (QUERY, "format"), (FIELD, "order"), (HEADER, "x-api-version")

PARTS = st.sampled_from([SWITCH, FORMAT, ORDER, ACCEPT, *((QUERY, f"q{number}") for number in range(70))])
VALUES = st.sampled_from([None, True, False, *(f"v{number}" for number in range(20))])
SETTINGS = st.lists(st.dictionaries(PARTS, VALUES, max_size=40).map(lambda found: list(found.items())), max_size=30)


def of(*settings: dict[Part, Value]) -> Settings:
    return Settings.of([list(each.items()) for each in settings])


def chosen(*forms: tuple[AnsweredForm, Settings]) -> set[Part]:
    return set(Selecting.of({form: [settings] for form, settings in forms}).parts)


def set_by(sent: Request, answer: Response | None = None) -> dict[Part, Value]:
    content = content_of(sent)
    question = asked(sent, content)[1]
    found: Setting = setting_of(exchange(sent, answer or response()), question, content.form)
    return dict(found)


@given(SETTINGS, SETTINGS, SETTINGS)
def test_settings_join_in_any_order(one: list[Setting], other: list[Setting], third: list[Setting]) -> None:
    whole = Settings.of([*one, *other, *third])
    parts = [Settings.of(each) for each in (third, one, other)]
    assert Settings.joined(parts) == Settings.joined([parts[1], Settings.joined([parts[2], parts[0]])]) == whole
    assert whole.requests == len(one) + len(other) + len(third)
    assert len(whole.parts) <= 64
    assert all(len(values.some) <= 16 for values in whole.parts.values())


def test_members_may_select_where_some_are_boolean() -> None:
    assert set_by(json_request("POST", "/", {"s": True, "n": 1})) == {(BODY, "s"): True, (BODY, "n"): None}
    assert set_by(json_request("POST", "/", {"n": 1.5})) == set_by(json_request("POST", "/", [True])) == {}


def test_words_of_parameters_and_fields_may_select() -> None:
    assert set_by(request("GET", "/?format=csv&q=a%20b&x=1&x=2&y")) == {
        (QUERY, "format"): "csv", (QUERY, "q"): None, (QUERY, "x"): None, (QUERY, "y"): None,
    }  # fmt: skip
    form = request("POST", "/", b"order=asc&q=", ("Content-Type", "application/x-www-form-urlencoded"))
    assert set_by(form) == {(FIELD, "order"): "asc", (FIELD, "q"): None}


def test_headers_that_may_select_are_accept_versions_and_what_vary_names() -> None:
    fields = [("accept", "a/b, c/d"), ("X-API-Version", "2"), ("X-Sdk-Version", "9"), ("X-Tenant", "t")]
    sent = request("GET", "/", None, *fields, ("Authorization", "Bearer x"), ("Cookie", "a=b"))
    always = {ACCEPT: "a/b, c/d", VERSION: "2"}
    assert set_by(sent) == always
    assert set_by(request("GET", "/", None, ("accept", "a/b"), ("Accept", "c/d"))) == {ACCEPT: None}
    varied = Response(200, "", Headers([("Vary", "Origin, x-TENANT, Authorization, Accept-Encoding")]))
    assert set_by(sent, varied) == always | {(HEADER, "x-tenant"): "t"}


def test_a_member_selects_when_no_value_of_it_got_two_forms() -> None:
    on, off, absent, number = {SWITCH: True}, {SWITCH: False}, {}, {SWITCH: None}
    assert chosen((STREAM, of(on)), (JSON, of(off, absent))) == {SWITCH}
    assert chosen((STREAM, of(on)), (JSON, of(off, on))) == set()
    assert chosen((STREAM, of(on)), (JSON, of(off, number))) == set()
    assert chosen((STREAM, of(on, off))) == set()


def test_a_member_selects_the_type_and_not_what_stands_in_the_body() -> None:
    assert chosen((LIST, of({SWITCH: True})), (JSON, of({SWITCH: False}))) == set()
    assert chosen((LIST, of({SWITCH: True})), (JSON, of({SWITCH: True})), (STREAM, of({SWITCH: False}))) == {SWITCH}


def test_accept_selects_when_it_was_always_sent_and_no_value_got_two_forms() -> None:
    json, stream = {ACCEPT: "application/json"}, {ACCEPT: "text/event-stream"}
    assert chosen((STREAM, of(stream)), (JSON, of(json))) == {ACCEPT}
    assert chosen((STREAM, of(stream)), (JSON, of(json, {}))) == set()
    assert chosen((STREAM, of(stream, json)), (JSON, of(json))) == set()


def test_a_version_selects_also_by_its_absence() -> None:
    assert chosen((LIST, of({VERSION: "2"})), (JSON, of({VERSION: "1"}, {}))) == {VERSION}
    assert chosen((LIST, of({VERSION: "2"}, {})), (JSON, of({}))) == set()


def test_words_that_are_no_names_of_formats_need_two_samples_each() -> None:
    tenant = HEADER, "x-tenant"
    for part in (ORDER, tenant, (QUERY, "kind")):
        once = (LIST, of({part: "a"})), (JSON, of({part: "b"}))
        twice = (LIST, of({part: "a"}, {part: "a"})), (JSON, of({part: "b"}, {part: "b"}))
        assert (chosen(*once), chosen(*twice)) == (set(), {part})
    assert chosen((LIST, of({FORMAT: "a"})), (JSON, of({FORMAT: "b"}))) == {FORMAT}
    assert chosen((LIST, of({FORMAT: "a"})), (JSON, of({FORMAT: "b"}, {}))) == set()


def test_what_stays_as_it_is_is_known_of_all_requests_of_an_interaction() -> None:
    selecting = Selecting(frozenset({SWITCH, ACCEPT, FORMAT, VERSION}))
    same = {SWITCH: True, ACCEPT: "a/b", FORMAT: "csv", VERSION: "1"}
    other = {SWITCH: False, ACCEPT: "c/d", FORMAT: "json"}
    assert selecting.of_all(of(same)) == Selected({part: (value,) for part, value in sorted(same.items())})
    assert selecting.of_all(of(same, other)) == Selected({FORMAT: ("csv", "json")})
    assert selecting.of_all(of(same)).of(QUERY) == {"format": ("csv",)}
    assert selecting.of_all(of({FORMAT: "csv"}, {})) == selecting.of_all(Settings()) == Selected()


def test_too_many_values_or_parts_select_nothing() -> None:
    many = of(*({FORMAT: f"v{number}"} for number in range(17)))
    assert many.all_of(FORMAT) == frozenset()
    assert chosen((STREAM, many), (JSON, of({FORMAT: "json"}))) == set()
    wide = of({(QUERY, f"q{number}"): "v" for number in range(65)} | {FORMAT: "csv"})
    assert (wide.overflown, wide.all_of(FORMAT)) == (True, frozenset())
    assert of({}).all_of(FORMAT) == {ABSENT}
    assert chosen((STREAM, wide), (JSON, of({FORMAT: "json"}))) == set()
