"""Requests of the log as MockServer writes them: as JSON, as text for people, and as entries for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from uuid import UUID

from pact_recorder.capture.traffic_history import Seen
from pact_recorder.capture.traffic_log import Kind
from pact_recorder.matching import JsonValue
from pact_recorder.mock.mockserver.pretty import format_pretty
from pact_recorder.mock.mockserver.traffic import write_seen_request, write_seen_response

SEPARATOR = f"\n{'-' * 36}\n"
_TYPES = {
    Kind.ANSWERED: "EXPECTATION_RESPONSE",
    Kind.UNMATCHED: "NO_MATCH_RESPONSE",
    Kind.FORWARDED: "FORWARDED_REQUEST",
}
_SENTENCES = {
    Kind.ANSWERED: "returning response:{response}for request:{request}",
    Kind.UNMATCHED: "no expectation for:{request}returning response:{response}",
    Kind.FORWARDED: "returning response:{response}for forwarded request:{request}",
}
_FAILED = "no response for forwarded request:{request}"


def pair(seen: Seen) -> dict[str, JsonValue]:
    """A request with its answer, and when it was."""
    document: dict[str, JsonValue] = {"timestamp": timestamp(seen.at), "httpRequest": write_seen_request(seen.request)}
    if seen.response is not None:
        document["httpResponse"] = write_seen_response(seen.response)
    return document


def entry(seen: Seen) -> dict[str, JsonValue]:
    """An entry of the log for programs."""
    about = {"logLevel": "INFO", "type": _TYPES[seen.kind], "correlationId": correlation(seen)}
    return {**pair(seen), **about}


def text(log: Iterable[Seen]) -> str:
    """The log as text: entries divided by a line of dashes, and a line break at the end."""
    return SEPARATOR.join(_lines(log)) + "\n"


def correlation(seen: Seen) -> str:
    """An identifier of the request, by which its entry is found."""
    about = f"{seen.at!r} {seen.request.method} {seen.request.target}"
    return str(UUID(bytes=blake2b(about.encode("utf-8", "surrogatepass"), digest_size=16).digest(), version=4))


def timestamp(at: float) -> str:
    """A moment in seconds since the epoch as the log shows it, in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(" ", "milliseconds").removesuffix("+00:00")


def _lines(log: Iterable[Seen]) -> Iterator[str]:
    for seen in log:
        sentence = _FAILED if seen.response is None else _SENTENCES[seen.kind]
        request = _indented(write_seen_request(seen.request))
        response = "" if seen.response is None else _indented(write_seen_response(seen.response))
        yield f"{timestamp(seen.at)} - {sentence.format(request=request, response=response).rstrip()}"


def _indented(document: JsonValue) -> str:
    lines = "\n".join(f"  {line}" for line in format_pretty(document).split("\n"))
    return f"\n\n{lines}\n\n"
