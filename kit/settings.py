"""Settings: one frozen class per service, read once from `FRONTDESK_*` variables in its `__main__`."""

import sys
from pathlib import Path
from typing import TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.egress import EgressPolicy


class ServiceSettings(BaseSettings):
    """The settings that every service needs. A service adds its own fields."""

    model_config = SettingsConfigDict(env_prefix="FRONTDESK_", frozen=True, extra="ignore")

    listen: str = "127.0.0.1:0"
    """Host and port to serve gRPC on; port 0 takes a free one."""
    keys_dir: Path
    """Folder with `<service>.pem` (own private key) and `jwks.json` (everybody's public keys)."""
    postgres_url: SecretStr = SecretStr("")
    """The service's own role and schema; empty for a service that keeps nothing there."""
    log_level: str = "INFO"
    otlp_url: str = ""
    """Where spans and metrics go, as OTLP over gRPC (`http://host:4317`); empty: nowhere."""
    metrics_listen: str = Field(default="", pattern=r"^(.+:\d{1,5})?$")
    """Host and port where Prometheus finds metrics; empty: nowhere. No token guards it, so let no one else reach it."""
    reflection: bool = True
    """Serve gRPC reflection. It is never routed at the edge."""
    streams_per_caller: int = Field(default=200, ge=1)
    """How many streams a user, a customer or an API key may have open at each process."""
    journal_days: int = Field(default=30, ge=8, le=36_500)
    """How old the facts of the service's own journal become before they are deleted."""
    drain_seconds: float = 20.0
    """How long calls may still run after SIGTERM."""
    erasure_quiet_seconds: float = Field(default=60.0, ge=0)
    """How long after the erasure of an organization the service looks whether something of it has come since."""
    failpoint: str = ""
    """Where this process fails on purpose, for tests alone: see `kit.failpoints`."""


class OutboundSettings(ServiceSettings):
    """Of a service that calls addresses which its users choose."""

    fetch_allow: str = ""
    """Networks that such an address may lead to although they are private, as `10.1.0.0/16,192.168.7.4/32`."""
    fetch_deny: str = ""
    """`host:port`s in these networks that it may not lead to all the same, beside those that this service itself knows."""

    def egress(self, *own: str) -> EgressPolicy:
        """The hosts that such an address may lead to: never to `own`, the URLs or `host:port`s of our own servers."""
        known = (self.postgres_url.get_secret_value(), self.listen, self.metrics_listen, self.otlp_url)
        return EgressPolicy.of(self.fetch_allow, [*known, *own, *self.fetch_deny.split(",")])


S = TypeVar("S", bound=ServiceSettings)


def read(kind: type[S]) -> S:
    """Reads settings from the environment; says which variable is missing or wrong and ends the process."""
    try:
        return kind()  # type: ignore[call-arg]  # the fields come from the environment
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "FRONTDESK_" + "_".join(str(part) for part in problem["loc"]).upper()
            print(f"{name}: {problem['msg']}", file=sys.stderr)
        raise SystemExit(2) from None
