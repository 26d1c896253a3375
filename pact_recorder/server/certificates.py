"""Certificates for mock servers that speak TLS: one of the user, or one that signs itself."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pact_recorder.errors import UsageError

_NAME = "pact-recorder mock server"
_LIFETIME = timedelta(days=30)
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its chain and its private key, as PEM files; the key may stand in the same file."""

    certificate: Path
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """The server side of TLS with this certificate. Raises UsageError when the files are none."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError, ValueError) as error:
            raise UsageError(
                f"The certificate {self.certificate} (key {self.key or 'in the same file'}) cannot be used: {error}."
            ) from error
        return context


@dataclass(frozen=True, slots=True)
class SelfSigned:
    """A certificate that signs itself; `pem` is what a client has to trust."""

    pem: str
    private_key: str

    def context(self) -> ssl.SSLContext:
        """The server side of TLS with this certificate."""
        with tempfile.TemporaryDirectory(prefix="pact-recorder-") as folder:
            # The library reads files only; the folder is this user's alone.
            path = Path(folder) / "server.pem"
            path.write_text(self.private_key + self.pem)
            return Certificate(path).context()


@lru_cache(maxsize=32)
def self_signed(host: str) -> SelfSigned:
    """A certificate for this machine by all its local names, and for a host; the same one for the same host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME[:_LONGEST_NAME])])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_USAGE, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SelfSigned(pem.decode(), private.decode())


_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    crl_sign=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


def _names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    for each in dict.fromkeys(("127.0.0.1", "::1", host)):
        try:
            names.append(x509.IPAddress(ip_address(each)))
        except ValueError:
            if each.isascii() and each != "localhost":
                names.append(x509.DNSName(each))
    return names
