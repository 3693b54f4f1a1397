"""DeliveryService."""

from frontdesk.channel import v1 as pb

from kit import names, pages
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.domain.channels import OrganizationId
from services.channel.domain.deliveries import DeliveryId, DeliveryState
from services.channel.domain.sessions import ConversationId


class DeliveryServicer(pb.DeliveryServiceServicer):
    def __init__(self, app: App) -> None:
        self._deliveries = app.deliveries

    async def GetDelivery(self, request: pb.GetDeliveryRequest, context: Context) -> pb.Delivery:
        return convert.delivery_to_pb(await self._deliveries.get(*_ids(request.name)))

    async def ListDeliveries(self, request: pb.ListDeliveriesRequest, context: Context) -> pb.ListDeliveriesResponse:
        scope = f"{request.parent}?{request.state}&{request.conversation}"
        before = None
        if request.page_token:
            before = pages.decode(request.page_token, filter=scope, kind=tuple[pages.Moment, pages.Text])
        size = pages.size(request.page_size)
        found = await self._deliveries.list(
            OrganizationId(names.last(request.parent)),
            DeliveryState(request.state) if request.state else None,
            ConversationId(names.last(request.conversation)) if request.conversation else None,
            before,
            size + 1,
        )
        response = pb.ListDeliveriesResponse(deliveries=map(convert.delivery_to_pb, found[:size]))
        if len(found) > size:
            last = found[size - 1]
            response.next_page_token = pages.encode(last.created.isoformat(), last.id, filter=scope)
        return response

    async def RetryDelivery(self, request: pb.RetryDeliveryRequest, context: Context) -> pb.Delivery:
        return convert.delivery_to_pb(await self._deliveries.retry(*_ids(request.name), request.request_id))


def _ids(name: str) -> tuple[OrganizationId, DeliveryId]:
    ids = names.parse(convert.DELIVERY, name)
    return OrganizationId(ids["organization"]), DeliveryId(ids["delivery"])
