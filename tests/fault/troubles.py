"""The faults of a schedule, as far as the checker needs them: it allows their effects, and nothing else."""

from __future__ import annotations

from tests.fault.evidence import Broke, Evidence

ANSWERS = ("model", "memory", "mongo", "chroma")
"""Without these the assistant can't answer."""
SHOWS = ("core", "core-2", "gateway")
"""The programs that a piece of text passes on its way to a customer."""
A_MINUTE = 60.0
"""Longer than a turn may take with all its attempts, when nothing is broken any more."""
ATTEMPTS = 3
"""The maximum attempts of a turn; then it goes to the queue."""


def pauses(e: Evidence) -> list[Broke]:
    """When a process on the way of live text was stopped."""
    return [b for b in e.broke if b.word.startswith("zombie") or (_verb(b) == "freeze" and _target(b) in SHOWS)]


def slowed(e: Evidence, at: float) -> float:
    """How much longer a piece may have been under way, because a way was slowed: to the gateway, and back."""
    ways = [b for b in e.broke if _verb(b) == "slow" and _target(b) in SHOWS and b.at <= at <= b.until + 1.0]
    return max((2 * float(b.word.split()[2]) / 1000 for b in ways), default=0.0)


def may_hold(e: Evidence, moment: float) -> bool:
    """Whether a turn that was given up at a moment had a reason: no model, no memory, or a worker that ended each time."""
    before = [b for b in e.broke if b.at <= moment <= b.until + A_MINUTE]
    without = any({"moody", *ANSWERS} & {*b.word.split()} for b in before)
    return without or sum(map(_workers, before)) >= ATTEMPTS


def _workers(b: Broke) -> int:
    """How many attempts a word may cost a turn."""
    match _verb(b):
        case "armed":
            return ATTEMPTS  # it acts all the time
        case "outage" | "everything" | "zombie":
            return 1
        case "kill" | "freeze" | "drain" | "restart" | "skew":
            return int(_target(b).startswith("core"))
        case "failpoint" | "failpoint_while":
            return 1
    return 0


def _verb(b: Broke) -> str:
    return b.word.split()[0]


def _target(b: Broke) -> str:
    return [*b.word.split(), ""][1]
