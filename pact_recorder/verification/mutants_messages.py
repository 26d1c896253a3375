"""Changes of an answer as a whole: its status, its headers, and its body as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pact_recorder.http import Body, EncodedBody, Exchange, Headers, MediaType, Response
from pact_recorder.http.content_coding import encode_content
from pact_recorder.http.json_layout import readable
from pact_recorder.http.names import PLACEHOLDER
from pact_recorder.verification.mutant import AMBIGUOUS, BREAKING, NON_BREAKING, STRONG, WEAK, Mutant
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_forms import other_text
from pact_recorder.verification.mutants_profile import Profile

_SAME_CLASS: Mapping[int, int] = {200: 202, 201: 200, 202: 200, 204: 200, 302: 301, 404: 410}
_REDIRECTS = (301, 302, 303, 307, 308)
_VOLATILE = frozenset(
    {
        "date", "etag", "last-modified", "expires", "age", "x-request-id", "x-github-request-id", "x-runtime", "server",
        "via", "cf-ray", "x-ratelimit-remaining", "x-ratelimit-reset",
    }
)  # fmt: skip
_ERROR_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
_SHORT_BODY, _WORTH_CODING = 30, 60


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be changed, with what is known of its siblings."""

    exchange: Exchange
    profile: Profile
    chance: Chance

    @property
    def response(self) -> Response:
        """The answer itself."""
        return self.exchange.response

    @property
    def content(self) -> bytes:
        """Its body, decoded; empty when it has none."""
        return self.response.body.content if self.response.body is not None else b""

    @property
    def media_type(self) -> MediaType | None:
        """What its body is declared as."""
        return self.response.media_type

    def with_body(self, content: bytes) -> Response:
        """The answer with another body, as it comes out of its content coding."""
        headers = self.response.headers
        if "content-length" in headers and "content-encoding" not in headers:
            headers = headers.with_set("Content-Length", str(len(content)))
        return replace(self.response, headers=headers, body=Body(content))

    def with_header(self, name: str, value: str) -> Response:
        """The answer with another value of a header."""
        return replace(self.response, headers=self.response.headers.with_set(name, value))

    def without_header(self, name: str) -> Response:
        """The answer without a header."""
        return replace(self.response, headers=self.response.headers.without([name]))


def _of_status(answer: Answer) -> Iterator[Mutant]:
    status = answer.response.status
    kinds = (
        ("status_class_to_5xx", STRONG, 500),
        ("status_class_to_4xx", STRONG, 404 if status < 400 else 200),
        ("status_same_class", WEAK, _SAME_CLASS.get(status, status)),
    )
    for kind, severity, other in kinds:
        if other != status and not answer.profile.statuses[other]:
            changed = replace(answer.response, status=other, reason="")
            yield Mutant(kind, BREAKING, severity, "status", f"{status} became {other}", changed)


def _of_reason(answer: Answer) -> Iterator[Mutant]:
    other = "Fine" if answer.response.reason != "Fine" else "Okay"
    changed = replace(answer.response, reason=other)
    yield Mutant("reason_phrase", NON_BREAKING, STRONG, "status", "another reason phrase", changed)


def _of_content_type(answer: Answer) -> Iterator[Mutant]:
    declared = answer.response.headers.get("content-type")
    if not declared or not answer.content:
        return
    path = "header.content-type"
    other = "application/json" if "html" in declared else "text/html; charset=utf-8"
    changed = answer.with_header("Content-Type", other)
    yield Mutant("content_type_changed", BREAKING, STRONG, path, f"{declared} became {other}", changed)
    changed = answer.without_header("content-type")
    yield Mutant("content_type_removed", AMBIGUOUS, WEAK, path, "is absent", changed)
    if "json" in declared:
        essence = declared.partition(";")[0].strip()
        spelled = f"{essence};charset=UTF-8" if declared != f"{essence};charset=UTF-8" else f"{essence}; charset=utf-8"
        changed = answer.with_header("Content-Type", spelled)
        yield Mutant("content_type_charset", NON_BREAKING, STRONG, path, f"{declared} became {spelled}", changed)


def _of_location(answer: Answer) -> Iterator[Mutant]:
    location, status = answer.response.headers.get("location"), answer.response.status
    if not location or status not in (201, *_REDIRECTS):
        return
    severity = WEAK if status == 201 else STRONG
    changed = answer.without_header("location")
    yield Mutant("location_removed", BREAKING, severity, "header.location", "is absent", changed)
    if location.startswith("http") and not PLACEHOLDER.search(location):
        changed = answer.with_header("Location", other_text(location, answer.chance.of("location")))
        yield Mutant("location_other_value", NON_BREAKING, WEAK, "header.location", "another URL", changed)


