"""The known `FRONTDESK_*` variables, and each program's part of the environment.

A program gets the variables that its own settings declare and those that every program needs to run (`PATH`, language,
certificates). So a key for the model reaches core alone, and no program gets other variables of the shell.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from importlib import import_module

from gateway.render import TEMPLATE
from stack.keys import SERVICES
from stack.ports import Ports

SYSTEM = re.compile(
    r"PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|PYTHON\w+|MALLOC_\w+"
)
"""Variables for every program: needed to run, and no secrets."""
OUTGOING = re.compile(r"(?i:https?_proxy|all_proxy|no_proxy)|OTEL_\w+")
"""Variables that a service also needs to reach others. A proxy's address may hold a password."""
STACK = {
    *("FRONTDESK_HOME", "FRONTDESK_PORT_BASE", "FRONTDESK_RESTART_PAUSE", "FRONTDESK_READY_SECONDS"),
    *("FRONTDESK_DEMO", "FRONTDESK_DEMO_PASSWORD", "FRONTDESK_API_KEY", "FRONTDESK_GATEWAY_CA"),
    *(f"FRONTDESK_{name.upper()}_PORT" for name in Ports.model_fields),
    *(
        f"FRONTDESK_{name.upper()}_URL"
        for name in (*SERVICES, "media", "web", "postgres", "mongo", "redis", "chroma", "embeddings")
    ),
    *("FRONTDESK_CHANNEL_REPLICAS", "FRONTDESK_CORE_REPLICAS", "FRONTDESK_GATEWAY_CONCURRENCY"),
    *("FRONTDESK_WEB_LISTEN", "FRONTDESK_WEB_ROOT", "FRONTDESK_PORT"),
}
"""Variables of the supervisor, the web pages' server and the compose file."""
_REPLICA = re.compile(r"FRONTDESK_((CHANNEL|CORE)_[2-8](_METRICS)?|MEDIA_[2-8])_PORT")


def of_service(service: str) -> frozenset[str]:
    """The variables that a service's settings declare."""
    settings = import_module(f"services.{service}.settings").Settings  # imported late: `frontdesk status` needs none of it
    return frozenset(f"FRONTDESK_{field.upper()}" for field in settings.model_fields)


def for_service(service: str, environment: Mapping[str, str]) -> dict[str, str]:
    """A service's part of the environment."""
    declared = of_service(service)
    return {k: v for k, v in environment.items() if k in declared or SYSTEM.fullmatch(k) or OUTGOING.fullmatch(k)}


def for_program(environment: Mapping[str, str]) -> dict[str, str]:
    """Any other program's part of the environment."""
    return {key: value for key, value in environment.items() if SYSTEM.fullmatch(key)}


def unknown(environment: Iterable[str]) -> list[str]:
    """A sentence for each unknown `FRONTDESK_*` variable, with the name that was probably meant."""
    odd = sorted(
        key for key in environment if key.startswith("FRONTDESK_") and key not in STACK and not _REPLICA.fullmatch(key)
    )
    if not odd:
        return []
    known = STACK.union(*map(of_service, SERVICES), re.findall(r"\bFRONTDESK_[A-Z_]*[A-Z]\b", TEMPLATE.read_text()))
    return [_sentence(key, sorted(known)) for key in odd if key not in known]


def _sentence(key: str, known: list[str]) -> str:
    prefix = "FRONTDESK_"
    near = difflib.get_close_matches(key.removeprefix(prefix), [name.removeprefix(prefix) for name in known], 1, 0.7)
    return f"{key} is not a setting and is ignored" + (f"; did you mean {prefix}{near[0]}?" if near else ".")
