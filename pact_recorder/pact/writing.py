"""Writing contracts as documents of V2, V3 and V4, and saying what a version has no place for.

Members come in a fixed order (who, then what, then rules), headers, parameters, rules and body members in
that of the model, so that the same contract always gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pact_recorder.http import Body, MediaType
from pact_recorder.matching.expected import ExpectedMessage, ExpectedRequest, ExpectedResponse
from pact_recorder.matching.rules import Generators, JsonValue, MatchingRules
from pact_recorder.pact.bodies import write_body, write_v4_body
from pact_recorder.pact.content_types import declared_type, message_type
from pact_recorder.pact.document import entry_place
from pact_recorder.pact.fields import write_headers, write_query, write_state
from pact_recorder.pact.json_text import format_json
from pact_recorder.pact.model import (
    AnyInteraction,
    Contract,
    Interaction,
    MessageInteraction,
    SyncMessageInteraction,
)
from pact_recorder.pact.rules import renamed, write_generators, write_rules

SpecVersion = Literal[2, 3, 4]
SPECIFICATIONS: Mapping[int, str] = {2: "2.0.0", 3: "3.0.0", 4: "4.0"}
"""The versions that can be written, as documents spell them."""

Members = dict[str, JsonValue]

_V4_EXTRAS = ("pluginConfiguration", "interactionMarkup", "comments")
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_TYPES: Mapping[type, str] = {
    Interaction: "Synchronous/HTTP",
    MessageInteraction: "Asynchronous/Messages",
    SyncMessageInteraction: "Synchronous/Messages",
}
# Per version: the kinds that a document may hold, by the member they are under; a document has one member.
_HOLDS: Mapping[int, tuple[tuple[str, tuple[type, ...]], ...]] = {
    2: (("interactions", (Interaction,)),),
    3: (("interactions", (Interaction,)), ("messages", (MessageInteraction,))),
    4: (("interactions", (Interaction, MessageInteraction, SyncMessageInteraction)),),
}

_CONTENT = {"interactions": "HTTP interactions", "messages": "messages"}


def contract_to_json(contract: Contract, version: SpecVersion = 3) -> tuple[Members, list[str]]:
    """The document of a contract in a version, and one sentence for each thing the version has no place for.

    Numbers that Python would print differently are `ExactNumber`: `format_json` writes them as read.
    V2 holds HTTP interactions only, V3 those or messages: what does not fit beside the first is left out.
    """
    member, kinds = _held(contract, version)
    lost: list[str] = []
    entries: list[Members] = []
    for number, interaction in enumerate(contract.interactions, start=1):
        writer = _EntryWriter(interaction, number, version, lost)
        if isinstance(interaction, kinds):
            entries.append(writer.entry())
        else:
            writer.lose(f"the whole interaction, which a version {version} document of {_CONTENT[member]} cannot hold")
    return {
        "consumer": {"name": contract.consumer, **contract.extras.get("consumer", {})},
        "provider": {"name": contract.provider, **contract.extras.get("provider", {})},
        member: entries,
        "metadata": {**contract.metadata, "pactSpecification": {"version": SPECIFICATIONS[version]}},
        **contract.extras.get("", {}),
    }, lost


def format_contract(contract: Contract, version: SpecVersion = 3) -> str:
    """The text of a contract's document: JSON indented by two spaces, with a newline at the end."""
    return format_json(contract_to_json(contract, version)[0], indent=2) + "\n"


def left_out(contract: Contract, version: SpecVersion) -> tuple[AnyInteraction, ...]:
    """The interactions that a document of this version cannot hold (messages, beside or below)."""
    _, kinds = _held(contract, version)
    return tuple(entry for entry in contract.interactions if not isinstance(entry, kinds))


def _held(contract: Contract, version: SpecVersion) -> tuple[str, tuple[type, ...]]:
    """The member of the document that holds interactions, and the kinds it can hold."""
    present = {type(interaction) for interaction in contract.interactions}
    return next((held for held in _HOLDS[version] if present.intersection(held[1])), _HOLDS[version][0])


