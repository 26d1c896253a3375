"""Headers that the user gives to each request of a verification: read, put in place, and kept out of what is said."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pact_recorder.http import Headers, Request
from pact_recorder.http.heads import is_field_name
from pact_recorder.http.names import PLACEHOLDER, is_secret_header
from pact_recorder.matching import JsonValue
from pact_recorder.mock import example_request
from pact_recorder.pact import AnyInteraction, Interaction

# Framing is made anew for each message.
_REFUSED = frozenset({"content-length", "transfer-encoding", "connection"})
_SHORTEST_SECRET = 4


def header(text: str) -> tuple[str, str]:
    """An argument type: `Name: value`, or `NAME=VALUE` as the reference's verifier takes it.

    The text is not quoted in errors: it may be a password.
    """
    parts = re.split("[:=]", text, maxsplit=1)
    name, value = parts[0].strip(), parts[-1].strip()
    if len(parts) < 2 or not is_field_name(name):
        raise ArgumentTypeError("a header is given as 'Name: value', such as 'Authorization: Bearer …'")
    if name.lower() in _REFUSED:
        raise ArgumentTypeError(f"{name} is made for each request and cannot be given")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise ArgumentTypeError(f"the value of {name} has a character that no header can carry")
    return name, value


@dataclass(frozen=True, slots=True)
class GivenHeaders:
    """The user's headers: each takes the place of all of its name, and of those with one name all are sent."""

    fields: tuple[tuple[str, str], ...]

    def put_in(self, request: Request) -> Request:
        """The request with these headers."""
        kept = request.headers.without(name.lower() for name, _ in self.fields)
        return replace(request, headers=Headers([*kept, *self.fields]))

    def masked(self, value: JsonValue) -> JsonValue:
        """A JSON value without the secrets among the headers, which a provider may echo."""
        if isinstance(value, str):
            for secret in self._secrets():
                value = value.replace(secret, "…")
            return value
        if isinstance(value, dict):
            return {name: self.masked(member) for name, member in value.items()}
        return [self.masked(item) for item in value] if isinstance(value, list) else value

    def _secrets(self) -> list[str]:
        """The values that are secret, and the credentials alone, longest first."""
        values = [value for name, value in self.fields if is_secret_header(name)]
        texts = {
            text for value in values for text in (value, value.rpartition(" ")[2]) if len(text) >= _SHORTEST_SECRET
        }
        return sorted(texts, key=len, reverse=True)


def placeholders_warning(interactions: Iterable[AnyInteraction], given: GivenHeaders) -> str:
    """A sentence about redacted values that a provider would be sent; empty when there are none."""
    requests = [given.put_in(example_request(each.request)) for each in interactions if isinstance(each, Interaction)]
    names = sorted({name.title() for each in requests for name, value in each.headers if PLACEHOLDER.search(value)})
    elsewhere = sum(_has_placeholder(each) for each in requests)
    sentences = []
    if names:
        sentences.append(
            f"requests have placeholders of redacted values in {', '.join(names)}, which a provider is likely to "
            f"refuse: give real ones with --header '{names[0]}: …'"
        )
    if elsewhere:
        sentences.append(
            f"placeholders of redacted values in the path, query or body of {elsewhere:,} "
            f"{'request' if elsewhere == 1 else 'requests'} are sent as they are"
        )
    return "; ".join(sentences)


def _has_placeholder(request: Request) -> bool:
    content = request.body.content if request.body is not None else b""
    return bool(PLACEHOLDER.search(request.target) or PLACEHOLDER.search(content.decode("utf-8", "replace")))
