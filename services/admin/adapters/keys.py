"""The key files: what admin signs with, and what it tells others to verify with."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from kit.caller import Signer

TOLD = frozenset({"admin", "channel"})
"""Issuers whose tokens leave the platform. Services' own keys are nobody's business outside."""


class SignedAccessTokens:
    """Signs with admin's own key."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def issue(self, subject: str, organization: str, permissions: frozenset[str], life: timedelta, **claims: str) -> str:
        return self._signer.sign(subject, organization, sorted(permissions), int(life.total_seconds()), **claims)


class PublicKeyFile:
    """Reads `jwks.json` anew each time, so that a rotated key shows without a restart."""

    def __init__(self, keys_dir: Path) -> None:
        self._path = keys_dir / "jwks.json"

    async def document(self) -> bytes:
        keys = json.loads(await asyncio.to_thread(self._path.read_text))["keys"]
        told = [key for key in keys if key["kid"].rpartition("-")[0] in TOLD]
        return json.dumps({"keys": told}, separators=(",", ":")).encode()
