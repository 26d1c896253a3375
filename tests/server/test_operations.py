from dataclasses import replace

import pytest
from builders import Shelf, exchange, request

from pact_recorder.errors import UsageError
from pact_recorder.mock import Expectation
from pact_recorder.pact import Interaction
from pact_recorder.server import export_contract


def expectations() -> list[Expectation]:
    shelf = Shelf()
    asked = request("GET", "/a")
    others = [replace(asked, host="b.example"), replace(asked, path="/b"), replace(asked, host="b.example", port=8080)]
    return shelf.add(*map(exchange, [asked, *others])).all(0.0)


def targets(interactions: object) -> list[str]:
    assert isinstance(interactions, tuple)
    return [each.request.path for each in interactions if isinstance(each, Interaction)]


@pytest.mark.parametrize(
    ("host", "paths"),
    [
        (None, ["/a", "/a", "/b", "/a"]),
        ("api.example", ["/a", "/b"]),
        (" B.EXAMPLE ", ["/a"]),
        ("b.example:8080", ["/a"]),
    ],
)
def test_a_host_narrows(host: str | None, paths: list[str]) -> None:
    export = export_contract(expectations(), "consumer", "provider", host)
    assert targets(export.contract.interactions) == paths
    assert (export.contract.consumer, export.contract.provider) == ("consumer", "provider")


def test_an_unknown_host_gets_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"api\.example, b\.example, b\.example:8080"):
        export_contract(expectations(), "consumer", "provider", "c.example")