def _of_link(answer: Answer) -> Iterator[Mutant]:
    if "link" in answer.response.headers:
        changed = answer.without_header("link")
        yield Mutant("link_header_removed", AMBIGUOUS, WEAK, "header.link", "is absent, as on a last page", changed)


def _of_header_spelling(answer: Answer) -> Iterator[Mutant]:
    fields = answer.response.headers.fields
    if len(fields) < 2:
        return
    cookies = [field for field in fields if field[0].lower() == "set-cookie"]
    # Lines of one name are one list, whose order counts.
    names = answer.chance.of("header order").shuffled(sorted({name.lower() for name, _ in fields} - {"set-cookie"}))
    shuffled = [field for name in names for field in fields if field[0].lower() == name]
    respelled = [(name.title() if name == name.lower() else name.lower(), value) for name, value in fields]
    for kind, note, changed in (
        ("header_order", "in another order", [*shuffled, *cookies]),
        ("header_case", "names in another case", respelled),
        ("header_added", "X-Extra-Info is new", [*fields, ("X-Extra-Info", "abc")]),
    ):
        response = replace(answer.response, headers=Headers(changed))
        yield Mutant(kind, NON_BREAKING, STRONG, "headers", note, response)


def _of_volatile_headers(answer: Answer) -> Iterator[Mutant]:
    chance = answer.chance.of("volatile")

    def other(name: str, value: str) -> str:
        free = name.lower() in _VOLATILE and value and not PLACEHOLDER.search(value)
        return other_text(value, chance.of(name)) if free else value

    headers = answer.response.headers.mapped(other)
    if headers != answer.response.headers:
        changed = replace(answer.response, headers=headers)
        yield Mutant("header_volatile_value", NON_BREAKING, STRONG, "headers", "another Date, ETag, …", changed)


def _of_whole_body(answer: Answer) -> Iterator[Mutant]:
    if not answer.content:
        return
    emptied, page = answer.with_body(b""), answer.with_body(_ERROR_PAGE)
    yield Mutant("body_emptied", BREAKING, STRONG, "$", "no body", emptied)
    note = "an HTML page under the same status and content type"
    yield Mutant("body_html_error_page", BREAKING, STRONG, "$", note, page)


def _of_coding(answer: Answer) -> Iterator[Mutant]:
    accepted = (answer.exchange.request.headers.get("accept-encoding") or "").lower()
    coded = "content-encoding" in answer.response.headers
    if coded or "gzip" not in accepted or len(answer.content) <= _WORTH_CODING:
        return
    body = Body(answer.content, EncodedBody("gzip", encode_content(answer.content, "gzip")))
    changed = replace(answer.with_header("Content-Encoding", "gzip"), body=body)
    yield Mutant("gzip_encoded", NON_BREAKING, STRONG, "header.content-encoding", "the same body, gzip", changed)


def _of_text(answer: Answer) -> Iterator[Mutant]:
    if answer.content and answer.media_type is not None and answer.media_type.essence in _TEXTS:
        changed = answer.with_body(answer.content + b"\nupdated\n")
        yield Mutant("text_other_value", NON_BREAKING, WEAK, "$", "some words more", changed)


_TEXTS = ("text/plain", "text/html", "text/css")

MESSAGE_KINDS: tuple[Callable[[Answer], Iterator[Mutant]], ...] = (
    _of_status,
    _of_reason,
    _of_content_type,
    _of_location,
    _of_link,
    _of_header_spelling,
    _of_volatile_headers,
    _of_whole_body,
    _of_coding,
)
"""What can be done to any answer."""

TEXT_KINDS: tuple[Callable[[Answer], Iterator[Mutant]], ...] = (_of_text,)
"""What can be done to a text that is neither JSON nor XML."""


def cut_short(answer: Answer, kind: str) -> Iterator[Mutant]:
    """The body less its last third, which is well formed no more."""
    if len(answer.content) > _SHORT_BODY:
        changed = answer.with_body(answer.content[: len(answer.content) * 2 // 3])
        yield Mutant(kind, BREAKING, STRONG, "$", "the last third is missing", changed)


def respelled_json(answer: Answer) -> Iterator[Mutant]:
    """The same JSON with other white space, and with escapes for all but ASCII."""
    try:
        text = answer.content.decode()
    except UnicodeDecodeError:
        return
    pretty = readable(text)
    if pretty is not None:
        changed = answer.with_body(pretty[0].encode())
        yield Mutant("whitespace", NON_BREAKING, STRONG, "$", "indented", changed)
    if not text.isascii():
        # Only strings can hold anything but ASCII, so that every place is one where an escape may stand.
        changed = answer.with_body("".join(map(_escaped, text)).encode())
        yield Mutant("unicode_escapes", NON_BREAKING, STRONG, "$", r"all but ASCII as \uXXXX", changed)


def _escaped(letter: str) -> str:
    return letter if letter.isascii() else json.dumps(letter)[1:-1]
