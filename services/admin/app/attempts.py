"""Attempts that stay counted unless they were good."""

from collections.abc import Sequence

from kit.limits import Bucket, Limits
from services.admin.domain import errors


class Attempt:
    """Counts an attempt, and takes it back if it was good. Raises TooManyAttempts."""

    def __init__(self, attempts: Limits, buckets: Sequence[Bucket]) -> None:
        self._attempts = attempts
        self._buckets = buckets
        self.was_good = False

    async def __aenter__(self) -> "Attempt":
        if wait := await self._attempts.take(*self._buckets):
            raise errors.TooManyAttempts(wait)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.was_good:
            await self._attempts.give_back(*self._buckets)
