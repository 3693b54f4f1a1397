"""How long a stream may live, what it has still to send, and how it ends.

Aborted
├── StreamEnded           as planned: open the next one
└── WatcherTooSlow        its reader takes less than happens
OutOfRange
└── ResumeTokenExpired    what follows the token can't be sent any more
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

from kit import errors
from kit.caller import Caller

T = TypeVar("T")

MIN_SECONDS = 600.0
MAX_SECONDS = 900.0


class StreamEnded(errors.Aborted):
    reason = "STREAM_ENDED"

    def __init__(self, **resume: str) -> None:
        """`resume`: metadata, such as `resume_token`; a follower of a journal knows its positions itself."""
        super().__init__("The stream ended as planned; open it again, after what came last.", **resume)


class WatcherTooSlow(errors.Aborted):
    reason = "WATCHER_TOO_SLOW"

    def __init__(self, resume_token: str) -> None:
        super().__init__("The stream is read too slowly; resume with the token.", resume_token=resume_token)


class ResumeTokenExpired(errors.OutOfRange):
    reason = "RESUME_TOKEN_EXPIRED"

    def __init__(self, **what: str) -> None:
        """`what`: metadata that says which token or stream."""
        super().__init__("The resume token is too old or not one of ours; list again, and watch from there.", **what)


def seconds_left(caller: Caller) -> float:
    """10 to 15 minutes, so that clients spread over replicas again and do not come back all at once; never past the token."""
    return max(0.0, min(random.uniform(MIN_SECONDS, MAX_SECONDS), caller.expires - time.time()))


def position(resume_token: str) -> int | None:
    """The position in a journal that a resume token holds; None when it is empty. Raises ResumeTokenExpired for any other."""
    if not resume_token:
        return None
    if not resume_token.isascii() or not resume_token.isdigit() or len(resume_token) > 18:
        raise ResumeTokenExpired(resume_token=resume_token)
    return int(resume_token)


class Backlog(Generic[T]):
    """The events that a stream has still to send. Bounded: a reader that is too slow loses its stream, and costs no more."""

    __slots__ = ("_ended", "_items", "_most", "_overflowed", "_woken")

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: deque[T] = deque()
        self._woken = asyncio.Event()
        self._overflowed = False
        self._ended = False

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> None:
        """Adds something to send. One item more than `most` drops them all, and the stream ends at its next `check`."""
        if len(self._items) >= self._most:
            self._overflowed = True
            self._items.clear()
        if not self._overflowed:
            self._items.append(item)
        self.wake()

    def take(self) -> Iterator[T]:
        """Each item, in order, those too that come in the meantime."""
        while self._items:
            yield self._items.popleft()

    def wake(self) -> None:
        """Ends a `wait`: there is something to send that was not put here."""
        self._woken.set()

    def end(self) -> None:
        """Ends the stream at its next `check`."""
        self._ended = True
        self.wake()

    def check(self, resume_token: str) -> None:
        """Raises WatcherTooSlow when items were dropped, StreamEnded after `end`."""
        if self._overflowed:
            raise WatcherTooSlow(resume_token)
        if self._ended:
            raise StreamEnded(resume_token=resume_token)

    async def wait(self, seconds: float) -> bool:
        """Whether anything has come since the last `wait`, or comes within so many seconds."""
        if not self._woken.is_set():  # most often it is, and a timeout costs
            try:
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
            except TimeoutError:
                return False
        self._woken.clear()
        return True
