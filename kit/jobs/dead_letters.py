"""`DeadLetterService`: every service with jobs has it in its contract, and serves it by this."""

from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from kit import errors, names, pages
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.interceptors import Context
from kit.jobs import DeadLetter, JobId
from kit.jobs.table import Jobs

NAME = "organizations/{organization}/deadLetters/{dead_letter}"


class DeadLetterNotFound(errors.NotFound):
    reason = "DEAD_LETTER_NOT_FOUND"

    def __init__(self, id: JobId) -> None:
        super().__init__(f"There is no dead letter {id}: it was retried or deleted, or never was.", dead_letter=id)


class DeadLetterServicer:
    """`contract`: the module of the service's own contract, such as `frontdesk.channel.v1`."""

    def __init__(self, contract: Any, jobs: Jobs) -> None:
        self._contract = contract
        self._jobs = jobs

    async def ListDeadLetters(self, request: Any, context: Context) -> Any:
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ByNumber,
            lambda before, limit: self._jobs.dead_letters(organization, request.queue, before and before.number, limit),
            lambda letter: pages.ByNumber(letter.id),
            filter=f"{request.parent}?{request.queue}",
        )
        return self._contract.ListDeadLettersResponse(dead_letters=map(self._letter, found), next_page_token=more)

    async def RetryDeadLetter(self, request: Any, context: Context) -> Any:
        organization, id = _ids(request.name)
        letter = await self._jobs.revive(organization, id)
        if letter is None:
            raise DeadLetterNotFound(id)
        return self._contract.RetryDeadLetterResponse(subject=f"organizations/{organization}/{letter.subject}")

    async def DeleteDeadLetter(self, request: Any, context: Context) -> Empty:
        await self._jobs.delete(*_ids(request.name))
        return Empty()

    def _letter(self, letter: DeadLetter) -> Any:
        organization = f"organizations/{letter.organization}"
        return self._contract.DeadLetter(
            name=f"{organization}/deadLetters/{letter.id}",
            queue=letter.queue,
            subject=f"{organization}/{letter.subject}",
            problem=letter.problem,
            attempts=letter.attempts,
            create_time=time_to_pb(letter.created),
            death_time=time_to_pb(letter.died),
        )


def add_dead_letter_service(server: grpc.aio.Server, contract: Any, jobs: Jobs) -> None:
    """Adds `DeadLetterService` for all queues of a service."""
    contract.add_DeadLetterServiceServicer_to_server(DeadLetterServicer(contract, jobs), server)


def _ids(name: str) -> tuple[OrganizationId, JobId]:
    found = names.parse(NAME, name)
    return OrganizationId(found["organization"]), JobId(int(found["dead_letter"]))
