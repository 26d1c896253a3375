"""Which runs of letters and digits were met, in memory that does not grow: it may say too much, never too little."""

from __future__ import annotations

from collections.abc import Iterable

_BYTES = 1 << 21


class SeenRuns:
    """A Bloom filter with two bits for each run; with a million of them it is wrong once in seventy times."""

    def __init__(self) -> None:
        self._bits = bytearray(_BYTES)

    def add(self, runs: Iterable[bytes]) -> None:
        """Remember the runs."""
        bits = self._bits
        for run in runs:
            found = hash(run)
            bits[found >> 3 & _BYTES - 1] |= 1 << (found & 7)
            bits[found >> 35 & _BYTES - 1] |= 1 << (found >> 32 & 7)

    def may_hold(self, run: bytes) -> bool:
        """Whether a run may have been among them."""
        bits, found = self._bits, hash(run)
        return bool(
            bits[found >> 3 & _BYTES - 1] >> (found & 7) & bits[found >> 35 & _BYTES - 1] >> (found >> 32 & 7) & 1
        )
