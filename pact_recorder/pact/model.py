"""A contract in memory: the newest specification's model, whatever version the document had.

Older documents are upgraded when they are read (query as a map, header values as tuples, rules by category),
so that one form travels through the core. What the model has no place for stays as raw JSON in `extras`, by
place (`""` is the object itself, `request`, `response.body`, `response.0.contents`), and goes back there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.matching.rules import JsonValue

Extras: TypeAlias = Mapping[str, Mapping[str, JsonValue]]
"""Members without a place in the model: place in the object, then name, then the value as read."""


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A state that the provider must be in before the interaction, with its parameters."""

    name: str
    params: Mapping[str, JsonValue] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request and its response (V4 `Synchronous/HTTP`).

    `key`, `pending`, `comments` and `transport` exist from V4 on.
    """

    description: str
    request: ExpectedRequest
    response: ExpectedResponse
    provider_states: tuple[ProviderState, ...] = ()
    key: str | None = None
    pending: bool = False
    comments: Mapping[str, JsonValue] = field(default_factory=_nothing)
    transport: str | None = None
    extras: Extras = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class MessageInteraction:
    """A message without an answer (V3 `messages`, V4 `Asynchronous/Messages`)."""

    description: str
    message: ExpectedMessage
    provider_states: tuple[ProviderState, ...] = ()
    key: str | None = None
    pending: bool = False
    comments: Mapping[str, JsonValue] = field(default_factory=_nothing)
    transport: str | None = None
    extras: Extras = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class SyncMessageInteraction:
    """A message with its answers (V4 `Synchronous/Messages`)."""

    description: str
    request: ExpectedMessage
    responses: tuple[ExpectedMessage, ...] = ()
    provider_states: tuple[ProviderState, ...] = ()
    key: str | None = None
    pending: bool = False
    comments: Mapping[str, JsonValue] = field(default_factory=_nothing)
    transport: str | None = None
    extras: Extras = field(default_factory=_nothing)


AnyInteraction: TypeAlias = Interaction | MessageInteraction | SyncMessageInteraction


@dataclass(frozen=True, slots=True)
class Contract:
    """What a consumer expects of a provider.

    `metadata` is the document's, without the specification version; `specification` is that version as the
    document spelled it (None when it named none, or the contract was not read from one) and takes no part in
    equality.
    """

    consumer: str
    provider: str
    interactions: tuple[AnyInteraction, ...] = ()
    metadata: Mapping[str, JsonValue] = field(default_factory=_nothing)
    extras: Extras = field(default_factory=_nothing)
    specification: str | None = field(default=None, compare=False)
