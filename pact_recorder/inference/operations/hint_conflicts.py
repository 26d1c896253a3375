"""Path templates of a team that can never count, whatever is recorded, because of a stronger one.

Of several forced templates the first that fits counts; forced parameters are stronger than forbidden depths; and below
a parameter that takes all that is left nothing else is seen, as long as no template before says otherwise of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pact_recorder.inference.operations.hints import NOTHING, PARAMETER, Hint, PathHints, read_hint


def conflicts(hints: PathHints) -> Iterator[tuple[str, str]]:
    """Each template that can never count, with the forced one that is stronger. Raises ValueError for none."""
    force = [read_hint(text) for text in hints.force]
    for at, later in enumerate(force):
        for place, stronger in enumerate(force[:at]):
            same = len(stronger.segments) == len(later.segments)
            if _covers(stronger, later) and (same or _takes_all(stronger, force[:place])):
                yield hints.force[at], hints.force[place]
                break
    for text, forbidden in zip(hints.forbid, map(read_hint, hints.forbid), strict=True):
        for place, stronger in enumerate(force):
            if _covers(stronger, forbidden) and _overrules(stronger, forbidden, force[:place]):
                yield text, hints.force[place]
                break


def _overrules(forced: Hint, forbidden: Hint, before: Sequence[Hint]) -> bool:
    """Whether a forced template leaves nothing of a forbidding one: a constant that is named stays one."""
    if len(forced.segments) < len(forbidden.segments):
        return _takes_all(forced, before)
    return _is_open(forbidden.segments[-1])


def _takes_all(hint: Hint, before: Sequence[Hint]) -> bool:
    """Whether a template always takes all that is left: none before it speaks of the segment where it does."""
    speak = (len(each.segments) >= len(hint.segments) for each in before)
    return hint.segments[-1].endswith("+}") and not any(speak)


def _covers(wide: Hint, narrow: Hint) -> bool:
    """Whether the one fits wherever the other does."""
    return (
        wide.method in ("", narrow.method)
        and wide.provider in ("", narrow.provider)
        and len(wide.segments) <= len(narrow.segments)
        and all(map(_covers_segment, wide.segments, narrow.segments))
    )


def _covers_segment(wide: str, narrow: str) -> bool:
    taking = PARAMETER.fullmatch(wide)
    if taking is None:
        return wide == narrow
    if narrow == NOTHING:
        return not taking["before"] and not taking["after"]
    taken = PARAMETER.fullmatch(narrow)
    # What a parameter stands for has at least one letter, here one that is in no template.
    text = narrow if taken is None else f"{taken['before']}\0{taken['after']}"
    before, after = taking["before"], taking["after"]
    return len(text) > len(before) + len(after) and text.startswith(before) and text.endswith(after)


def _is_open(segment: str) -> bool:
    return segment == NOTHING or "{" in segment
