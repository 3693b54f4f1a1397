"""What can be configured: `FRONTDESK_*` variables, or the same in a file `.env` in the current folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError

from stack.home import REPOSITORY, Home
from stack.ports import Ports
from stack.problems import Problem

STORES = ("postgres", "mongo", "redis", "chroma", "embeddings")
"""What can be replaced by a URL in FRONTDESK_<NAME>_URL; then it is not started here."""


@dataclass(frozen=True)
class Settings:
    """One stack on one machine."""

    home: Home
    ports: Ports
    urls: Mapping[str, str]
    """The URLs of stores that somebody else runs, by the names in `STORES`."""
    demo: bool
    """Whether the demo organization is loaded (FRONTDESK_DEMO, default yes)."""
    environment: Mapping[str, str] = field(repr=False)
    """The whole environment, as it is passed on to the services."""

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, dotenv: Path = Path(".env")) -> Settings:
        """Reads the environment; raises a `Problem` that names a variable that cannot be understood."""
        file = {key: value for key, value in dotenv_values(dotenv).items() if value and key.startswith("FRONTDESK_")}
        env = {**file, **environ}
        return cls(
            home=Home(Path(env.get("FRONTDESK_HOME") or REPOSITORY / ".frontdesk").absolute()),
            ports=_ports(env),
            urls={name: url for name in STORES if (url := env.get(f"FRONTDESK_{name.upper()}_URL", ""))},
            demo=_flag(env, "FRONTDESK_DEMO", default=True),
            environment=env,
        )

    @property
    def gateway(self) -> str:
        """Where people and clients go."""
        host = self.environment.get("FRONTDESK_GATEWAY_HOST", "127.0.0.1")
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{self.ports.gateway}"


def _ports(env: Mapping[str, str]) -> Ports:
    given = {name: env[key] for name in Ports.model_fields if (key := f"FRONTDESK_{name.upper()}_PORT") in env}
    try:
        return Ports.model_validate(given)
    except ValidationError as error:
        name = error.errors()[0]["loc"][0]
        raise Problem(f"FRONTDESK_{str(name).upper()}_PORT is {given[str(name)]!r}; give a port number.") from None


def _flag(env: Mapping[str, str], key: str, *, default: bool) -> bool:
    value = env.get(key, "").lower()
    if value in ("", "true", "yes", "on", "1"):
        return default if value == "" else True
    if value in ("false", "no", "off", "0"):
        return False
    raise Problem(f"{key} is {env[key]!r}; say true or false.")
