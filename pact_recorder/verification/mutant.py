"""A mutant: an answer changed as a provider might change it, with a label that says whether consumers break."""

from __future__ import annotations

from dataclasses import dataclass

from pact_recorder.http import Response

BREAKING = "breaking"
NON_BREAKING = "non-breaking"
AMBIGUOUS = "ambiguous"
"""Depends on the consumer, so that it is reported and never scored."""
STRONG = "strong"
"""What any reasonable consumer would notice, or would not."""
WEAK = "weak"
"""What depends on the consumer: a contract may be wrong about some of these and still be good."""
LABELS = (BREAKING, NON_BREAKING, AMBIGUOUS)
SEVERITIES = (STRONG, WEAK)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed answer.

    `path` is the place of the change: a place in the body with `[*]` for every index, `header.name` or `status`; `note`
    says for people what was changed.
    """

    kind: str
    label: str
    severity: str
    path: str
    note: str
    response: Response
