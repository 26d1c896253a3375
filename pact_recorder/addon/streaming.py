"""Bodies that are passed on as they come and kept up to a limit on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Stream = Callable[[bytes], bytes | Iterable[bytes]]


class Tee:
    """A mitmproxy stream function that keeps the first `limit` bytes of what passes.

    `finished` is called once when all `expected` bytes have passed, before the last of them is passed on, so that what
    it does is done when the client has its answer. Without `expected` nobody knows the end before it comes.
    """

    def __init__(
        self,
        limit: int,
        expected: int | None = None,
        finished: Callable[[], None] | None = None,
        inner: Stream | None = None,
    ) -> None:
        self._kept = bytearray()
        self._limit = limit
        self._expected = expected
        self._finished = finished
        self._inner = inner
        self.passed = 0

    @property
    def content(self) -> bytes:
        """What was kept."""
        return bytes(self._kept)

    @property
    def cut(self) -> bool:
        """Whether more passed than was kept."""
        return self.passed > len(self._kept)

    def __call__(self, chunk: bytes) -> bytes | Iterable[bytes]:
        """Keep what still fits of a chunk and pass it on; an empty one is the end."""
        passed_on = self._inner(chunk) if self._inner is not None else chunk
        self._keep(chunk)
        if self._finished is not None and self._expected is not None and self.passed >= self._expected:
            finished, self._finished = self._finished, None
            finished()
        return passed_on

    def _keep(self, chunk: bytes) -> None:
        room = self._limit - len(self._kept)
        if room > 0:
            self._kept += chunk[:room]
        self.passed += len(chunk)
