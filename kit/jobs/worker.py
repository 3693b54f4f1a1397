"""Runs the jobs of one queue in this process: claims what is due, extends the leases, writes down what became of each."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta

from kit.errors import FrontdeskError, Unavailable
from kit.jobs import Bury, Done, Fail, Handler, Job, JobId, LeaseLost, Outcome, Park, Queue
from kit.jobs.table import Jobs

CANCEL_SECONDS = 2.0
"""How long a handler that is cancelled may take to give its job back."""
LOOK_SECONDS = 10.0
"""How long it rests at most: what another process added without a hint, or left behind, is found by then."""
_OUTAGE = timedelta(seconds=2)
_NEVER = "The processes that worked on it ended before it was done, each time."

_log = logging.getLogger("frontdesk")


@dataclass(eq=False)
class JobWorker:
    """A worker for `Service.workers`: run it until cancelled, and `drain` it when the calls have drained."""

    jobs: Jobs
    queue: Queue
    handle: Handler
    draining: asyncio.Event
    unavailable: tuple[type[BaseException], ...] = ()
    """Errors of the store, which are logged in a line. As with `Unavailable`, an attempt that they end isn't counted."""
    look_seconds: float = LOOK_SECONDS
    _running: dict[JobId, tuple[Job, asyncio.Task[None]]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.__qualname__ = f"jobs {self.queue.name}"
        self.jobs.listen(self.queue, self._wake)

    def _wake(self) -> bool:
        """There is work; whether this process has room for it."""
        self._news.set()
        return not self.draining.is_set() and len(self._running) < self.queue.max_running

    async def __call__(self) -> None:
        """Works until the process drains, and keeps the leases of what runs until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep())
            tasks.create_task(self._work())

    async def _work(self) -> None:
        drained = asyncio.create_task(self.draining.wait())
        try:
            while not self.draining.is_set():
                rest = await self._look()
                waiting = asyncio.create_task(self._news.wait())
                await asyncio.wait({waiting, drained}, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        finally:
            drained.cancel()

    async def _look(self) -> float:
        """Starts what is due, as far as there is room; returns how long there is nothing to do."""
        self._news.clear()
        try:
            room = self.queue.max_running - len(self._running)
            if room <= 0:
                return self.look_seconds  # the end of a job wakes it
            claimed = await self.jobs.look(self.queue, room)
            for job in claimed.jobs:
                self._running[job.id] = job, asyncio.create_task(self._run(job), name=f"{self.queue.name} {job.id}")
        except self.unavailable as error:
            detail = {"queue": self.queue.name, "error": repr(error)[:200]}
            _log.warning("a store is unavailable; trying again", extra=detail)
            return min(1.0, self.look_seconds)
        due = claimed.next_due
        return self.look_seconds if due is None else min(max(due, 0.0), self.look_seconds)

    async def _run(self, job: Job) -> None:
        try:
            outcome = await self._outcome(job)
            await self.jobs.settle(self.queue, job, outcome)
            if isinstance(outcome, Bury) or (isinstance(outcome, Fail) and job.attempts >= self.queue.max_attempts):
                detail = {"queue": self.queue.name, "subject": job.subject, "problem": outcome.problem[:200]}
                _log.warning("a job is a dead letter", extra=detail)
        except LeaseLost:
            _log.warning("a job's lease was lost", extra={"queue": self.queue.name, "subject": job.subject})
        except self.unavailable as error:  # its lease runs out, and it runs again
            detail = {"queue": self.queue.name, "subject": job.subject, "error": repr(error)[:200]}
            _log.warning("a job's end could not be stored", extra=detail)
        finally:
            del self._running[job.id]
            self._news.set()  # for what waited behind it, or for a place

    async def _outcome(self, job: Job) -> Outcome:
        if job.attempts > self.queue.max_attempts:
            return Bury(job.problem or _NEVER)
        try:
            return await self.handle(job) or Done()
        except LeaseLost:
            raise
        except self.unavailable as error:
            return Park(_OUTAGE, repr(error))
        except Unavailable as error:  # another service
            return Park(_OUTAGE, repr(error))
        except FrontdeskError as error:
            return Fail(f"{error.reason}: {error.message}")
        except Exception as error:
            _log.exception("a job broke", extra={"queue": self.queue.name, "subject": job.subject})
            return Fail(f"{type(error).__name__}: something broke on our side; the log says more.")

    async def _keep(self) -> None:
        """Extends the leases; a job that another worker has by now is cancelled."""
        while True:
            await asyncio.sleep(self.queue.lease.total_seconds() / 3)
            held = [job for job, _ in self._running.values()]
            if not held:
                continue
            try:
                kept = await self.jobs.extend(self.queue, held)
            except self.unavailable as error:
                detail = {"queue": self.queue.name, "error": repr(error)[:200]}
                _log.warning("leases could not be extended", extra=detail)
                continue
            for job in held:
                if job.id not in kept and (running := self._running.get(job.id)) and running[0] is job:
                    running[1].cancel()

    async def drain(self, within: timedelta) -> None:
        """Waits for the jobs that run here. A job that takes longer is left to its lease, and to another process."""
        tasks = [task for _, task in self._running.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=within.total_seconds())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CANCEL_SECONDS)
