"""Mutants of small answers, for tests."""

import json
from typing import Any

from builders import exchange, request, response

from pact_recorder.http import Exchange, Response
from pact_recorder.verification import Mutant
from pact_recorder.verification.mutants import mutants_of
from pact_recorder.verification.mutants_chance import Chance
from pact_recorder.verification.mutants_profile import Profile


def profile(*documents: Any) -> Profile:
    """What siblings with these JSON bodies show, all of status 200."""
    made = Profile()
    for document in documents:
        made.add(json.loads(json.dumps(document), parse_float=str.encode))
    made.statuses[200] = len(documents)
    return made


def answered(document: Any, target: str = "/") -> Exchange:
    """An exchange whose answer is a JSON document."""
    return exchange(request("GET", target), response(json.dumps(document).encode()))


def mutants(of: Exchange, siblings: Profile | None = None, seed: int = 1) -> dict[str, Mutant]:
    """The mutants of an answer by kind."""
    found = list(mutants_of(of, profile() if siblings is None else siblings, Chance.seeded(seed)))
    by_kind = {each.kind: each for each in found}
    assert len(by_kind) == len(found), "a kind twice"
    return by_kind


def changed(document: Any, kind: str, *siblings: Any, target: str = "/") -> Any:
    """The JSON document after a change of a kind, None when there is no place for it; `siblings` besides itself."""
    found = mutants(answered(document, target), profile(document, *siblings) if siblings else None).get(kind)
    return None if found is None else json_of(found.response)


def json_of(answer: Response) -> Any:
    """The JSON body of an answer."""
    assert answer.body is not None
    return json.loads(answer.body.content)
