"""What users read is complete and true: options, commands and endpoints are documented, and links lead somewhere."""

import re
from pathlib import Path

import pytest

from pact_recorder.addon import RecorderAddon
from pact_recorder.addon.options import OPTIONS
from pact_recorder.cli.command import COMMANDS
from pact_recorder.errors import UsageError
from pact_recorder.mock.mockserver.body import MEMBERS
from pact_recorder.mock.mockserver.reading import read_expectations
from pact_recorder.server import ROUTES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "recordings").glob("*.md")])
REFERENCE = (ROOT / "docs" / "reference.md").read_text()
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_is_in_the_reference(option: object) -> None:
    name = getattr(option, "name", "")
    assert f"| `{name}` |" in REFERENCE


def test_every_command_of_the_addon_is_in_the_reference() -> None:
    methods = (getattr(RecorderAddon, name) for name in dir(RecorderAddon))
    names = {method.command_name for method in methods if hasattr(method, "command_name")}
    assert names == {"pact.mode", "pact.export", "pact.verify", "pact.save", "pact.clear"}
    for name in names:
        assert f"| `{name}" in REFERENCE


@pytest.mark.parametrize("name", [each.name for each in COMMANDS])
def test_every_command_of_the_program_is_in_the_reference(name: str) -> None:
    assert f"### `pact-recorder {name}" in REFERENCE


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_every_endpoint_is_documented(path: str) -> None:
    page = (ROOT / "docs" / "control-api.md").read_text()
    for method in ROUTES[path]:
        assert re.search(rf"`{method}`?[^|]*{re.escape(path)}[`?]", page), f"{method} {path}"


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_every_parameter_of_an_endpoint_is_documented(path: str) -> None:
    page = (ROOT / "docs" / "control-api.md").read_text()
    for route in ROUTES[path].values():
        for name in (*route.parameters.takes, *route.parameters.lacks):
            assert re.search(rf"[`?&]{name}[`=]", page), f"{path}: {name}"


EXPECTATIONS = (ROOT / "docs" / "expectations.md").read_text()


def refused_for(document: str) -> str:
    """The text of the error about an expectation, which lists what is supported."""
    with pytest.raises(UsageError) as caught:
        read_expectations(document, 0.0)
    return str(caught.value)


# One document for each object whose members are listed when it has one that is not supported.
UNSUPPORTED = [
    '{"x": 1}',
    '{"httpResponse": {}, "httpRequest": {"x": 1}}',
    '{"httpResponse": {}, "httpRequest": {"body": {"type": "WASM"}}}',
    '{"httpResponse": {"x": 1}}',
    '{"httpResponse": {"connectionOptions": {"x": 1}}}',
    '{"httpForward": {"x": 1}}',
    '{"httpError": {"x": 1}}',
    '{"httpOverrideForwardedRequest": {"x": 1}}',
    '{"httpOverrideForwardedRequest": {"requestOverride": {"x": 1}}}',
    '{"httpOverrideForwardedRequest": {"responseModifier": {"x": 1}}}',
]
TESTED = "\n".join(
    path.read_text()
    for folder in ("mock/mockserver", "server", "e2e")
    for path in sorted((ROOT / "tests" / folder).glob("test_*.py"))
)


def fields_of(document: str) -> list[str]:
    """The members that an object may have, as the error about another one lists them."""
    supported = re.search(r"\(supported: ([^)]+)\)", refused_for(document))
    assert supported is not None
    return supported[1].split(", ")


@pytest.mark.parametrize("document", UNSUPPORTED)
def test_every_field_of_an_expectation_is_documented_in_a_table(document: str) -> None:
    rows = [line for line in EXPECTATIONS.splitlines() if line.startswith("|")]
    for name in fields_of(document):
        assert any(f"`{name}`" in row for row in rows), name


@pytest.mark.parametrize("document", UNSUPPORTED)
def test_every_field_of_an_expectation_is_tested(document: str) -> None:
    for name in fields_of(document):
        assert f'"{name}"' in TESTED, name


@pytest.mark.parametrize("kind", sorted(MEMBERS))
def test_every_member_of_a_body_is_documented_and_tested(kind: str) -> None:
    row = next(line for line in EXPECTATIONS.splitlines() if line.startswith(f"| `{kind}` |"))
    for name in MEMBERS[kind]:
        assert f"`{name}`" in row, name
        assert f'"{name}"' in TESTED, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_two_commands_of_the_readme_are_marked() -> None:
    for mark in ("demo-command", "test-command"):
        assert re.search(rf"<!-- {mark} -->\n```sh\n.+\n```", README), mark


def test_the_architecture_page_names_every_dependency() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    dependencies = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert dependencies is not None
    page = (ROOT / "ARCHITECTURE.md").read_text()
    for name in re.findall(r'"([A-Za-z_]+)', dependencies.group(1)):
        assert name in page, name
