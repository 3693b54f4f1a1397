"""DeliveryService."""

from functools import partial

from frontdesk.channel import v1 as pb

from kit import names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.domain.deliveries import DeliveryId, DeliveryState
from services.channel.domain.sessions import ConversationId


class DeliveryServicer(pb.DeliveryServiceServicer):
    def __init__(self, app: App) -> None:
        self._deliveries = app.deliveries

    async def GetDelivery(self, request: pb.GetDeliveryRequest, context: Context) -> pb.Delivery:
        return convert.delivery_to_pb(await self._deliveries.get(*_ids(request.name)))

    async def ListDeliveries(self, request: pb.ListDeliveriesRequest, context: Context) -> pb.ListDeliveriesResponse:
        organization = OrganizationId(names.last(request.parent))
        state = DeliveryState(request.state) if request.state else None
        conversation = ConversationId(names.last(request.conversation)) if request.conversation else None
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._deliveries.list, organization, state, conversation),
            lambda delivery: pages.ByTime(delivery.created, delivery.id),
            filter=f"{request.parent}?{request.state}&{request.conversation}",
        )
        return pb.ListDeliveriesResponse(deliveries=map(convert.delivery_to_pb, found), next_page_token=more)

    async def RetryDelivery(self, request: pb.RetryDeliveryRequest, context: Context) -> pb.Delivery:
        return convert.delivery_to_pb(await self._deliveries.retry(*_ids(request.name), request.request_id))


def _ids(name: str) -> tuple[OrganizationId, DeliveryId]:
    ids = names.parse(convert.DELIVERY, name)
    return OrganizationId(ids["organization"]), DeliveryId(ids["delivery"])
