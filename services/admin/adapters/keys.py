"""The key files: the keys by which admin signs, and those by which others verify."""

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

from kit.caller import Signer
from kit.ids import OrganizationId
from services.admin.domain.second_factors import CHALLENGE, Challenge

TOLD = frozenset({"admin", "channel"})
"""Issuers whose tokens leave the platform. Services' own keys are no one's business outside."""

DEVICE_LIFE = timedelta(days=180)
"""How long a browser is recognised after its last sign-in."""


class SignedAccessTokens:
    """Signs with admin's own key."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def issue(
        self,
        subject: str,
        organization: OrganizationId,
        permissions: frozenset[str],
        known: datetime,
        life: timedelta,
        **claims: str,
    ) -> str:
        seconds, moment = int(life.total_seconds()), known.timestamp()
        return self._signer.sign(subject, organization, sorted(permissions), seconds, moment, **claims)


class SignedDevices:
    """Recognises a device by a token that admin signed: nothing is stored here.

    The token names the sign-in, as a hash, instead of the user: so it is checked before anything is looked up, and an unknown
    e-mail address costs the same work as a known one.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def issue(self, device: str, organization: OrganizationId, email: str) -> str:
        return self._signer.sign_note("device", DEVICE_LIFE, device=device, login=_login(organization, email))

    def read(self, token: str, organization: OrganizationId, email: str) -> str:
        claims = self._signer.read_note("device", token) if token else {}
        return claims.get("device", "") if claims.get("login") == _login(organization, email) else ""


def _login(organization: OrganizationId, email: str) -> str:
    return hashlib.sha256(f"{organization}\n{email}".encode()).hexdigest()


class SignedChallenges:
    """Carries challenges in tokens that admin signs: every replica reads them, and nothing is stored."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def issue(self, challenge: Challenge) -> str:
        return self._signer.sign_note(
            "second-factor",
            CHALLENGE,
            organization=challenge.organization,
            user=challenge.user,
            fingerprint=challenge.fingerprint,
            device=challenge.device,
        )

    def read(self, token: str) -> Challenge | None:
        claims = self._signer.read_note("second-factor", token)
        if not claims:
            return None
        organization = OrganizationId(claims["organization"])
        return Challenge(organization, claims["user"], claims["fingerprint"], claims["device"])


class PublicKeyFile:
    """Reads `jwks.json` again each time, so that a rotated key shows without a restart."""

    def __init__(self, keys_dir: Path) -> None:
        self._path = keys_dir / "jwks.json"

    async def document(self) -> bytes:
        keys = json.loads(await asyncio.to_thread(self._path.read_text))["keys"]
        told = [key for key in keys if key["kid"].rpartition("-")[0] in TOLD]
        return json.dumps({"keys": told}, separators=(",", ":")).encode()
