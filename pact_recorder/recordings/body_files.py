"""Bodies that stand in files of their own, in the folder `<session>.bodies` beside the session.

A file is named by the digest of its content, so equal bodies are stored once, with an extension that lets
other programs open it. A reference in a session is a file name with the folder's name before it; whatever a
session says, nothing outside its folder is ever read.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from pact_recorder.http import MediaType
from pact_recorder.recordings.atomic import sync_files, write_new

FOLDER_SUFFIX = ".bodies"

_EXTENSIONS = {
    "application/gzip": ".gz",
    "application/javascript": ".js",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/wasm": ".wasm",
    "application/zip": ".zip",
    "application/x-tar": ".tar",
    "application/x-www-form-urlencoded": ".form",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "font/ttf": ".ttf",
    "font/woff": ".woff",
    "font/woff2": ".woff2",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/vnd.microsoft.icon": ".ico",
    "image/webp": ".webp",
    "image/x-icon": ".ico",
    "text/css": ".css",
    "text/csv": ".csv",
    "text/event-stream": ".sse",
    "text/html": ".html",
    "text/javascript": ".js",
    "text/markdown": ".md",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
_CODINGS = {"gzip": ".gz", "x-gzip": ".gz", "br": ".br", "zstd": ".zst", "deflate": ".deflate"}
_OURS = re.compile(r"[0-9a-f]{32}(?:\.[a-z0-9]+){0,2}")
_TEMPORARY = re.compile(r"\..+\.tmp")
_OPEN = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def content_digest(content: bytes) -> str:
    """The name of a content: 32 hexadecimal digits."""
    return blake2b(content, digest_size=16).hexdigest()


def extension(media_type: MediaType | None, coding: str | None = None) -> str:
    """The extension of a body's file, `.json.gz` for example."""
    return _plain_extension(media_type) + (_CODINGS.get(coding.lower(), ".bin") if coding else "")


def _plain_extension(media_type: MediaType | None) -> str:
    if media_type is None:
        return ".bin"
    if (known := _EXTENSIONS.get(media_type.essence)) is not None:
        return known
    kinds = ((media_type.is_json, ".json"), (media_type.is_xml, ".xml"), (media_type.is_text, ".txt"))
    return next((name for applies, name in kinds if applies), ".bin")


class BodyFiles:
    """The body files of one session."""

    def __init__(self, session: Path) -> None:
        self.folder = session.with_suffix(FOLDER_SUFFIX)
        self._kept: set[str] = set()
        self._new: list[str] = []

    def store(self, content: bytes, extension: str) -> str:
        """Write a content unless it is there already, and give the reference to it. Raises OSError."""
        name = content_digest(content) + extension
        if name not in self._kept:
            self._kept.add(name)
            path = self.folder / name
            if not _holds(path, content):
                self.folder.mkdir(mode=0o700, exist_ok=True)
                write_new(path, content)
                self._new.append(name)
        return f"{self.folder.name}/{name}"

    def read(self, reference: str) -> bytes:
        """The content that a session refers to; ValueError with the reason when there is none to give."""
        folder, _, name = reference.rpartition("/")
        if (folder and ("/" in folder or not folder.endswith("bodies"))) or name in ("", ".", ".."):
            raise ValueError(f"{reference!r} is not a file of the folder {self.folder.name}")
        if set(name) & set("\\:\0") or not name.isprintable():
            raise ValueError(f"{reference!r} is not the name of a file")
        try:
            return _read_regular(self.folder / name)
        except OSError as error:
            raise ValueError(f"the body file {self.folder.name}/{name} cannot be read: {error.strerror}") from error

    def sync(self) -> None:
        """Wait until the new files are on the disk. Raises OSError."""
        if self._new:
            sync_files(self.folder, self._new)
            self._new.clear()

    def prune(self) -> None:
        """Remove the files that `store` was not asked for: bodies of no exchange any more.

        Only names as we give them; a file that somebody put there by hand stays.
        """
        with suppress(OSError):
            for path in list(self.folder.iterdir()):
                if _TEMPORARY.fullmatch(path.name) or (_OURS.fullmatch(path.name) and path.name not in self._kept):
                    path.unlink()
            if not self._kept:
                self.folder.rmdir()  # refused by the system when something is left in it


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _read_regular(path: Path) -> bytes:
    """The content of a regular file: no link that leads elsewhere, no pipe that never answers."""
    descriptor = os.open(path, _OPEN)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not a file")
    except OSError:
        os.close(descriptor)
        raise
    with open(descriptor, "rb") as file:
        return file.read()
