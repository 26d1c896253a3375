"""Reports to make pages of, and a page read back as the tree of elements that a browser sees."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pact_recorder.inference.findings import Finding
from pact_recorder.inference.report import InteractionReport, OperationReport, ParameterReport, Report

VOID = {"meta", "br"}


@dataclass
class Node:
    """An element of a page: its tag, attributes, and what it holds."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def all(self, tag: str, kind: str = "") -> list["Node"]:
        """The elements with a tag (and a class) below this one."""
        return [each for each in self.walk() if each.tag == tag and (not kind or kind in each.classes)]

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    def walk(self) -> Iterator["Node"]:
        for each in self.children:
            if isinstance(each, Node):
                yield each
                yield from each.walk()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"<{tag}> has an attribute twice"
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def read_page(page: str) -> Node:
    """The tree of a page; every element must be closed in its place."""
    page.encode("utf-8")
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], f"never closed: {reader.open[-1].tag}"
    return reader.root


def a_finding(path: str = "$.id", rule: str | None = "integer", seen: int = 3, **others: object) -> Finding:
    return Finding(path, rule, seen, **{"distinct": 2, "why": "all are", **others})  # type: ignore[arg-type]


def an_interaction(
    description: str = "GET /users", request: tuple[Finding, ...] = (), response: tuple[Finding, ...] = (a_finding(),),
    *, status: int = 200, samples: int = 3, states: tuple[str, ...] = (), note: str = "",
) -> InteractionReport:  # fmt: skip
    return InteractionReport(description, status, samples, states, request, response, note)


def an_operation(
    name: str = "GET /users", *interactions: InteractionReport, samples: int = 3, advice: tuple[str, ...] = (),
    parameters: tuple[ParameterReport, ...] = (), flows: tuple[str, ...] = (), statuses: dict[int, int] | None = None,
) -> OperationReport:  # fmt: skip
    kept = interactions or (an_interaction(name),)
    return OperationReport(name, samples, statuses or {200: samples}, parameters, flows, kept, advice)


def a_report(*operations: OperationReport, consumer: str = "web", provider: str = "users") -> Report:
    return Report(consumer, provider, operations or (an_operation(),))


def a_report_of(text: str) -> Report:
    """A report in which a text stands wherever one can."""
    places = (a_finding(text, text, why=text), a_finding(text, None, why=text))
    interaction = an_interaction(text, places, places, states=(text,), note=text)
    parameter = ParameterReport(text, text)
    operation = an_operation(text, interaction, advice=(text,), parameters=(parameter,), flows=(text,))
    return a_report(operation, consumer=text, provider=text)
