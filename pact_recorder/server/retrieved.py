"""What is retrieved, written: one table of kinds and formats.

A pair that there is not is answered with 200 and a sentence, as MockServer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pact_recorder.capture.traffic_history import Seen
from pact_recorder.http import Exchange, Request, Response
from pact_recorder.http.curl import curl_command
from pact_recorder.matching import JsonValue
from pact_recorder.mock import Expectation, example_request
from pact_recorder.mock.mockserver.traffic import write_seen_request
from pact_recorder.mock.mockserver.writing import write_expectation
from pact_recorder.recordings.har_writing import har_document
from pact_recorder.server.log_writing import correlation, entry, pair, text
from pact_recorder.server.messages import (
    ControlResponse,
    compact_json_response,
    json_list_response,
    json_response,
    text_response,
)
from pact_recorder.server.recorded_expectations import recorded_documents, with_headers
from pact_recorder.server.retrieving import Retrieval


def write_active(retrieval: Retrieval, expectations: Sequence[Expectation], version: str) -> ControlResponse:
    """Active expectations in a format; `version` is this program's."""
    chosen = retrieval.page(expectations)
    if retrieval.form == "JSON":
        return listing(200, map(write_expectation, chosen))
    if retrieval.form == "HAR":
        return json_response(200, har_document(_examples(chosen), version))
    return _not_supported(retrieval)


def write_recorded(retrieval: Retrieval, recorded: Iterable[Seen], version: str) -> ControlResponse:
    """Recorded exchanges as expectations, or in another format; `version` is this program's."""
    if retrieval.form != "JSON":
        return _table(retrieval, "RECORDED_EXPECTATIONS", recorded, version)
    documents = recorded_documents(recorded, consolidate=retrieval.consolidate, parameterize=retrieval.parameterize)
    return listing(200, (with_headers(each, retrieval.only_headers) for each in retrieval.page(documents)))


def write_log(retrieval: Retrieval, log: Iterable[Seen], version: str) -> ControlResponse:
    """Requests of the log in a format; `version` is this program's."""
    if retrieval.correlation:
        log = (seen for seen in log if correlation(seen) == retrieval.correlation)
    if retrieval.kind == "LOGS" and retrieval.form != "LOG_ENTRIES":
        return text_response(200, text(retrieval.page(log)))
    return _table(retrieval, retrieval.kind, log, version)


def listing(status: int, documents: Iterable[JsonValue]) -> ControlResponse:
    """A list of JSON documents, which are taken one at a time."""
    response = json_list_response(status, documents)
    # MockServer's own serializer writes an empty list without the space that Jackson puts into it.
    return compact_json_response(status, []) if response.body == b"[ ]" else response


def _table(retrieval: Retrieval, kind: str, found: Iterable[Seen], version: str) -> ControlResponse:
    write = _FORMATS.get((kind, retrieval.form))
    return _not_supported(retrieval) if write is None else write(retrieval.page(found), version)


def _not_supported(retrieval: Retrieval) -> ControlResponse:
    return text_response(200, f"{retrieval.form} not supported for {retrieval.kind}")


def _requests(log: Iterable[Seen], version: str) -> ControlResponse:
    return listing(200, (write_seen_request(seen.request) for seen in log))


def _pairs(log: Iterable[Seen], version: str) -> ControlResponse:
    return listing(200, map(pair, log))


def _entries(log: Iterable[Seen], version: str) -> ControlResponse:
    return listing(200, map(entry, log))


def _har(log: Iterable[Seen], version: str) -> ControlResponse:
    return json_response(200, har_document((seen.exchange for seen in log), version))


def _curl(log: Iterable[Seen], version: str) -> ControlResponse:
    return text_response(200, "\n".join(curl_command(seen.request) for seen in log))


def _examples(expectations: Iterable[Expectation]) -> list[Exchange]:
    """The example of each expectation with its first answer; those without an example have none."""
    found = []
    for expectation in expectations:
        expected, answers = expectation.expected(), expectation.responses()
        if expected is not None:
            found.append(Exchange(_located(example_request(expected)), answers[0] if answers else Response(0)))
    return found


def _located(request: Request) -> Request:
    return Request(
        request.method, request.path, request.query, request.headers, request.body,
        host=request.host or request.headers.get("host") or "localhost",
    )  # fmt: skip


_FORMATS: dict[tuple[str, str], Callable[[Iterable[Seen], str], ControlResponse]] = {
    ("LOGS", "LOG_ENTRIES"): _entries,
    ("REQUESTS", "JSON"): _requests,
    ("REQUESTS", "LOG_ENTRIES"): _entries,
    ("REQUESTS", "HAR"): _har,
    ("REQUESTS", "CURL"): _curl,
    ("REQUEST_RESPONSES", "JSON"): _pairs,
    ("REQUEST_RESPONSES", "LOG_ENTRIES"): _entries,
    ("REQUEST_RESPONSES", "HAR"): _har,
    ("REQUEST_RESPONSES", "CURL"): _curl,
    ("RECORDED_EXPECTATIONS", "LOG_ENTRIES"): _entries,
    ("RECORDED_EXPECTATIONS", "HAR"): _har,
}
