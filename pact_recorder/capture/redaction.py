"""Redaction: exchanges whose secrets are replaced by placeholders, the same secret by the same one everywhere.

Secrets are found by their place (headers, cookies, query, forms, JSON, XML), by their shape, and, once found, by
their value wherever else they occur. This happens before a client has its answer, so each message is searched in a
few linear passes, and most passes are skipped after a look at the raw text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TypeVar

from pact_recorder.capture.clean_fields import CleanFields, keep
from pact_recorder.capture.redaction_bodies import BodyRedaction, BodyText
from pact_recorder.capture.redaction_headers import HeaderRedaction
from pact_recorder.capture.redaction_ledger import SecretLedger, searched_runs
from pact_recorder.capture.redaction_rules import RedactionRules
from pact_recorder.capture.redaction_text import TextRedaction
from pact_recorder.capture.secret_shapes import runs_of
from pact_recorder.http import Body, Exchange, Headers, MediaType, Request, Response

_M = TypeVar("_M", Request, Response)

_DIGESTS = ("content-md5", "digest", "content-digest", "repr-digest", "x-goog-hash", "x-ms-content-crc64")
_CHECKSUMS = "x-amz-checksum-"
_NO_RESPONSE = Response(0)


@dataclass(slots=True)
class _Draft:
    """What of a message redaction may change: its target, fields, and body as text (empty when it is binary)."""

    path: str
    query: str | None
    reason: str
    headers: Headers
    trailers: Headers
    media_type: MediaType | None
    body: BodyText | None
    text: str

    @classmethod
    def of(cls, message: Request | Response) -> _Draft:
        media_type = message.media_type
        body = BodyText.of(message.body.content, media_type) if message.body is not None else None
        path, query = (message.path, message.query) if isinstance(message, Request) else ("", None)
        reason = "" if isinstance(message, Request) else message.reason
        text = body.text if body is not None else ""
        return cls(path, query, reason, message.headers, message.trailers, media_type, body, text)

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Headers and trailers."""
        return self.headers.fields + self.trailers.fields

    def onto(self, message: _M) -> _M:
        """The message with the body and the fields of the draft; the same object when they are the same."""
        if self.body is not None and message.body is not None and self.text != self.body.text:
            content = self.body.encoded(self.text)
            self.headers = _fitting_headers(self.headers, message.body, content)
            self.trailers = _fitting_headers(self.trailers, message.body, content)
            message = replace(message, body=replace(message.body, content=content, encoded=None))
        if self.headers is message.headers and self.trailers is message.trailers:
            return message
        return replace(message, headers=self.headers, trailers=self.trailers)


