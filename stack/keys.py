"""One Ed25519 key per service, one for this command, and the key set with their public halves."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from stack.home import write_private

SERVICES = ("channel", "core", "memory", "agent", "admin")
ISSUERS = (*SERVICES, "stack")
"""Who signs tokens: the services, and this command, which creates organizations."""


def make_keys(folder: Path) -> None:
    """Makes the keys that are missing, each file readable by its owner alone, and writes `jwks.json` anew."""
    public = []
    for service in ISSUERS:
        file = folder / f"{service}.pem"
        if not file.exists():
            write_private(file, _new_key())
        public.append(_jwk(f"{service}-1", file))
    write_private(folder / "jwks.json", json.dumps({"keys": public}, indent=2) + "\n")


def _new_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _jwk(kid: str, file: Path) -> dict[str, str]:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no Ed25519 key; delete it and a new one is made")
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}
