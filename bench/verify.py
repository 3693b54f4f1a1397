"""`python -m bench.verify`: how long the verifications take with 1,000,000 messages in core's journal, and after 1,000 more.

Runs a real core, and the recounts of core's tables, of agent and of channel, on a PostgreSQL of its own. The messages are
copies of one real conversation with an agent in it, all of one organization and so in one shard; the first are a day old. Each
recount is made in full, then for what has happened since.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from pydantic import SecretStr

from bench.growth import history
from kit import client, clock, ids, journal, migrations, postgres
from kit.ids import OrganizationId
from kit.recounts import Recount
from services.agent.adapters import core_journal as of_agent
from services.agent.adapters.database import Database
from services.agent.adapters.postgres_custodies import PostgresCustodies
from services.agent.app.recount import Recounts as AgentRecounts
from services.channel.adapters.core_journal import GrpcCoreJournal
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.app.recount import Recounts as ChannelRecounts
from services.core.adapters.postgres_tables import PostgresTables
from services.core.main import build
from services.core.settings import Settings
from stack.testing import TestStores
from tests.support import serving

ORGANIZATION = OrganizationId("acme")
AGO = timedelta(days=1)
MESSAGES, MORE = 1_000_000, 1_000
FACTS_PER_MESSAGE = 2.5
"""Of the conversation below: ten facts with four messages."""

_FORWARDED = """
insert into channel.inbound (organization, channel, source_id, conversation, request_id, text, digest, state, message, seq,
    accepted, created)
select m.organization, 'web', m.id, m.conversation, m.id, '', '', 1, m.id, m.seq, m.created, m.created
from core.message m where m.role = 'CUSTOMER'
on conflict do nothing
"""

Recounting = Callable[[bool], AsyncIterator[Recount]]


async def _converse(channel: Any, keys: serving.Keys) -> str:
    """A conversation of four messages that an agent took and closed; its id."""
    as_channel, as_agent = (keys.service_token(name, ORGANIZATION) for name in ("channel", "agent"))
    conversations, inside = internal.ConversationServiceStub(channel), internal.MessageServiceStub(channel)
    parent = f"organizations/{ORGANIZATION}"
    identity = pb.Identity(kind=pb.IDENTITY_KIND_BROWSER, value=ids.new(), source=pb.IDENTITY_SOURCE_SESSION)
    identity.verify_time.GetCurrentTime()
    opened = await client.call(
        conversations.OpenConversation,
        internal.OpenConversationRequest(parent=parent, channel=f"{parent}/channels/web", identity=identity),
        token=as_channel,
    )
    await client.call(
        conversations.RequestHandover, internal.RequestHandoverRequest(name=opened.name, reason="Asked"), token=as_channel
    )
    agent = f"{parent}/agents/a1"
    take = internal.TakeConversationRequest(name=opened.name, agent=agent, agent_display_name="Ann")
    await client.call(internal.TurnServiceStub(channel).TakeConversation, take, token=as_agent)
    for _ in range(2):
        said = internal.ReceiveMessageRequest(
            parent=parent, channel=f"{parent}/channels/web", source_id=ids.new(), conversation=opened.name, text="Where is it?"
        )
        await client.call(inside.ReceiveMessage, said, token=as_channel)
        answer = internal.AddNoteRequest(
            parent=opened.name, agent=agent, agent_display_name="Ann", text="It is on its way.", request_id=ids.new()
        )
        await client.call(inside.AddNote, answer, token=as_agent)
    close = pb.CloseConversationRequest(name=opened.name)
    user = keys.user_token(ORGANIZATION, ["*"])
    await client.call(pb.ConversationServiceStub(channel).CloseConversation, close, token=user)
    return str(opened.name.rpartition("/")[2])


async def _measure(messages: int, more: int) -> None:
    stores = TestStores()
    try:
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            urls, keys = stores.postgres_urls("core", "agent", "channel"), serving.Keys(folder)
            settings = Settings(keys_dir=folder, postgres_url=SecretStr(urls["core"]), memory_url="127.0.0.1:1")
            core = await stack.enter_async_context(serving.serve(settings, build))
            pools = {}
            for service, url in urls.items():
                pools[service] = await stack.enter_async_context(postgres.open_pool(SecretStr(url)))
                await migrations.apply(pools[service], service)
            database = urls["core"].partition("?")[0].rpartition("/")[2]
            admin = await asyncpg.connect(stores.postgres.admin_url(database))
            stack.push_async_callback(admin.close)
            agents = Database(pools["agent"], journal.Journal(pools["agent"], "agent", lambda *_: None))  # type: ignore[arg-type]
            verified = journal.Verified(pools["agent"], of_agent.NAME)
            custodies = PostgresCustodies(agents)
            recounts: dict[str, Recounting] = {
                "core's tables": PostgresTables(pools["core"]).recount,
                "agent's queue": AgentRecounts(
                    of_agent.GrpcCoreJournal(core.channel, keys.signer("agent"), verified), custodies
                ).queue,
                "channel's messages": ChannelRecounts(
                    GrpcCoreJournal(core.channel, keys.signer("channel")),
                    PostgresInbounds(pools["channel"], journal.Journal(pools["channel"], "channel", lambda *_: None)),  # type: ignore[arg-type]
                    journal.Verified(pools["channel"], "received messages"),
                    clock.utc_now,
                ).received_messages,
            }
            for count, full in ((messages, True), (more, False)):
                name = await _converse(core.channel, keys)
                if full:
                    for table in ("event", "message"):
                        await admin.execute(f"update core.{table} set created = created - $1::interval", AGO)
                facts = await history.copy(admin, name, round(count * FACTS_PER_MESSAGE), timedelta(), ORGANIZATION)
                await admin.execute(_FORWARDED, timeout=1800)
                await admin.execute("vacuum analyze", timeout=1800)
                kind = "in full" if full else "since then"
                print(f"{kind}: {count:,} messages, {facts:,} facts", flush=True)
                for store, recount in recounts.items():
                    await _report(store, recount, full)
    finally:
        stores.close()


async def _report(store: str, recount: Recounting, full: bool) -> None:
    """Makes a recount and prints its cost; raises when anything differs."""
    begun, cpu = time.perf_counter(), time.process_time()
    found = [each async for each in recount(full)]
    seconds, used = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counted = sum(each.counted for each in found)
    print(f"  {store:20} {seconds:8.2f} s  {used:8.2f} s of CPU  {counted:10,} counted  {peak:6.0f} MiB at most", flush=True)
    if differences := [difference for each in found for difference in each.differences]:
        raise SystemExit(f"{store} differs: {differences[:3]}")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser("python -m bench.verify", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--more", type=int, default=MORE)
    options = parser.parse_args()
    asyncio.run(_measure(options.messages, options.more))


if __name__ == "__main__":
    main()
