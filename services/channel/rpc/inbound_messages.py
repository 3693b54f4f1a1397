"""InboundMessageService."""

from frontdesk.channel import v1 as pb

from kit import names, pages
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.domain.channels import OrganizationId
from services.channel.domain.inbound import InboundId


class InboundMessageServicer(pb.InboundMessageServiceServicer):
    def __init__(self, app: App) -> None:
        self._messages = app.messages

    async def ListInboundMessages(
        self, request: pb.ListInboundMessagesRequest, context: Context
    ) -> pb.ListInboundMessagesResponse:
        state = convert.inbound_state_from_pb(request.state)
        scope = f"{request.parent}?{state}"
        before = (
            InboundId(pages.decode(request.page_token, filter=scope, kind=tuple[pages.Count])[0])
            if request.page_token
            else None
        )
        size = pages.size(request.page_size)
        found = await self._messages.list(OrganizationId(names.last(request.parent)), state, before, size + 1)
        response = pb.ListInboundMessagesResponse(inbound_messages=map(convert.inbound_to_pb, found[:size]))
        if len(found) > size:
            response.next_page_token = pages.encode(found[size - 1].id, filter=scope)
        return response

    async def RetryInboundMessage(self, request: pb.RetryInboundMessageRequest, context: Context) -> pb.InboundMessage:
        ids = names.parse(convert.INBOUND_MESSAGE, request.name)
        organization, id = OrganizationId(ids["organization"]), InboundId(int(ids["inbound_message"]))
        return convert.inbound_to_pb(await self._messages.retry(organization, id))
