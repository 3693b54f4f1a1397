"""An installation with 10,000 organizations, against one that has the demo shop alone.

Two stacks, in turn: organizations can't be deleted, so one stack could only be measured before and after, and a machine's
speed drifts in the minutes between. Both run all the time; each is charged with its own processes alone. The organizations are
made by admin's and channel's own adapters: each row, fact and journal position is what `CreateOrganization` and
`CreateChannel` write, but for the owners' password, which is hashed once for all. The agent service keeps nothing of an
organization until it makes a queue, and neither does memory before its first document.
"""

import asyncio
from pathlib import Path

from pydantic import SecretStr

from bench.__main__ import Bench, started
from bench.growth.answers import two_stacks
from bench.growth.figures import Figure
from bench.growth.stores import caught_up, postgres, settle
from kit.clock import utc_now
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.postgres import open_pool
from kit.vault import Vault
from services.admin import convert as admin_convert
from services.admin.adapters.argon2id import Argon2idPasswords, Cost
from services.admin.adapters.postgres.database import Database
from services.admin.adapters.postgres.organizations import PostgresOrganizations
from services.admin.domain import organizations, roles, users
from services.channel import convert as channel_convert
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.domain import channels, facts

MANY, MANY_QUICK = 10_000, 500
AT_ONCE = 8
OPERATOR = roles.Actor("services", "stack", frozenset({roles.EVERYTHING}))


def run(quick: bool) -> list[Figure]:
    """Measures the part."""
    with started() as small, started() as large:
        return asyncio.run(_measure(small, large, quick))


async def _measure(small: Bench, large: Bench, quick: bool) -> list[Figure]:
    count = MANY_QUICK if quick else MANY
    print(f"  making {count:,} organizations", flush=True)
    await _make(large, count)
    for bench in (small, large):
        await caught_up(bench)
        await settle(bench)
    return await two_stacks(small, large, quick)


async def _make(bench: Bench, count: int) -> None:
    """Organizations with an owner and a web chat each."""
    passwords = Argon2idPasswords(Cost())
    password_hash = await passwords.hash("a-long-enough-password")
    passwords.close()
    async with (
        open_pool(SecretStr(postgres(bench).url("admin"))) as admin,
        open_pool(SecretStr(postgres(bench).url("channel"))) as channel,
    ):
        kept = PostgresOrganizations(Database(admin, Journal(admin, "admin", admin_convert.fact_to_pb)), Jobs(admin, "admin"))
        vault = Vault(Path("/nowhere"))  # a web chat has no credentials
        forms = {channels.WEB_CHAT: channels.WEB_CHAT_FORM}
        log = Journal(channel, "channel", channel_convert.fact_to_pb)
        chats = PostgresChannels(channel, log, vault, Jobs(channel, "channel"), forms)
        numbers = iter(range(count))

        async def make() -> None:
            for number in numbers:
                await _organization(kept, f"shop-{number:05}", password_hash)
                await _web_chat(chats, f"shop-{number:05}")

        await asyncio.gather(*(make() for _ in range(AT_ONCE)))


async def _organization(kept: PostgresOrganizations, id: str, password_hash: str) -> None:
    now = utc_now()
    organization = organizations.create(OrganizationId(id), f"Shop {id}", "en", "Europe/Lisbon", now)
    draft = users.Draft(f"owner@{id}.example.com", "Owner", [roles.OWNER])
    owner, facts = users.create(OrganizationId(id), draft, OPERATOR, now)
    await kept.add(organization, owner, password_hash, id, (*organizations.created(organization), *facts))


async def _web_chat(chats: PostgresChannels, organization: str) -> None:
    draft = channels.Draft(channels.WEB_CHAT, "Chat", None, None)
    chat = channels.create(
        OrganizationId(organization), channels.ChannelId("webchat"), draft, utc_now(), channels.WEB_CHAT_FORM
    )
    await chats.add(chat, organization, facts.ChannelCreated(chat.id, chat.kind, chat.display_name))
