"""Sessions: who may open one, how it comes back, and when it ends."""

from __future__ import annotations

from dataclasses import replace

import jwt
import pytest

from services.channel.app.sessions import Opening
from services.channel.domain import channels, sessions
from services.channel.domain.channels import ChannelId, Draft, Kind, State, WebChatConfig
from services.channel.domain.sessions import Grant

from .conftest import ORGANIZATION, World

SECRET = "0123456789abcdef0123456789abcdef"
OPENING = Opening(ORGANIZATION, ChannelId("web"), "", "Somebody", "en", "", "192.0.2.1")


async def channel(world: World, config: WebChatConfig | None = None, state: State = State.ACTIVE) -> None:
    draft = Draft(Kind.WEB_CHAT, "Shop chat", state, config, {"web_chat.identity_secret": SECRET})
    await world.channel_app.create(ORGANIZATION, "web", draft, "")


async def refresh(world: World, grant: Grant, secret: str = "") -> Grant:
    session = grant.session
    return await world.sessions.refresh(session.organization, session.channel, session.id, secret or grant.secret, "192.0.2.1")


def identity(secret: str = SECRET, **claims: object) -> str:
    return jwt.encode({"sub": "u-7", "exp": 4_000_000_000, "name": "Known", **claims}, secret, algorithm="HS256")


async def test_each_anonymous_browser_has_its_own_conversation(world: World) -> None:
    await channel(world, WebChatConfig("Hi!"))
    one, two = await world.sessions.open(OPENING), await world.sessions.open(OPENING)
    assert one.session.conversation != two.session.conversation
    assert (one.greeting, one.channel_display_name) == ("Hi!", "Shop chat")
    assert one.secret != two.secret
    assert one.secret not in repr(one)


async def test_a_signed_customer_comes_back_to_the_same_conversation(world: World) -> None:
    await channel(world)
    one = await world.sessions.open(replace(OPENING, identity_token=identity()))
    two = await world.sessions.open(replace(OPENING, identity_token=identity()))
    assert one.session.conversation == two.session.conversation
    assert one.session.display_name == "Known"
    assert one.session.identified


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


async def test_a_refresh_changes_the_secret_and_prolongs_the_session(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    world.clock.advance(days=29)
    second = await refresh(world, first)
    world.clock.advance(days=29)
    third = await refresh(world, second)
    assert len({first.secret, second.secret, third.secret}) == 3
    assert third.session.conversation == first.session.conversation
    assert third.session.expires == world.clock() + sessions.LIFETIME


async def test_a_lost_answer_costs_nothing_however_late(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    await refresh(world, first)
    world.clock.advance(hours=8)
    again = await refresh(world, first)
    await refresh(world, again)


async def test_tabs_may_refresh_at_once(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    one, two = await refresh(world, first), await refresh(world, first)
    one = await refresh(world, one)
    world.clock.advance(seconds=9)
    await refresh(world, first)
    world.clock.advance(minutes=9)
    await refresh(world, one)
    await refresh(world, two)


async def test_a_secret_used_after_its_successor_ends_the_session(world: World) -> None:
    await channel(world)
    first = await world.sessions.open(OPENING)
    second = await refresh(world, first)
    third = await refresh(world, second)
    world.clock.advance(seconds=11)
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
    world.clock.advance(days=29)
    other = await refresh(world, other)
    world.clock.advance(days=2)
    with pytest.raises(sessions.SessionExpired):
        await refresh(world, grant)
    assert await world.sessions.sweep() == 1
    await world.channel_app.delete(ORGANIZATION, ChannelId("web"))
    with pytest.raises(sessions.SessionExpired):
        await refresh(world, other)
