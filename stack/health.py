"""Health as people see it, derived from the broken parts, for `frontdesk status` and the page `/status`.

`/healthz` and `/readyz` are for balancers (docs/adr/0027); this is for people and their monitoring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

OK, DEGRADED, DOWN = "ok", "degraded", "down"


@dataclass(frozen=True)
class Area:
    """An activity of people, with the parts that it needs and the parts without which it is slower or poorer."""

    name: str
    needs: frozenset[str]
    wants: frozenset[str] = frozenset()


AREAS = (
    Area("Messages", frozenset({"postgres", "channel", "core", "gateway"}), frozenset({"redis", "followers", "disk"})),
    Area(
        "Assistant's answers",
        frozenset({"postgres", "core", "memory", "mongo", "embeddings", "model"}),
        frozenset({"redis", "chroma", "followers", "disk"}),
    ),
    Area("Agents' desk", frozenset({"postgres", "agent", "core"}), frozenset({"redis", "followers", "disk"})),
    Area("Sign-in", frozenset({"postgres", "admin"}), frozenset({"redis", "disk"})),
)
"""Names without internals: a public page shows them."""


@dataclass(frozen=True)
class Health:
    """`status` is ok, degraded (something fails or is poorer) or down (customers' messages are not accepted)."""

    status: str
    areas: Mapping[str, str]


def judge(broken: Collection[str], weak: Collection[str] = ()) -> Health:
    """The health while some parts are broken, and others have lost one of several replicas."""
    areas = {area.name: _state(area, frozenset(broken), frozenset(weak)) for area in AREAS}
    states = set(areas.values())
    status = OK if states == {OK} else DOWN if areas["Messages"] == DOWN else DEGRADED
    return Health(status, areas)


def _state(area: Area, broken: frozenset[str], weak: frozenset[str]) -> str:
    if area.needs & broken:
        return DOWN
    return DEGRADED if (area.wants & broken) or (area.needs | area.wants) & weak else OK
