"""What tests of every kind share: where the shared data is, and fixtures of real processes."""

from pathlib import Path

import pytest
from hypothesis import settings

# On a busy machine the time of a single example says nothing; what must be fast has tests of its own.
settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")

SHARED = Path(__file__).parents[1].parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests first, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("corpus") is None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data beside the repository; the test is skipped where it is not there."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the shared data is not beside the repository")
    return SHARED
