"""Merging contracts: what was written again replaces what was there, the rest stays.

Two interactions are the same when both have a key and the keys are equal, or else when kind, description and
provider states (names and parameters, in order) are equal. A new one takes the place of the old one, so that
merging is idempotent and a file changes only where its contract did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, TypeAlias

from pact_recorder.errors import MergeError, UsageError
from pact_recorder.matching.rules import JsonValue
from pact_recorder.pact.json_text import format_json
from pact_recorder.pact.model import AnyInteraction, Contract, Interaction

OnConflict: TypeAlias = Literal["replace", "error"]
CONFLICT_CHOICES: tuple[OnConflict, ...] = ("replace", "error")
"""What may be done with the same interaction that asks for something else."""

_Identity: TypeAlias = tuple[str, str, str]
_MOST_NAMED = 5


def merge_contracts(
    existing: Contract, new: Contract, *, on_conflict: OnConflict = "replace", superseding: bool = False
) -> Contract:
    """The contract with the interactions of both, the new one where two are the same.

    With `superseding` an old one also gives way to a new one of its description, method and path (or path rules) when
    only provider states tell them apart: so do interactions that were inferred from less.

    Raises MergeError when consumer or provider differ, and with `on_conflict="error"` when an interaction of
    the same identity has another method, path, query or status.
    """
    if on_conflict not in CONFLICT_CHOICES:
        raise UsageError(f"on_conflict is {on_conflict!r}, but must be one of {', '.join(CONFLICT_CHOICES)}")
    _check_parties(existing, new)
    fresh = _Slots(())
    conflicts = fresh.put_all(new.interactions)
    kept = existing.interactions
    if superseding:
        known = {_subject(interaction) for interaction in fresh}
        kept = tuple(each for each in kept if each.key is not None or _subject(each) not in known)
    slots = _Slots(kept)
    conflicts += slots.put_all(fresh)
    if conflicts and on_conflict == "error":
        raise MergeError(_conflict_sentence(conflicts))
    return replace(
        new,
        interactions=tuple(slots),
        metadata=_merged_metadata(existing, new),
        extras={**existing.extras, **new.extras},
    )


def _check_parties(existing: Contract, new: Contract) -> None:
    for role, old, name in (
        ("consumer", existing.consumer, new.consumer),
        ("provider", existing.provider, new.provider),
    ):
        if old != name:
            raise MergeError(
                f'the existing contract has the {role} "{old}" and the new one "{name}": '
                "write the new one to another place, or overwrite"
            )


class _Slots:
    """Interactions in order, found by what makes them the same as another."""

    __slots__ = ("_by_identity", "_by_key", "_entries")

    def __init__(self, interactions: Iterable[AnyInteraction]) -> None:
        self._entries: list[AnyInteraction | None] = []
        self._by_identity: dict[_Identity, dict[str | None, set[int]]] = {}
        self._by_key: dict[str, set[int]] = {}
        for interaction in interactions:
            self._entries.append(None)
            self._set(len(self._entries) - 1, interaction)

    def __iter__(self) -> Iterator[AnyInteraction]:
        return (entry for entry in self._entries if entry is not None)

    def put_all(self, interactions: Iterable[AnyInteraction]) -> list[AnyInteraction]:
        """Put each where the first that is the same was, else at the end; gives those that conflict."""
        return [interaction for interaction in interactions if self._put(interaction)]

    def _put(self, interaction: AnyInteraction) -> bool:
        places = self._same(interaction)
        replaced = [self._remove(place) for place in sorted(places)]
        if not places:
            self._entries.append(None)
        self._set(min(places, default=len(self._entries) - 1), interaction)
        return any(_asks(old) != _asks(interaction) for old in replaced)

    def _same(self, interaction: AnyInteraction) -> set[int]:
        by_key = self._by_identity.get(_identity(interaction), {})
        if interaction.key is None:
            return set().union(*by_key.values())
        return by_key.get(None, set()) | self._by_key.get(interaction.key, set())

    def _set(self, place: int, interaction: AnyInteraction) -> None:
        self._entries[place] = interaction
        by_key = self._by_identity.setdefault(_identity(interaction), {})
        by_key.setdefault(interaction.key, set()).add(place)
        if interaction.key is not None:
            self._by_key.setdefault(interaction.key, set()).add(place)

    def _remove(self, place: int) -> AnyInteraction:
        interaction = self._entries[place]
        assert interaction is not None  # places are indexed only while they hold one
        self._entries[place] = None
        self._by_identity[_identity(interaction)][interaction.key].discard(place)
        if interaction.key is not None:
            self._by_key[interaction.key].discard(place)
        return interaction


def _identity(interaction: AnyInteraction) -> _Identity:
    states = [[state.name, _sorted(dict(state.params))] for state in interaction.provider_states]
    return type(interaction).__name__, interaction.description, format_json(states)


def _subject(interaction: AnyInteraction) -> tuple[object, ...]:
    """What an interaction is about, whatever its provider states."""
    if not isinstance(interaction, Interaction):
        return _identity(interaction)
    request = interaction.request
    rules = request.rules.category("path")
    path = request.path if not rules else str(sorted((str(place), str(each)) for place, each in rules.items()))
    return interaction.description, request.method.upper(), path


def _sorted(value: JsonValue) -> JsonValue:
    """The value with the members of its objects in one order: theirs says nothing."""
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _asks(interaction: AnyInteraction) -> tuple[object, ...]:
    """What may not differ between two of the same identity; bodies, headers and rules may."""
    if not isinstance(interaction, Interaction):
        return ()
    request = interaction.request
    return request.method.upper(), request.path, request.query or None, interaction.response.status


def _merged_metadata(existing: Contract, new: Contract) -> dict[str, JsonValue]:
    metadata = {**existing.metadata, **new.metadata}
    plugins = [*_plugins(existing), *_plugins(new)]
    if plugins:
        metadata["plugins"] = list({str(plugin.get("name")): plugin for plugin in plugins}.values())
    return metadata


def _plugins(contract: Contract) -> list[dict[str, JsonValue]]:
    """The plugins that the contract's interactions need: those that stay still need theirs."""
    listed = contract.metadata.get("plugins")
    return [plugin for plugin in listed if isinstance(plugin, dict)] if isinstance(listed, list) else []


def _conflict_sentence(conflicts: list[AnyInteraction]) -> str:
    named = ", ".join(f'"{interaction.description}"' for interaction in conflicts[:_MOST_NAMED])
    more = f" and {len(conflicts) - _MOST_NAMED} more" if len(conflicts) > _MOST_NAMED else ""
    return (
        f"{named}{more}: the contract has this already with another method, path, query or status; "
        "give the new one another description, or replace"
    )
