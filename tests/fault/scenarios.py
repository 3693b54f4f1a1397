"""The faults of the running stack, as data: lanes of words that `World` knows, at times that a seed decides."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kit import failpoints
from tests.fault.world import EDGES, SERVICES

TURNS = ("core", "core-2")
SHORT = 30.0
NEEDS_MOOD = {"core.retry", "core.hold"}
NEEDS_OUTAGE = {"core.claim.after_commit", "channel.postpone", "channel.claim.after_commit"}


class Own(StrEnum):
    """The differences of a scenario's own stack."""

    SMALL_DATA = "small-data"
    """Postgres' data is on a small file system."""
    SMALL_HOME = "small-home"
    """So is the home folder, with the data of all stores, the logs and the keys."""
    SHIPPED = "shipped"
    """Leases, drains, polls and pauses are as shipped."""


@dataclass(frozen=True)
class Lane:
    """One word after the other, each after a pause of so many seconds; lanes run side by side."""

    words: tuple[str, ...]
    pause: tuple[float, float] = (0.5, 1.5)
    in_order: bool = False
    """Each word once, in its order, however long it takes; otherwise one at random until the time is over."""


@dataclass(frozen=True)
class Scenario:
    """A load, the faults meanwhile, and the guards that show that it was exercised."""

    name: str
    about: str
    lanes: tuple[Lane, ...] = ()
    seconds: float = 40.0
    quick: float = 0.0
    """Seconds in the short run; 0: not in it."""
    only_quick: bool = False
    """Whether the whole run has it in another scenario."""
    customers: int = 8
    """In each of two processes."""
    messages: tuple[int, int] = (3, 8)
    think: tuple[float, float] = (0.0, 0.3)
    burst: int = 5
    """How many messages customers send at once, four times in ten."""
    phones: int = 0
    """Customers on WhatsApp."""
    twilio: dict[str, object] = field(default_factory=dict)
    """Twilio's misbehaviour, during the whole time."""
    wishes: float = 0.15
    """The share of conversations that end with a request for a human."""
    takers: int = 1
    pause: tuple[float, float] = (0.3, 1.0)
    gap: float = 0.004
    """The model's pause between words."""
    deaf: int = 0
    """Watchers that never read."""
    least_ok: float = 1.0
    """Acknowledged messages a second, at least: less proves nothing."""
    least_kills: int = 0
    least_acted: float = 0.0
    """The part of the words that did something, at least."""
    least_takes: int = 0
    whole: bool = True
    """Whether every word of the lanes that are in order has to be done."""
    own: Own | None = None
    """A stack of its own, unlike the others'."""


def _each(verb: str, names: Sequence[str], *more: str) -> tuple[str, ...]:
    return tuple(" ".join((verb, name, *more)) for name in names)


def _at_every_failpoint(action: str) -> tuple[str, ...]:
    """Arms each failpoint in turn, with the conditions for reaching it."""
    words = []
    for name in failpoints.NAMES:
        place = name.rpartition(".")[0]
        if place in NEEDS_MOOD:
            words.append(f"failpoint_while {name} {action} moody fails 15")
        elif name.startswith("memory."):
            words.append(f"failpoint_while {name} {action} study")
        elif name.startswith(("core.merge.", "core.erase.", "channel.create_conversation.")):
            words.append(f"failpoint_while {name} {action} forget")
        elif name.startswith("kit.feed."):
            words.append(f"failpoint_while {name} {action} sign_out")
        elif name in NEEDS_OUTAGE or place in NEEDS_OUTAGE:
            words.append(f"failpoint_while {name} {action} outage")
        else:
            words.append(f"failpoint {name} {action}")
    return tuple(words)


def _errors_at_every_failpoint() -> tuple[str, ...]:
    return _at_every_failpoint("error*1")


