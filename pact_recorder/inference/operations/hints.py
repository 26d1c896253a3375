"""What a team says about its paths: templates that are so, and places where nothing is a parameter.

/users/{id}                       the second segment is a parameter, called id, also in /users/7/posts
GET /files/{path+}                for one method; the parameter takes all segments that are left
api.example.com /users/{id}       for one provider, by its host or its name
/users/me                         (forbidden as a parameter) `me` is a constant
/users/^                          (forbidden) at this depth nothing is a parameter
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pact_recorder.inference.operations.forms import DEEPEST, FIXED, FORCED

NOTHING = "^"
"""Stands for every constant of a depth, in a template that forbids."""

_METHOD = re.compile(r"[A-Z][A-Z-]{1,19}")
PARAMETER = re.compile(r"(?P<before>[^{}]*)\{(?P<name>[A-Za-z_][A-Za-z0-9_-]*)(?P<tail>\+?)\}(?P<after>[^{}]*)")
_FORM = "write it like /users/{id}, GET /users/{id} or api.example.com /users/{id}"


@dataclass(frozen=True, slots=True)
class PathHints:
    """Templates by a team: `force` makes parameters, `forbid` makes constants; the first that fits counts."""

    force: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """One template, taken apart. Without a method or provider it is for all."""

    method: str
    provider: str
    segments: tuple[str, ...]

    def concerns(self, method: str, providers: Sequence[str]) -> bool:
        """Whether the hint is for such requests; a provider may have several names."""
        return self.method in ("", method) and (not self.provider or self.provider in providers)

    def fits(self, parts: Sequence[str]) -> bool:
        """Whether a path begins as the template says."""
        wanted = self.segments
        if len(wanted) > len(parts):
            return False
        return all(_fits(segment, part) for segment, part in zip(wanted, parts, strict=False))


def read_hint(text: str) -> Hint:
    """A template taken apart. Raises ValueError with what is wrong and what to write."""
    words = text.split()
    method = words.pop(0) if len(words) > 1 and _METHOD.fullmatch(words[0]) else ""
    provider = words.pop(0) if len(words) > 1 else ""
    if len(words) != 1 or not words[0].startswith("/"):
        raise ValueError(f"{text!r} is not a path template; {_FORM}")
    segments = tuple(words[0].removeprefix("/").split("/"))
    if len(segments) > DEEPEST:
        raise ValueError(f"{text!r} has more than {DEEPEST} segments")
    for segment in segments:
        if ("{" in segment or "}" in segment) and not PARAMETER.fullmatch(segment):
            raise ValueError(f"{segment!r} in {text!r} is not a parameter; write one name in braces, like {{id}}")
    tails = [segment for segment in segments if "+}" in segment]
    if tails and (tails != [segments[-1]] or not segments[-1].startswith("{") or not segments[-1].endswith("}")):
        raise ValueError(f"a parameter that takes all that is left stands last and alone, unlike in {text!r}")
    return Hint(method, provider, segments)


class AppliedHints:
    """Hints ready to be applied to paths. Raises ValueError for a template that is none."""

    def __init__(self, hints: PathHints) -> None:
        self._force = [read_hint(text) for text in hints.force]
        for hint, text in zip(self._force, hints.force, strict=True):
            if NOTHING in hint.segments:
                raise ValueError(f"{text!r} cannot be forced: {NOTHING} forbids parameters")
        self._forbid = [read_hint(text) for text in hints.forbid]
        self._texts = dict(zip((*self._force, *self._forbid), (*hints.force, *hints.forbid), strict=True))

    def __bool__(self) -> bool:
        return bool(self._force or self._forbid)

    @property
    def unused(self) -> tuple[str, ...]:
        """The templates that no path so far was like, in their order: as likely slips as not."""
        return tuple(self._texts.values())

    def apply(self, method: str, providers: Sequence[str], parts: Sequence[str], marks: list[str]) -> None:
        """Put markers for what hints say into a path's skeleton; what they do not speak of stays.

        Constants that a hint names one by one are stronger than forced parameters, and those than whole depths.
        """
        verdicts = dict(self._verdicts(method, providers, parts))
        for place, mark in verdicts.items():
            marks[place] = mark
        tails = [place for place, mark in verdicts.items() if mark.startswith(FORCED) and mark.endswith("+}")]
        if tails:
            del marks[min(tails) + 1 :]

    def _verdicts(self, method: str, providers: Sequence[str], parts: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Marks by their place, the weaker first."""
        forbidden = self._fitting(self._forbid, method, providers, parts)
        for hint in forbidden:
            yield from ((at, FIXED + parts[at]) for at, segment in enumerate(hint.segments) if _is_open(segment))
        for hint in reversed(self._fitting(self._force, method, providers, parts)):
            yield from ((at, _forced(segment, parts[at])) for at, segment in enumerate(hint.segments))
        for hint in forbidden:
            last = len(hint.segments) - 1
            if not _is_open(hint.segments[last]):
                yield last, FIXED + parts[last]

    def _fitting(
        self, hints: Sequence[Hint], method: str, providers: Sequence[str], parts: Sequence[str]
    ) -> list[Hint]:
        found = [hint for hint in hints if hint.concerns(method, providers) and hint.fits(parts)]
        for hint in found:
            self._texts.pop(hint, None)
        return found


def _fits(segment: str, part: str) -> bool:
    if segment == NOTHING:
        return True
    found = PARAMETER.fullmatch(segment)
    if found is None:
        return segment == part
    before, after = found["before"], found["after"]
    return len(part) > len(before) + len(after) and part.startswith(before) and part.endswith(after)


def _is_open(segment: str) -> bool:
    """Whether a segment of a forbidding template speaks of all constants of its depth."""
    return segment == NOTHING or "{" in segment


def _forced(segment: str, part: str) -> str:
    found = PARAMETER.fullmatch(segment)
    if found is None:
        return FIXED + part
    return f"{found['before']}{FORCED}{found['name']}{found['tail']}}}{found['after']}"
