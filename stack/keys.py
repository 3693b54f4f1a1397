"""One Ed25519 key per service, one for this command, and the key set with their public halves."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from stack.home import Home, write_private

SERVICES = ("channel", "core", "memory", "agent", "admin")
ISSUERS = (*SERVICES, "stack")
"""The signers of tokens: the services, and this command, which creates organizations."""


def make_keys(folder: Path) -> None:
    """Makes the keys that are missing, each file readable by its owner alone, and writes `jwks.json`."""
    write_private(folder / "jwks.json", _make({issuer: folder / f"{issuer}.pem" for issuer in ISSUERS}))


def make_keys_apart(home: Home) -> None:
    """The same for one machine: the operator's key in `keys`, each service's in a folder of its own with the public keys."""
    for service in SERVICES:
        home.keys_of(service).mkdir(mode=0o700, exist_ok=True)
        for name in (f"{service}.pem", f"{service}.secrets"):  # the folder of earlier versions
            if (home.keys / name).exists():
                (home.keys / name).rename(home.keys_of(service) / name)
    files = {issuer: (home.keys_of(issuer) if issuer in SERVICES else home.keys) / f"{issuer}.pem" for issuer in ISSUERS}
    public = _make(files)
    for folder in (home.keys, *map(home.keys_of, SERVICES)):
        write_private(folder / "jwks.json", public)


def _make(files: Mapping[str, Path]) -> str:
    """Creates the missing private keys and returns the key set."""
    for file in files.values():
        if not file.exists():
            write_private(file, _new_key())
    keys = [_jwk(f"{issuer}-1", file) for issuer, file in files.items()]
    return json.dumps({"keys": keys}, indent=2) + "\n"


def _new_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _jwk(kid: str, file: Path) -> dict[str, str]:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{file} holds no Ed25519 key; delete it to get a new one")
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}
