"""What was concluded about one place, and the evidence for it: the lines of the report."""

from __future__ import annotations

from dataclasses import dataclass

from pact_recorder.inference.shapes import Shape


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of a message and what the contract says of it.

    `rule` is what is promised, in words; None when the place is left out. `seen` counts the values there, `samples` the
    documents that they can have come from at most, `distinct` the different scalars (`more` when there were others than
    could be kept), `nulls` how often it was null and `absent` how often it was not there; `why` gives the reason.
    """

    path: str
    rule: str | None
    seen: int
    samples: int = 0
    distinct: int = 0
    more: bool = False
    nulls: int = 0
    absent: int = 0
    why: str = ""


def finding(
    path: str, shape: Shape, rule: str | None, why: str, absent: int = 0, samples: int | None = None
) -> Finding:
    """The finding about a place of a shape."""
    scalars = [part for part in (shape.texts, shape.integers, shape.decimals) if part is not None]
    booleans = 0 if shape.booleans is None else bool(shape.booleans.true) + bool(shape.booleans.false)
    return Finding(
        path,
        rule,
        shape.seen,
        samples=shape.seen if samples is None else samples,
        distinct=sum(part.distinct for part in scalars) + booleans,
        more=any(part.more for part in scalars),
        nulls=shape.nulls,
        absent=absent,
        why=why,
    )


def counted(count: int, word: str) -> str:
    """`1 integer`, `3 integers`: a number with its word, for a reason."""
    return f"{count} {word}{'s' * (count != 1)}"


def texts_are(distinct: int) -> str:
    """Why a format is promised: all of so many texts have it."""
    return "the only text is" if distinct == 1 else f"all {distinct} different texts are"
