import json
from dataclasses import replace
from pathlib import Path

import pytest
from builders import Shelf, exchange, request, response

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.errors import UsageError
from pact_recorder.http import Exchange, Request
from pact_recorder.mock import Expectations, RuledExpectation
from pact_recorder.mock.contracts import expectations_of
from pact_recorder.pact import contract_to_json, read_contract
from pact_recorder.recordings import Configuration, SessionStore
from pact_recorder.server import Active, Exporter, Style, Wanted
from pact_recorder.verification import verify_contract

SHOP = Configuration(providers={"a.example": "Shop", "b.example": "Shop"})


def at(host: str, path: str = "/users/1", answer: bytes = b'{"id":1}') -> Exchange:
    return exchange(replace(request("GET", path), host=host), answer)


def set_expectation(path: str, host: str = "", description: str | None = None) -> RuledExpectation:
    document = {
        "consumer": {"name": "c"},
        "provider": {"name": "p"},
        "interactions": [{"description": description or "set", "request": {"path": path}, "response": {"body": "set"}}],
    }
    (made,) = expectations_of(read_contract(document, "test"), f"{host}{path}{description}")
    made.host, made.description = host, description
    return made


def shelf(*exchanges: Exchange) -> Expectations:
    return Shelf().add(*exchanges)


def ready(
    expectations: Expectations, configuration: Configuration | None = None, style: Style = Style.INFERRED
) -> tuple[Exporter, Active]:
    exporter = Exporter(expectations, configuration)
    return exporter, exporter.active(style, 0.0)


def descriptions(exported: object) -> list[str]:
    return [each.description for each in exported.contract.interactions]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "style"), [("", Style.INFERRED), (" Literal ", Style.LITERAL), ("inferred", Style.INFERRED)]
)
def test_a_style_by_name(text: str, style: Style) -> None:
    assert Style.parse(text) is style


def test_an_unknown_style() -> None:
    with pytest.raises(UsageError, match=r"unknown style 'poetic' \(expected one of inferred, literal\)"):
        Style.parse("poetic")


@pytest.mark.parametrize("style", list(Style))
def test_one_contract_for_each_provider(style: Style) -> None:
    hosts = ("a.example", "b.example", "c.example")
    exporter, active = ready(shelf(*map(at, hosts)), SHOP, style)
    exports = exporter.each(active, Wanted("web", style))
    assert [(each.contract.provider, each.hosts) for each in exports] == [
        ("Shop", ("a.example", "b.example")),
        ("c.example", ("c.example",)),
    ]
    assert {each.contract.consumer for each in exports} == {"web"}
    assert [each.contract.provider for each in exporter.each(active, Wanted("web", style), str.upper)] == [
        "SHOP",
        "C.EXAMPLE",
    ]
    assert len(exporter.each(active, Wanted("web", style), of={"Shop"})) == 1


@pytest.mark.parametrize("style", list(Style))
def test_a_host_narrows_to_what_was_recorded_of_it(style: Style) -> None:
    exporter, active = ready(shelf(at("a.example"), at("b.example", "/rates")), SHOP, style)
    (exported,) = exporter.each(active, Wanted("web", style, host=" B.example "))
    assert (exported.hosts, exported.contract.provider) == (("b.example",), "Shop")
    assert descriptions(exported) == ["GET /rates"]
    with pytest.raises(UsageError, match=r"known hosts: a\.example, b\.example"):
        exporter.each(active, Wanted("web", style, host="d.example"))


def test_all_providers_in_one_contract_are_told_apart() -> None:
    exporter, active = ready(shelf(at("a.example"), at("c.example"), at("c.example", "/rates")))
    exported = exporter.together(active, Wanted("web"), "everything")
    assert sorted(descriptions(exported)) == [
        "GET /rates",
        "GET /users/{user} at a.example",
        "GET /users/{user} at c.example",
    ]
    assert exported.contract.provider == "everything"
    assert exported.hosts == ("a.example", "c.example")


def test_a_configured_name_means_its_hosts() -> None:
    expectations = shelf(at("a.example"), at("c.example", "/rates"))
    expectations.put(set_expectation("/any"))
    expectations.put(set_expectation("/elsewhere", "c.example"))
    exporter, active = ready(expectations, SHOP)
    exported = exporter.together(active, Wanted("web"), "Shop")
    assert [each.request.path for each in exported.contract.interactions] == ["/users/1", "/any"]  # type: ignore[union-attr]


