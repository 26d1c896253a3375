"""What the upstream of the demo does: a small library with books, loans and a login, as real APIs are built.

It has what recordings have to cope with: a list that travels compressed, an image, a redirect, an error, an empty
answer, a token that protects writing, and a request that is answered differently the second time. Its answers depend
on nothing but the requests before, so that two runs give the same.
"""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

USER = "ada"
PASSWORD = "correct-horse-7731"
TOKEN = "tok_5f2c9a71d04e8b36"
_BOOKS: tuple[dict[str, Any], ...] = (
    {"id": 1, "title": "The Left Hand of Darkness", "author": "Ursula K. Le Guin", "genre": "fiction", "pages": 304},
    {"id": 2, "title": "A Room of One's Own", "author": "Virginia Woolf", "genre": "essay", "pages": 172},
    {"id": 3, "title": "Solaris", "author": "Stanisław Lem", "genre": "fiction", "pages": 204},
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the API: its path in segments, its query, its JSON body, and whether it has the token."""

    segments: tuple[str, ...]
    query: dict[str, list[str]]
    body: Any
    allowed: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the API."""

    status: int
    content: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def _json(value: Any, status: int = 200, **headers: str) -> Answered:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answered(status, json.dumps(value, ensure_ascii=False).encode(), headers=named)


def _problem(status: int, title: str) -> Answered:
    content = json.dumps({"status": status, "title": title}).encode()
    return Answered(status, content, "application/problem+json")


class Library:
    """The books and what may be done with them."""

    def __init__(self) -> None:
        self._books = {book["id"]: dict(book) for book in _BOOKS}
        self._lent: dict[int, str] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, asked: Asked) -> Answered:
        """The answer to a request."""
        shape = tuple("*" if segment.isdigit() else segment for segment in asked.segments)
        operation = _OPERATIONS.get(("GET" if method == "HEAD" else method, *shape))
        with self._lock:
            return operation(self, asked) if operation is not None else _problem(404, "There is nothing here")

    def log_in(self, asked: Asked) -> Answered:
        """A token for who knows the password."""
        if asked.body != {"user": USER, "password": PASSWORD}:
            return _problem(401, "Wrong user or password")
        return _json({"token": TOKEN, "user": USER})

    def list_books(self, asked: Asked) -> Answered:
        """All books, or those of a genre."""
        genres = asked.query.get("genre")
        books = [book for book in self._books.values() if genres is None or book["genre"] in genres]
        return _json({"books": books, "total": len(books)}, Vary="Accept-Encoding")

    def show_book(self, asked: Asked) -> Answered:
        """One book."""
        book = self._books.get(int(asked.segments[1]))
        return _json(book, ETag=f'"book-{book["id"]}"') if book else _problem(404, "There is no such book")

    def add_book(self, asked: Asked) -> Answered:
        """A new book, for who has the token."""
        if not asked.allowed:
            return _problem(401, "A token is missing")
        if not isinstance(asked.body, dict) or not asked.body.get("title"):
            return _problem(422, "A book needs a title")
        book = {"id": max(self._books, default=0) + 1, **asked.body}
        self._books[book["id"]] = book
        return _json(book, 201, Location=f"/books/{book['id']}")

    def change_book(self, asked: Asked) -> Answered:
        """Other facts about a book."""
        number = int(asked.segments[1])
        if number not in self._books or not isinstance(asked.body, dict):
            return _problem(404, "There is no such book")
        self._books[number] |= asked.body
        return _json(self._books[number])

    def remove_book(self, asked: Asked) -> Answered:
        """The book is gone."""
        gone = self._books.pop(int(asked.segments[1]), None)
        return Answered(204) if gone else _problem(404, "There is no such book")

    def lend_book(self, asked: Asked) -> Answered:
        """A loan; a book can be lent once."""
        number = int(asked.segments[1])
        if number in self._lent:
            return _problem(409, "The book is lent already")
        if not isinstance(asked.body, dict) or not asked.body.get("reader"):
            return _problem(422, "A loan needs a reader")
        self._lent[number] = str(asked.body["reader"])
        return _json({"book": number, "reader": self._lent[number], "returned": None}, 201)

    def show_cover(self, asked: Asked) -> Answered:
        """The cover of a book as an image."""
        return Answered(200, cover(int(asked.segments[1])), "image/png", {"Cache-Control": "max-age=3600"})

    def newest(self, asked: Asked) -> Answered:
        """Where the newest book is."""
        return Answered(302, headers={"Location": f"/books/{max(self._books, default=1)}"})


_OPERATIONS: dict[tuple[str, ...], Callable[[Library, Asked], Answered]] = {
    ("POST", "login"): Library.log_in,
    ("GET", "books"): Library.list_books,
    ("POST", "books"): Library.add_book,
    ("GET", "books", "*"): Library.show_book,
    ("PUT", "books", "*"): Library.change_book,
    ("DELETE", "books", "*"): Library.remove_book,
    ("POST", "books", "*", "loans"): Library.lend_book,
    ("GET", "covers", "*"): Library.show_cover,
    ("GET", "newest"): Library.newest,
}


def cover(number: int) -> bytes:
    """A plain PNG of 16 by 24 points, in a colour of its own for each book (PNG specification, §5)."""
    colour = bytes((40 + 60 * number % 200, 90, 200 - 50 * number % 160))
    lines = (b"\0" + colour * 16) * 24
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 16, 24, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    framed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)
