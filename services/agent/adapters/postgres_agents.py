"""Agents in PostgreSQL."""

from collections.abc import Callable, Iterable
from typing import Any

from kit.ids import OrganizationId
from services.agent.adapters.database import Database
from services.agent.domain.agent import Agent, AgentNotFound, Presence, PresenceState
from services.agent.domain.facts import Fact
from services.agent.domain.ids import AgentId
from services.agent.ports import AgentKey

_COUNT = """
(select count(*) from assignment held
 where held.organization = agent.organization and held.agent = agent.id and held.ended is null) as assignments
"""
_GET = f"select agent.*, {_COUNT} from agent where organization = $1 and id = $2"
_LOCK = _GET + " for update of agent"
_PAGE = f"""
select agent.*, {_COUNT} from agent
where organization = $1 and ($2::text is null or (display_name, id) > ($2, $3))
order by display_name, id limit $4
"""
_ADD = """
insert into agent (organization, id, display_name, skills, capacity, chosen, shown, away_reason, since, created, updated,
    version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning true
"""
_CHANGE = """
update agent set display_name = $3, skills = $4, capacity = $5, chosen = $6, shown = $7, away_reason = $8, since = $9,
    created = $10, updated = $11, version = $12
where organization = $1 and id = $2
"""


class PostgresAgents:
    """`ports.Agents` on the table `agent`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, organization: OrganizationId, id: AgentId) -> Agent | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_GET, organization, id)
        return None if row is None else _agent(row)

    async def page(self, organization: OrganizationId, after: tuple[str, str] | None, limit: int) -> list[Agent]:
        async with self._database.read() as connection:
            rows = await connection.fetch(_PAGE, organization, *(after or (None, None)), limit)
        return [_agent(row) for row in rows]

    async def add(self, agent: Agent, facts: Iterable[Fact]) -> Agent:
        async with self._database.write(agent.organization) as tx:
            if await tx.connection.fetchval(_ADD, *_values(agent)):
                tx.add(*facts)
                return agent
        return await self.get(agent.organization, agent.id) or agent

    async def change(
        self, organization: OrganizationId, id: AgentId, change: Callable[[Agent], tuple[Agent, tuple[Fact, ...]]]
    ) -> Agent:
        async with self._database.write(organization) as tx:
            row = await tx.connection.fetchrow(_LOCK, organization, id)
            if row is None:
                raise AgentNotFound(organization, id)
            before = _agent(row)
            after, facts = change(before)
            if after != before:
                await tx.connection.execute(_CHANGE, *_values(after))
            tx.add(*facts)
            return after

    async def shown_present(self) -> list[AgentKey]:
        async with self._database.read() as connection:
            rows = await connection.fetch("select organization, id from agent where shown <> 'OFFLINE'")
        return [(row["organization"], row["id"]) for row in rows]


def _values(agent: Agent) -> tuple[object, ...]:
    seen = agent.presence
    return (
        agent.organization, agent.id, agent.display_name, list(agent.skills), agent.capacity, seen.chosen, seen.shown,
        seen.away_reason, seen.since, agent.created, agent.updated, agent.version,
    )  # fmt: skip


def _agent(row: Any) -> Agent:
    presence = Presence(PresenceState(row["chosen"]), PresenceState(row["shown"]), row["away_reason"], row["since"])
    return Agent(
        organization=row["organization"],
        id=row["id"],
        display_name=row["display_name"],
        skills=tuple(row["skills"]),
        capacity=row["capacity"],
        presence=presence,
        created=row["created"],
        updated=row["updated"],
        version=row["version"],
        assignment_count=row["assignments"],
    )
