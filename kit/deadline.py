"""How much time the running call has left, so that calls it makes get less."""

import time
from contextvars import ContextVar

DEFAULT_SECONDS = 5.0
MAX_SECONDS = 15.0
UPLOAD_SECONDS = 120.0
HOP_SECONDS = 0.1
ANSWER_SECONDS = 0.05
"""How long before the client's deadline a call ends, so that the client still receives the error."""

_moment: ContextVar[float | None] = ContextVar("deadline", default=None)


def allowed(given: float | None, upload: bool) -> float:
    """Seconds that a call with one response may work; `given` is what its client allows, None if it says nothing."""
    most, usual = (UPLOAD_SECONDS, UPLOAD_SECONDS) if upload else (MAX_SECONDS, DEFAULT_SECONDS)
    return usual if given is None else min(given - min(ANSWER_SECONDS, given / 10), most)


def start(seconds: float | None) -> None:
    """Says that the running call ends in `seconds`; None: it has no end, as a watch stream."""
    _moment.set(None if seconds is None else time.monotonic() + seconds)


def remaining(most: float) -> float:
    """Seconds that a call made now may take: at most `most`, and 100 ms less than the running call has left."""
    moment = _moment.get()
    return most if moment is None else max(0.0, min(most, moment - time.monotonic() - HOP_SECONDS))
