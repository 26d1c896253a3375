"""An upstream that misbehaves in the way that the path asks for, and clients that take an answer as it comes."""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]
PIECE = b"x" * 1_000


def saying(*pieces: bytes, reset: bool = False) -> Behaviour:
    """Say something, then close; or reset, as a process that dies does."""

    async def behave(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if reset:
            # Wait until all is sent: a reset drops what is not.
            await asyncio.sleep(0.05)
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    return behave


async def hang(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


def head(*fields: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: text/plain", *fields, "", "")).encode()


CHUNKED = "Transfer-Encoding: chunked"
CHUNK = b"3e8\r\n" + PIECE + b"\r\n"
WHOLE = ("whole", "no-length", "chunks", "trailers", "interim", "no-body", "too-much", "gzip-damaged")
"""The behaviours that give an answer which is whole."""

ODD_STATUSES = (1000, 99999, 99, 42, 0, -5)

BEHAVIOURS: dict[str, Behaviour] = {
    "whole": saying(head("Content-Length: 1000"), PIECE),
    "no-length": saying(head(), PIECE),
    "chunks": saying(head(CHUNKED), CHUNK, CHUNK, b"0\r\n\r\n"),
    "interim": saying(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", head("Content-Length: 1000"), PIECE),
    "no-body": saying(head(status="204 No Content")),
    "too-much": saying(head("Content-Length: 500"), PIECE),
    "gzip-damaged": saying(head("Content-Length: 1000", "Content-Encoding: gzip"), PIECE),
    "nothing": saying(),
    "nothing-reset": saying(reset=True),
    "half-head": saying(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half-head-reset": saying(b"HTTP/1.1 200 OK\r\nContent-Le", reset=True),
    "too-little": saying(head("Content-Length: 5000"), PIECE),
    "too-little-reset": saying(head("Content-Length: 5000"), PIECE, reset=True),
    "large-too-little": saying(head("Content-Length: 500000"), PIECE * 100),
    "large-too-little-reset": saying(head("Content-Length: 500000"), PIECE * 100, reset=True),
    "half-chunks": saying(head(CHUNKED), CHUNK),
    "half-chunks-reset": saying(head(CHUNKED), CHUNK, reset=True),
    "trailers": saying(head(CHUNKED, "Trailer: X-Sum"), CHUNK, CHUNK, b"0\r\nX-Sum: 1\r\n\r\n"),
    "bad-chunk": saying(head(CHUNKED), CHUNK, b"zz\r\n"),
    "no-http": saying(b"\x00\xff\x00\xff no http\r\n\r\n"),
    **{f"status{status}": saying(head("Content-Length: 9", status=f"{status} X"), b"x" * 9) for status in ODD_STATUSES},
    "bad-status": saying(b"HTTP/1.1 abc OK\r\n\r\n"),
    "bad-length": saying(head("Content-Length: -5"), PIECE),
    "two-lengths": saying(head("Content-Length: 5", "Content-Length: 6"), PIECE),
    "hang": hang,
}


class RudeUpstream:
    """A server on a thread of its own; `port` is where."""

    def __init__(self) -> None:
        self.port = 0
        self.loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=2048, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                # As a proxy is asked, or as a server is.
                path = urlsplit(asked.split(b" ", 2)[1].decode()).path
                if path.startswith("/many/"):
                    writer.write(head(f"Content-Length: {len(path)}") + path.encode())
                    continue
                if path == "/flood":
                    writer.write(head("Content-Length: 300000000"))
                    for _ in range(300):
                        writer.write(PIECE * 1_000)
                        await writer.drain()
                    continue
                await BEHAVIOURS[path.strip("/")](writer)
                break
        writer.close()


@contextmanager
def rude() -> Iterator[RudeUpstream]:
    upstream = RudeUpstream()
    upstream.start()
    try:
        yield upstream
    finally:
        upstream.stop()
