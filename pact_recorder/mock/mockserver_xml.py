"""XML and XPATH bodies.

XML is compared by the matching engine, as XML in a contract is. XPath 1.0 is the library elementpath's; as in
MockServer names are compared without their prefixes. Documents are parsed without document types, entities or anything
external, and an expression that takes more than a fixed number of steps finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, ElementTree

from elementpath import ElementPathError, XPath1Parser, XPathContext

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType, Request
from pact_recorder.matching import ExpectedRequest, MatchingRules, match_request
from pact_recorder.matching.xml_values import Element as XmlElement
from pact_recorder.matching.xml_values import XmlError, parse_xml

_LONGEST = 4_096
_MOST_STEPS = 200_000
_CHARACTERS_A_STEP = 1_000
_PLACEHOLDER = "${xmlunit."


@dataclass(frozen=True, slots=True)
class XmlBody:
    """An XML document: what the matching engine calls equal."""

    text: str
    rules = MatchingRules()

    @property
    def example(self) -> Body:
        """The document, declared as XML."""
        return Body(self.text.encode("utf-8", "surrogatepass"), media_type="application/xml")

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body, the first difference; None when it is the expected document."""
        text = _text(body, media_type).encode("utf-8", "surrogatepass")
        actual = Request("GET", "/", body=Body(text, media_type="application/xml"))
        found = match_request(ExpectedRequest(body=self.example), actual)
        return found[0].sentence if found else None


@dataclass(frozen=True, slots=True)
class XPathBody:
    """An XML document in which an XPath expression finds a node, or has a value but false, zero and no text."""

    path: str
    rules = MatchingRules()

    @property
    def example(self) -> None:
        """None: an expression has no equivalent in a contract."""
        return None

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when the expression is true of it."""
        text = _text(body, media_type)
        try:
            root = parse_xml(text)
        except XmlError as error:
            return f"Expected XML in which {self.path[:100]} finds something but {str(error)[:100]}"
        try:
            found = _compiled(self.path).boolean_value(_found(self.path, root))
        except (ElementPathError, LimitError, RecursionError, ValueError, TypeError, OverflowError) as error:
            return f"{self.path[:100]} cannot be applied: {str(error)[:100] or type(error).__name__}"
        return None if found else f"{self.path[:100]} finds nothing in the body"


def read_xml(text: str) -> XmlBody:
    """The pattern of an XML document. Raises ValueError for what is none."""
    if _PLACEHOLDER in text:
        raise ValueError(f"xmlunit placeholders ({_PLACEHOLDER}…}}) in a body are not supported")
    try:
        parse_xml(text)
    except XmlError as error:
        raise ValueError(f"it is no XML: {error}") from None
    return XmlBody(text)


def read_xpath(path: str) -> XPathBody:
    """The pattern of an XPath 1.0 expression. Raises ValueError for what is none."""
    if len(path) > _LONGEST:
        raise ValueError(f"the expression is longer than {_LONGEST:,} characters")
    try:
        _compiled(path)
        # What is wrong in a step that no document reaches is left to the comparison; a name nobody declared is not.
        _found(path, parse_xml("<none/>"))
    except ElementPathError as error:
        if str(error.code).startswith("err:XPST"):
            raise _no_expression(str(error)) from None
    except (RecursionError, ValueError, TypeError, OverflowError) as error:
        raise _no_expression(str(error) or "nested too deeply") from None
    return XPathBody(path)


def _no_expression(reason: str) -> ValueError:
    return ValueError(f"it is no XPath 1.0 expression: {reason.splitlines()[0][:200]}")


@lru_cache(maxsize=1024)
def _compiled(path: str) -> Any:
    return XPath1Parser().parse(path)


def _found(path: str, root: XmlElement) -> Any:
    account = _Account()
    return _compiled(path).evaluate(_Steps(_tree(root, account), account))


def _text(body: Body | None, media_type: MediaType | None) -> str:
    return ((body.text(media_type) if body is not None else None) or "").removeprefix("\ufeff")


class _Account:
    """The steps that one evaluation may still take."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MOST_STEPS

    def charge(self, steps: int = 1) -> None:
        """Take steps. Raises LimitError when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise LimitError("it takes too long")


class _Counted(Element):
    """An element whose reading as text counts."""

    account: _Account

    def iter(self, tag: str | None = None) -> Iterator[Element]:  # type: ignore[override]
        for each in super().iter(tag):
            self.account.charge(1 + len(each.text or "") // _CHARACTERS_A_STEP)
            yield each


def _tree(element: XmlElement, account: _Account) -> Element:
    """The element as elementpath takes it, with local names only."""
    root = _element(element, account)
    pending = [(element, root)]
    while pending:
        source, made = pending.pop()
        for child in source.children:
            made.append(_element(child, account))
            pending.append((child, made[-1]))
    return root


def _element(source: XmlElement, account: _Account) -> Element:
    attributes = {name.rpartition(":")[2]: value for name, value in source.attributes.items()}
    made = _Counted(source.local, attributes)
    made.account = account
    # Where among the children a text stands makes no difference to what expressions are asked here.
    made.text = "".join(source.pieces)
    return made


class _Steps(XPathContext):
    """The evaluation of one expression on its account; copies share it."""

    def __init__(self, root: Element, account: _Account) -> None:
        super().__init__(ElementTree(root))
        self._account = account
        account.left = _MOST_STEPS

    def inner_focus_select(self, token: Any, predicate: bool = False) -> Iterator[Any]:
        return self._counted(super().inner_focus_select(token, predicate))

    def iter_self(self) -> Iterator[Any]:
        return self._counted(super().iter_self())

    def iter_attributes(self) -> Iterator[Any]:
        return self._counted(super().iter_attributes())

    def iter_children_or_self(self) -> Iterator[Any]:
        return self._counted(super().iter_children_or_self())

    def iter_matching_nodes(self, name: str, default_namespace: str | None = None) -> Iterator[Any]:
        self._account.charge(self._width(self.item) if self.axis is None else 1)
        return self._counted(super().iter_matching_nodes(name, default_namespace))

    def iter_parent(self) -> Iterator[Any]:
        return self._counted(super().iter_parent())

    def iter_siblings(self, axis: str | None = None) -> Iterator[Any]:
        self._account.charge(self._width(getattr(self.item, "parent", None)))
        return self._counted(super().iter_siblings(axis))

    def iter_descendants(self, axis: str | None = None) -> Iterator[Any]:
        return self._counted(super().iter_descendants(axis))

    def iter_ancestors(self, axis: str | None = None) -> Iterator[Any]:
        return self._counted(super().iter_ancestors(axis))

    def iter_preceding(self) -> Iterator[Any]:
        self._account.charge()
        return self._counted(super().iter_preceding())

    def iter_followings(self) -> Iterator[Any]:
        self._account.charge()
        return self._counted(super().iter_followings())

    def _counted(self, items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            self._account.charge()
            yield item

    @staticmethod
    def _width(item: Any) -> int:
        return 1 + len(getattr(item, "children", None) or ())