class _EntryWriter:
    """Writes one interaction in one version; what has no place there goes to `lost`, with where it was."""

    __slots__ = ("_extras", "_interaction", "_lost", "_place", "_version")

    def __init__(self, interaction: AnyInteraction, number: int, version: SpecVersion, lost: list[str]) -> None:
        self._interaction = interaction
        self._extras = interaction.extras
        self._version = version
        self._lost = lost
        self._place = entry_place("interaction", number, {"description": interaction.description})

    def lose(self, what: str) -> None:
        """Say that something has no place in this version."""
        self._lost.append(f"{self._place}: {what}")

    def entry(self) -> Members:
        """The interaction as a member of the document's list."""
        interaction = self._interaction
        head = self._v4_head() if self._version >= 4 else self._old_head()
        head |= self._states()
        if isinstance(interaction, Interaction):
            head["request"] = self._request(interaction.request)
            head["response"] = self._response(interaction.response)
        elif isinstance(interaction, MessageInteraction):
            head |= self._message(interaction.message, "contents", "")
        else:
            head["request"] = self._message(interaction.request, "request.contents", "request")
            head["response"] = [
                self._message(response, f"response.{number}.contents", f"response.{number}")
                for number, response in enumerate(interaction.responses)
            ]
        return head | self._own_extras()

    def _v4_head(self) -> Members:
        interaction = self._interaction
        optional = {"key": interaction.key, "transport": interaction.transport}
        return {
            "type": _TYPES[type(interaction)],
            "description": self._sound(interaction.description),
            "pending": interaction.pending,
            **{name: value for name, value in optional.items() if value is not None},
            **({"comments": dict(interaction.comments)} if interaction.comments else {}),
        }

    def _old_head(self) -> Members:
        interaction = self._interaction
        losses = {
            "its key": interaction.key,
            "that it is pending": interaction.pending,
            "its comments": interaction.comments,
            "its transport": interaction.transport not in (None, "http"),
        }
        for what, present in losses.items():
            if present:
                self.lose(f"{what}, which version {self._version} has no place for")
        return {"description": self._sound(interaction.description)}

    def _own_extras(self) -> Members:
        extras = dict(self._extras.get("", {}))
        for name in _V4_EXTRAS if self._version < 4 else ():
            if name in extras:
                del extras[name]
                self.lose(f"{name}, which version {self._version} has no place for")
        return extras

    def _states(self) -> Members:
        states = self._interaction.provider_states
        if not states:
            return {}
        if self._version >= 3:
            return {"providerStates": [write_state(state) for state in states]}
        if len(states) > 1:
            self.lose("all provider states but the first")
        if states[0].params:
            self.lose("the parameters of its provider state")
        return {"providerState": states[0].name}

    def _request(self, request: ExpectedRequest) -> Members:
        written: Members = {"method": request.method, "path": self._sound(request.path)}
        if request.query_text is not None:
            self.lose("that its query is compared as text (version 1), not by parameters")
        if request.query:
            query = {
                self._sound(name): tuple(value if value is None else self._sound(value) for value in values)
                for name, values in request.query.items()
            }
            written["query"] = write_query(query if self._version >= 3 else request.query, self._version)
        written |= self._headers(request.headers) | self._body(request.body, "request", declared_type(request.headers))
        return written | self._rules(request.rules, request.generators) | dict(self._extras.get("request", {}))

    def _response(self, response: ExpectedResponse) -> Members:
        written: Members = {"status": int(response.status)}
        written |= self._headers(response.headers)
        written |= self._body(response.body, "response", declared_type(response.headers))
        return written | self._rules(response.rules, response.generators) | dict(self._extras.get("response", {}))

    def _headers(self, headers: Mapping[str, tuple[str, ...]]) -> Members:
        if not headers:
            return {}
        sound = {name: tuple(self._sound(value) for value in values) for name, values in headers.items()}
        return {"headers": write_headers(sound, self._version)}

    def _body(self, body: Body | None, part: str, declared: str | None) -> Members:
        if body is None:
            return {}
        place = f"{part}.body"
        if self._version >= 4:
            return {"body": write_v4_body(body, declared) | dict(self._extras.get(place, {}))}
        if body.media_type and body.media_type != declared:
            self.lose(f"the content type {body.media_type} of the {part} body")
        return {"body": self._old_body(body, place, declared)}

    def _old_body(self, body: Body, place: str, declared: str | None) -> JsonValue:
        if place in self._extras:
            self.lose(f"{', '.join(self._extras[place])} of the {place.replace('.', ' ')}")
        written, same = write_body(body, MediaType.parse(declared))
        if not same:
            self.lose(f"the {place.replace('.', ' ')} reads back differently: its content is not what its type says")
        return written

    def _message(self, message: ExpectedMessage, place: str, part: str) -> Members:
        written: Members = {}
        metadata = dict(message.metadata)
        body, declared = message.contents, message_type(metadata)
        if body is not None and self._version >= 4:
            written["contents"] = write_v4_body(body, declared) | dict(self._extras.get(place, {}))
        elif body is not None:
            if body.media_type and declared is None:
                declared = metadata["contentType"] = body.media_type
                self.lose("the content type is in the metadata now, as version 3 has no other place for it")
            elif body.media_type and body.media_type != declared:
                self.lose(f"the content type {body.media_type} of the contents")
            written["contents"] = self._old_body(body, place, declared)
        if metadata:
            written["metadata" if self._version >= 4 else "metaData"] = metadata
        rules = message.rules if self._version >= 4 else renamed(message.rules, "content", "body")
        return written | self._rules(rules, message.generators) | (dict(self._extras.get(part, {})) if part else {})

    def _rules(self, rules: MatchingRules, generators: Generators) -> Members:
        written: Members = {}
        if rules:
            written["matchingRules"], lost = write_rules(rules, self._version)
            for what in lost:
                self.lose(what)
        if generators and self._version >= 3:
            written["generators"] = write_generators(generators)
        elif generators:
            self.lose("its generators, which version 2 has no place for")
        return written

    def _sound(self, text: str) -> str:
        """The text without halves of surrogate pairs (bytes that are not UTF-8), which no tool reads."""
        if text.isascii() or not _HALF_PAIR.search(text):
            return text
        self.lose("bytes that are not UTF-8 became �")
        return _HALF_PAIR.sub("\ufffd", text)
