"""Imports point downwards only, and the core stays pure (ARCHITECTURE.md, "Import rules")."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pact_recorder"

# From the top down: a layer may import itself and what stands below it.
LAYERS = (
    "cli",
    "pytest_plugin",
    "addon",
    "server",
    "verification",
    "inference",
    "capture",
    "recordings",
    "mock",
    "pact",
    "matching",
    "http",
    "errors",
)
PURE = {"http", "matching", "mock", "inference", "verification"}
# pact reads and writes files in one module only.
PURE_MODULES_EXCEPT = {"pact": {"files"}}
IMPURE_IMPORTS = {
    "asyncio", "fcntl", "io", "mitmproxy", "multiprocessing", "os", "pathlib", "random", "secrets", "select",
    "shutil", "signal", "socket", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
}  # fmt: skip
# Equal texts as one is a matter of memory alone.
PURE_IMPORTS = {"sys.intern"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        layer = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if layer != "__init__":
            yield layer, path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported(path: Path) -> set[str]:
    """What a module imports, each name by itself: of `from sys import intern` it is `sys.intern`."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names = {f"{node.module}.{each.name}" for node in nodes if isinstance(node, ast.ImportFrom) for each in node.names}
    return modules | names


MODULES = [pytest.param(layer, path, id=str(path.relative_to(PACKAGE))) for layer, path in modules()]


@pytest.mark.parametrize(("layer", "path"), MODULES)
def test_imports_point_downwards(layer: str, path: Path) -> None:
    assert layer in LAYERS, f"{path} stands in no layer"
    allowed = set(LAYERS[LAYERS.index(layer) :])
    for name in imports(path):
        if name.startswith("pact_recorder."):
            target = name.split(".")[1]
            assert target in allowed or target not in LAYERS, f"{path} imports {name}, which is above {layer}"


@pytest.mark.parametrize(("layer", "path"), MODULES)
def test_the_core_is_pure(layer: str, path: Path) -> None:
    exceptions = PURE_MODULES_EXCEPT.get(layer)
    if layer not in PURE and (exceptions is None or path.stem in exceptions):
        return
    impure = {name for name in imported(path) - PURE_IMPORTS if name.split(".")[0] in IMPURE_IMPORTS}
    assert not impure, f"{path} is in a pure layer and imports {sorted(impure)}"


@pytest.mark.parametrize(("layer", "path"), MODULES)
def test_only_the_addon_knows_mitmproxys_context(layer: str, path: Path) -> None:
    uses_ctx = {name for name in imports(path) if name.startswith("mitmproxy") and name.split(".")[-1] == "ctx"}
    assert layer == "addon" or not uses_ctx


@pytest.mark.parametrize(("layer", "path"), MODULES)
def test_modules_stay_small(layer: str, path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 500


def test_architecture_lists_the_layers_in_order() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert listed == list(LAYERS)


@pytest.mark.parametrize(
    "module", ["pact_recorder.server", "pact_recorder.pytest_plugin.mocking", "pact_recorder.inference"]
)
def test_what_works_without_a_proxy_does_not_load_mitmproxy(module: str) -> None:
    program = f"import sys, {module}; sys.exit('mitmproxy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
