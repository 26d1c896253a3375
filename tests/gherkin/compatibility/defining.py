"""A consumer's test that defines interactions, has its code process the messages, and writes the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from compatibility.generating import surroundings
from compatibility.suite import written_version
from pact_recorder.matching import (
    ExpectedMessage,
    ExpectedRequest,
    ExpectedResponse,
    GeneratorContext,
    GeneratorMode,
    generate_message,
)
from pact_recorder.pact import (
    AnyInteraction,
    Contract,
    Interaction,
    MessageInteraction,
    SyncMessageInteraction,
    write_contract,
)

# How the steps call the kinds of interaction.
_NEW: dict[str, Callable[[str], AnyInteraction]] = {
    "HTTP": lambda name: Interaction(name, ExpectedRequest(), ExpectedResponse()),
    "message": lambda name: MessageInteraction(name, ExpectedMessage()),
    "synchronous message": lambda name: SyncMessageInteraction(name, ExpectedMessage()),
}


class ProcessingError(Exception):
    """The consumer's code could not process a message."""


@dataclass
class Definition:
    """What the test defined, what its code received, and the contract that was written of it."""

    version: int
    folder: Path
    interactions: list[AnyInteraction] = field(default_factory=list)
    received: AnyInteraction | None = None
    error: str | None = None
    file: Path | None = None

    def begin(self, kind: str) -> None:
        """Begin another interaction, of a kind as the steps call it."""
        self.interactions.append(_NEW[kind](f"{kind} interaction {len(self.interactions) + 1}"))

    @property
    def current(self) -> AnyInteraction:
        """The interaction that is being defined."""
        return self.interactions[-1]

    def change(self, **changes: Any) -> None:
        """Change members of the current interaction."""
        self.interactions[-1] = replace(self.current, **changes)

    def change_message(self, part: str | None, change: Callable[[ExpectedMessage], ExpectedMessage]) -> None:
        """Change the current message, the request of a synchronous one, or give it one more response."""
        current = self.current
        if isinstance(current, MessageInteraction):
            self.change(message=change(current.message))
            return
        assert isinstance(current, SyncMessageInteraction)
        if part == "response":
            self.change(responses=(*current.responses, change(ExpectedMessage())))
        else:
            self.change(request=change(current.request))

    def process(self, consumer: Callable[[AnyInteraction], None]) -> None:
        """Give the message, its values generated, to the consumer's code; write the contract when that is fine."""
        self.received = _generated(self.current, surroundings(GeneratorMode.CONSUMER))
        try:
            consumer(self.received)
        except ProcessingError as error:
            self.error = str(error)
        else:
            self.write()

    def write(self) -> None:
        """Write the contract in the version of the feature."""
        contract = Contract("consumer", "provider", tuple(self.interactions))
        self.file = write_contract(contract, self.folder, version=written_version(self.version))

    def received_message(self, part: str | None) -> ExpectedMessage:
        """The message that the consumer's code got: its own, or a part of a synchronous one (the response)."""
        return _message(self.received, part or "response")

    def written(self) -> list[dict[str, Any]]:
        """The interactions of the written document; V3 keeps messages under a name of their own."""
        assert self.file is not None
        document = json.loads(self.file.read_text())
        (member,) = {"interactions", "messages"} & set(document)
        entries: list[dict[str, Any]] = document[member]
        return entries


def _generated(interaction: AnyInteraction, context: GeneratorContext) -> AnyInteraction:
    if isinstance(interaction, MessageInteraction):
        return replace(interaction, message=generate_message(interaction.message, context))
    assert isinstance(interaction, SyncMessageInteraction)
    return replace(
        interaction,
        request=generate_message(interaction.request, context),
        responses=tuple(generate_message(each, context) for each in interaction.responses),
    )


def _message(interaction: AnyInteraction | None, part: str) -> ExpectedMessage:
    if isinstance(interaction, MessageInteraction):
        return interaction.message
    assert isinstance(interaction, SyncMessageInteraction)
    return interaction.request if part == "request" else interaction.responses[0]
