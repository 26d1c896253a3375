"""The measurements as tables in Markdown, and the machine that they were made on."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

from mock_servers.measuring import SECONDS_FOR_SLOW, Measured

COLUMNS = ("contract", "interactions", "server", "requests/s", "p50 ms", "p99 ms", "CPU µs", "memory MB")


def heading(columns: tuple[str, ...]) -> str:
    return f"{line(columns)}\n|{'---|' * len(columns)}"


def line(cells: tuple[object, ...]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def row(kind: str, count: int, name: str, each: Measured) -> str:
    found = each.medians()
    if not found.requests:
        rest = (f"none in {SECONDS_FOR_SLOW} s", "", "", f"> {found.processor:,.0f}")
    else:
        rate = f"{found.rate:,.0f}" if found.rate >= 20 else f"{found.rate:.1f}"
        processor = f"{found.processor:,.0f}" if found.processor >= 100 else f"{found.processor:.1f}"
        rest = (rate, f"{found.p50:.2f}", f"{found.p99:.2f}", processor)
    return line((kind, f"{count:,}", name, *rest, f"{each.memory:,.0f}"))


def machine() -> str:
    """What the figures were measured on, and how much else it does at the moment."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.exists() else None
    processor = model.group(1).strip() if model else platform.machine()
    cores, load = os.cpu_count(), ", ".join(f"{each:.1f}" for each in os.getloadavg())
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    return f"{today}, Python {platform.python_version()}, {cores} cores ({processor}), load average {load}"
