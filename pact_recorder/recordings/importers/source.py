"""What every kind of imported file offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pact_recorder.http import Exchange
from pact_recorder.http.heads import head_fault

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow

ConvertFlow: TypeAlias = "Callable[[HTTPFlow], Exchange | None]"
"""Makes an exchange of a mitmproxy flow that has a response; None when it is not to be taken over."""


def sound(exchange: Exchange, place: str, skipped: Counter[str]) -> bool:
    """Whether an exchange can be recorded; else it is counted as skipped, by what is wrong and where first."""
    fault = head_fault(exchange)
    if fault:
        known = next((reason for reason in skipped if reason.startswith(fault)), f"{fault}, first in {place}")
        skipped[known] += 1
    return not fault


class ImportSource(Protocol):
    """A file being imported: iterate over its exchanges once.

    `kind` names the format; `skipped` counts, by reason, what holds no whole exchange, as the iteration meets it.
    """

    kind: str
    skipped: Counter[str]

    def __iter__(self) -> Iterator[Exchange]:
        """The exchanges in the order of the file; ImportFileError with the place when it is wrong."""
        ...
