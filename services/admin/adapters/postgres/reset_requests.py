"""Requests for links to a new password, as jobs in PostgreSQL."""

import hashlib

from kit.ids import OrganizationId
from kit.jobs import Queue
from kit.jobs.table import Jobs
from services.admin.adapters.postgres.database import Database

QUEUE = Queue("password-resets", max_attempts=3, max_running=2)


class PostgresResetRequests:
    """Keeps each request as a job, whose payload is the e-mail address. It is gone when the job has run."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    async def add(self, organization: OrganizationId, email: str) -> None:
        subject = hashlib.sha256(email.encode()).hexdigest()[:32]
        async with self._database.work(organization) as work:
            await self._jobs.add(work.connection, QUEUE, organization, subject, email.encode())
        self._jobs.wake(QUEUE)
