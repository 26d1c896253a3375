"""Where the Pact compatibility suite is, and how its scenarios become tests.

It is used from beside the repository and never copied. Where it is not there its tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pact_recorder.pact import SpecVersion

SUITE = Path(__file__).parents[3] / "../shared/data/pact-compatibility-suite"
FEATURES = SUITE / "features"
FIXTURES = SUITE / "fixtures"
_WRITTEN: dict[int, SpecVersion] = {1: 2, 2: 2, 3: 3, 4: 4}
ABSENT = "the Pact compatibility suite (../shared/data/pact-compatibility-suite) is not there"


def paths(*names: str) -> list[str]:
    """The paths of features (`V1/http_consumer`) for `scenarios`; skips the calling module where there are none."""
    if not FEATURES.is_dir():
        pytest.skip(ABSENT, allow_module_level=True)
    return [str((FEATURES / f"{name}.feature").resolve()) for name in names]


def fixture_bytes(name: str) -> bytes:
    """The content of one of the suite's fixture files."""
    return (FIXTURES / name).read_bytes()


def specification(feature: str) -> int:
    """The version of the specification that a feature is about: its folder's name (`V3`)."""
    return int(Path(feature).parent.name.removeprefix("V"))


def written_version(version: int) -> SpecVersion:
    """The version that contracts of a feature are written in: V2 for V1, which is read only."""
    return _WRITTEN[version]
