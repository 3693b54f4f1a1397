"""`Channels` and `Sessions`."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.vault import CredentialsKeyMissing, Vault
from services.channel import convert
from services.channel.adapters.postgres.channels import PostgresChannels
from services.channel.adapters.twilio.config import KIND, TwilioWhatsAppConfig
from services.channel.domain import facts
from services.channel.domain.channels import WEB_CHAT, Channel, ChannelId, Kind, WebChatConfig
from services.channel.domain.sessions import CustomerId

from .conftest import FORMS, Ports

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACME, OTHER = OrganizationId("acme"), OrganizationId("other")
CREATED = facts.ChannelCreated("web", "WEB_CHAT", "Chat")
UPDATED = facts.ChannelUpdated("web", "Chat", "ACTIVE", ())
DELETED = facts.ChannelDeleted("web")
OPENED = facts.SessionOpened("web/sessions/s1", "c1", "k1", False)
ENDED = facts.SessionEnded("web/sessions/s1")


def channel(id: str = "web", kind: Kind = WEB_CHAT, config: object = None, organization: OrganizationId = ACME) -> Channel:
    return Channel(organization, ChannelId(id), kind, "Chat", config or WebChatConfig(), NOW, NOW)


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (WEB_CHAT, WebChatConfig("Hi!", ("https://shop.example",), True)),
        (KIND, TwilioWhatsAppConfig("AC1", "+14155238886")),
    ],
)
async def test_a_channel_comes_back_as_it_was(ports: Ports, kind: Kind, config: object) -> None:
    wanted = replace(channel("x", kind, config), credentials={"web_chat.identity_secret": "geheim"})
    assert await ports.channels.add(wanted, "", CREATED) == wanted
    assert await ports.channels.get(ACME, wanted.id) == wanted
    assert await ports.channels.get(OTHER, wanted.id) is None


async def test_a_request_adds_one_channel_and_an_id_is_taken_once(ports: Ports) -> None:
    first = await ports.channels.add(channel("a"), "r1", CREATED)
    assert await ports.channels.add(channel("b"), "r1", CREATED) == first
    assert await ports.channels.add(channel("a"), "r2", CREATED) is None
    assert await ports.channels.add(channel("a"), "", CREATED) is None
    assert await ports.channels.add(channel("a", organization=OTHER), "r1", CREATED) is not None
    assert await ports.told() == ["ChannelCreated"] * 2


async def test_channels_are_listed_by_id_and_kind(ports: Ports) -> None:
    for id in ("c", "a", "b"):
        await ports.channels.add(channel(id), "", CREATED)
    await ports.channels.add(channel("m", KIND, TwilioWhatsAppConfig("AC1", "+1")), "", CREATED)
    await ports.channels.add(channel("z", organization=OTHER), "", CREATED)
    assert [c.id for c in await ports.channels.list(ACME, None, "", 10)] == ["a", "b", "c", "m"]
    assert [c.id for c in await ports.channels.list(ACME, None, "a", 2)] == ["b", "c"]
    assert [c.id for c in await ports.channels.list(ACME, KIND, "", 10)] == ["m"]


async def test_one_of_two_changes_to_the_same_version_wins(ports: Ports) -> None:
    await ports.channels.add(channel(), "", CREATED)
    one = replace(channel(), display_name="One", version=2, credentials={"web_chat.identity_secret": "x"})
    assert await ports.channels.replace(one, UPDATED)
    assert not await ports.channels.replace(replace(one, display_name="Two"), UPDATED)
    assert await ports.channels.get(ACME, ChannelId("web")) == one
    assert not await ports.channels.replace(channel("gone"), UPDATED)
    assert await ports.told() == ["ChannelCreated", "ChannelUpdated"]


async def test_removing_a_channel_is_written_once(ports: Ports) -> None:
    await ports.channels.add(channel(), "", CREATED)
    await ports.channels.remove(ACME, ChannelId("web"), DELETED)
    await ports.channels.remove(ACME, ChannelId("web"), DELETED)
    assert await ports.channels.get(ACME, ChannelId("web")) is None
    assert await ports.told() == ["ChannelCreated", "ChannelDeleted"]


async def test_a_block_is_written_once_each_time_it_begins(ports: Ports) -> None:
    customer = CustomerId("k1")
    for blocked in (True, True, False, True):
        await ports.blocks.put(ACME, customer, blocked)
        assert await ports.blocks.has(ACME, customer) == blocked
    assert not await ports.blocks.has(OTHER, customer)
    assert await ports.told() == ["CustomerBlocked", "CustomerBlocked"]


async def test_credentials_lie_sealed_in_the_database(ports: Ports) -> None:
    wanted = replace(channel(), credentials={"web_chat.identity_secret": "geheim"})
    await ports.channels.add(wanted, "", CREATED)
    stored = await ports.pool.fetchval("select row_to_json(channel)::text || encode(credentials, 'escape') from channel")
    assert "geheim" not in stored


async def test_credentials_moved_to_another_row_do_not_open(ports: Ports) -> None:
    for id, secret in (("a", "of a"), ("b", "of b")):
        added = replace(channel(id), credentials={"web_chat.identity_secret": secret})
        await ports.channels.add(added, "", CREATED)
    await ports.pool.execute("update channel set credentials = (select credentials from channel where id = 'a') where id = 'b'")
    with pytest.raises(CredentialsKeyMissing):
        await ports.channels.get(channel("b").organization, ChannelId("b"))


async def test_a_rotated_key_reseals_credentials_and_changes_nothing_else(ports: Ports, tmp_path: Path) -> None:
    wanted = replace(channel(), credentials={"web_chat.identity_secret": "geheim"})
    await ports.channels.add(wanted, "", CREATED)
    await ports.channels.add(channel("no-credentials"), "", CREATED)
    lost = replace(channel("lost"), credentials={"web_chat.identity_secret": "lost"})
    await ports.channels.add(lost, "", CREATED)
    await ports.pool.execute("update channel set credentials = 'lost:key' where id = 'lost'")
    file = tmp_path / "channel.secrets"
    old = file.read_text()
    file.write_text(f"2 {base64.b64encode(bytes(32)).decode()}\n{old}")
    jobs = Jobs(ports.pool, "channel")
    rotated = PostgresChannels(ports.pool, Journal(ports.pool, "channel", convert.fact_to_pb), Vault(file), jobs, FORMS)
    assert [await rotated.reseal() for _ in range(2)] == [1, 0]
    file.write_text(file.read_text().splitlines()[0])
    alone = PostgresChannels(ports.pool, Journal(ports.pool, "channel", convert.fact_to_pb), Vault(file), jobs, FORMS)
    assert await alone.get(wanted.organization, wanted.id) == wanted
