"""HAR files (HTTP Archive 1.1 and 1.2), as browsers, proxies and test tools export them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from pact_recorder.errors import ImportFileError
from pact_recorder.http import Exchange
from pact_recorder.recordings.importers.har_documents import HarEntry
from pact_recorder.recordings.importers.har_exchange import SkippedEntry, exchange_of
from pact_recorder.recordings.importers.source import sound


class HarFile:
    """A HAR file being imported."""

    kind = "HAR"

    def __init__(self, path: Path) -> None:
        self.skipped: Counter[str] = Counter()
        self._path = path

    def __iter__(self) -> Iterator[Exchange]:
        """The exchanges in the order of the file; ImportFileError with the place when it is wrong."""
        for number, entry in enumerate(self._entries(), 1):
            try:
                exchange = exchange_of(HarEntry.model_validate(entry))
                if sound(exchange, f"entry {number}", self.skipped):
                    yield exchange
            except SkippedEntry as skipped:
                self.skipped[skipped.reason] += 1
            except ValidationError as error:
                found = error.errors(include_url=False)[0]
                place = ".".join(map(str, found["loc"]))
                location = f"entry {number}, {place}" if place else f"entry {number}"
                raise ImportFileError(str(self._path), _lower_first(found["msg"]), location) from error

    def _entries(self) -> list[object]:
        document = self._document()
        log = document.get("log") if isinstance(document, dict) else None
        entries = log.get("entries") if isinstance(log, dict) else None
        if not isinstance(entries, list):
            raise ImportFileError(str(self._path), "this is JSON, but not a HAR file: it has no log.entries")
        return entries

    def _document(self) -> object:
        try:
            return json.loads(self._path.read_bytes())
        except OSError as error:
            raise ImportFileError(str(self._path), f"it cannot be read: {error.strerror}") from error
        except json.JSONDecodeError as error:
            reason = f"this is not JSON: {_lower_first(error.msg)}"
            raise ImportFileError(str(self._path), reason, f"line {error.lineno}") from error
        except (ValueError, RecursionError) as error:
            raise ImportFileError(str(self._path), f"this is not JSON: {error}") from error


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