class Redactor:
    """Redacts the exchanges of one session and remembers their secrets.

    It has state and belongs to one thread. `counts` says how often something was replaced, by place and name.
    """

    def __init__(self, rules: RedactionRules, ledger: SecretLedger | None = None) -> None:
        self._rules = rules
        self._enabled = rules.enabled
        self._ledger = ledger or SecretLedger()
        self._text = TextRedaction(rules, self._ledger)
        self._headers = HeaderRedaction(self._text)
        self._bodies = BodyRedaction(self._text, self._headers)
        self._clean = CleanFields()

    @property
    def enabled(self) -> bool:
        """Whether anything is redacted."""
        return self._enabled

    @property
    def counts(self) -> Counter[str]:
        """How many replacements there were by place and name, such as `header Authorization`, `json password`."""
        return self._ledger.counts

    @property
    def knowledge(self) -> int:
        """How many secrets it finds by their value; grows."""
        return self._ledger.knowledge

    def copy(self) -> Redactor:
        """A redactor that knows what this one knows now, for another thread."""
        return Redactor(self._rules, self._ledger.copy())

    def uncounted(self) -> AbstractContextManager[Counter[str]]:
        """Counts of what is replaced inside alone, which are not those of the session: it is in no recording."""
        return self._ledger.counting(in_all=False)

    def placeholder_for(self, secret: str) -> str | None:
        """The placeholder that this session has already given to a secret."""
        return self._ledger.placeholder_for(secret)

    def known_replaced(self, text: str) -> str:
        """A text in which the secrets that this session knows are replaced, as in its recordings."""
        return self._ledger.replace_known(text, runs_of(text), "control request") if self._enabled else text

    def reserve(self, placeholders: Iterable[str]) -> None:
        """Keep placeholders of an earlier part of the session from being given to other secrets."""
        self._ledger.reserve(placeholders)

    def remember(self, hints: Mapping[str, str]) -> None:
        """Give the secrets of an earlier recording the same placeholders again, as far as its hints tell them."""
        self._ledger.remember(hints)

    def hints(self) -> dict[str, str]:
        """For each placeholder a hint at its secret, of twelve bits: too little to find the secret out."""
        return self._ledger.hints()

    def exchange(self, exchange: Exchange) -> Exchange:
        """The exchange with its secrets replaced; the same object when it has none."""
        if not self._enabled:
            return exchange
        request, response = _Draft.of(exchange.request), _Draft.of(exchange.response)
        self._find_by_name(request)
        self._find_by_name(response)
        return self._finished(exchange, request, response)

    def request(self, request: Request) -> Request:
        """A request that has no answer yet, with its secrets replaced; the same object when it has none."""
        return self.exchange(Exchange(request, _NO_RESPONSE)).request

    def scrub(self, exchange: Exchange) -> Exchange:
        """The exchange with every secret that the session knows by now replaced, wherever it occurs."""
        if not self._enabled:
            return exchange
        return self._finished(exchange, _Draft.of(exchange.request), _Draft.of(exchange.response))

    def anchors_since(self, earlier: Redactor | None) -> set[str]:
        """What a secret that was not known to an earlier copy of this redactor has in every spelling of it."""
        return self._ledger.anchors_since(earlier._ledger if earlier is not None else SecretLedger())

    def searched_runs(self, exchange: Exchange) -> set[bytes]:
        """What is looked at in an exchange to find known secrets: their anchors, if long enough, would be among it."""
        texts = _texts(_Draft.of(exchange.request), _Draft.of(exchange.response))
        text = '"'.join(texts)
        return searched_runs(text, runs_of(text))

    def _finished(self, exchange: Exchange, request: _Draft, response: _Draft) -> Exchange:
        if self._may_hold_value(request, response):
            self._find_by_value(request)
            self._find_by_value(response)
        asked, answered = request.onto(exchange.request), response.onto(exchange.response)
        if (request.path, request.query) != (asked.path, asked.query):
            asked = replace(asked, path=request.path, query=request.query)
        if response.reason != answered.reason:
            answered = replace(answered, reason=response.reason)
        if asked is exchange.request and answered is exchange.response:
            return exchange
        return exchange.with_messages(asked, answered)

    def _find_by_name(self, draft: _Draft) -> None:
        draft.headers = self._headers.headers(draft.headers)
        if draft.trailers:
            draft.trailers = self._headers.headers(draft.trailers)
        if draft.path:
            draft.path = self._text.path(draft.path)
        if draft.query:
            draft.query = self._text.pairs(draft.query, "query")
        if draft.reason:
            draft.reason = self._text.urls(draft.reason)
        if draft.text:
            draft.text = self._bodies.body(draft.text, draft.media_type)

    def _may_hold_value(self, request: _Draft, response: _Draft) -> bool:
        """Whether there is a secret to be found by its value: one look at all texts of an exchange together."""
        clean = self._clean.at(self._ledger.knowledge)
        fields = [field for draft in (request, response) for field in draft.fields if field not in clean]
        if self._text.any_holds_value(_texts(request, response, [value for _, value in fields])):
            return True
        keep(clean, fields)
        return False

    def _find_by_value(self, draft: _Draft) -> None:
        by_value = self._text.by_value
        draft.path = by_value(draft.path, "path")
        draft.reason = by_value(draft.reason, "reason")
        if draft.query:
            draft.query = by_value(draft.query, "query")
        draft.headers = self._fields_by_value(draft.headers)
        if draft.trailers:
            draft.trailers = self._fields_by_value(draft.trailers)
        if draft.text:
            draft.text = by_value(draft.text, "body")

    def _fields_by_value(self, fields: Headers) -> Headers:
        changed = fields.mapped(lambda name, value: self._text.by_value(value, f"header {name}"))
        return fields if changed == fields else changed


def _texts(request: _Draft, response: _Draft, values: Iterable[str] | None = None) -> list[str]:
    """All texts of an exchange; `values` are those of the headers and trailers to be looked at."""
    if values is None:
        values = [value for draft in (request, response) for _, value in draft.fields]
    return [request.path, request.query or "", *values, request.text, response.reason, response.text]


def _fitting_headers(headers: Headers, body: Body, content: bytes) -> Headers:
    """Header fields that are right for the new content: length, no digest, no coding that is gone."""
    stale = {name.lower() for name, _ in headers if name.lower().startswith(_CHECKSUMS)}
    stale.update(_DIGESTS)
    if body.encoded is not None:
        stale.add("content-encoding")
    fitting = headers.without(stale)
    if "content-length" in fitting and not body.cut:
        fitting = fitting.with_set("Content-Length", str(len(content)))
    return fitting
