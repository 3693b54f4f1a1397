"""When a model is not asked: it failed several times in a row, or it said when it wants to be asked again."""

import time
from collections import OrderedDict
from collections.abc import Callable

from services.core.domain.model_problems import ModelProblem
from services.core.ports.assistant import AssistantFailed

BREAKER_FAILURES = 5
BREAKER_SECONDS = 15.0
MAX_PAUSE_SECONDS = 600.0
"""The longest time that a model's `Retry-After` keeps it from being asked."""
MAX_BREAKERS = 1_000


class Breaker:
    """Stops asking a model that fails: after five failures in a row it is left alone for a time, then asked once."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic, rest: float = BREAKER_SECONDS) -> None:
        self._seconds = seconds
        self._rest = rest
        self._failures = 0
        self._until = 0.0
        self._asking = False
        self._paused_until = 0.0
        self._outage = False
        """The last failure was one that passes."""

    @property
    def is_open(self) -> bool:
        """Whether the model has failed too often, and has not answered since."""
        return self._failures >= BREAKER_FAILURES

    def check(self) -> None:
        """Raises AssistantFailed while the model is left alone; with `retry_after` where the model itself said until when."""
        if (left := self._paused_until - self._seconds()) > 0:
            said, problem = "The model asked to be left alone for a moment.", ModelProblem.LIMIT_REACHED
            raise AssistantFailed(said, retry_after=left, refused=True, problem=problem, outage=True)
        if self.is_open:
            if self._seconds() < self._until:
                told = "The model failed several times in a row and is left alone for a moment."
                raise AssistantFailed(told, refused=True, outage=self._outage)
            self._until, self._asking = self._seconds() + self._rest, True

    def worked(self) -> None:
        """The model answered."""
        self._failures, self._asking = 0, False

    def left(self, *, answered: bool) -> None:
        """The reply was not wanted any more. If that was the one call that may ask, the next one may."""
        if answered:
            self.worked()
        elif self._asking:
            self._until, self._asking = self._seconds(), False

    def failed(self, retry_after: float | None = None, *, outage: bool = False) -> None:
        """The model failed. `retry_after`: it said in how many seconds it may be asked again. `outage`: it was unavailable."""
        self._outage = outage
        self._asking = False
        self._failures += 1
        if self._failures == BREAKER_FAILURES:
            self._until = self._seconds() + self._rest
        if retry_after:
            self._paused_until = self._seconds() + min(retry_after, MAX_PAUSE_SECONDS)


class Breakers:
    """The breakers of this process: one for each endpoint, key and model, whatever else a model is asked with."""

    def __init__(self) -> None:
        self._of: OrderedDict[tuple[str, str, str], Breaker] = OrderedDict()

    def of(self, base_url: str, api_key: str, model: str) -> Breaker:
        """The breaker of a model."""
        key = base_url, api_key, model
        breaker = self._of.setdefault(key, Breaker())
        self._of.move_to_end(key)
        while len(self._of) > MAX_BREAKERS:
            self._of.popitem(last=False)
        return breaker
