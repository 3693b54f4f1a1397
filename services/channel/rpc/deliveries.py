"""DeliveryService."""

from frontdesk.channel import v1 as pb

from kit import names, pages
from services.channel import convert
from services.channel.app.deliveries import DeliveryApp
from services.channel.domain.channels import OrganizationId
from services.channel.domain.deliveries import DeliveryId, DeliveryState
from services.channel.domain.sessions import ConversationId


class Deliveries(pb.DeliveryServiceServicer):
    def __init__(self, app: DeliveryApp) -> None:
        self._app = app

    async def GetDelivery(self, request: pb.GetDeliveryRequest, context: object) -> pb.Delivery:
        return convert.delivery_to_pb(await self._app.get(*_ids(request.name)))

    async def ListDeliveries(self, request: pb.ListDeliveriesRequest, context: object) -> pb.ListDeliveriesResponse:
        scope = f"{request.parent}?{request.state}&{request.conversation}"
        before = None
        if request.page_token:
            before = pages.decode(request.page_token, filter=scope, kind=tuple[pages.Moment, pages.Text])
        size = pages.size(request.page_size)
        found = await self._app.list(
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

    async def RetryDelivery(self, request: pb.RetryDeliveryRequest, context: object) -> pb.Delivery:
        return convert.delivery_to_pb(await self._app.retry(*_ids(request.name), request.request_id))


def _ids(name: str) -> tuple[OrganizationId, DeliveryId]:
    ids = names.parse(convert.DELIVERY, name)
    return OrganizationId(ids["organization"]), DeliveryId(ids["delivery"])
