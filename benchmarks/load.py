"""A load generator and a service for benchmarks: asyncio, standard library only.

    python benchmarks/load.py serve                      a service that answers every request with the same JSON
    python benchmarks/load.py drive PORT FIRST COUNT SECONDS [--proxy-for HOST:PORT] [--connections N]

`drive` asks for /items/N with N from FIRST on, in circles of COUNT, and prints one JSON object: requests, seconds,
rate, p50 and p99 in milliseconds, and how many answers were not 200.
"""

import argparse
import asyncio
import itertools
import json
import time
from collections.abc import Iterator

ITEM = {
    "id": 12345,
    "name": "A thing of some kind",
    "price": 12.50,
    "tags": ["one", "two", "three"],
    "links": [{"rel": f"relation-{n}", "href": f"https://api.example/items/{n}/relation"} for n in range(18)],
    "description": "words " * 60,
}
BODY = json.dumps(ITEM).encode()
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\n"
    b"Server: benchmark\r\nVary: Accept-Encoding\r\nCache-Control: no-cache\r\nX-Request-Id: 5f6c\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY)
) + BODY


class Service(asyncio.Protocol):
    """Answers each request head; requests have no bodies."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.pending = b""

    def data_received(self, data: bytes) -> None:
        *heads, self.pending = (self.pending + data).split(b"\r\n\r\n")
        if heads:
            self.transport.write(ANSWER * len(heads))


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Service, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def request(number: int, proxied: str | None) -> bytes:
    target = f"http://{proxied}/items/{number}" if proxied else f"/items/{number}"
    return (
        f"GET {target} HTTP/1.1\r\nHost: {proxied or 'api.example'}\r\nAccept: application/json\r\n"
        "User-Agent: benchmark/1.0\r\nAccept-Encoding: identity\r\nAuthorization: Bearer abcdefghijklmnop\r\n\r\n"
    ).encode()


async def client(port: int, numbers: Iterator[int], proxied: str | None, end: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    latencies, wrong = [], 0
    while time.perf_counter() < end:
        started = time.perf_counter()
        writer.write(request(next(numbers), proxied))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        latencies.append(time.perf_counter() - started)
        wrong += b" 200 " not in head[:20]
    writer.close()
    return latencies, wrong


async def drive(options: argparse.Namespace) -> None:
    numbers = itertools.cycle(range(options.first, options.first + options.count))
    started = time.perf_counter()
    end = started + options.seconds
    results = await asyncio.gather(
        *(client(options.port, numbers, options.proxy_for, end) for _ in range(options.connections))
    )
    seconds = time.perf_counter() - started
    latencies = sorted(latency for found, _ in results for latency in found)
    print(
        json.dumps(
            {
                "requests": len(latencies),
                "seconds": round(seconds, 2),
                "rate": round(len(latencies) / seconds, 1),
                "p50_ms": round(1000 * latencies[len(latencies) // 2], 2),
                "p99_ms": round(1000 * latencies[int(len(latencies) * 0.99)], 2),
                "wrong": sum(wrong for _, wrong in results),
            }
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve")
    driving = commands.add_parser("drive")
    for name, kind in (("port", int), ("first", int), ("count", int), ("seconds", float)):
        driving.add_argument(name, type=kind)
    driving.add_argument("--proxy-for")
    driving.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    asyncio.run(serve() if options.command == "serve" else drive(options))


if __name__ == "__main__":
    main()
