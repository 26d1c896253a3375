"""The parameters at one fork of the paths: which values belong to which, and how each reads in a template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from pact_recorder.inference.operations.evidence import Evidence
from pact_recorder.inference.operations.forms import ANY, ASTERISK, FIXED, FORCED, FORM_OF, REST, affixes
from pact_recorder.inference.operations.naming import name_parameter
from pact_recorder.inference.operations.operation import Segment
from pact_recorder.inference.operations.place import Place
from pact_recorder.inference.operations.position import PARAMETER, Position, Verdict
from pact_recorder.inference.operations.tree import Nodes

HINTED: Final = "hint in pact-recorder.yaml"

_MARKER: Final = re.compile(r"(?P<before>[^{]*)(?P<marker>\{[^{}]*\})(?P<after>[^{}]*)")
_LONGEST_EXCLUSION: Final = 400
_ONE_SEGMENT: Final = "[^/]+"
_ALL_SEGMENTS: Final = ".+"
_REST: Final = ".*"
_ANY_NUMBER: Final = FORM_OF["{negative}"].pattern
_WHOLE_NUMBERS: Final = {FORM_OF["{integer}"].pattern, _ANY_NUMBER}

Seen = Mapping[Place, Evidence]


@dataclass(slots=True)
class Parameter:
    """The values at a fork that are one parameter, because the constant text around them is the same."""

    before: str
    after: str
    is_tail: bool
    values: dict[str, Verdict] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)
    forced: str = ""
    nodes: Nodes = field(default_factory=list)

    def add(self, text: str, marker: str, verdict: Verdict, nodes: Nodes) -> None:
        """Take in one value, or all that a marker stands for."""
        self.nodes.extend(nodes)
        if marker.startswith(FORCED):
            self.forced = self.forced or marker[len(FORCED) : -1].rstrip("+")
            return
        self.values[marker or text] = verdict
        if marker:
            self.forms.add(marker)

    @property
    def pattern(self) -> str:
        """The pattern of the values: that of their form where they are all of one that is certain."""
        if self.is_tail:
            return _ALL_SEGMENTS if self.forced else _REST
        if self.forced or self.values.keys() != self.forms:
            return _ONE_SEGMENT
        patterns = {FORM_OF[form].pattern if form in FORM_OF else "" for form in self.forms}
        if patterns == _WHOLE_NUMBERS:
            return _ANY_NUMBER
        return next(iter(patterns)) or _ONE_SEGMENT if len(patterns) == 1 else _ONE_SEGMENT

    def why(self, depth: int, seen: Seen) -> str:
        """For people: what says that it is a parameter."""
        if self.forced:
            return HINTED
        reasons = sorted({verdict.why for verdict in self.values.values() if verdict.why})
        parts = [reason for reason in reasons if reason.startswith("produced")][:1]
        forms = [FORM_OF[form].plural for form in sorted(self.forms) if form in FORM_OF]
        if forms:
            parts.append(f"{' and '.join(forms)}: {len(self.texts(depth, seen))} seen")
        if ANY in self.forms and not self.before:
            parts.append("too many different ones to be constants")
        return "; ".join(parts or reasons[:1])

    def texts(self, depth: int, seen: Seen) -> set[str | int | bytes]:
        """The raw segments of forms that were seen, as far as they are kept."""
        places = (place for node in self.nodes for place in node.all_places())
        samples = (seen[place].values.get(depth) for place in places)
        return {value for sample in samples if sample is not None for value in sample.values()}


def parameters(children: Mapping[str, Nodes], verdicts: Mapping[str, Verdict]) -> list[Parameter]:
    """The parameters at a fork, the more particular first."""
    found: dict[tuple[str, str, bool], Parameter] = {}
    # Forms first, so that a word goes to the parameter that would take it.
    for text, verdict in sorted(verdicts.items(), key=lambda item: ("{" not in item[0], item[0])):
        key, marker = _taken_apart(text, verdict, found)
        if ANY in verdicts and not marker.startswith(FORCED):
            key = ("", "", key[2])
        found.setdefault(key, Parameter(*key)).add(text, marker, verdict, children[text])
    return sorted(found.values(), key=lambda each: (each.is_tail, -len(each.before + each.after), each.before))


def _taken_apart(
    text: str, verdict: Verdict, found: Mapping[tuple[str, str, bool], Parameter]
) -> tuple[tuple[str, str, bool], str]:
    """The constant text around a value, whether it takes all that is left, and its marker."""
    marked = _MARKER.fullmatch(text)
    if marked is not None:
        is_tail = marked["marker"] == REST or (marked["marker"].startswith(FORCED) and "+" in marked["marker"])
        return (marked["before"], marked["after"], is_tail), marked["marker"]
    by_extension = ("", affixes(text)[2], False)
    return by_extension if by_extension in found else (verdict.before, verdict.after, False), ""


def with_exclusions(
    found: Iterable[Parameter], constants: Iterable[str], depth: int, seen: Seen
) -> Iterator[tuple[Parameter, tuple[str, ...]]]:
    """Each parameter with the patterns of what stands more particular beside it, so that it does not take that.

    `constants` are those of the fork as skeletons have them. Where a hint speaks of some paths only, a constant, or a
    value of another parameter, may be a value of the parameter in others: then it is not excluded.
    """
    segments = [constant(text) for text in constants if text not in ("", ASTERISK)]
    hinted = any(segment.why for segment in segments)
    beside: list[str] = []
    for parameter in found:
        values = parameter.texts(depth, seen) if hinted or parameter.forced else set()
        excluded = [segment.whole_pattern for segment in segments if segment.text not in values]
        excluded += [pattern for pattern in beside if not any(re.fullmatch(pattern, str(value)) for value in values)]
        yield parameter, _within_bounds(each for each in excluded if _may_take(parameter, each))
        if not parameter.is_tail:
            around = Segment(name="any", pattern=_ONE_SEGMENT, before=parameter.before, after=parameter.after)
            beside.append(around.whole_pattern)


def _may_take(parameter: Parameter, excluded: str) -> bool:
    """Whether a parameter could take what it should not."""
    if parameter.is_tail or parameter.pattern == _ONE_SEGMENT or _ONE_SEGMENT in excluded:
        return True
    text = unquote(re.sub(r"\\(.)", r"\1", excluded))
    inner = text.removeprefix(parameter.before).removesuffix(parameter.after)
    return re.fullmatch(parameter.pattern, inner) is not None


def _within_bounds(patterns: Iterable[str]) -> tuple[str, ...]:
    """As many of the patterns as fit into one that engines take, the shorter ones first."""
    kept: list[str] = []
    left = _LONGEST_EXCLUSION
    for pattern in sorted(patterns, key=lambda each: (len(each), each)):
        left -= len(pattern) + 1
        if left < 0:
            break
        kept.append(pattern)
    return tuple(sorted(kept))


def constant(text: str) -> Segment:
    """The segment of a constant."""
    return Segment(text.removeprefix(FIXED), why=HINTED) if text.startswith(FIXED) else Segment(text)


def name_of(parameter: Parameter, position: Position, followed: bool, trail: Iterable[Segment]) -> str:
    """What a parameter is called; `followed` says that the next segment is one too, `trail` are those before."""
    taken = {segment.name for segment in trail}
    if parameter.forced or parameter.is_tail:
        return name_parameter("", False, [parameter.forced or "rest"], [], taken)
    members = [verdict.member for verdict in parameter.values.values()]
    forms = sorted(form.strip("{}") for form in parameter.forms)
    if parameter.before:
        return name_parameter(re.split(r"[(;]", parameter.before)[0], False, members, forms, taken)
    parent = _owner_of_pair(position) if position.parent == PARAMETER else position.parent
    return name_parameter(parent, followed, members, forms, taken)


def _owner_of_pair(position: Position) -> str:
    """The collection that two parameters in a row are of: `repos` of `/repos/{owner}/{repo}`."""
    before = position.before
    return before[-2] if len(before) > 1 and before[-2] != PARAMETER else ""