def test_what_was_set_stays_literal_and_comes_last() -> None:
    expectations = shelf(at("a.example"))
    for path, description in (("/users/9", None), ("/users/1", "GET /users/{user}"), ("/users/1", "chosen")):
        expectations.put(set_expectation(path, "a.example", description))
    exporter, active = ready(expectations)
    exported = exporter.together(active, Wanted("web"), "p")
    assert descriptions(exported)[0] == "GET /users/{user}"
    assert len(set(descriptions(exported))) == len(descriptions(exported)) >= 3
    assert "GET /users/{user} #2" in descriptions(exported)
    document, _ = contract_to_json(exported.contract)
    assert "matchingRules" not in document["interactions"][-1]["response"]
    assert verify_contract(read_contract(document, "it"), expectations, 0.0).verified


def test_the_report_and_comments_come_when_they_are_asked_for() -> None:
    exporter, active = ready(shelf(at("a.example")))
    (plain,) = exporter.each(active, Wanted("web", version=4))
    assert plain.report is None
    (told,) = exporter.each(active, Wanted("web", version=4, explain=True), lambda name: "named")
    assert told.report is not None
    assert (told.report.provider, told.report.samples) == ("named", 1)
    document, lost = contract_to_json(told.contract, 4)
    (interaction,) = document["interactions"]
    assert interaction["comments"]["text"] == ["Guessed from a single sample."]
    assert interaction["comments"]["evidence"]["samples"] == 1
    assert not lost
    (older,) = exporter.each(active, Wanted("web", version=3, explain=True))
    assert "comments" not in json.dumps(contract_to_json(older.contract)[0])


def test_hints_of_the_configuration_are_obeyed() -> None:
    exchanges = [at("a.example", f"/colours/{name}", b"{}") for name in ("red", "green")]
    hinted = Configuration(force=("/colours/{colour}",))
    for configuration, paths in ((Configuration(), 2), (hinted, 1)):
        exporter, active = ready(shelf(*exchanges), configuration)
        (exported,) = exporter.each(active, Wanted("web"))
        assert len(exported.contract.interactions) == paths
    assert descriptions(exported) == ["GET /colours/{colour}"]


def test_nothing_is_lost_silently() -> None:
    broken = Request("GET", "/a\udcff", host="a.example")
    exporter, active = ready(shelf(exchange(broken), at("a.example")))
    (exported,) = exporter.each(active, Wanted("web"))
    assert len(exported.contract.interactions) == 1
    assert any("/a" in sentence and "bytes that are not UTF-8" in sentence for sentence in exported.left_out)


def test_there_may_be_nothing() -> None:
    exporter, active = ready(Expectations(lambda reference: reference))
    assert exporter.each(active, Wanted("web")) == []
    assert exporter.together(active, Wanted("web"), "p").contract.interactions == ()


def test_every_answer_counts_for_the_contract() -> None:
    asked = replace(request("GET", "/a"), host="a.example")
    expectations = shelf(
        exchange(asked, b'{"n":1}'), exchange(asked, b'{"n":2,"m":[]}'), exchange(asked, response(b"{}", 500))
    )
    exporter, active = ready(expectations)
    (exported,) = exporter.each(active, Wanted("web"))
    assert descriptions(exported) == ["GET /a", "GET /a (500)"]
    assert exported.left_out == ()


@pytest.mark.parametrize("style", list(Style))
def test_what_turns_out_to_be_a_secret_is_in_no_later_export(tmp_path: Path, style: Style) -> None:
    recorder = Recorder(SessionStore(tmp_path, "session"), Redactor(RedactionRules.default()))
    recorder.open_session()
    exporter = Exporter(recorder.expectations, redactor=recorder.redactor)

    def exported() -> str:
        active = exporter.active(style, 0.0)
        return json.dumps([contract_to_json(each.contract)[0] for each in exporter.each(active, Wanted("web", style))])

    recorder.record(at("a.example", "/links/7", b'{"next":"k3ys-4nd-l0cks-9f2c"}'))
    assert "k3ys-4nd-l0cks-9f2c" in exported()
    recorder.record(at("a.example", "/links/k3ys-4nd-l0cks-9f2c", b'{"next":""}'))
    recorder.record(at("a.example", "/login", b'{"access_token":"k3ys-4nd-l0cks-9f2c"}'))
    assert "k3ys-4nd-l0cks-9f2c" not in exported()
    assert "/links/7" in exported()
    for each in exporter.each(exporter.active(style, 0.0), Wanted("web", style)):
        assert verify_contract(each.contract, recorder.expectations, 0.0, recorder.redacted).verified
    recorder.close()