SCENARIOS = (
    Scenario("calm", "nothing is broken: the yardstick", seconds=20, least_ok=3),
    Scenario(
        "services-killed",
        "SIGKILL of a service, at random times",
        (
            Lane(_each("kill", ("core", "core-2", "channel", "channel-2")), (1.5, 3.0)),
            Lane(_each("kill", ("memory", "agent", "admin")), (4, 8)),
        ),
        seconds=100,
        quick=20,
        least_kills=5,
        gap=0.02,
    ),
    Scenario(
        "everything-killed",
        "SIGKILL of any process of ours and any store, at random times, several at once",
        (
            Lane(_each("kill", ("core", "core-2", "channel", "channel-2", "gateway")), (1.0, 2.0)),
            Lane(_each("kill", ("memory", "agent", "admin", "postgres", "redis", "mongo", "chroma")), (2.0, 4.0)),
        ),
        seconds=240,
        customers=14,
        least_kills=160,
        least_ok=0.5,
        gap=0.2,
    ),
    Scenario(
        "failpoints-kill",
        "SIGKILL at every failpoint",
        (Lane(_at_every_failpoint("kill*1"), (0.1, 0.3), in_order=True),),
        seconds=600,
        phones=6,
        takers=2,
        least_acted=1.0,
        least_kills=len(failpoints.NAMES),
    ),
    Scenario(
        "failpoints-error",
        "a store that fails at every failpoint",
        (Lane(_errors_at_every_failpoint(), (0.0, 0.1), in_order=True),),
        seconds=600,
        phones=6,
        takers=2,
        least_acted=1.0,
    ),
    Scenario(
        "failpoints-some",
        "SIGKILL around the commits that matter most",
        (
            Lane(
                _each(
                    "failpoint",
                    (
                        *("core.receive.after_commit", "core.finish.before_commit", "core.finish.after_commit"),
                        *("channel.add.after_commit", "channel.forward.after_call", "channel.mark.before_commit"),
                        *("core.take.after_commit", "core.model.after_piece", "kit.follow.before_commit"),
                    ),
                    "kill*1",
                ),
                (0.2, 0.5),
                in_order=True,
            ),
        ),
        seconds=60,
        quick=60,
        only_quick=True,
        takers=2,
        least_kills=7,
        least_acted=0.9,
    ),
    Scenario(
        "zombie",
        "a core stopped past its lease just before it commits an answer, then let go",
        (Lane(("zombie 3.2",), (0.1, 0.4)),),
        takers=4,
        seconds=30,
        quick=12,
        least_acted=0.9,
    ),
    Scenario(
        "two-workers",
        "leases that are not extended and answers that take longer, so that both replicas work on one turn",
        (Lane(("armed 6 core.lease.before_commit:error,core.finish.before_commit:delay=2600%50",), (0.5, 1.0)),),
        seconds=30,
        takers=3,
        least_acted=1.0,
    ),
    Scenario(
        "redis",
        "Redis killed, emptied, hung, its pub/sub swallowed",
        (Lane(("kill redis", "flush", "hush 2", "hole redis 2", "hole redis 2 half_open", "freeze redis 2", "cut redis")),),
        seconds=40,
        least_ok=2,
    ),
    Scenario(
        "postgres",
        "Postgres killed ten times under load, backends killed in COMMIT",
        (Lane(("kill postgres", "backend"), (3.5, 5.5), in_order=False),),
        seconds=80,
        quick=16,
        least_kills=2,
        least_ok=0.5,
    ),
    Scenario(
        "postgres-edge",
        "the way to Postgres: slow, cut, half open, a black hole",
        (Lane(("slow postgres 100 3", "cut postgres", "cut postgres 20000", "hole postgres 2 half_open", "hole postgres 2")),),
        seconds=40,
        least_ok=0.5,
    ),
    Scenario(
        "edges",
        "every other way between programs: slow, cut, half open, a black hole, closed",
        (
            Lane(
                tuple(
                    word
                    for edge in EDGES
                    if edge != "postgres"
                    for word in (
                        f"slow {edge} 150 2",
                        f"cut {edge}",
                        f"cut {edge} 5000",
                        f"hole {edge} 1.5 half_open",
                        f"hole {edge} 1.5",
                        f"hole {edge} 1.5 drops",
                    )
                ),
                (0.2, 0.6),
            ),
        ),
        seconds=70,
        phones=4,
        least_ok=0.5,
    ),
    Scenario(
        "whatsapp",
        "a Twilio that breaks off, fails, is busy, reports twice and out of order, while services and Postgres are killed",
        (
            Lane(_each("kill", ("core", "core-2", "channel", "channel-2")), (1, 2.5)),
            Lane(("kill postgres", "kill gateway", "cut twilio", "hole twilio 2", "unheard 3"), (3, 6)),
        ),
        seconds=90,
        customers=1,
        phones=24,
        gap=0.03,
        twilio={
            "chances": {
                "accept-reset": 0.04,
                "accept-error": 0.04,
                "accept-slow": 0.1,
                "reset": 0.04,
                "error": 0.04,
                "busy": 0.05,
            },
            "webhook_copies": 2,
            "status_copies": 2,
            "statuses_shuffled": True,
        },
        takers=4,
        least_kills=40,
        least_ok=0.5,
    ),
    Scenario(
        "followers",
        "SIGKILL of core's followers, before and after their commit",
        (Lane(_each("failpoint", ("kit.follow.before_commit", "kit.follow.after_commit"), "kill*1"), (0.5, 1.0)),),
        seconds=40,
        customers=3,
        phones=10,
        least_acted=0.8,
        least_kills=8,
        least_ok=0.5,
    ),
    Scenario(
        "knowledge",
        "Chroma and MongoDB killed while documents change",
        (Lane(("kill chroma", "kill mongo", "kill memory"), (1.5, 3)), Lane(("learn",), (0.1, 0.3))),
        seconds=50,
        least_kills=6,
    ),
    Scenario(
        "gateway",
        "Envoy killed and drained",
        (Lane(("kill gateway", "drain gateway"), (1.5, 3)),),
        seconds=40,
        gap=0.03,
        least_kills=2,
        least_ok=0.5,
    ),
    Scenario(
        "model",
        "the model never answers, stalls, says 429 and 500, breaks off, says nothing, does not end, says no UTF-8",
        (
            Lane(
                _each("moody", ("never", "stalls", "limited", "fails", "cuts", "empty", "endless", "garbled"), "4", "50"),
                (0.5, 1.0),
                in_order=True,
            ),
        ),
        seconds=90,
        least_acted=1.0,
    ),
    Scenario(
        "take-over",
        "a human takes over at a random moment, a thousand times",
        seconds=140,
        quick=12,
        customers=10,
        takers=16,
        pause=(0.3, 0.9),
        gap=0.08,
        messages=(6, 12),
        least_takes=1000,
    ),
    Scenario(
        "take-over-apart",
        "humans take over while Redis carries no messages between the cores",
        (Lane(("hush 3",), (0.5, 1.0)),),
        seconds=40,
        customers=10,
        takers=16,
        pause=(0.3, 0.9),
        gap=0.08,
        messages=(6, 12),
        least_takes=150,
    ),
    Scenario(
        "bursts",
        "ten messages in a second, from many",
        (Lane(_each("kill", TURNS), (3, 6)),),
        seconds=60,
        burst=10,
        gap=0.02,
        least_ok=3,
    ),
    Scenario(
        "outage",
        "both cores killed at once, while customers keep writing and ask for a human",
        (Lane(("outage",), (2.5, 4.5)),),
        seconds=75,
        messages=(2, 5),
        wishes=0.7,
        burst=10,
        gap=0.02,
        least_kills=15,
        least_ok=2,
    ),
    Scenario(
        "long-replies",
        "replies that take longer than two leases: workers have to extend them",
        seconds=30,
        quick=15,
        gap=0.2,
        customers=5,
        takers=0,  # a human who takes over would hide that a turn was given up
        burst=1,
        least_ok=0.5,
    ),
    Scenario(
        "paused",
        "cores stopped for a moment while humans take over: their text after resuming is late",
        (Lane(_each("freeze", TURNS, "2.2"), (0.5, 1.5)),),
        seconds=35,
        gap=0.08,
        takers=8,
        messages=(6, 12),
        least_acted=0.9,
        least_takes=30,
    ),
    Scenario(
        "restart-of-all",
        "SIGKILL of the supervisor, all programs and all stores at once, then `frontdesk up`",
        (Lane(("everything",), (8, 14)),),
        seconds=70,
        gap=0.03,
        least_kills=15,
        least_ok=0.2,
    ),
    Scenario("deaf", "200 watchers that stop reading", seconds=30, deaf=200, least_ok=2),
    Scenario(
        "rolling",
        "every program restarted in turn, as an upgrade does it",
        (Lane(_each("restart", (*SERVICES, "gateway")), (0.5, 1.0), in_order=True),),
        seconds=150,
        least_acted=1.0,
        least_ok=2,
    ),
    Scenario(
        "clock",
        "one core whose clock is an hour ahead",
        (Lane(("skew core-2 3600 25",), (0.5, 1.0), in_order=True),),
        seconds=40,
        least_acted=1.0,
    ),
    Scenario(
        "full-disk",
        "the file system of Postgres is full",
        (Lane(("fill 4", "fill 4", "fill 4"), (3, 5), in_order=True),),
        seconds=60,
        least_acted=1.0,
        least_ok=0.3,
        own=Own.SMALL_DATA,
    ),
    Scenario(
        "full-home",
        "the file system of the home folder is full: every store's data, logs, and the supervisor's own file",
        (Lane(("fill 5 mongo redis chroma",) * 2, (4, 6), in_order=True),),
        seconds=60,
        customers=4,
        least_acted=1.0,
        least_ok=0.2,
        own=Own.SMALL_HOME,
    ),
    Scenario(
        "shipped",
        "SIGKILL of services and stores, with leases, polls and pauses as shipped",
        (
            Lane(_each("kill", ("core", "core-2", "channel", "channel-2")), (3, 6)),
            Lane(_each("kill", ("postgres", "redis", "memory", "gateway", "agent", "admin")), (8, 14)),
        ),
        seconds=90,
        phones=3,
        gap=0.1,
        least_kills=15,
        least_ok=0.5,
        own=Own.SHIPPED,
    ),
)

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def shortened(scenario: Scenario) -> Scenario:
    """A scenario as the short run has it: less time, and guards to match."""
    seconds = scenario.quick or min(scenario.seconds, SHORT)
    part = seconds / scenario.seconds if scenario.seconds else 1.0
    return replace(
        scenario,
        seconds=seconds,
        least_kills=int(scenario.least_kills * part * 0.5),
        least_takes=int(scenario.least_takes * part * 0.5),
        whole=False,
    )


def schedule(lane: Lane, seconds: float, seed: str) -> list[tuple[float, str]]:
    """A lane's words and pauses; the same for the same seed."""
    rng, at, planned = random.Random(seed), 0.0, list[tuple[float, str]]()
    for number in range(10_000):
        if lane.in_order and number == len(lane.words):
            break
        pause = rng.uniform(*lane.pause)
        at += pause
        if not lane.in_order and at > seconds:
            break
        planned.append((round(pause, 3), lane.words[number] if lane.in_order else rng.choice(lane.words)))
    return planned
