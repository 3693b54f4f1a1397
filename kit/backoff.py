"""How long to wait before something that failed is tried again: exponential backoff, with jitter and a maximum."""

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_EXPONENT = 64
"""Far beyond any maximum, and small enough for a float."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Delays that grow from `first` to `maximum` seconds, each `factor` times the one before.

    Each is shortened at random by up to `jitter` of itself, so that many that failed together do not come back together. A due
    time that is stored has none: it is the same for everybody who computes it.
    """

    first: float
    maximum: float
    factor: float = 2.0
    jitter: float = 0.5

    def delay(self, attempt: int) -> float:
        """Seconds to wait after the n-th failed attempt in a row (n from 1)."""
        exponent = min(max(attempt - 1, 0), _MAX_EXPONENT)
        return min(self.first * self.factor**exponent, self.maximum) * random.uniform(1 - self.jitter, 1)

    def pauses(self) -> "Pauses":
        """The pauses of one loop."""
        return Pauses(self)


def retry_after(value: str) -> float | None:
    """The seconds of a `Retry-After` header, which gives seconds or a date (RFC 9110, section 10.2.3); None: neither."""
    value = value.strip()
    if value.replace(".", "", 1).isdecimal() and value.isascii():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class Pauses:
    """Waits between the attempts of one loop, longer each time, until it is `reset` because an attempt succeeded."""

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self._attempt = 0

    def reset(self) -> None:
        self._attempt = 0

    def next(self) -> float:
        """Seconds of the next pause, for a caller that waits on its own."""
        self._attempt += 1
        return self._backoff.delay(self._attempt)

    async def wait(self) -> None:
        await asyncio.sleep(self.next())
