"""InboundMessageService."""

from frontdesk.channel import v1 as pb

from kit import names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.domain.inbound import InboundId


class InboundMessageServicer(pb.InboundMessageServiceServicer):
    def __init__(self, app: App) -> None:
        self._messages = app.messages

    async def ListInboundMessages(
        self, request: pb.ListInboundMessagesRequest, context: Context
    ) -> pb.ListInboundMessagesResponse:
        state = convert.inbound_state_from_pb(request.state)
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ByNumber,
            lambda before, limit: self._messages.list(organization, state, before and InboundId(before.number), limit),
            lambda message: pages.ByNumber(message.id),
            filter=f"{request.parent}?{state}",
        )
        return pb.ListInboundMessagesResponse(inbound_messages=map(convert.inbound_to_pb, found), next_page_token=more)

    async def RetryInboundMessage(self, request: pb.RetryInboundMessageRequest, context: Context) -> pb.InboundMessage:
        ids = names.parse(convert.INBOUND_MESSAGE, request.name)
        organization, id = OrganizationId(ids["organization"]), InboundId(int(ids["inbound_message"]))
        return convert.inbound_to_pb(await self._messages.retry(organization, id))
