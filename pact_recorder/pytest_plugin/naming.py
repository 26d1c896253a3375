"""Where the recording of a test is kept: no two tests share one, unless they name it themselves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

_LONGEST_NAME = 80
_NO_NAME = re.compile(r"[^\w.-]+")
_PARAMETERS = re.compile(r"\[([^\[\]]*)\]$")


def place_of_name(folder: Path, name: str) -> Path:
    """The session file of a name that was given."""
    return folder / f"{_safe(name, name)}.yaml"


def place_of_test(folder: Path, module: Path, test: str) -> Path:
    """`MODULE/TEST.yaml`, of the path of a test file as far as it tells it from others, and pytest's name of the test.

    A function and its parameters, `test_it[a]`, are `test_it-a` there: no name of a function has a dash.
    """
    plain = _PARAMETERS.sub(lambda found: f"-{found[1]}" if found[1] else "", test)
    return folder / module.with_suffix("") / f"{_safe(test, plain)}.yaml"


def own_place(place: Path, earlier: Path, modules: Iterable[Path], module: Path, root: Path) -> Path:
    """The place itself, or that of earlier versions, which did not tell modules of the same name apart.

    A recording that was made there stays there, unless it may be that of another module as well.
    """
    if place.exists() or not earlier.exists():
        return place
    others = any(each.stem == module.stem and each != module for each in modules)
    return place if others or (root / module.name).exists() else earlier


def _safe(name: str, plain: str) -> str:
    """A name that every file system takes; one that is not as it was, `plain`, keeps apart by a digest."""
    safe = _NO_NAME.sub("-", name).strip("-.")[:_LONGEST_NAME]
    if safe and safe == plain:
        return safe
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}-{digest}" if safe else digest
