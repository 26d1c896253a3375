"""The endpoint that sets expectations.

Bodies are read and answers written beside the traffic; the expectations themselves change on the event loop only.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from pact_recorder.mock import RuledExpectation
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.mock.mockserver.writing import write_expectation
from pact_recorder.server.context import ControlContext
from pact_recorder.server.messages import ControlRequest, ControlResponse
from pact_recorder.server.retrieved import listing


async def put_expectations(context: ControlContext, request: ControlRequest) -> ControlResponse:
    """`PUT /mockserver/expectation`: one or several, all or none; 201 with what is stored, always as a list.

    An expectation with the identifier of an active one replaces it and keeps its age.
    """
    recorder = context.recorder
    forwards = context.settings.forwards
    read = await asyncio.to_thread(
        lambda: read_expectations(request.text(), recorder.clock(), pick=random.randrange, forwards=forwards)
    )
    return await activate(context, read)


async def activate(context: ControlContext, expectations: Sequence[RuledExpectation]) -> ControlResponse:
    """Make expectations active; 201 with what is stored."""
    put(context, expectations)
    return await asyncio.to_thread(lambda: listing(201, map(write_expectation, expectations)))


def put(context: ControlContext, expectations: Sequence[RuledExpectation]) -> Sequence[RuledExpectation]:
    """Make expectations active, and known by their identifiers."""
    for expectation in expectations:
        context.recorder.expectations.put(expectation)
        context.recorder.known.remember(expectation)
    return expectations
