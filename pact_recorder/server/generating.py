"""Generated values of responses as a mock server gives them: what the pure core is not to know is brought in here."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime

from pact_recorder.http.visible import visible
from pact_recorder.matching import ExpectedResponse, GeneratorContext, GeneratorMode, generate_response
from pact_recorder.mock.contracts import Generate

_log = logging.getLogger(__name__)


def _warn(sentence: str) -> None:
    _log.warning("%s", visible(sentence))


def consumer_values(url: Callable[[], str]) -> Generate:
    """Generators in consumer mode for a mock server at a base URL, which is asked for when it is needed."""
    source = random.SystemRandom()

    def generate(response: ExpectedResponse) -> ExpectedResponse:
        if not response.generators and not response.rules:
            return response
        now = datetime.now(UTC).astimezone()
        context = GeneratorContext(GeneratorMode.CONSUMER, source, now, mock_server_url=url(), report=_warn)
        return generate_response(response, context)

    return generate
