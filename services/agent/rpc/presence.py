"""PresenceService."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from frontdesk.agent import v1 as pb

from kit import caller, streams
from kit.interceptors import Context
from services.agent import convert
from services.agent.app import App
from services.agent.convert.facts import presence_changed_to_pb
from services.agent.domain.agent import Me, NotYourPresence
from services.agent.domain.facts import AgentPresenceChanged
from services.agent.rpc import agents, calls


class PresenceServicer(pb.PresenceServiceServicer):
    """The agents' presence."""

    def __init__(self, app: App) -> None:
        self._team = app.team
        self._inbox = app.inbox

    async def GetPresence(self, request: pb.GetPresenceRequest, context: Context) -> pb.Presence:
        organization, agent = calls.organization_of(request.name), calls.agent_of(request.name)
        return convert.presence_to_pb(await self._team.get(organization, agent))

    async def ListPresences(self, request: pb.ListPresencesRequest, context: Context) -> pb.ListPresencesResponse:
        found, token = await agents.page(self._team, request)
        return pb.ListPresencesResponse(presences=map(convert.presence_to_pb, found), next_page_token=token)

    async def WatchPresences(
        self, request: pb.WatchPresencesRequest, context: Context
    ) -> AsyncIterator[pb.WatchPresencesResponse]:
        organization = calls.organization_of(request.parent)
        seconds = streams.seconds_left(caller.current())
        watched = self._inbox.watch_presences(organization, request.resume_token, seconds)
        async with aclosing(watched):
            async for batch in watched:
                if not batch.told:
                    yield pb.WatchPresencesResponse(resume_token=str(batch.position), heartbeat={})
                for told in batch.told:
                    assert isinstance(told.fact, AgentPresenceChanged)
                    presence = presence_changed_to_pb(organization, told, told.fact)
                    yield pb.WatchPresencesResponse(resume_token=str(told.position), presence=presence)

    async def SetPresence(self, request: pb.SetPresenceRequest, context: Context) -> pb.Presence:
        state = convert.presence_state_from_pb(request.state)
        agent = await self._team.choose(_own(request.name), state, request.away_reason)
        return convert.presence_to_pb(agent)

    async def Heartbeat(self, request: pb.HeartbeatRequest, context: Context) -> pb.HeartbeatResponse:
        state = await self._team.heartbeat(_own(request.name))
        return pb.HeartbeatResponse(state=convert.presence_state_to_pb(state), interval=self._team.rules.interval)


def _own(name: str) -> Me:
    me, agent = calls.me(), calls.agent_of(name)
    if agent != me.id:
        raise NotYourPresence(me.organization, agent)
    return me
