"""The YAML file of a session: written whole or not at all, read one exchange at a time.

The first document says what the file is, each other one holds an exchange, in the order of first appearance.
The shape is in `documents`; here exchanges are turned into it and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from pact_recorder.errors import SessionError, StorageError
from pact_recorder.recordings.atomic import replacing
from pact_recorder.recordings.body_files import BodyFiles
from pact_recorder.recordings.body_forms import INLINE_LIMIT
from pact_recorder.recordings.document_errors import explain
from pact_recorder.recordings.document_reading import read_exchange
from pact_recorder.recordings.document_writing import exchange_document, header_document
from pact_recorder.recordings.documents import MAX_PLACES, VERSION, ExchangeDocument, HeaderDocument
from pact_recorder.recordings.session import JournalMark, RecordedExchange, Session, SessionHeader
from pact_recorder.recordings.yaml_reading import Document, read_documents


def write_session(
    path: Path, header: SessionHeader, entries: Iterable[RecordedExchange], *, inline_limit: int = INLINE_LIMIT
) -> None:
    """Write a session file, and the bodies of more than `inline_limit` bytes beside it.

    The entries are written as they come, never held. The file takes the place of an older one when it is
    complete and on the disk; body files that nothing refers to any more are removed after that. Raises
    StorageError when the disk refuses; the older file is then still there.
    """
    bodies = BodyFiles(path)
    room = MAX_PLACES
    try:
        with replacing(path) as file:
            file.write(header_document(header, bodies.folder.name).encode())
            for entry in entries:
                room -= len(entry.at)
                file.write(exchange_document(entry, bodies, inline_limit, with_places=room >= 0).encode())
            bodies.sync()
        bodies.prune()
    except OSError as error:
        raise StorageError(f"The session {path} cannot be written: {error.strerror}.") from error


def iterate_session(path: Path) -> Iterator[RecordedExchange]:
    """The exchanges of a session file, one at a time.

    Raises SessionError with file, line and reason when the file is wrong, StorageError when it cannot be read.
    """
    documents = read_documents(path)
    _header(path, documents)
    bodies = BodyFiles(path)
    room = MAX_PLACES
    for document in documents:
        if document.content:  # nothing stands between two separators, or after the last one
            entry = _entry(path, document, bodies)
            room -= len(entry.at)
            if room < 0:
                reason = f"the session names more than {MAX_PLACES} places (at): remove some"
                raise SessionError(str(path), reason, f"line {document.line(('at',))}")
            yield entry


def read_session_header(path: Path) -> SessionHeader:
    """What a session file says of itself; errors as for `iterate_session`."""
    return _header(path, read_documents(path))


def load_session(path: Path) -> Session:
    """A session file as a whole; errors as for `iterate_session`."""
    header = read_session_header(path)
    return Session(header.name, header, tuple(iterate_session(path)))


def _header(path: Path, documents: Iterator[Document]) -> SessionHeader:
    document = next(documents, None)
    if document is None or not isinstance(document.content, dict) or "pact-recorder" not in document.content:
        reason = 'this is not a session: a session begins with "pact-recorder: session"'
        raise SessionError(str(path), reason, "line 1")
    _check_version(path, document)
    try:
        found = HeaderDocument.model_validate(document.content)
    except ValidationError as error:
        raise explain(error, path, document, HeaderDocument) from error
    identifier, *counts = found.journal.split(" ")
    mark = JournalMark(identifier, *map(int, counts)) if counts else None
    return SessionHeader(found.name or path.stem, found.created, found.tool, mark, found.secrets, found.missing)


def _check_version(path: Path, document: Document) -> None:
    """A newer file is told as such before anything in it is called unknown."""
    assert isinstance(document.content, dict)
    version = document.content.get("version")
    if isinstance(version, str) and version.isdecimal() and int(version[:9]) > VERSION:
        reason = f"the session has version {version}, this pact-recorder reads up to {VERSION}: use a newer one"
        raise SessionError(str(path), reason, f"line {document.line(('version',))}")


def _entry(path: Path, document: Document, bodies: BodyFiles) -> RecordedExchange:
    try:
        found = ExchangeDocument.model_validate(document.content)
    except ValidationError as error:
        raise explain(error, path, document, ExchangeDocument) from error
    return RecordedExchange(read_exchange(found, path, document, bodies), found.count or len(found.at) or 1, found.at)
