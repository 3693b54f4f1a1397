"""HandoverService."""

from frontdesk.agent import v1 as pb

from kit import names, pages
from kit.interceptors import Context
from services.agent import convert
from services.agent.app import App
from services.agent.domain.ids import HandoverId
from services.agent.rpc import calls


class HandoverServicer(pb.HandoverServiceServicer):
    """How conversations pass between the assistant and the agents."""

    def __init__(self, app: App) -> None:
        self._desk = app.desk

    async def GetHandover(self, request: pb.GetHandoverRequest, context: Context) -> pb.Handover:
        organization, id = calls.organization_of(request.name), HandoverId(names.last(request.name))
        return convert.handover_to_pb(await self._desk.handover(organization, id))

    async def ListHandovers(self, request: pb.ListHandoversRequest, context: Context) -> pb.ListHandoversResponse:
        organization, state = calls.organization_of(request.parent), convert.handover_state_from_pb(request.state)
        conversation = calls.conversation_of(request.conversation) if request.conversation else None
        found, more = await pages.page(
            request,
            pages.ById,
            lambda before, limit: self._desk.handovers(
                organization, state, conversation, before and HandoverId(before.id), limit
            ),
            lambda handover: pages.ById(handover.id),
            filter=f"handovers of {request.parent} {request.state} {request.conversation}",
        )
        return pb.ListHandoversResponse(handovers=map(convert.handover_to_pb, found), next_page_token=more)

    async def RequestHandover(self, request: pb.RequestHandoverRequest, context: Context) -> pb.RequestHandoverResponse:
        pending = await self._desk.request(calls.me(), calls.conversation_of(request.name), request.reason)
        name = convert.handover_to_pb(pending).name if pending else ""
        return pb.RequestHandoverResponse(conversation=request.name, handover=name)

    async def AcceptHandover(self, request: pb.AcceptHandoverRequest, context: Context) -> pb.AcceptHandoverResponse:
        accepted = await self._desk.accept(calls.me(), HandoverId(names.last(request.name)))
        return pb.AcceptHandoverResponse(
            handover=convert.handover_to_pb(accepted.handover),
            assignment=convert.assignment_to_pb(accepted.assignment),
            messages_on_the_wire=accepted.on_the_wire,
        )

    async def DeclineHandover(self, request: pb.DeclineHandoverRequest, context: Context) -> pb.Handover:
        handover = await self._desk.decline(calls.me(), HandoverId(names.last(request.name)), request.reason)
        return convert.handover_to_pb(handover)

    async def TransferConversation(self, request: pb.TransferConversationRequest, context: Context) -> pb.Assignment:
        conversation, to = calls.conversation_of(request.name), calls.agent_of(request.agent)
        assignment = await self._desk.transfer(calls.me(), conversation, to, manages=calls.manages())
        return convert.assignment_to_pb(assignment)

    async def ReturnToAssistant(self, request: pb.ReturnToAssistantRequest, context: Context) -> pb.Assignment:
        conversation = calls.conversation_of(request.name)
        assignment = await self._desk.give_back(calls.me(), conversation, manages=calls.manages())
        return convert.assignment_to_pb(assignment)

    async def ResolveConversation(self, request: pb.ResolveConversationRequest, context: Context) -> pb.Assignment:
        conversation = calls.conversation_of(request.name)
        assignment = await self._desk.resolve(calls.me(), conversation, manages=calls.manages())
        return convert.assignment_to_pb(assignment)
