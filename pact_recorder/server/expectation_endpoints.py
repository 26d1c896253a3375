"""The endpoint that sets expectations.

Bodies are read and answers written beside the traffic; the expectations themselves change on the event loop only.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence

from pact_recorder.errors import LimitError
from pact_recorder.http.visible import visible
from pact_recorder.mock import Origin, RuledExpectation
from pact_recorder.mock.mockserver.framing import remade
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.mock.mockserver.writing import write_expectation
from pact_recorder.server.context import ControlContext
from pact_recorder.server.messages import ControlRequest, ControlResponse, listed_header, with_header
from pact_recorder.server.retrieved import listing

REMADE = "x-pact-recorder-remade"
"""The header that lists what is answered otherwise than it was set."""

_MOST_LOGGED = 10
_log = logging.getLogger(__name__)


async def put_expectations(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/expectation`: one or several, all or none; 201 with what is stored, always as a list.

    An expectation with the identifier of an active one replaces it and keeps its age. 400 when there would be more than
    the settings allow. The header `x-pact-recorder-remade` lists what is answered otherwise than it was set.
    """
    recorder = context.recorder
    forwards = context.settings.forwards
    read = await asyncio.to_thread(
        lambda: read_expectations(request.text(), recorder.clock(), pick=random.randrange, forwards=forwards)
    )
    return _with_remarks(await activate(context, read), read)


async def activate(context: ControlContext, expectations: Sequence[RuledExpectation]) -> ControlResponse:
    """Make expectations active; 201 with what is stored."""
    put(context, expectations)
    return await asyncio.to_thread(lambda: listing(201, map(write_expectation, expectations)))


def put(context: ControlContext, expectations: Sequence[RuledExpectation]) -> Sequence[RuledExpectation]:
    """Make expectations active, and known by their identifiers. Raises LimitError, with none set, for too many."""
    _check_room(context, expectations)
    for expectation in expectations:
        context.recorder.expectations.put(expectation)
        context.recorder.known.remember(expectation)
    return expectations


def _with_remarks(answer: ControlResponse, expectations: Sequence[RuledExpectation]) -> ControlResponse:
    """The answer with a list of what is made anew in the answers of expectations, which is logged, too."""
    sentences = [sentence for each in expectations for sentence in remade(each.document or {})]
    for sentence in list(dict.fromkeys(sentences))[:_MOST_LOGGED]:
        _log.warning("An expectation is not answered quite as it was set: %s", visible(sentence))
    return with_header(answer, REMADE, listed_header(sentences)) if sentences else answer


def _check_room(context: ControlContext, expectations: Sequence[RuledExpectation]) -> None:
    """Raise LimitError when there is no room for expectations; those that replace another one always have it."""
    most, ruled = context.settings.max_expectations, context.recorder.expectations.ruled
    if _excess(context, expectations) > 0:
        # What may no longer answer is only taken out when somebody looks.
        ruled.prune(context.recorder.clock())
    if (excess := _excess(context, expectations)) > 0:
        raise LimitError(
            f"the control API holds {ruled.origins[Origin.API]:,} of at most {most:,} expectations, and what was sent "
            f"is {excess:,} too many: clear some, or allow more (pact_max_expectations, --max-expectations)"
        )


def _excess(context: ControlContext, expectations: Sequence[RuledExpectation]) -> int:
    """By how many expectations there would be too many; zero or less when there is room, or nothing new."""
    ruled = context.recorder.expectations.ruled
    new = {each.id for each in expectations if each.id not in ruled}
    return ruled.origins[Origin.API] + len(new) - context.settings.max_expectations if new else 0
