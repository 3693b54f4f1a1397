"""How much time the running call has left, so that calls it makes get less."""

import time
from contextvars import ContextVar

DEFAULT_SECONDS = 5.0
MOST_SECONDS = 15.0
HOP_SECONDS = 0.1

_moment: ContextVar[float | None] = ContextVar("deadline", default=None)


def start(seconds: float | None) -> None:
    """Says that the running call ends in `seconds`; None: it has no end, as a watch stream."""
    _moment.set(None if seconds is None else time.monotonic() + seconds)


def remaining(most: float) -> float:
    """Seconds that a call made now may take: at most `most`, and 100 ms less than the running call has left."""
    moment = _moment.get()
    return most if moment is None else max(0.0, min(most, moment - time.monotonic() - HOP_SECONDS))
