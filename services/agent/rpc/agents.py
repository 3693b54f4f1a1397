"""AgentService."""

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
        agents, token = await page(self._team, request.parent, request.page_size, request.page_token)
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


async def page(team: Team, parent: str, page_size: int, page_token: str) -> tuple[list[Agent], str]:
    """A page of an organization's agents by display name, and the token of the next one."""
    size = pages.size(page_size)
    after = None
    if page_token:
        after = pages.decode(page_token, filter=f"agents of {parent}", kind=tuple[pages.Text, pages.Text])
    agents = await team.page(calls.organization_of(parent), after, size + 1)
    if len(agents) <= size:
        return agents, ""
    last = agents[size - 1]
    return agents[:size], pages.encode(last.display_name, last.id, filter=f"agents of {parent}")
