"""AvailabilityService, for channel."""

from frontdesk.agent.internal import v1 as internal

from kit.interceptors import Context
from services.agent import convert
from services.agent.app import App
from services.agent.rpc import calls


class AvailabilityServicer(internal.AvailabilityServiceServicer):
    """Whether humans are there."""

    def __init__(self, app: App) -> None:
        self._availabilities = app.availabilities

    async def GetAvailability(
        self, request: internal.GetAvailabilityRequest, context: Context
    ) -> internal.GetAvailabilityResponse:
        found = await self._availabilities.of(calls.organization_of(request.parent))
        return convert.availability_to_pb(found)
