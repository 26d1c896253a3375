"""The Rust reference as an oracle: what it understands of a document."""

import os

os.environ["PACT_DO_NOT_TRACK"] = "true"  # without it the library sends usage metrics out

from pact_ffi.ffi import ffi, lib


def reference_response_bodies(document: str) -> list[bytes] | None:
    """The response bodies of a document's HTTP interactions as the reference reads them; None when it cannot.

    Nothing is freed: which of its pointers own what they point to is not documented, and a test can leak.
    """
    pact = lib.pactffi_parse_pact_json(document.encode())
    if pact == ffi.NULL:
        return None
    interactions = lib.pactffi_pact_model_interaction_iterator(pact)
    bodies: list[bytes] = []
    while (interaction := lib.pactffi_pact_interaction_iter_next(interactions)) != ffi.NULL:
        bodies.append(_response_body(interaction))
    return bodies


def _response_body(interaction) -> bytes:
    http = lib.pactffi_pact_interaction_as_synchronous_http(interaction)
    length = lib.pactffi_sync_http_get_response_contents_length(http)
    content = lib.pactffi_sync_http_get_response_contents_bin(http)
    return b"" if content == ffi.NULL else bytes(ffi.buffer(ffi.cast("char *", content), length))
