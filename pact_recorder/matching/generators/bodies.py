"""Generators in bodies: JSON by its nodes, XML by its attributes and texts, forms by their fields; others stay.

Of generators that name the same node the one with the greater rank comes last, and so decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pact_recorder.http import Body, MediaType, format_query, parse_query
from pact_recorder.matching.generators.context import GeneratorContext
from pact_recorder.matching.generators.table import applies, generated
from pact_recorder.matching.generators.xml_rewriting import rewrite_xml
from pact_recorder.matching.json_values import JsonError, parse_json, plain_text, written_json
from pact_recorder.matching.paths import (
    AnyIndex,
    AnyName,
    Index,
    Name,
    PathExpression,
    PathExpressionError,
    Token,
    token_weight,
)
from pact_recorder.matching.rules import Generator, JsonValue, RuleList
from pact_recorder.matching.xml_values import XmlError

MOST_GENERATORS: Final = 1_000
"""Generators of one body; each of them may have to be looked for in the whole of it."""


@dataclass(frozen=True, slots=True)
class PlacedGenerator:
    """A generator with the parsed path expression of its place."""

    path: PathExpression
    generator: Generator

    def value(self, example: JsonValue, context: GeneratorContext) -> JsonValue:
        """The generated value, or the example."""
        return generated(self.generator, example, context, self.path.text)


Placed = Sequence[PlacedGenerator]


def generate_body(
    body: Body,
    media_type: MediaType | None,
    generators: Mapping[str, Generator],
    rules: Mapping[str, RuleList],
    context: GeneratorContext,
) -> Body:
    """The body with generated values; unchanged when it cannot be read or is of a type without generators."""
    placed = [*_placed(generators, context), *_of_variants(rules, context)]
    rewrite = next((rewrite for accepts, rewrite in _TABLE if media_type is not None and accepts(media_type)), None)
    if not placed or not body.content:
        return body
    if len(placed) > MOST_GENERATORS:
        context.report(
            f"Generators were left out of a body that has {len(placed):,}: at most {MOST_GENERATORS:,} can be."
        )
        return body
    if rewrite is None:
        context.report("Generators were left out of a body that is neither JSON nor XML nor a form.")
        return body
    try:
        return replace(body, content=rewrite(body.content, placed, context), encoded=None)
    except (JsonError, XmlError, UnicodeError, RecursionError) as error:
        context.report(f"Generators were left out of a body that cannot be read: {error}.")
        return body


def _placed(generators: Mapping[str, Generator], context: GeneratorContext, above: str = "$") -> Placed:
    placed: list[PlacedGenerator] = []
    for place, generator in generators.items():
        try:
            path = PathExpression.parse(above + place.removeprefix("$"))
        except PathExpressionError as error:
            context.report(f"A generator was left out: {error}.")
            continue
        if applies(generator, context):
            placed.append(PlacedGenerator(path, generator))
    return sorted(placed, key=lambda each: each.path.rank)


def _of_variants(rules: Mapping[str, RuleList], context: GeneratorContext) -> Iterator[PlacedGenerator]:
    """The generators inside of `arrayContains` variants, at the items that are the variants' examples."""
    for place, rule_list in rules.items():
        for rule in rule_list.rules:
            variants = rule.attributes.get("variants") if rule.match == "arrayContains" else None
            for variant in variants if isinstance(variants, list) else ():
                yield from _of_variant(place, variant, context)


def _of_variant(place: str, variant: JsonValue, context: GeneratorContext) -> Placed:
    if not isinstance(variant, Mapping) or not isinstance(variant.get("generators"), Mapping):
        return ()
    generators = {
        str(path): Generator(str(entry.get("type")), {name: entry[name] for name in entry if name != "type"})
        for path, entry in variant["generators"].items()
        if isinstance(entry, Mapping)
    }
    index = variant.get("index", 0)
    return _placed(generators, context, f"{place}[{index}]") if isinstance(index, int) else ()


def _rewrite_json(content: bytes, placed: Placed, context: GeneratorContext) -> bytes:
    # One key above the document, so that the document itself can be replaced like any other node.
    above: dict[str, JsonValue] = {"$": parse_json(content)}
    for each in placed:
        for container, key in list(_nodes(above, each.path.tokens)):
            container[key] = each.value(container[key], context)
    return written_json(above["$"]).encode(json.detect_encoding(content))


_Node = tuple[JsonValue, str | int]


def _nodes(container: JsonValue, tokens: Sequence[Token]) -> Iterator[_Node]:
    """Where the tokens lead to, as a container and the key in it."""
    token, *rest = tokens
    for key in _keys(container, token):
        if rest:
            yield from _nodes(container[key], rest)
        else:
            yield container, key


def _keys(container: JsonValue, token: Token) -> Sequence[str | int]:
    if isinstance(container, dict):
        return _members(container, token)
    if not isinstance(container, list):
        return ()
    match token:
        case AnyIndex() | AnyName():
            return range(len(container))
        case Index(number) if number < len(container):
            return (number,)
        case _:
            return ()


def _members(container: Mapping[str, JsonValue], token: Token) -> Sequence[str]:
    match token:
        case AnyName():
            return tuple(container)
        case Name(name) if name in container:
            return (name,)
        case Index(number) if str(number) in container:
            return (str(number),)
        case Name() | Index() | AnyIndex():
            return ()
        case _:
            return ("$",)


def _rewrite_form(content: bytes, placed: Placed, context: GeneratorContext) -> bytes:
    pairs = parse_query(content.decode())
    counts: dict[str, int] = {}
    for position, (name, value) in enumerate(pairs):
        index = counts.get(name, 0)
        counts[name] = index + 1
        for each in placed:
            if _names_field(each.path, name, index):
                value = plain_text(each.value(value or "", context))
        pairs[position] = (name, value)
    return format_query(pairs).encode()


def _names_field(path: PathExpression, name: str, index: int) -> bool:
    """`$.name` is the first value of the field, `$.name[1]` the second."""
    if len(path.tokens) not in (2, 3) or not token_weight(path.tokens[1], name):
        return False
    return index == 0 if len(path.tokens) == 2 else bool(token_weight(path.tokens[2], index))


def _rewrite_xml(content: bytes, placed: Placed, context: GeneratorContext) -> bytes:
    paths = [
        (replace(each.path, tokens=tuple(token for token in each.path.tokens if not isinstance(token, AnyIndex))), each)
        for each in placed
    ]

    def change(trail: Sequence[str], text: str) -> str:
        for path, each in paths:
            if len(path.tokens) == len(trail) + 1 and path.weight(trail):
                text = plain_text(each.value(text, context))
        return text

    def named(trail: Sequence[str]) -> bool:
        return any(len(path.tokens) == len(trail) + 1 and path.weight(trail) for path, _ in paths)

    return rewrite_xml(content, named, change)


_Rewrite = Callable[[bytes, Placed, GeneratorContext], bytes]
_TABLE: Final[tuple[tuple[Callable[[MediaType], bool], _Rewrite], ...]] = (
    (lambda media_type: media_type.is_json, _rewrite_json),
    (lambda media_type: media_type.is_xml, _rewrite_xml),
    (lambda media_type: media_type.is_form, _rewrite_form),
)
