"""What the control API, the addon's commands and the command line do with active expectations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from pact_recorder.errors import UsageError
from pact_recorder.mock import Expectation, Export, literal_contract
from pact_recorder.pact import SpecVersion
from pact_recorder.server.representable import representable


def export_contract(
    expectations: Iterable[Expectation],
    consumer: str,
    provider: str,
    host: str | None = None,
    version: SpecVersion = 3,
) -> Export:
    """The literal contract of the expectations, in their order, as far as a document of the version can say it.

    `host` narrows to those of one provider, by its authority (`api.example.com`, `localhost:8080`); expectations that
    answer for any host are then left aside. Raises UsageError when no expectation belongs to it.
    """
    chosen = list(expectations)
    if host is not None:
        known = {each.host for each in chosen}
        chosen = [each for each in chosen if each.host == host.strip().lower()]
        if not chosen:
            hosts = ", ".join(sorted(filter(None, known))) or "none"
            raise UsageError(f"no active expectation belongs to the host {host.strip()!r} (known hosts: {hosts})")
    export = literal_contract(chosen, consumer, provider)
    interactions, sentences = representable(export.contract.interactions, version)
    return Export(replace(export.contract, interactions=interactions), (*export.left_out, *sentences))


def contracts_by_host(
    expectations: Iterable[Expectation], consumer: str, provider_of: Callable[[str], str], version: SpecVersion = 3
) -> dict[str, Export]:
    """One literal contract for each host that expectations belong to, in order of first appearance.

    `provider_of` names the provider of a host; the host of expectations that answer for any is empty.
    """
    by_host: dict[str, list[Expectation]] = {}
    for expectation in expectations:
        by_host.setdefault(expectation.host, []).append(expectation)
    return {host: export_contract(each, consumer, provider_of(host), version=version) for host, each in by_host.items()}
