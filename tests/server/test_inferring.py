from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from builders import Shelf, exchange, request, response

from pact_recorder.capture.recorder import Recorder
from pact_recorder.capture.redaction import Redactor
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.http import Exchange
from pact_recorder.mock import Expectations
from pact_recorder.pact import format_contract
from pact_recorder.recordings import SessionStore
from pact_recorder.server.inferring import Inferring, Recorded
from tests.server.control_client import ControlClient

PACT = "/mockserver/pact"


class Counting(Shelf):
    """A shelf that counts how often each exchange is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: Counter[int] = Counter()
        self.expectations = Expectations(self._load)

    def _load(self, reference: Any) -> Exchange:
        self.loaded[reference] += 1
        return self.exchanges[reference]


def user(number: int, host: str = "api.example") -> Exchange:
    asked = request("GET", f"/users/{number}")
    return exchange(
        type(asked)(**{name: getattr(asked, name) for name in asked.__slots__} | {"host": host}),
        b'{"id":%d,"name":"N%d"}' % (number, number),
    )


def contract(inferring: Inferring, expectations: Expectations, **options: Any) -> dict[str, str]:
    found = inferring.contracts(Recorded.of(expectations), "web", **options)
    return {name: format_contract(each.contract) for name, each in found.items()}


def test_an_export_loads_only_what_is_new() -> None:
    shelf = Counting()
    inferring = Inferring(shelf.expectations.load)
    shelf.add(*map(user, range(1, 31)))
    contract(inferring, shelf.expectations)
    assert shelf.loaded == Counter(range(30))
    shelf.loaded.clear()
    contract(inferring, shelf.expectations)
    assert not shelf.loaded
    shelf.add(*map(user, range(101, 111)))
    later = contract(inferring, shelf.expectations)
    assert shelf.loaded == Counter(range(30, 40))
    assert later == contract(Inferring(shelf.expectations.load), shelf.expectations)


def test_the_journal_of_a_running_recorder_is_read_once(
    control: ControlClient, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[object] = []
    load = SessionStore.load

    def counted(store: SessionStore, reference: Any) -> Exchange:
        loads.append(reference)
        return load(store, reference)

    monkeypatch.setattr(SessionStore, "load", counted)
    counts = []
    for numbers in (range(1, 26), range(0), range(101, 111)):
        for number in numbers:
            recorder.record(user(number))
        loads.clear()
        assert control.put(PACT).status == 200
        counts.append(len(loads))
    assert counts == [25, 0, 10]


def test_it_starts_anew_when_something_was_taken_out() -> None:
    shelf = Counting()
    inferring = Inferring(shelf.expectations.load)
    shelf.add(exchange(request("GET", "/a")), exchange(request("GET", "/b")))
    stale = Recorded.of(shelf.expectations)
    assert '"GET /b"' in contract(inferring, shelf.expectations)["api.example"]
    shelf.expectations.remove([each for each in shelf.expectations.all(0.0) if "/b" in each.expected().path])  # type: ignore[union-attr]
    assert '"GET /b"' not in contract(inferring, shelf.expectations)["api.example"]
    # An export that began before the removal gets what is known now.
    assert '"GET /b"' not in format_contract(inferring.contracts(stale, "web")["api.example"].contract)
    shelf.expectations.clear()
    assert contract(inferring, shelf.expectations) == {}
    shelf.add(exchange(request("GET", "/c")))
    assert '"GET /c"' in contract(inferring, shelf.expectations)["api.example"]


@pytest.mark.parametrize("path", ["/mockserver/reset", "/mockserver/clear"])
def test_what_was_cleared_is_not_exported(control: ControlClient, recorder: Recorder, path: str) -> None:
    recorder.record(exchange(request("GET", "/a")))
    assert len(control.put(PACT).json()["interactions"]) == 1
    assert control.put(path).status == 200
    assert control.put(PACT).json()["interactions"] == []
    recorder.record(exchange(request("GET", "/b")))
    assert [each["request"]["path"] for each in control.put(PACT).json()["interactions"]] == ["/b"]


def test_two_at_once_give_the_same() -> None:
    shelf = Shelf()
    shelf.add(*map(user, range(1, 200)))
    inferring = Inferring(shelf.expectations.load)
    recorded = Recorded.of(shelf.expectations)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: inferring.contracts(recorded, "web")["api.example"].contract, range(8)))
    assert all(each == made[0] for each in made)
    assert made[0] == Inferring(shelf.expectations.load).contracts(recorded, "web")["api.example"].contract


def test_hosts_share_a_provider_and_one_can_be_had_alone() -> None:
    shelf = Shelf()
    shelf.add(user(1), user(2), user(3, "eu.example"), user(4, "other.example"))
    inferring = Inferring(shelf.expectations.load, provider_of=lambda host: {"other.example": host}.get(host, "Users"))
    recorded = Recorded.of(shelf.expectations)

    def samples(**options: Any) -> dict[str, int]:
        found = inferring.contracts(recorded, "web", explain=True, **options)
        return {name: each.report.samples for name, each in found.items()}

    assert samples() == {"Users": 3, "other.example": 1}
    assert samples(host="eu.example") == {"Users": 1}
    assert samples(host="other.example") == {"other.example": 1}


def test_the_same_exchange_of_two_sessions_is_one_sample(tmp_path: Path) -> None:
    exchanges = [user(1), user(2), user(1)]
    expectations = Expectations(lambda reference: exchanges[reference])
    for place, each in enumerate(exchanges):
        expectations.add_recorded(each, place)
    (found,) = Inferring(expectations.load).contracts(Recorded.of(expectations), "web", explain=True).values()
    assert found.report.samples == 2


def test_every_answer_in_turn_is_a_sample() -> None:
    shelf = Shelf()
    asked = request("GET", "/a")
    shelf.add(exchange(asked), exchange(asked, response(b"[]", 404)), exchange(asked))
    (found,) = Inferring(shelf.expectations.load).contracts(Recorded.of(shelf.expectations), "web").values()
    assert [each.description for each in found.contract.interactions] == ["GET /a", "GET /a (404)"]


def test_one_host_of_several_is_read_once() -> None:
    shelf = Counting()
    hosts = [f"{name}.example" for name in "abcdef"]
    inferring = Inferring(shelf.expectations.load, provider_of=lambda _: "Users")
    shelf.add(*(user(number, host) for host in hosts for number in (1, 2, 3)))
    for _ in range(2):
        contract(inferring, shelf.expectations, host="a.example")
        assert shelf.loaded == Counter(range(3))
    shelf.add(user(4, "a.example"))
    later = contract(inferring, shelf.expectations, host="a.example")
    assert shelf.loaded == Counter([0, 1, 2, 18])
    assert later == contract(
        Inferring(shelf.expectations.load, provider_of=lambda _: "Users"), shelf.expectations, host="a.example"
    )
    for host in hosts[1:]:
        contract(inferring, shelf.expectations, host=host)
    shelf.loaded.clear()
    contract(inferring, shelf.expectations, host="f.example")
    assert not shelf.loaded
    contract(inferring, shelf.expectations, host="a.example")
    assert shelf.loaded == Counter([0, 1, 2, 18])


TOKEN = "tok-8f14e45fceea167a"
DASHED = "k3ys-4nd-l0cks-9f2c"
LOGIN = b'{"access_token":"%s"}'


@pytest.mark.parametrize(
    ("before", "secret", "read_again"),
    [
        pytest.param("", TOKEN, False, id="nowhere"),
        pytest.param("tok-8f14e45fceea167b", TOKEN, False, id="another"),
        pytest.param(TOKEN, TOKEN, True, id="in an answer"),
        pytest.param("a%2B8f14e45fceea167a%2Fb", "a+8f14e45fceea167a/b", True, id="in another spelling"),
        pytest.param("", DASHED, True, id="nothing long to look for"),
    ],
)
def test_a_secret_that_stands_nowhere_in_what_was_read_costs_nothing(
    before: str, secret: str, read_again: bool
) -> None:
    redactor = Redactor(RedactionRules.default())
    shelf = Counting()
    inferring = Inferring(shelf.expectations.load)

    def exported() -> str:
        recorded = Recorded.of(shelf.expectations, redactor)
        (found,) = inferring.contracts(recorded, "web", explain=True).values()
        return format_contract(found.contract) + str(found.report.to_json()) + str(found.examples)

    shelf.add(
        *map(
            redactor.exchange,
            [*map(user, range(1, 9)), exchange(request("GET", "/a"), b'{"a":"%s"}' % before.encode())],
        )
    )
    assert before in exported()
    shelf.loaded.clear()
    shelf.add(redactor.exchange(exchange(request("POST", "/login"), LOGIN % secret.encode())))
    assert secret not in exported()
    assert not before or (before in exported()) != read_again
    assert shelf.loaded == Counter(range(10) if read_again else [9])


def test_an_export_that_began_earlier_gets_what_is_known_now() -> None:
    redactor = Redactor(RedactionRules.default())
    shelf = Shelf()
    shelf.add(exchange(request("GET", "/a"), b'{"a":"%s"}' % TOKEN.encode()), user(1, "other.example"))
    inferring = Inferring(shelf.expectations.load, provider_of=lambda _: "Users")
    stale = Recorded.of(shelf.expectations, redactor)
    redactor.exchange(exchange(request("POST", "/login"), LOGIN % TOKEN.encode()))
    inferring.contracts(Recorded.of(shelf.expectations, redactor), "web")
    for host in (None, "api.example"):
        (found,) = inferring.contracts(stale, "web", host=host).values()
        assert TOKEN not in format_contract(found.contract)
        assert "/a" in format_contract(found.contract)
