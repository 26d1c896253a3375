"""Labelled mutants of an answer: every kind of change that it has a place for, one of each.

The same exchange, siblings and seed give the same mutants. Work is bounded: a large body gets fewer kinds of change,
chosen by the seed, and a very large one only those that need not read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pact_recorder.errors import LimitError
from pact_recorder.http import Exchange
from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import JsonError, parse_json
from pact_recorder.pact.json_text import check_depth
from pact_recorder.verification.mutant import Mutant
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_document import Document
from pact_recorder.verification.mutants_json import JsonKind, json_mutations, written
from pact_recorder.verification.mutants_json_breaking import BREAKING_KINDS
from pact_recorder.verification.mutants_json_harmless import HARMLESS_KINDS
from pact_recorder.verification.mutants_messages import MESSAGE_KINDS, TEXT_KINDS, Answer, cut_short, respelled_json
from pact_recorder.verification.mutants_profile import Profile
from pact_recorder.verification.mutants_xml import xml_mutants

JSON_KINDS: tuple[JsonKind, ...] = BREAKING_KINDS + HARMLESS_KINDS
_LARGEST = 4_000_000
"""Bytes of a body that is still read."""
_WRITTEN = 4_000_000
"""Bytes of changed JSON that are written for one answer, about."""
_FEWEST_KINDS = 2
_DEEPEST = 200


def mutants_of(exchange: Exchange, profile: Profile, chance: Chance) -> Iterator[Mutant]:
    """Mutants of the answer of an exchange; `profile` has its siblings, itself among them."""
    answer = Answer(exchange, profile, chance)
    for kind in (*MESSAGE_KINDS, *_body_kinds(answer)):
        # Two header lines in another order may be in the order they were in.
        yield from (mutant for mutant in kind(answer) if mutant.response != exchange.response)


def document_of(exchange: Exchange) -> JsonValue | None:
    """The JSON object or array that the answer's body is, None when it is none, or too large or deep to be changed."""
    body = exchange.response.body
    if body is None or body.cut or not body.content or len(body.content) > _LARGEST:
        return None
    media_type = exchange.response.media_type
    if media_type is not None and not media_type.is_json and media_type.essence not in _MAYBE_JSON:
        return None
    try:
        value = parse_json(body.content)
        check_depth(value, _DEEPEST)
    except (JsonError, LimitError):
        return None
    return value if isinstance(value, (dict, list)) else None


_MAYBE_JSON = ("text/plain", "text/javascript")


def _body_kinds(answer: Answer) -> Sequence[Callable[[Answer], Iterator[Mutant]]]:
    document = document_of(answer.exchange)
    if document is not None:
        return (
            lambda each: _json_mutants(each, document),
            lambda each: cut_short(each, "json_truncated"),
            respelled_json,
        )
    if len(answer.content) > _LARGEST or answer.media_type is None:
        return ()
    if answer.media_type.is_xml:
        return (xml_mutants, lambda each: cut_short(each, "xml_truncated"))
    return TEXT_KINDS


def _json_mutants(answer: Answer, root: JsonValue) -> Iterator[Mutant]:
    request = answer.exchange.request
    said = request.body.content.decode("utf-8", "replace") if request.body is not None else ""
    document = Document(root, answer.profile, f"{request.target}\n{said[:_LARGEST]}")
    affordable = max(_FEWEST_KINDS, _WRITTEN // max(1, len(answer.content)))
    kinds = answer.chance.of("kinds").shuffled(JSON_KINDS)[:affordable]
    for kind, label, severity, change in json_mutations(document, kinds, answer.chance):
        yield Mutant(kind, label, severity, change.path, change.note, answer.with_body(written(change.value)))
