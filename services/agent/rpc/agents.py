"""AgentService."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from frontdesk.agent import v1 as pb

from kit import pages
from kit.interceptors import Context
from services.agent import convert
from services.agent.app import App, Team
from services.agent.domain.agent import Agent
from services.agent.rpc import calls


class AgentServicer(pb.AgentServiceServicer):
    """The organization's agents."""

    def __init__(self, app: App) -> None:
        self._team = app.team

    async def GetAgent(self, request: pb.GetAgentRequest, context: Context) -> pb.Agent:
        agent = calls.agent_of(request.name)
        if request.name.endswith("/me"):
            await self._team.enroll(calls.me())
        return convert.agent_to_pb(await self._team.get(calls.organization_of(request.name), agent))

    async def ListAgents(self, request: pb.ListAgentsRequest, context: Context) -> pb.ListAgentsResponse:
        agents, token = await page(self._team, request)
        return pb.ListAgentsResponse(agents=map(convert.agent_to_pb, agents), next_page_token=token)

    async def UpdateAgent(self, request: pb.UpdateAgentRequest, context: Context) -> pb.Agent:
        new = request.agent
        paths = calls.paths(request.update_mask, ("display_name", "skills", "capacity"))
        if "display_name" in paths:
            calls.require([("agent.display_name", new.display_name)])
        agent = await self._team.edit(
            calls.organization_of(new.name),
            calls.agent_of(new.name),
            new.etag,
            display_name=new.display_name if "display_name" in paths else None,
            skills=tuple(new.skills) if "skills" in paths else None,
            capacity=new.capacity if "capacity" in paths else None,
        )
        return convert.agent_to_pb(agent)


class _ByName(NamedTuple):
    display_name: pages.Text
    id: pages.Text


async def page(team: Team, request: pb.ListAgentsRequest | pb.ListPresencesRequest) -> tuple[Sequence[Agent], str]:
    """A page of an organization's agents by display name, and the token of the next one."""
    return await pages.page(
        request,
        _ByName,
        partial(team.page, calls.organization_of(request.parent)),
        lambda agent: _ByName(agent.display_name, agent.id),
        filter=f"agents of {request.parent}",
    )
