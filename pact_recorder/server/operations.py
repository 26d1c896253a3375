"""The literal contract of active expectations."""

from __future__ import annotations

from collections.abc import Iterable
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
            raise unknown_host(host, known)
    export = literal_contract(chosen, consumer, provider)
    interactions, sentences = representable(export.contract.interactions, version)
    return Export(replace(export.contract, interactions=interactions), (*export.left_out, *sentences))


def unknown_host(host: str, known: Iterable[str]) -> UsageError:
    """The error about a host that no active expectation belongs to."""
    hosts = ", ".join(sorted(filter(None, known))) or "none"
    return UsageError(f"no active expectation belongs to the host {host.strip()!r} (known hosts: {hosts})")
