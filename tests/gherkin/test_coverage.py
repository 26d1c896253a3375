"""No scenario of the compatibility suite is dropped in silence: how many each feature has, and how many are run."""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from compatibility.suite import ABSENT, FEATURES

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/conformance.md"

# Every scenario is run. One that cannot be has to be named in docs/conformance.md with its reason.
SCENARIOS = {
    "V1/http_consumer": 24,
    "V1/http_provider": 26,
    "V2/http_consumer": 14,
    "V2/http_provider": 4,
    "V3/generators": 10,
    "V3/http_consumer": 2,
    "V3/http_generators": 7,
    "V3/http_matching": 7,
    "V3/http_provider": 2,
    "V3/matching_rules": 24,
    "V3/message_consumer": 7,
    "V3/message_provider": 18,
    "V4/generators": 6,
    "V4/http_consumer": 4,
    "V4/http_provider": 2,
    "V4/matching_rules": 15,
    "V4/message_consumer": 4,
    "V4/message_provider": 2,
    "V4/synchronous_message_consumer": 11,
    "V4/v4": 1,
}
STEP_MODULES = [path for path in sorted(HERE.glob("test_*.py")) if path != Path(__file__)]

pytestmark = pytest.mark.skipif(not FEATURES.is_dir(), reason=ABSENT)


@cache
def load(path: Path) -> ModuleType:
    """A module of steps, loaded apart from its tests."""
    spec = importlib.util.spec_from_file_location(f"steps_of_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_suite_has_the_scenarios_we_know() -> None:
    counted = {
        str(path.relative_to(FEATURES).with_suffix("")): len(
            re.findall(r"^\s*Scenario", path.read_text(), re.MULTILINE)
        )
        for path in FEATURES.rglob("*.feature")
    }
    assert counted == SCENARIOS
    assert sum(SCENARIOS.values()) == 190


@pytest.mark.parametrize("path", STEP_MODULES, ids=lambda path: path.stem)
def test_every_scenario_of_a_module_s_features_is_a_test(path: Path) -> None:
    module = load(path)
    tests = [name for name in vars(module) if name.startswith("test_")]
    assert len(tests) == sum(SCENARIOS[feature] for feature in module.FEATURES)


def test_every_feature_belongs_to_one_module() -> None:
    features = [feature for path in STEP_MODULES for feature in load(path).FEATURES]
    assert sorted(features) == sorted(SCENARIOS)


def test_the_documentation_tells_the_counts() -> None:
    told = re.findall(r"^\| `(V\d/\w+)` \| (\d+) \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    assert {feature: (int(has), int(run)) for feature, has, run in told} == {
        feature: (count, count) for feature, count in SCENARIOS.items()
    }
