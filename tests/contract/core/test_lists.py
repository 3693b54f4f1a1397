"""Filtered lists of conversations read what they show, not the whole table."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kit.clock import utc_now
from services.core.adapters import lists
from services.core.domain import AgentId, ChannelId, ConversationId, State, Wanted
from tests.contract.core.conftest import Kept

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANY = 6_000
MAX_READ = 400
FILL_CUSTOMERS = "insert into customer (organization, id) select $1, 'k' || n from generate_series(1, $2::int) n"
FILL = """
insert into conversation (
    organization, id, customer, channel, address_kind, address_value, state, agent, last_seq, last_customer_seq, answered_seq,
    tags, created, updated, rating
)
select $1, 'c' || n, 'k' || n, case when n % 500 = 0 then 'rare' else 'web' end, 'BROWSER', 'b' || n,
    case when n % 400 = 0 then 'WAITING' when n % 300 = 0 then 'ASSIGNED' when n % 3 = 0 then 'CLOSED' else 'AUTOMATED' end,
    case when n % 400 <> 0 and n % 300 = 0 then 'agent' || n % 4 end, 1, 1, case when n % 600 = 0 then 0 else 1 end,
    case when n % 700 = 0 then array['rare'] when n % 5 = 0 then array['common'] else '{}'::text[] end,
    now() - n * interval '1 minute', now() - n * interval '1 minute',
    case when n % 150 = 0 then 1 + n / 150 % 5 end
from generate_series(1, $2::int) n
"""
FILTERS = {
    "nothing": Wanted(),
    "a rare state": Wanted(states=(State.WAITING,)),
    "a common state": Wanted(states=(State.CLOSED,)),
    "a rare channel": Wanted(channel=ChannelId("rare")),
    "an agent": Wanted(agent=AgentId("agent0")),
    "a rare tag": Wanted(tags=("rare",)),
    "a common tag": Wanted(tags=("common",)),
    "unanswered": Wanted(unanswered=True),
    "a rating": Wanted(ratings=(1, 2)),
    "a time": Wanted(changed_before=utc_now() - timedelta(minutes=MANY - 100)),
    "names": Wanted(ids=tuple(ConversationId(f"c{n}") for n in range(1, 101))),
}


def read(plan: dict[str, Any]) -> Iterator[int]:
    """How many rows each scan of a plan looked at."""
    if "Relation Name" in plan:
        yield plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    for inner in plan.get("Plans", ()):
        yield from read(inner)


async def test_no_filter_reads_more_than_a_few_times_what_it_shows(kept: Kept) -> None:
    for statement in (FILL_CUSTOMERS, FILL):
        await kept.pool.execute(statement, kept.organization, MANY)
    await kept.pool.execute("analyze conversation")
    for name, wanted in FILTERS.items():
        condition, values = lists.condition(wanted, 2)
        page = (
            f"select id from conversation c where organization = $1 and erased is null and {condition} {lists.ORDER} limit 51"
        )
        found = await kept.pool.fetchval(f"explain (analyze, format json) {page}", kept.organization, *values)
        [plan] = json.loads(found) if isinstance(found, str) else found
        assert sum(read(plan["Plan"])) <= MAX_READ, (name, plan)
