"""The things that an organization sets up for its agents: queues and canned replies."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kit.clock import Clock
from kit.ids import OrganizationId
from services.agent.domain.canned_reply import CannedReply, CannedReplyNotFound
from services.agent.domain.custody import Handover
from services.agent.domain.ids import CannedReplyId, HandoverId, QueueId
from services.agent.domain.queue import DEFAULT_QUEUE, DefaultQueue, Queue, QueueNotFound, default_queue, rank
from services.agent.ports import CannedReplies, Custodies, Queues


@dataclass(frozen=True)
class Catalog:
    """Queues and canned replies. The default queue is there before anybody made it."""

    stored: Queues
    custodies: Custodies
    canned: CannedReplies
    new_id: Callable[[], str]
    now: Clock

    async def queues(self, organization: OrganizationId) -> list[Queue]:
        """All queues, in the order in which their rules are tried."""
        stored = await self.stored.all(organization)
        if not any(queue.id == DEFAULT_QUEUE for queue in stored):
            stored.append(await self.stored.add(default_queue(organization, self.now()), "default"))
        return sorted(stored, key=rank)

    async def queue(self, organization: OrganizationId, id: QueueId) -> Queue:
        """One queue. Raises QueueNotFound."""
        queue = await self.stored.get(organization, id)
        if queue is None and id == DEFAULT_QUEUE:
            return await self.stored.add(default_queue(organization, self.now()), "default")
        if queue is None:
            raise QueueNotFound(organization, id)
        return queue

    async def add_queue(self, queue: Queue, request_id: str) -> Queue:
        """Makes a queue; an empty id becomes a new one. Raises QueueAlreadyExists."""
        now = self.now()
        named = replace(queue, id=queue.id or QueueId(self.new_id()), created=now, updated=now, version=1)
        if named.id == DEFAULT_QUEUE:
            await self.queue(queue.organization, DEFAULT_QUEUE)
        return await self.stored.add(named, request_id)

    async def edit_queue(self, organization: OrganizationId, id: QueueId, etag: str, edit: Callable[[Queue], Queue]) -> Queue:
        """Changes a queue. Raises QueueNotFound and EtagMismatch."""
        await self.queue(organization, id)

        def change(queue: Queue) -> Queue:
            queue.check(etag)
            return replace(edit(queue), updated=self.now(), version=queue.version + 1)

        return await self.stored.change(organization, id, change)

    async def remove_queue(self, organization: OrganizationId, id: QueueId) -> None:
        """Deletes a queue; what waits in it moves to the default one. Raises QueueNotFound and DefaultQueue."""
        if id == DEFAULT_QUEUE:
            raise DefaultQueue(organization)
        await self.stored.remove(organization, id, DEFAULT_QUEUE)

    async def entries(
        self, organization: OrganizationId, id: QueueId, after: tuple[datetime, HandoverId] | None, limit: int
    ) -> list[Handover]:
        """The handovers in a queue, the longest first. Raises QueueNotFound."""
        await self.queue(organization, id)
        return await self.custodies.waiting(organization, id, after, limit)

    async def canned_reply(self, organization: OrganizationId, id: CannedReplyId) -> CannedReply:
        """One canned reply. Raises CannedReplyNotFound."""
        reply = await self.canned.get(organization, id)
        if reply is None:
            raise CannedReplyNotFound(organization, id)
        return reply

    async def canned_replies(self, organization: OrganizationId, after: str | None, limit: int) -> list[CannedReply]:
        """Canned replies by shortcut."""
        return await self.canned.page(organization, after, limit)

    async def add_canned_reply(self, organization: OrganizationId, shortcut: str, text: str, request_id: str) -> CannedReply:
        """Makes one. Raises CannedReplyAlreadyExists."""
        now = self.now()
        reply = CannedReply(organization, CannedReplyId(self.new_id()), shortcut, text, now, now)
        return await self.canned.add(reply, request_id)

    async def edit_canned_reply(
        self, organization: OrganizationId, id: CannedReplyId, etag: str, shortcut: str | None, text: str | None
    ) -> CannedReply:
        """Changes one; None leaves a value as it is. Raises CannedReplyNotFound, CannedReplyAlreadyExists, EtagMismatch."""

        def change(reply: CannedReply) -> CannedReply:
            reply.check(etag)
            return replace(
                reply,
                shortcut=reply.shortcut if shortcut is None else shortcut,
                text=reply.text if text is None else text,
                updated=self.now(),
                version=reply.version + 1,
            )

        return await self.canned.change(organization, id, change)

    async def remove_canned_reply(self, organization: OrganizationId, id: CannedReplyId) -> None:
        """Deletes one. Raises CannedReplyNotFound."""
        await self.canned.remove(organization, id)
