"""XPATH bodies: an XML body in which an XPath 1.0 expression finds something, by the library elementpath.

Documents are parsed without document types, entities or anything external. Expressions come from outside, so each step
that one takes is counted, and one that takes too many finds nothing. Names are compared without their prefixes, as in
MockServer, unless the namespaces of prefixes are given.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any
from xml.etree.ElementTree import Element, ElementTree

from elementpath import ElementPathError, XPath1Parser, XPathContext
from elementpath.datatypes import UntypedAtomic

from pact_recorder.errors import LimitError
from pact_recorder.http import Body, MediaType
from pact_recorder.matching import JsonValue, MatchingRules
from pact_recorder.matching.xml_values import Element as XmlElement
from pact_recorder.matching.xml_values import XmlError, parse_xml
from pact_recorder.mock.mockserver.body_reading import xml_of

_LONGEST = 4_096
_MOST_STEPS = 200_000
_CHARACTERS_A_STEP = 1_000
_PAIRS_A_STEP = 10
_NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*").fullmatch
Prefixes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class XPathBody:
    """An XML document in which an XPath expression finds a node, or has a value but false, zero and no text.

    With `prefixes` (each with its namespace) names have namespaces, without them none.
    """

    path: str
    prefixes: Prefixes = ()
    rules = MatchingRules()

    @property
    def example(self) -> None:
        """None: an expression has no equivalent in a contract."""
        return None

    def difference(self, body: Body | None, media_type: MediaType | None) -> str | None:
        """What is wrong with a body; None when the expression is true of it."""
        try:
            root = xml_of(body, media_type)
        except XmlError as error:
            return f"Expected XML in which {self.path[:100]} finds something but {str(error)[:100]}"
        try:
            found = self._true_of(root)
        except (ElementPathError, LimitError, RecursionError, ValueError, TypeError, OverflowError) as error:
            return f"{self.path[:100]} cannot be applied: {str(error)[:100] or type(error).__name__}"
        return None if found else f"{self.path[:100]} finds nothing in the body"

    def _true_of(self, root: XmlElement) -> bool:
        return bool(_compiled(self.path, self.prefixes).boolean_value(_found(self.path, self.prefixes, root)))


def read_xpath(path: str, namespaces: JsonValue = None) -> XPathBody:
    """The pattern of an XPath 1.0 expression, with the namespaces of its prefixes. Raises ValueError for none."""
    prefixes = _prefixes(namespaces)
    if len(path) > _LONGEST:
        raise ValueError(f"the expression is longer than {_LONGEST:,} characters")
    try:
        _compiled(path, prefixes)
        # What is wrong in a step that no document reaches is left to the comparison; a name nobody declared is not.
        _found(path, prefixes, parse_xml("<none/>"))
    except ElementPathError as error:
        if str(error.code).startswith("err:XPST"):
            raise _no_expression(str(error)) from None
    except (RecursionError, ValueError, TypeError, OverflowError) as error:
        raise _no_expression(str(error) or "nested too deeply") from None
    return XPathBody(path, prefixes)


def _no_expression(reason: str) -> ValueError:
    return ValueError(f"it is no XPath 1.0 expression: {reason.splitlines()[0][:200]}")


def _prefixes(document: JsonValue) -> Prefixes:
    members = document or {}
    if not isinstance(members, Mapping) or not all(isinstance(uri, str) for uri in members.values()):
        raise ValueError("namespacePrefixes must be an object of prefixes and their namespaces")
    return tuple((prefix, str(uri)) for prefix, uri in sorted(members.items()))


@lru_cache(maxsize=1024)
def _compiled(path: str, prefixes: Prefixes) -> Any:
    return _Parser(namespaces=dict(prefixes)).parse(path)


def _found(path: str, prefixes: Prefixes, root: XmlElement) -> Any:
    account = _Account()
    return _compiled(path, prefixes).evaluate(_Steps(_tree(root, account, bool(prefixes)), account))


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


def _tree(element: XmlElement, account: _Account, named: bool) -> Element:
    """The element as elementpath takes it, with namespaces or with local names only."""
    root = _element(element, account, named)
    pending = [(element, root)]
    while pending:
        source, made = pending.pop()
        for child in source.children:
            made.append(_element(child, account, named))
            pending.append((child, made[-1]))
    return root


def _element(source: XmlElement, account: _Account, named: bool) -> Element:
    made = _Counted(_name(source.name, named), {_name(name, named): value for name, value in source.attributes.items()})
    made.account = account
    # Where among the children a text stands makes no difference to what expressions are asked here.
    made.text = "".join(source.pieces) or None
    return made


def _name(name: str, named: bool) -> str:
    """`uri:local` as elementpath writes it, or the local name."""
    uri, _, local = name.rpartition(":")
    return f"{{{uri}}}{local}" if named and uri else local


class _Steps(XPathContext):
    """The evaluation of one expression on its account; copies share it."""

    def __init__(self, root: Element, account: _Account) -> None:
        super().__init__(ElementTree(root))
        self.account = account
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
        self.account.charge(self._width(self.item) if self.axis is None else 1)
        return self._counted(super().iter_matching_nodes(name, default_namespace))

    def iter_parent(self) -> Iterator[Any]:
        return self._counted(super().iter_parent())

    def iter_siblings(self, axis: str | None = None) -> Iterator[Any]:
        self.account.charge(self._width(getattr(self.item, "parent", None)))
        return self._counted(super().iter_siblings(axis))

    def iter_descendants(self, axis: str | None = None) -> Iterator[Any]:
        return self._counted(super().iter_descendants(axis))

    def iter_ancestors(self, axis: str | None = None) -> Iterator[Any]:
        return self._counted(super().iter_ancestors(axis))

    def iter_preceding(self) -> Iterator[Any]:
        self.account.charge()
        return self._counted(super().iter_preceding())

    def iter_followings(self) -> Iterator[Any]:
        self.account.charge()
        return self._counted(super().iter_followings())

    def _counted(self, items: Iterator[Any]) -> Iterator[Any]:
        for item in items:
            self.account.charge()
            yield item

    @staticmethod
    def _width(item: Any) -> int:
        return 1 + len(getattr(item, "children", None) or ())


def _comparisons(self: Any, context: _Steps | None) -> Iterator[tuple[Any, Any]]:
    """The pairs of values that a comparison is true of if it is of any of them (XPath 1.0 §3.4)."""
    left, right = (list(operand.atomization(context)) for operand in self)
    if context is not None:
        # Without one there are only constants, when the expression is read.
        context.account.charge(len(left) * len(right) // _PAIRS_A_STEP)
    if any(len(values) == 1 and isinstance(values[0], bool) for values in (left, right)):
        yield _truth(left), _truth(right)
        return
    for one, other in product(left, right):
        if self.symbol in ("=", "!=") and isinstance(one, _TEXTS) and isinstance(other, _TEXTS):
            yield str(one), str(other)
        else:
            yield _number(one), _number(other)


_TEXTS = (str, UntypedAtomic)


def _number(value: Any) -> float:
    """A value as a number; what is none is not a number, which compares with nothing."""
    if isinstance(value, _TEXTS):
        return float(str(value)) if _NUMBER(str(value)) else math.nan
    return float(value)


def _truth(values: list[Any]) -> bool:
    """Whether values stand for true: any nodes do, and text, and a number but zero."""
    first = values[0] if values else False
    return isinstance(first, UntypedAtomic) or bool(first and first == first)


class _Parser(XPath1Parser):
    """XPath 1.0 with the comparisons of its specification.

    elementpath's own take a node and a number for different whatever they are, and fail at text that is no number.
    """


for _symbol in ("=", "!=", "<", "<=", ">", ">="):
    _token = _Parser.symbol_table[_symbol]
    _Parser.symbol_table[_symbol] = type(_token.__name__, (_token,), {"iter_comparison_data": _comparisons})
