"""A certificate for the names that the edge answers for, signed by an authority made for this run alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_certificate(folder: Path, hosts: list[str]) -> Path:
    """Write `ca.pem`, and return the file with key and certificate for the host names (`*.` allowed)."""
    authority = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kentongan tests")])
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    trusted = _builder(name, name, authority.public_key()).add_extension(constraints, critical=True)
    (folder / "ca.pem").write_bytes(
        trusted.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "edge")])
    issued = _builder(subject, name, key.public_key()).add_extension(names, critical=False)
    file = folder / "edge.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + issued.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return file


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
    )
