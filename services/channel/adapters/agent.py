"""`Teams` as the agent service knows them."""

from datetime import UTC, timedelta

import grpc
from frontdesk.agent.internal import v1 as internal

from kit import client
from kit.caller import Signer
from kit.ids import OrganizationId
from services.channel.domain.availability import Place, Team
from services.channel.domain.sessions import ConversationId

SECONDS = 0.7
"""After this the answer is that it isn't known."""


class AgentTeams:
    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._availability = internal.AvailabilityServiceStub(channel)
        self._signer = signer

    async def get(self, organization: OrganizationId) -> Team:
        request = internal.GetAvailabilityRequest(parent=f"organizations/{organization}")
        token = self._signer.service_token(organization)
        found = await client.call(self._availability.GetAvailability, request, token=token, timeout=SECONDS)
        return _team(found)


def _team(found: internal.GetAvailabilityResponse) -> Team:
    places = {
        ConversationId(entry.conversation): Place(number, entry.create_time.ToDatetime(UTC), _wait(line))
        for line in found.lines
        for number, entry in enumerate(line.entries, 1)
    }
    return Team(found.agents_online, _wait(found), places)


def _wait(told: internal.GetAvailabilityResponse | internal.GetAvailabilityResponse.Line) -> timedelta | None:
    return told.usual_wait.ToTimedelta() if told.HasField("usual_wait") else None
