"""Sessions: who may open one, how it comes back, what it may see, and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from pydantic import SecretStr

from kit import errors, migrations, postgres
from kit.errors import FrontdeskError
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.limits import LocalLimits
from kit.vault import Vault
from services.channel import convert
from services.channel.adapters.postgres.blocks import PostgresBlocks
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.postgres.inbounds import PostgresInbounds
from services.channel.adapters.postgres.sessions import PostgresSessions
from services.channel.adapters.postgres.web_conversations import PostgresWebConversations
from services.channel.adapters.tokens import SignedIdentities, SignedTokens
from services.channel.app.channels import ChannelApp
from services.channel.app.participation import Participation
from services.channel.app.sessions import Opening, SessionApp
from services.channel.domain import channels, facts, sessions
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM, ChannelId, Draft, State, WebChatConfig
from services.channel.domain.inbound import Arrival, Writer
from services.channel.domain.sessions import ConversationId, CustomerId, Grant, Holder, SecretUse, Session, SessionId
from tests.fakes.channel import ScriptedCore
from tests.fakes.clock import HandClock
from tests.support.serving import Keys

ORGANIZATION = OrganizationId("acme")
OTHER = OrganizationId("other")
WEB = ChannelId("web")
SECRET = "0123456789abcdef0123456789abcdef"
OPENING = Opening(ORGANIZATION, WEB, "", "Somebody", "en", "", "192.0.2.1")
PER_HOUR = 5
FORMS = {WEB_CHAT: WEB_CHAT_FORM}


@dataclass
class World:
    """The use cases of sessions on their store."""

    pool: Any
    keys: Keys
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    core: ScriptedCore = field(default_factory=ScriptedCore)

    def __post_init__(self) -> None:
        journal = Journal(self.pool, "channel", convert.fact_to_pb)
        self.channels = PostgresChannels(
            self.pool, journal, Vault(self.folder / "channel.secrets"), Jobs(self.pool, "channel"), FORMS
        )
        self.kept = PostgresSessions(self.pool, journal)
        self.known = PostgresWebConversations(self.pool)
        self.inbounds = PostgresInbounds(self.pool, journal)
        self.blocks = PostgresBlocks(self.pool, journal)
        self.channel_app = ChannelApp(self.channels, FORMS, {}, self.clock)
        self.participation = Participation(self.known, self.core)
        self.sessions = SessionApp(
            channels=self.channels,
            sessions=self.kept,
            known=self.known,
            conversations=self.core,
            identities=SignedIdentities(),
            tokens=SignedTokens(self.keys.signer("channel"), self.clock),
            limits=LocalLimits(),
            blocks=self.blocks,
            now=self.clock,
            opens_per_minute=10,
            returns_per_minute=20,
            refreshes_per_minute=1000,
            conversations_per_hour=PER_HOUR,
        )

    async def told(self) -> list[str]:
        """The kinds of the facts in the journal, in order."""
        return [row["kind"] for row in await self.pool.fetch("select kind from event order by shard, position")]

    async def changed(self, change: str, *customers: CustomerId) -> None:
        """As the follower of core does it: in a transaction."""
        async with self.pool.acquire() as connection, connection.transaction():
            kept = PostgresSessions(connection, Journal(self.pool, "channel", convert.fact_to_pb))
            await getattr(kept, f"{change}_customer")(ORGANIZATION, *customers)

    async def write(self, session: Session, conversation: ConversationId, request_id: str) -> str:
        """The result of a message."""
        source = f"{session.id}:{request_id}"
        written = Arrival(ORGANIZATION, WEB, conversation, source, request_id, "Hi", None, session.id)
        try:
            await self.inbounds.add(written)
        except FrontdeskError as error:
            return error.reason
        return "stored"


@pytest.fixture
async def world(stores: Any, tmp_path: Path) -> AsyncIterator[World]:
    async with postgres.open_pool(SecretStr(stores.emptied_urls("channel")["channel"])) as pool:
        await migrations.apply(pool, "channel")
        (tmp_path / "keys").mkdir()
        made = World(pool, Keys(tmp_path / "keys"), tmp_path)
        yield made
        await made.inbounds.close()


async def channel(world: World, config: WebChatConfig | None = None, state: State = State.ACTIVE) -> None:
    draft = Draft(WEB_CHAT, "Shop chat", state, config, {"web_chat.identity_secret": SECRET})
    await world.channel_app.create(ORGANIZATION, "web", draft, "")


async def refresh(world: World, grant: Grant, secret: str = "") -> Grant:
    session = grant.session
    return await world.sessions.refresh(session.organization, session.channel, session.id, secret or grant.secret, "192.0.2.1")


def identity(secret: str = SECRET, **claims: object) -> str:
    return jwt.encode({"sub": "u-7", "exp": 4_000_000_000, "name": "Known", **claims}, secret, algorithm="HS256")


async def test_each_anonymous_browser_has_its_own_conversation(world: World) -> None:
    await channel(world, WebChatConfig("Hi!"))
    one, two = await world.sessions.open(OPENING), await world.sessions.open(OPENING)
    assert one.conversation != two.conversation
    assert (one.greeting, one.channel_display_name) == ("Hi!", "Shop chat")
    assert one.secret != two.secret
    assert one.secret not in repr(one)


async def test_a_signed_customer_comes_back_to_the_same_conversation(world: World) -> None:
    await channel(world)
    one = await world.sessions.open(replace(OPENING, identity_token=identity()))
    two = await world.sessions.open(replace(OPENING, identity_token=identity()))
    assert one.conversation == two.conversation
    assert one.session.display_name == "Known"
    assert one.session.subject == "u-7"


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        (identity(secret="x" * 32), "badly signed"),
        (identity(exp=1), "expired"),
        (identity(sub=""), "without a usable subject"),
        (identity(sub="x" * 200), "without a usable subject"),
        ("nonsense", "badly signed"),
        (jwt.encode({"sub": "u-7", "exp": 4_000_000_000}, "", algorithm="none"), "badly signed"),
        ("", "missing"),
    ],
)
async def test_a_bad_identity_is_refused(world: World, token: str, problem: str) -> None:
    await channel(world, WebChatConfig(identity_required=True))
    with pytest.raises(sessions.IdentityInvalid, match=problem):
        await world.sessions.open(replace(OPENING, identity_token=token))


async def test_only_listed_origins_may_open(world: World) -> None:
    await channel(world, WebChatConfig(allowed_origins=("https://shop.example",)))
    await world.sessions.open(replace(OPENING, origin="https://Shop.example"))
    for origin in ("", "https://evil.example", "https://shop.example.evil.example"):
        with pytest.raises(sessions.OriginNotAllowed):
            await world.sessions.open(replace(OPENING, origin=origin))


async def test_paused_missing_and_other_channels_open_nothing(world: World) -> None:
    with pytest.raises(channels.ChannelNotFound):
        await world.sessions.open(OPENING)
    await channel(world, state=State.PAUSED)
    with pytest.raises(channels.ChannelPaused):
        await world.sessions.open(OPENING)


async def test_one_address_opens_so_many_sessions_a_minute(world: World) -> None:
    await channel(world)
    for _ in range(10):
        await world.sessions.open(OPENING)
    with pytest.raises(sessions.TooManyRequests) as caught:
        await world.sessions.open(OPENING)
    assert 1 <= int(caught.value.metadata["retry_seconds"]) <= 6
    await world.sessions.open(replace(OPENING, address="192.0.2.2"))


async def test_page_views_of_a_network_do_not_keep_its_customers_from_writing(world: World) -> None:
    await channel(world)
    returning = replace(OPENING, identity_token=identity(), returning=True)
    await world.sessions.open(replace(returning, returning=False))
    for _ in range(20):
        await world.sessions.open(returning)
    with pytest.raises(sessions.TooManyRequests):
        await world.sessions.open(returning)
    await world.sessions.open(OPENING)
    await world.sessions.open(replace(returning, address="192.0.2.2"))


async def test_a_refresh_changes_the_secret_and_prolongs_the_session(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    world.clock.move(days=29)
    second = await refresh(world, first)
    world.clock.move(days=29)
    third = await refresh(world, second)
    assert len({first.secret, second.secret, third.secret}) == 3
    assert third.conversation == first.conversation
    assert third.session.expires == world.clock() + sessions.LIFETIME


async def test_a_lost_answer_costs_nothing_however_late(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    await refresh(world, first)
    world.clock.move(hours=8)
    again = await refresh(world, first)
    await refresh(world, again)


async def test_tabs_may_refresh_at_once(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    one, two = await refresh(world, first), await refresh(world, first)
    one = await refresh(world, one)
    world.clock.move(seconds=9)
    await refresh(world, first)
    world.clock.move(minutes=9)
    await refresh(world, one)
    await refresh(world, two)


async def test_a_secret_used_after_its_successor_ends_the_session(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    second = await refresh(world, first)
    third = await refresh(world, second)
    world.clock.move(seconds=11)
    with pytest.raises(sessions.SessionExpired):
        await refresh(world, first)
    with pytest.raises(sessions.SessionExpired):
        await refresh(world, third)


async def test_a_wrong_secret_opens_nothing_and_ends_nothing(world: World) -> None:
    await channel(world)
    grant = await world.sessions.open(OPENING)
    with pytest.raises(sessions.SessionSecretInvalid):
        await refresh(world, grant, "guess" * 8)
    await refresh(world, grant)


async def test_a_session_ends_when_unused_for_long_and_when_its_channel_goes(world: World) -> None:
    await channel(world)
    grant = await world.sessions.open(OPENING)
    other = await world.sessions.open(OPENING)
    world.clock.move(days=29)
    other = await refresh(world, other)
    world.clock.move(days=2)
    with pytest.raises(sessions.SessionExpired):
        await refresh(world, grant)
    assert await world.sessions.sweep() == 1
    await world.channel_app.delete(ORGANIZATION, ChannelId("web"))
    with pytest.raises(sessions.SessionExpired):
        await refresh(world, other)


async def test_a_session_ends_with_its_channel_and_is_found_there_alone(world: World) -> None:
    await channel(world)
    session = (await world.sessions.open(OPENING)).session
    assert await world.kept.get(ORGANIZATION, WEB, session.id) == session
    assert await world.kept.get(OTHER, WEB, session.id) is None
    assert await world.kept.get(ORGANIZATION, ChannelId("x"), session.id) is None
    await world.channel_app.delete(ORGANIZATION, WEB)
    assert await world.kept.get(ORGANIZATION, WEB, session.id) is None
    with pytest.raises(channels.ChannelNotFound):
        await world.kept.add(session, b"h", sessions_opened(session))
    assert await world.told() == ["ChannelCreated", "SessionOpened", "ChannelDeleted"]


def sessions_opened(session: Session) -> facts.SessionOpened:
    return facts.SessionOpened(f"{session.channel}/sessions/{session.id}", "c1", session.customer, False)


async def test_secrets_know_whether_they_and_their_successors_were_used(world: World) -> None:
    await channel(world)
    now, later = world.clock(), world.clock() + timedelta(minutes=9)
    session = Session(ORGANIZATION, WEB, SessionId("s1"), CustomerId("k1"), "", "", now, now + sessions.LIFETIME)
    await world.kept.add(session, b"a", sessions_opened(session))
    assert await world.kept.look_up(session.id, b"x") is None
    assert await world.kept.look_up(SessionId("s2"), b"a") is None
    assert await world.kept.look_up(session.id, b"a") == SecretUse(None, False)
    await world.kept.rotate(session, b"a", b"b", now)
    await world.kept.rotate(session, b"a", b"c", later)
    assert await world.kept.look_up(session.id, b"a") == SecretUse(now, False)
    longer = replace(session, expires=now + timedelta(days=42))
    await world.kept.rotate(longer, b"c", b"d", later)
    assert await world.kept.look_up(session.id, b"a") == SecretUse(now, True)
    assert await world.kept.look_up(session.id, b"b") == SecretUse(None, False)
    assert await world.kept.get(ORGANIZATION, WEB, session.id) == longer


async def test_sessions_end_once(world: World) -> None:
    await channel(world)
    grant = await world.sessions.open(OPENING)
    for _ in range(2):
        await world.kept.end(ORGANIZATION, grant.session.id, facts.SessionEnded(f"{WEB}/sessions/{grant.session.id}"))
    assert await world.told() == ["ChannelCreated", "SessionOpened", "SessionEnded"]
    with pytest.raises(sessions.SessionExpired):
        await refresh(world, grant)


async def test_a_session_writes_only_while_it_and_its_channel_are_open(world: World) -> None:
    await channel(world)
    one, two = await world.sessions.open(OPENING), await world.sessions.open(OPENING)
    assert await world.write(one.session, one.conversation, "r1") == "stored"
    assert await world.write(two.session, two.conversation, "r1") == "stored"
    await world.kept.end(ORGANIZATION, one.session.id, facts.SessionEnded(f"{WEB}/sessions/{one.session.id}"))
    assert await world.write(one.session, one.conversation, "r2") == "SESSION_EXPIRED"
    await world.pool.execute("update channel set state = 'PAUSED'")
    written = [world.write(two.session, two.conversation, f"r{n}") for n in range(2, 5)]
    assert await asyncio.gather(*written) == ["CHANNEL_PAUSED"] * 3
    assert await world.write(two.session, two.conversation, "r1") == "stored", "a repetition is answered as the first time"
    await world.pool.execute("update channel set state = 'ACTIVE'")
    assert await world.write(two.session, two.conversation, "r5") == "stored"
    await world.channel_app.delete(ORGANIZATION, WEB)
    assert await world.write(two.session, two.conversation, "r6") == "CHANNEL_NOT_FOUND"


def holder(grant: Grant) -> Holder:
    session = grant.session
    return Holder(session.organization, session.channel, session.id, session.customer)


def writer(grant: Grant, conversation: ConversationId) -> Writer:
    session = grant.session
    return Writer(session.organization, session.channel, session.id, session.customer, conversation)


async def test_a_customer_has_several_conversations_and_a_repeated_request_is_one(world: World) -> None:
    await channel(world)
    grant = await world.sessions.open(OPENING)
    second = await world.sessions.create_conversation(holder(grant), "r1")
    assert await world.sessions.create_conversation(holder(grant), "r1") == second
    third = await world.sessions.create_conversation(holder(grant), "r2")
    assert len({grant.conversation, second, third}) == 3
    for conversation in (grant.conversation, second, third):
        assert await world.write(grant.session, conversation, conversation) == "stored"
    assert (await refresh(world, grant)).conversation == third, "the one that was begun last"


async def test_both_devices_of_a_signed_customer_have_the_same_conversations(world: World) -> None:
    await channel(world)
    phone, laptop = [await world.sessions.open(replace(OPENING, identity_token=identity())) for _ in range(2)]
    begun = await world.sessions.create_conversation(holder(phone), "r1")
    assert await world.write(laptop.session, begun, "r1") == "stored"
    assert (await refresh(world, laptop)).conversation == begun
    stranger = await world.sessions.open(OPENING)
    assert await world.write(stranger.session, begun, "r1") == "CONVERSATION_MISMATCH"


async def test_a_customer_starts_so_many_conversations_an_hour(world: World) -> None:
    await channel(world)
    grant, other = await world.sessions.open(OPENING), await world.sessions.open(OPENING)
    for number in range(PER_HOUR):
        await world.sessions.create_conversation(holder(grant), f"r{number}")
    with pytest.raises(sessions.TooManyConversations) as caught:
        await world.sessions.create_conversation(holder(grant), "once more")
    assert 1 <= int(caught.value.metadata["retry_seconds"]) <= 3600 / PER_HOUR + 1
    await world.sessions.create_conversation(holder(other), "r1")


async def test_only_a_session_that_continues_starts_a_conversation(world: World) -> None:
    await channel(world)
    grant = await world.sessions.open(OPENING)
    await world.blocks.put(ORGANIZATION, grant.session.customer, True)
    with pytest.raises(sessions.CustomerBlocked):
        await world.sessions.create_conversation(holder(grant), "r1")
    await world.blocks.put(ORGANIZATION, grant.session.customer, False)
    await world.pool.execute("update channel set state = 'PAUSED'")
    with pytest.raises(channels.ChannelPaused):
        await world.sessions.create_conversation(holder(grant), "r1")
    await world.pool.execute("update channel set state = 'ACTIVE'")
    await world.kept.end(ORGANIZATION, grant.session.id, facts.SessionEnded(f"{WEB}/sessions/{grant.session.id}"))
    with pytest.raises(sessions.SessionExpired):
        await world.sessions.create_conversation(holder(grant), "r1")


async def test_a_merge_leads_sessions_to_the_customer_that_stays_and_a_split_leads_them_back(world: World) -> None:
    await channel(world)
    known = await world.sessions.open(replace(OPENING, identity_token=identity()))
    browser = await world.sessions.open(OPENING)
    survivor, duplicate = known.session.customer, browser.session.customer

    async def happens(customer: CustomerId) -> None:
        """The browser's identity and conversation are this customer's now."""
        world.core.moved[duplicate] = customer
        for key, ref in world.core.opened.items():
            if ref.conversation == browser.conversation:
                world.core.opened[key] = replace(ref, customer=customer)
        await world.known.move(ORGANIZATION, browser.conversation, customer)

    await happens(survivor)
    await world.changed("merge", survivor, duplicate)
    merged = await refresh(world, browser)
    assert merged.session.customer == survivor
    for conversation in (browser.conversation, known.conversation):
        assert await world.write(merged.session, conversation, conversation) == "stored"

    await happens(duplicate)
    await world.changed("split", duplicate, survivor)
    assert await world.write(merged.session, known.conversation, "r2") == "TOKEN_REVOKED"
    split = await refresh(world, merged)
    assert (split.session.customer, split.conversation) == (duplicate, browser.conversation)
    assert await world.write(split.session, known.conversation, "r3") == "CONVERSATION_MISMATCH"
    assert await world.write(split.session, browser.conversation, "r4") == "stored"
    with pytest.raises(sessions.ConversationMismatch):
        await world.participation.check(writer(split, known.conversation))
    back = await refresh(world, known)
    assert (back.session.customer, back.conversation) == (survivor, known.conversation)
    assert (await world.told()).count("CustomerTokensRevoked") == 2


async def test_an_erased_customer_leaves_no_session_also_if_it_was_split_meanwhile(world: World) -> None:
    await channel(world)
    one, two = await world.sessions.open(replace(OPENING, identity_token=identity())), await world.sessions.open(OPENING)
    customer, other = one.session.customer, two.session.customer
    await world.changed("split", CustomerId("new"), customer)
    await world.changed("merge", other, CustomerId("new"))
    await world.changed("erase", other)
    assert await world.pool.fetch("select from session") == []
    for grant in (one, two):
        with pytest.raises(sessions.SessionExpired):
            await refresh(world, grant)


async def test_what_is_not_known_here_is_asked_for_at_core(world: World) -> None:
    await channel(world)
    grant, other = await world.sessions.open(OPENING), await world.sessions.open(OPENING)
    await world.pool.execute("delete from web_conversation")
    assert await world.write(grant.session, grant.conversation, "r1") == "CONVERSATION_MISMATCH"
    world.core.failure = errors.Unavailable("core is unavailable")
    with pytest.raises(errors.Unavailable):
        await world.participation.check(writer(grant, grant.conversation))
    world.core.failure = None
    await world.participation.check(writer(grant, grant.conversation))
    assert await world.write(grant.session, grant.conversation, "r1") == "stored"
    with pytest.raises(sessions.ConversationMismatch):
        await world.participation.check(writer(other, grant.conversation))
    with pytest.raises(sessions.ConversationMismatch):
        await world.participation.check(writer(other, ConversationId("missing")))
    elsewhere = replace(writer(grant, grant.conversation), channel=ChannelId("another"))
    with pytest.raises(sessions.ConversationMismatch):
        await world.participation.check(elsewhere)
    assert await world.participation.has(ORGANIZATION, grant.conversation, grant.session.customer)
    assert not await world.participation.has(ORGANIZATION, ConversationId(""), grant.session.customer)
