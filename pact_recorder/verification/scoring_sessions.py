"""A contract scored against recorded exchanges: siblings are brought together, some answers are changed, all judged.

Labels of mutants are looked up against the answers of the same operation with the same status. However long a session
is, only some hundred answers are changed, about as many of each of these groups: chosen by the seed and by what they
are, so that their order has no say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from itertools import islice

from pact_recorder.http import Exchange, Request
from pact_recorder.http.identity import exchange_identity
from pact_recorder.pact import Contract
from pact_recorder.verification.mutant import Mutant
from pact_recorder.verification.mutants import document_of, mutants_of
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_profile import Profile
from pact_recorder.verification.scoring import Scorer
from pact_recorder.verification.scoring_report import ContractScore

CHANGED = 600
"""How many answers are changed unless said otherwise; an answer has some thirty mutants."""
_FEWEST_OF_GROUP, _MOST_OF_GROUP = 2, 40
_MOST_PROFILED = 2_000

_Group = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A recorded exchange, and what it is called in reports."""

    exchange: Exchange
    name: str


@dataclass(frozen=True, slots=True)
class GivenMutant:
    """A mutant from elsewhere, with the request of the exchange that it was made of."""

    request: Request
    mutant: Mutant
    name: str


def score_contract(
    contract: Contract,
    exchanges: Sequence[Seen],
    seed: int,
    given: Iterable[GivenMutant] = (),
    *,
    changed: int = CHANGED,
) -> ContractScore:
    """The score of a contract. About `changed` answers get mutants, none with 0; `given` are judged besides."""
    scorer = Scorer(contract)
    groups = _groups(scorer, exchanges)
    profiles = _profiles(groups)
    chosen = {id(each): group for group, members in groups.items() for each in _chosen(members, seed, changed, groups)}
    for each in exchanges:
        group = chosen.get(id(each))
        # Mutants are made while they are judged, so that one is held at a time.
        mutants = () if group is None else mutants_of(each.exchange, profiles[group], _chance(each, seed))
        scorer.add(each.exchange, mutants, each.name)
    for other in given:
        scorer.add_mutant(other.request, other.mutant, other.name)
    return scorer.score()


def of_provider(exchanges: Iterable[Seen], contract: Contract, host: str | None) -> list[Seen]:
    """The exchanges that a contract is about.

    Those of `host` when it is named, else of the host that the contract's provider is called after, else all.
    """
    known = list(exchanges)
    wanted = (host if host is not None else contract.provider).strip().lower()
    found = [each for each in known if each.exchange.request.authority == wanted]
    return found if found or host is not None else known


def _groups(scorer: Scorer, exchanges: Iterable[Seen]) -> dict[_Group, list[Seen]]:
    """The covered exchanges by operation and status."""
    groups: dict[_Group, list[Seen]] = {}
    for each in exchanges:
        promises = scorer.index.covering(each.exchange.request)
        if promises:
            group = promises[0].operation, each.exchange.response.status
            groups.setdefault(group, []).append(each)
    return groups


def _profiles(groups: dict[_Group, list[Seen]]) -> dict[_Group, Profile]:
    """What the siblings of each group show, with the statuses of the whole operation."""
    statuses: dict[str, Counter[int]] = {}
    for (operation, status), members in groups.items():
        statuses.setdefault(operation, Counter())[status] += len(members)
    profiles: dict[_Group, Profile] = {}
    for (operation, status), members in groups.items():
        profile = profiles[operation, status] = Profile()
        profile.statuses = statuses[operation]
        documents = (document_of(each.exchange) for each in members)
        for document in islice((each for each in documents if each is not None), _MOST_PROFILED):
            profile.add(document)
    return profiles


def _chosen(members: Sequence[Seen], seed: int, changed: int, groups: Sized) -> Sequence[Seen]:
    """The members of a group that are changed, where so many of all groups are to be."""
    share = min(max(changed // len(groups), _FEWEST_OF_GROUP), _MOST_OF_GROUP) if changed else 0
    if len(members) <= share:
        return members
    return sorted(members, key=lambda each: _chance(each, seed).below(1 << 62))[:share]


def _chance(seen: Seen, seed: int) -> Chance:
    return Chance.seeded(seed, exchange_identity(seen.exchange))
