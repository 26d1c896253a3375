"""As `faulty.py`, and the start of mitmdump does not end before a request was answered."""

import asyncio

from faulty import Faulty
from mitmproxy import http

from pact_recorder.addon import RecorderAddon


class SlowStart:
    """Is not done with starting until something was answered: a client that comes while mitmproxy still starts."""

    def __init__(self) -> None:
        self.answered = asyncio.Event()

    async def running(self) -> None:
        await asyncio.wait_for(self.answered.wait(), 60)

    def response(self, flow: http.HTTPFlow) -> None:
        self.answered.set()


addons = [Faulty(), RecorderAddon(), SlowStart()]
