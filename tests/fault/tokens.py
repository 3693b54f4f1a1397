"""The source of the humans' tokens: signed by the harness with admin's key, or by a real sign-in and refreshes."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from frontdesk.admin import v1 as admin_pb

from kit import client, errors
from kit.caller import Signer
from tests.fault.evidence import Asked, Outcome
from tests.fault.journal import Journal

PASSWORD = "a-long-enough-password"
USED_WITHIN = 8.0
"""Seconds after which a refresh with a lost response can't be repeated any more; admin allows 10."""


@dataclass(frozen=True)
class SignedByUs:
    """Tokens that admin did not issue: killing it affects no caller that has one."""

    keys: Path
    who: str

    async def token(self, organization: str) -> str:
        """A user's token, as admin signs it."""
        return Signer.load(self.keys / "admin", "admin").sign(f"users/{self.who}", organization, ["*"], name=self.who)

    def used(self, organization: str, why: errors.FrontdeskError | None) -> None:
        """Logs nothing: no service promised that the token is valid."""


@dataclass
class SignedIn:
    """A person who signs in now and then, and refreshes in between."""

    gateway: grpc.aio.Channel
    journal: Journal
    rng: random.Random
    who: str
    _tokens: dict[str, admin_pb.Tokens] = field(default_factory=dict)

    async def token(self, organization: str) -> str:
        """A token of this person in an organization; raises admin's refusal."""
        held, chance = self._tokens.get(organization), self.rng.random()
        if held is None or chance < 0.1:
            await self._sign_in(organization)
        elif chance < 0.5:
            await self._refresh(organization, held)
        return self._tokens[organization].access_token

    async def _sign_in(self, organization: str) -> None:
        request = admin_pb.LoginRequest(
            organization=f"organizations/{organization}", email=f"owner@{organization}.example.com", password=PASSWORD
        )
        at, stub = time.time(), admin_pb.AuthServiceStub(self.gateway)
        answer = await client.call(stub.Login, request, token="", timeout=6)
        self._got(organization, "sign-in", at, answer.tokens)

    async def _refresh(self, organization: str, held: admin_pb.Tokens) -> None:
        request = admin_pb.RefreshTokenRequest(refresh_token=held.refresh_token)
        at, stub = time.time(), admin_pb.AuthServiceStub(self.gateway)
        del self._tokens[organization]
        while True:
            try:
                answer = await client.call(stub.RefreshToken, request, token="", timeout=3)
            except (errors.Unavailable, errors.DeadlineExceeded):
                if time.time() - at > USED_WITHIN - 3:
                    raise
            else:
                self._got(organization, "refresh", at, answer.tokens)
                return

    def _got(self, organization: str, what: str, at: float, tokens: admin_pb.Tokens) -> None:
        self._tokens[organization] = tokens
        self.journal.write(Asked(at, time.time(), self.who, f"organizations/{organization}", what, Outcome.OK))

    def used(self, organization: str, why: errors.FrontdeskError | None) -> None:
        """Logs whether a call with the token was accepted."""
        refused = isinstance(why, errors.Unauthenticated | errors.PermissionDenied)
        outcome = Outcome.REFUSED if refused else Outcome.OK if why is None else Outcome.UNKNOWN
        problem = f"{why.reason}: {why.message}" if why is not None else ""
        now, name = time.time(), f"organizations/{organization}"
        self.journal.write(Asked(now, now, self.who, name, "use", outcome, why=problem), sync=False)
