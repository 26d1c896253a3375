"""mitmproxy flow files, as `mitmdump -w` and mitmproxy's save command write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mitmproxy.exceptions import FlowReadException
from mitmproxy.flow import Flow
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

from pact_recorder.errors import ImportFileError
from pact_recorder.http import Exchange
from pact_recorder.recordings.importers.source import ConvertFlow, sound

NOT_HTTP = "not HTTP (TCP, UDP or DNS)"
NO_ANSWER = "no whole answer (failed or cut off)"
WEBSOCKET = "WebSocket"
NOT_TAKEN = "not taken over"

# What mitmproxy's reader lets through when a file's structure is not what it expects.
_READER_ERRORS = (
    FlowReadException, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError,
    OverflowError, MemoryError,
)  # fmt: skip


class FlowFile:
    """A mitmproxy flow file being imported."""

    kind = "mitmproxy flows"

    def __init__(self, path: Path, convert: ConvertFlow) -> None:
        self.skipped: Counter[str] = Counter()
        self._path = path
        self._convert = convert

    def __iter__(self) -> Iterator[Exchange]:
        """The exchanges in the order of the file; ImportFileError with the flow's number when it is wrong."""
        for number, flow in enumerate(self._flows(), 1):
            reason = _objection(flow)
            exchange = self._convert(flow) if not reason and isinstance(flow, HTTPFlow) else None
            if exchange is None:
                self.skipped[reason or NOT_TAKEN] += 1
            elif sound(exchange, f"flow {number}", self.skipped):
                yield exchange

    def _flows(self) -> Iterator[Flow]:
        number = 0
        try:
            with self._path.open("rb") as file:
                flows = iter(FlowReader(file).stream())
                while (flow := self._next(flows, number + 1)) is not None:
                    number += 1
                    yield flow
        except OSError as error:
            raise ImportFileError(str(self._path), f"it cannot be read: {error.strerror}") from error

    def _next(self, flows: Iterator[Flow], number: int) -> Flow | None:
        try:
            return next(flows, None)
        except _READER_ERRORS as error:
            reason = f"mitmproxy cannot read it: {' '.join(str(error).split()) or type(error).__name__}"
            raise ImportFileError(str(self._path), reason, f"flow {number}") from error


def _objection(flow: Flow) -> str:
    """Why a flow holds no exchange; empty when it does."""
    if not isinstance(flow, HTTPFlow):
        return NOT_HTTP
    if flow.response is None or flow.error is not None:
        return NO_ANSWER
    return WEBSOCKET if flow.websocket is not None or flow.response.status_code == 101 else ""
