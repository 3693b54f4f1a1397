"""Durable work: a job is stored in the transaction that makes it necessary, and runs until it is done or a dead letter.

    queue      a kind of work, with its own backoff, lease and number of attempts
    job        one piece of it, named by its subject: a queue has at most one job of a subject
    worker     claims what is due in this process, as many at once as it may, and extends their leases
    dead letter  a job that was given up, with the reason; people see it and retry it

A timer wakes the worker at the earliest due time, `Jobs.wake` after a commit does at once. Jobs of one ordering key run one
after the other. A handler runs at least once: it repeats itself safely, or ends the job in the transaction of its effect.

Read: this page, table (PostgreSQL), worker, dead_letters.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from kit.backoff import Backoff
from kit.ids import OrganizationId

MAX_PAYLOAD_BYTES = 64 << 10
MAX_PROBLEM_CHARACTERS = 300

JobId = NewType("JobId", int)


@dataclass(frozen=True, slots=True)
class Queue:
    """A kind of work."""

    name: str
    max_attempts: int = 5
    backoff: Backoff = Backoff(first=1, maximum=300, factor=5)  # noqa: RUF009  # it is frozen
    lease: timedelta = timedelta(seconds=30)
    """How long a job is left alone after the last sign of its worker, which extends it each third of that."""
    max_running: int = 20
    """How many jobs run at once in a process."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it is claimed."""

    id: JobId
    queue: str
    organization: OrganizationId
    subject: str
    payload: bytes
    attempts: int
    """This one included."""
    fence: int
    created: datetime
    problem: str = ""
    """Of the attempt before."""


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done, and the job is deleted; also when a handler returns nothing."""


@dataclass(frozen=True, slots=True)
class Again:
    """The job runs once more after a pause, and its attempts count from the start: it did what it should, and there is more."""

    after: timedelta
    payload: bytes | None = None
    """None: the same as before."""


@dataclass(frozen=True, slots=True)
class Park:
    """The job is put off through no fault of its own, such as an outage: the attempt isn't counted."""

    after: timedelta
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Fail:
    """The attempt failed: the job is tried again after the queue's backoff, or becomes a dead letter after its last attempt."""

    problem: str


@dataclass(frozen=True, slots=True)
class Bury:
    """The job can't succeed as it is: it becomes a dead letter at once."""

    problem: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The handler has ended the job itself, in the transaction of its effect: by `Jobs.end`, `drop` or `give_up`."""


Outcome = Done | Again | Park | Fail | Bury | Ended
Handler = Callable[[Job], Awaitable[Outcome | None]]
"""Does a job. An exception counts as `Fail`, but `Unavailable` as `Park`."""


class LeaseLost(Exception):
    """Another worker has the job by now: nothing that this one does about it counts."""


class PayloadTooLarge(ValueError):
    def __init__(self, size: int) -> None:
        super().__init__(f"A job's payload has {size} bytes, more than {MAX_PAYLOAD_BYTES}; store the bytes and refer to them.")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that was given up."""

    id: JobId
    organization: OrganizationId
    queue: str
    subject: str
    attempts: int
    problem: str
    created: datetime
    died: datetime
