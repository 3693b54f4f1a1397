"""QueueService."""

from dataclasses import replace
from typing import NamedTuple

from frontdesk.agent import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import caller, clock, names, pages
from kit.interceptors import Context
from services.agent import convert
from services.agent.app import App
from services.agent.domain.custody import Handover
from services.agent.domain.ids import AgentId, HandoverId, QueueId
from services.agent.domain.queue import Queue, rank
from services.agent.rpc import calls

_FIELDS = ("display_name", "rules", "order", "skills", "accept_target")


class _ByRank(NamedTuple):
    is_default: pages.Count
    order: int
    id: pages.Text


class _ByPlace(NamedTuple):
    place: pages.Count
    created: pages.Moment
    handover: pages.Text


class QueueServicer(pb.QueueServiceServicer):
    """The lines in which conversations wait."""

    def __init__(self, app: App) -> None:
        self._catalog = app.catalog

    async def GetQueue(self, request: pb.GetQueueRequest, context: Context) -> pb.Queue:
        queue = await self._catalog.queue(calls.organization_of(request.name), QueueId(names.last(request.name)))
        return convert.queue_to_pb(queue)

    async def ListQueues(self, request: pb.ListQueuesRequest, context: Context) -> pb.ListQueuesResponse:
        organization = calls.organization_of(request.parent)

        async def fetch(after: _ByRank | None, limit: int) -> list[Queue]:
            # An organization has few queues: the page is cut here.
            queues = await self._catalog.queues(organization)
            return [queue for queue in queues if after is None or rank(queue) > after][:limit]

        filter = f"queues of {request.parent}"
        found, more = await pages.page(request, _ByRank, fetch, lambda queue: _ByRank(*rank(queue)), filter=filter)
        return pb.ListQueuesResponse(queues=map(convert.queue_to_pb, found), next_page_token=more)

    async def CreateQueue(self, request: pb.CreateQueueRequest, context: Context) -> pb.Queue:
        calls.require([("queue.display_name", request.queue.display_name)])
        organization = calls.organization_of(request.parent)
        queue = convert.queue_from_pb(organization, QueueId(request.queue_id), request.queue, clock.utc_now())
        return convert.queue_to_pb(await self._catalog.add_queue(queue, request.request_id))

    async def UpdateQueue(self, request: pb.UpdateQueueRequest, context: Context) -> pb.Queue:
        new = request.queue
        calls.require([("queue.name", new.name)])
        paths = calls.paths(request.update_mask, _FIELDS)
        if "display_name" in paths:
            calls.require([("queue.display_name", new.display_name)])

        def edit(queue: Queue) -> Queue:
            return replace(
                queue,
                display_name=new.display_name if "display_name" in paths else queue.display_name,
                rules=convert.rules_from_pb(new) if "rules" in paths else queue.rules,
                order=new.order if "order" in paths else queue.order,
                skills=tuple(new.skills) if "skills" in paths else queue.skills,
                accept_target=convert.target_from_pb(new) if "accept_target" in paths else queue.accept_target,
            )

        organization, id = calls.organization_of(new.name), QueueId(names.last(new.name))
        return convert.queue_to_pb(await self._catalog.edit_queue(organization, id, new.etag, edit))

    async def DeleteQueue(self, request: pb.DeleteQueueRequest, context: Context) -> Empty:
        await self._catalog.remove_queue(calls.organization_of(request.name), QueueId(names.last(request.name)))
        return Empty()

    async def ListQueueEntries(self, request: pb.ListQueueEntriesRequest, context: Context) -> pb.ListQueueEntriesResponse:
        organization, queue = calls.organization_of(request.parent), QueueId(names.last(request.parent))

        async def fetch(last: _ByPlace | None, limit: int) -> list[tuple[int, Handover]]:
            after = (last.created, HandoverId(last.handover)) if last else None
            found = await self._catalog.entries(organization, queue, after, limit)
            return list(enumerate(found, start=last.place + 1 if last else 1))

        found, more = await pages.page(
            request,
            _ByPlace,
            fetch,
            lambda entry: _ByPlace(entry[0], entry[1].created, entry[1].id),
            filter=f"entries of {request.parent}",
        )
        viewer = AgentId(caller.current().id)
        entries = [convert.entry_to_pb(handover, place, viewer) for place, handover in found]
        return pb.ListQueueEntriesResponse(queue_entries=entries, next_page_token=more)
