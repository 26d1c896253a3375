"""What a running proxy tells its user: where it is, how to use it, how to stop it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pact_recorder import __version__
from pact_recorder.cli.arguments import Address

_AUTHORITY = "mitmproxy-ca-cert.pem"


@dataclass(frozen=True, slots=True)
class Running:
    """A proxy that listens: its mode, addresses, the service behind it, its session and mitmproxy's own folder."""

    mode: str
    addresses: tuple[Address, ...]
    upstream: str | None
    session: str
    confdir: Path


def guidance(running: Running) -> str:
    """The text."""
    heading = f"pact-recorder {__version__}, {running.mode} mode, listens on {_listed(running.addresses)}"
    base = f"http://{_reachable(running.addresses)}"
    lines = [*_session(running), *(_in_front(running, base) if running.upstream else _as_proxy(running, base))]
    lines.append(("control API", f"{base}/mockserver/ (for example PUT {base}/mockserver/pact)"))
    if any(not address.is_loopback for address in running.addresses):
        lines.append(("careful", "other machines can use this proxy too; --listen 127.0.0.1:8080 keeps them out"))
    ending = "the session is written then" if running.mode != "mock" else "nothing is written in mock mode"
    lines.append(("stop", f"Ctrl-C; {ending}"))
    return "\n".join([heading, *(f"  {name:<12} {text}" for name, text in lines)])


def _session(running: Running) -> list[tuple[str, str]]:
    if running.session:
        return [("session", running.session)]
    return [("session", "named after the date and time")] if running.mode != "mock" else []


def _in_front(running: Running, base: str) -> list[tuple[str, str]]:
    return [("point at it", f"use {base} in place of {running.upstream}"), ("", f"curl {base}/")]


def _as_proxy(running: Running, base: str) -> list[tuple[str, str]]:
    host, _, port = base.removeprefix("http://").rpartition(":")
    certificate = running.confdir / _AUTHORITY
    return [
        ("point at it", f"apps: export http_proxy={base} https_proxy={base}"),
        ("", f"curl: curl -x {base} http://example.com/"),
        ("", f"browser: HTTP and HTTPS proxy {host.strip('[]')}, port {port}"),
        ("HTTPS", f"the client must trust {certificate}"),
        ("", f"curl --cacert {certificate} -x {base} https://example.com/"),
    ]


def _listed(addresses: tuple[Address, ...]) -> str:
    return " and ".join(f"http://{address}" for address in addresses)


def _reachable(addresses: tuple[Address, ...]) -> Address:
    """An address that a client on this machine can use."""
    address = addresses[0]
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    return Address(everywhere.get(address.host, address.host), address.port)
