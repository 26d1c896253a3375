"""Changes of a JSON body, as a table: where each kind may be made, and how.

A kind looks for the nodes at which the siblings bear out its label; one of them is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pact_recorder.matching import JsonValue
from pact_recorder.matching.json_values import written_json
from pact_recorder.verification.mutant import AMBIGUOUS
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_document import Document, Place


@dataclass(frozen=True, slots=True)
class Change:
    """A changed body: its place, what was done, and its JSON value; `certain` is whether the label may be trusted."""

    path: str
    note: str
    value: JsonValue
    certain: bool = True


@dataclass(frozen=True, slots=True)
class JsonKind:
    """A kind of change: `where` it may be made, and `change`, which gives the new body and a note, or None.

    `certain` says of a node whether its siblings are evidence enough; the change is ambiguous where they are not.
    """

    name: str
    label: str
    severity: str | Callable[[Document, Place], str]
    where: Callable[[Document], Iterable[Place]]
    change: Callable[[Document, Place, Chance], tuple[JsonValue, str] | None]
    certain: Callable[[Document, Place], bool] = lambda document, place: True

    def made(self, document: Document, chance: Chance) -> tuple[Place, Change] | None:
        """The change at one of its places, each path being as likely as any other; None when there is none."""
        by_path: dict[str, list[Place]] = {}
        for place in self.where(document):
            by_path.setdefault(place.path, []).append(place)
        for path in chance.shuffled(sorted(by_path))[:_TRIES]:
            place = chance.choice(by_path[path])
            found = self.change(document, place, chance)
            if found is not None:
                value, note = found
                return place, Change(place.path, f"{place.shown}: {note}", value, self.certain(document, place))
        return None

    def label_of(self, change: Change) -> str:
        """The label that a change bears."""
        return self.label if change.certain else AMBIGUOUS

    def severity_of(self, document: Document, place: Place) -> str:
        """The severity at a node."""
        return self.severity if isinstance(self.severity, str) else self.severity(document, place)


_TRIES = 5


def written(value: JsonValue) -> bytes:
    """A body as compact JSON."""
    return written_json(value).encode("utf-8", "surrogatepass")


def json_mutations(
    document: Document, kinds: Iterable[JsonKind], chance: Chance
) -> Iterator[tuple[str, str, str, Change]]:
    """Kind, label, severity and change, one of each kind that the document has a place for."""
    for each in kinds:
        made = each.made(document, chance.of(each.name))
        if made is not None:
            place, change = made
            yield each.name, each.label_of(change), each.severity_of(document, place), change
