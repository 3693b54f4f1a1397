"""For tests: keys, tokens and a running service on a free port."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kit import service
from kit.caller import Signer

ISSUERS = ("admin", "agent", "channel", "core", "memory", "stack")


class Keys:
    """A folder with a key for every service, and tokens signed with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        public = []
        for issuer in ISSUERS:
            key = Ed25519PrivateKey.generate()
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (folder / f"{issuer}.pem").write_bytes(pem)
            jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key()))
            public.append(jwk | {"kid": f"{issuer}-1", "alg": "EdDSA", "use": "sig"})
        (folder / "jwks.json").write_text(json.dumps({"keys": public}))

    def signer(self, issuer: str) -> Signer:
        """The signer of one issuer."""
        return Signer.load(self.folder, issuer)

    def user_token(self, organization: str, permissions: list[str], user: str = "u1", name: str = "Some User") -> str:
        """A token as admin signs it."""
        return self.signer("admin").sign(f"users/{user}", organization, permissions, name=name)

    def customer_token(self, organization: str, customer: str, permissions: list[str], session: str = "web/s1") -> str:
        """A token as channel signs it for a session of a web chat."""
        signer = self.signer("channel")
        return signer.sign(f"customers/{customer}", organization, permissions, session=session)

    def service_token(self, name: str, organization: str = "*") -> str:
        """A service's own token."""
        return self.signer(name).service_token(organization)


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service that serves on a free port of this machine."""

    url: str
    channel: grpc.aio.Channel
    metrics_url: str
    """Empty without `metrics_listen`."""


@asynccontextmanager
async def serve(settings: Any, build: Any) -> AsyncIterator[RunningService]:
    """Runs a service as its `__main__` does, within the test's own process."""
    async with service.serve(settings, build) as running:
        url = f"127.0.0.1:{running.port}"
        channel = grpc.aio.insecure_channel(url, options=[("grpc.use_local_subchannel_pool", 1)])
        try:
            metrics = f"http://127.0.0.1:{running.metrics_port}/metrics" if running.metrics_port else ""
            yield RunningService(url, channel, metrics)
        finally:
            await channel.close(0)
