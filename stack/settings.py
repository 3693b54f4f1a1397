"""The stack's settings: `FRONTDESK_*` variables, or the same in a file `.env` in the current folder."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError

from stack.home import REPOSITORY, Home
from stack.keys import SERVICES
from stack.ports import Ports
from stack.problems import Problem

STORES = ("postgres", "mongo", "redis", "chroma", "embeddings")
"""Stores that a URL in FRONTDESK_<NAME>_URL replaces; then the bundled one is not started."""

REPLICATED = ("channel", "core")
"""Services that FRONTDESK_<NAME>_REPLICAS runs in several processes."""
MAX_REPLICAS = 8
BETWEEN_REPLICAS = 100
"""How far the port of one replica is from that of the next, unless FRONTDESK_<NAME>_<N>_PORT says otherwise."""


@dataclass(frozen=True)
class Settings:
    """One stack on one machine."""

    home: Home
    ports: Ports
    urls: Mapping[str, str]
    """The URLs of external stores, by the names in `STORES`."""
    replicas: Mapping[str, Mapping[str, int]]
    """The processes of each of the services in `REPLICATED`, with their ports: `{"core": {"core": 7102, "core-2": 7202}}`."""
    metrics: Mapping[str, int]
    """The metrics port of each process of a service: `{"core": 7122, "core-2": 7222}`."""
    restart_pause: float
    """Seconds to wait, at most, before a program that crashes again and again is started again (FRONTDESK_RESTART_PAUSE)."""
    ready_seconds: float
    """Seconds in which a program that was started has to answer (FRONTDESK_READY_SECONDS)."""
    demo: bool
    """Whether the demo organization is loaded (FRONTDESK_DEMO, default yes)."""
    demo_password: str = field(repr=False)
    """The demo users' password instead of the public one (FRONTDESK_DEMO_PASSWORD)."""
    environment: Mapping[str, str] = field(repr=False)
    """The whole environment; `stack.variables` selects each program's part."""

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, dotenv: Path = Path(".env")) -> Settings:
        """Reads the environment; raises a `Problem` that names a variable that cannot be understood."""
        file = {key: value for key, value in dotenv_values(dotenv).items() if value and key.startswith("FRONTDESK_")}
        env = {**file, **environ}
        ports = _ports(env)
        return cls(
            home=Home(Path(env.get("FRONTDESK_HOME") or REPOSITORY / ".frontdesk").absolute()),
            ports=ports,
            urls={name: url for name in STORES if (url := env.get(f"FRONTDESK_{name.upper()}_URL", ""))},
            replicas={name: _replicas(env, name, ports.model_dump()[name]) for name in REPLICATED},
            metrics=_metrics(env, ports),
            restart_pause=_number(env, "FRONTDESK_RESTART_PAUSE", 30, most=3600, what="whole seconds, at least 1"),
            ready_seconds=_number(env, "FRONTDESK_READY_SECONDS", 60, most=3600, what="whole seconds, 1 to 3600"),
            demo=_flag(env, "FRONTDESK_DEMO", default=True),
            demo_password=env.get("FRONTDESK_DEMO_PASSWORD", ""),
            environment=env,
        )

    def processes(self, service: str) -> Mapping[str, int]:
        """The processes of a service with their ports, the first named as the service itself."""
        return self.replicas.get(service) or {service: self.ports.model_dump()[service]}

    @property
    def media_ports(self) -> Mapping[str, int]:
        """The port on which each process of channel serves the bytes of files."""
        first, others = self.ports.media, enumerate(self.processes("channel"))
        return {
            process: _replica_port(self.environment, f"media_{number + 1}", number + 1, first) for number, process in others
        }

    @property
    def listening(self) -> Mapping[str, int]:
        """Every port that the stack listens on, by the name in its variable: `FRONTDESK_<NAME>_PORT`, with `_` for `-`."""
        given = {"embedder" if name == "embeddings" else name for name in self.urls}
        ports = {name: port for name, port in self.ports.model_dump().items() if name not in given}
        for replicas in self.replicas.values():
            ports |= replicas
        ports |= {f"{process}_metrics": port for process, port in self.metrics.items()}
        return ports | {process.replace("channel", "media"): port for process, port in self.media_ports.items()}

    @property
    def gateway_host(self) -> str:
        """The address that the gateway listens on: this machine alone, unless FRONTDESK_GATEWAY_HOST says otherwise."""
        return self.environment.get("FRONTDESK_GATEWAY_HOST") or "127.0.0.1"

    @property
    def has_model(self) -> bool:
        """Whether a model answers, instead of quotations: core decides in the same way."""
        chosen = self.environment.get("FRONTDESK_ASSISTANT")
        given = ("FRONTDESK_OPENAI_API_KEY", "FRONTDESK_OPENAI_BASE_URL")
        return chosen == "openai" if chosen else any(map(self.environment.get, given))

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the gateway."""
        try:
            return not ipaddress.ip_address(self.gateway_host).is_loopback
        except ValueError:
            return self.gateway_host != "localhost"

    @property
    def gateway(self) -> str:
        """The gateway's address for people and clients on this machine."""
        host = self.gateway_host
        return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{self.ports.gateway}"


def _ports(env: Mapping[str, str]) -> Ports:
    given = {name: env[key] for name in Ports.model_fields if env.get(key := f"FRONTDESK_{name.upper()}_PORT")}
    most = 65_535 - BETWEEN_REPLICAS * MAX_REPLICAS
    base = _number(env, "FRONTDESK_PORT_BASE", 0, most=most, what=f"a port number up to {most}")
    try:
        return Ports.model_validate({**(Ports.from_base(base) if base else {}), **given})
    except ValidationError as error:
        name = error.errors()[0]["loc"][0]
        raise Problem(f"FRONTDESK_{str(name).upper()}_PORT is {given[str(name)]!r}; give a port number.") from None


def _metrics(env: Mapping[str, str], ports: Ports) -> dict[str, int]:
    found = {service: getattr(ports, f"{service}_metrics") for service in SERVICES}
    for service in REPLICATED:
        found |= _replicas(env, service, found[service], "_METRICS")
    return found


def _replicas(env: Mapping[str, str], service: str, first: int, what: str = "") -> dict[str, int]:
    """The processes of a service with a port each: the one it serves on, or another that its variable's name ends in."""
    count = _number(env, f"FRONTDESK_{service.upper()}_REPLICAS", 1, most=MAX_REPLICAS, what="how many processes, 1 to 8")
    ports = {service: first}
    for number in range(2, count + 1):
        ports[f"{service}-{number}"] = _replica_port(env, f"{service}_{number}{what}", number, first)
    return ports


def _replica_port(env: Mapping[str, str], name: str, number: int, first: int) -> int:
    key, default = f"FRONTDESK_{name.upper()}_PORT", first + BETWEEN_REPLICAS * (number - 1)
    return _number(env, key, default, most=65535, what="a port number")


def _number(env: Mapping[str, str], key: str, default: int, *, most: int, what: str) -> int:
    value = env.get(key)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
        raise Problem(f"{key} is {value!r}; give {what}.")
    return int(value)


def _flag(env: Mapping[str, str], key: str, *, default: bool) -> bool:
    value = env.get(key, "").lower()
    if value in ("", "true", "yes", "on", "1"):
        return default if value == "" else True
    if value in ("false", "no", "off", "0"):
        return False
    raise Problem(f"{key} is {env[key]!r}; set it to true or false.")
