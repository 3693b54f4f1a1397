"""Passwords hashed with argon2id.

The parameters are OWASP's first choice for a server: 19 MiB, 2 iterations, 1 lane; about 40 ms of one core here. They stand in
each hash, so they can be raised at any time: a password is hashed again when its user next signs in.
"""

import asyncio
import ctypes
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard a guess is."""

    memory_kib: int = 19 * 1024
    iterations: int = 2
    lanes: int = 1


class Argon2idPasswords:
    """Hashes in its own threads: the library lets go of the interpreter meanwhile. `threads` bounds memory: 19 MiB each.

    A call that is cancelled while it waits for a thread is never computed.
    """

    def __init__(self, cost: Cost, threads: int = 2) -> None:
        _give_memory_back()
        self._hasher = PasswordHasher(time_cost=cost.iterations, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2id")
        self.pending = 0
        """Hashes that are computed, or wait for a thread."""
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, password)

    async def verify(self, hash: str | None, password: str) -> bool:
        right = await self._run(self._verify, hash or self._nobody, password)
        return right and hash is not None

    def is_outdated(self, hash: str) -> bool:
        return self._hasher.check_needs_rehash(hash)

    def close(self) -> None:
        """Ends the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, compute: Callable[..., T], *texts: str) -> T:
        self.pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, compute, *texts)
        finally:
            self.pending -= 1

    def _verify(self, hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _give_memory_back() -> None:
    """Makes malloc return a hash's memory when it is done.

    Left alone, glibc learns from the first 19 MiB block to keep the next ones in the heap: 40 MB more, measured, for good.
    """
    with suppress(AttributeError, OSError):  # another C library: nothing to set
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1 << 20)
