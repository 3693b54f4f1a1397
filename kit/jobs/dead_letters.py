"""`DeadLetterService`: the dead letters of all services, which the first of them shows and the others hand on.

Each service has its own jobs, and may ask one service below it, in the direction in which calls go. So every dead letter is in
one list, and one name leads to it: its id begins with its service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from kit import client, errors, names, pages
from kit.caller import Signer
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.interceptors import Context
from kit.jobs import DeadLetter, JobId
from kit.jobs.table import Jobs

NAME = "organizations/{organization}/deadLetters/{dead_letter}"
SECONDS = 3.0
"""How long the service below may take."""

MAX_DIGITS = 18
"""No number of a job is longer."""

_SILENT = (errors.Unavailable, errors.DeadlineExceeded)


class DeadLetterNotFound(errors.NotFound):
    reason = "DEAD_LETTER_NOT_FOUND"

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no dead letter {id}: it was retried or deleted, or never was.", dead_letter=id)


@dataclass(frozen=True, slots=True)
class Below:
    """The internal `DeadLetterService` of another service."""

    services: Sequence[str]
    """It, and those that it asks."""
    contract: Any
    """The module of its internal contract, such as `frontdesk.memory.internal.v1`."""
    channel: grpc.aio.Channel
    signer: Signer

    async def call(self, organization: OrganizationId, method: str, **fields: Any) -> Any:
        """Calls an RPC of it."""
        rpc = getattr(self.contract.DeadLetterServiceStub(self.channel), method)
        request = getattr(self.contract, f"{method}Request")(**fields)
        return await client.call(rpc, request, token=self.signer.service_token(organization), timeout=SECONDS)


class DeadLetterServicer:
    """The service as others see it. `contract`: the module of the contract that it serves."""

    def __init__(self, contract: Any, jobs: Jobs, below: Below | None = None) -> None:
        self._contract = contract
        self._jobs = jobs
        self._below = below

    async def ListDeadLetters(self, request: Any, context: Context) -> Any:
        organization, unreachable = OrganizationId(names.last(request.parent)), set[str]()

        async def fetch(before: pages.ByTime | None, limit: int) -> list[Any]:
            found, silent = await self._newest(organization, request.queue, before, limit)
            unreachable.update(silent)
            return found

        found, more = await pages.page(request, pages.ByTime, fetch, _position, filter=f"{request.parent}?{request.queue}")
        return self._contract.ListDeadLettersResponse(dead_letters=found, next_page_token=more, unreachable=sorted(unreachable))

    async def RetryDeadLetter(self, request: Any, context: Context) -> Any:
        organization, id, below = self._place(request.name)
        if below is not None:
            answer = await below.call(organization, "RetryDeadLetter", name=request.name)
            return self._contract.RetryDeadLetterResponse(subject=answer.subject)
        letter = await self._jobs.revive(organization, id)
        if letter is None:
            raise DeadLetterNotFound(names.last(request.name))
        return self._contract.RetryDeadLetterResponse(subject=f"organizations/{organization}/{letter.subject}")

    async def DeleteDeadLetter(self, request: Any, context: Context) -> Empty:
        organization, id, below = self._place(request.name)
        if below is not None:
            await below.call(organization, "DeleteDeadLetter", name=request.name)
        else:
            await self._jobs.delete(organization, id)
        return Empty()

    async def _newest(
        self, organization: OrganizationId, queue: str, before: pages.ByTime | None, limit: int
    ) -> tuple[list[Any], Sequence[str]]:
        """Dead letters from here on down, the newest first, and the services that did not answer."""
        own = await self._jobs.dead_letters(organization, queue, before, limit)
        found, silent = [self._letter(letter) for letter in own], tuple[str, ...]()
        if self._below is not None:
            fields: dict[str, Any] = {"parent": f"organizations/{organization}", "queue": queue, "limit": limit}
            if before is not None:
                fields |= {"before_time": time_to_pb(before.time), "before_id": before.id}
            try:
                answer = await self._below.call(organization, "ListDeadLetters", **fields)
            except _SILENT:
                silent = tuple(self._below.services)
            else:
                found, silent = found + list(answer.dead_letters), tuple(answer.unreachable)
        return sorted(found, key=_position, reverse=True)[:limit], silent

    def _place(self, name: str) -> tuple[OrganizationId, JobId, Below | None]:
        """Where a dead letter is: in the service below, or (None) here. Raises DeadLetterNotFound."""
        found = names.parse(NAME, name)
        service, _, number = found["dead_letter"].partition("-")
        below = self._below if self._below is not None and service in self._below.services else None
        if not (number.isdecimal() and len(number) <= MAX_DIGITS) or (below is None and service != self._jobs.service):
            raise DeadLetterNotFound(found["dead_letter"])
        return OrganizationId(found["organization"]), JobId(int(number)), below

    def _letter(self, letter: DeadLetter) -> Any:
        organization = f"organizations/{letter.organization}"
        kind = type(self._contract.ListDeadLettersResponse().dead_letters.add())
        return kind(
            name=f"{organization}/deadLetters/{self._jobs.service}-{letter.id}",
            queue=letter.queue,
            subject=f"{organization}/{letter.subject}",
            problem=letter.problem,
            attempts=letter.attempts,
            create_time=time_to_pb(letter.created),
            death_time=time_to_pb(letter.died),
        )


class InternalDeadLetterServicer(DeadLetterServicer):
    """The service for the one above, which says where in the list it is."""

    async def ListDeadLetters(self, request: Any, context: Context) -> Any:
        organization, before = OrganizationId(names.last(request.parent)), None
        if request.HasField("before_time"):
            before = pages.ByTime(request.before_time.ToDatetime(UTC), request.before_id)
        found, silent = await self._newest(organization, request.queue, before, request.limit)
        return self._contract.ListDeadLettersResponse(dead_letters=found, unreachable=silent)


def add_dead_letter_service(server: grpc.aio.Server, contract: Any, jobs: Jobs, below: Below | None = None) -> None:
    """Adds `DeadLetterService` to a server: the public one, or that of an internal contract."""
    kind = InternalDeadLetterServicer if ".internal." in contract.__name__ else DeadLetterServicer
    contract.add_DeadLetterServiceServicer_to_server(kind(contract, jobs, below), server)


def _position(letter: Any) -> pages.ByTime:
    return pages.ByTime(letter.death_time.ToDatetime(UTC), names.last(letter.name))
