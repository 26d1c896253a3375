"""What requests prove with whom they come by: headers that carry a credential, cookies aside."""

from __future__ import annotations

from functools import lru_cache

from pact_recorder.http.names import is_secret_header


@lru_cache(maxsize=1024)
def credential_header(name: str) -> str:
    """The lower-case name of a header that carries a credential; empty for any other."""
    lower = name.lower()
    return lower if is_secret_header(lower) and not lower.startswith("cookie") else ""


def without_scheme(value: str) -> str:
    """The credential of a header's value: what follows the scheme, as in `Bearer …`."""
    return value.partition(" ")[2].strip() or value
