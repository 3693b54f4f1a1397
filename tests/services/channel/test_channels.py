"""Channels: what an admin may set, and what changes when."""

from __future__ import annotations

import pytest

from kit import errors
from services.channel.adapters.twilio.config import FORM, KIND, TwilioWhatsAppConfig
from services.channel.domain import channels
from services.channel.domain.channels import WEB_CHAT, Draft, Kind, State, WebChatConfig
from tests.services.channel.conftest import ORGANIZATION, World

WEB = Draft(WEB_CHAT, "Shop chat", None, WebChatConfig("Hi!"), {"web_chat.identity_secret": "s" * 32}, prefix="web_chat")
MAIL = Kind("EMAIL")


def change(display_name: str = "", state: State | None = None, config: WebChatConfig | None = None, **secrets: str) -> Draft:
    return Draft(None, display_name, state, config, {key.replace("__", "."): value for key, value in secrets.items()})


async def test_a_web_chat_works_with_a_name_alone(world: World) -> None:
    channel = await world.channel_app.create(ORGANIZATION, "web", Draft(WEB_CHAT, "Chat", None, None), "")
    assert channel.state is State.ACTIVE
    assert channel.config == WebChatConfig()
    assert await world.channel_app.test(ORGANIZATION, channel.id) == []


async def test_a_repeated_request_creates_one_channel(world: World) -> None:
    first = await world.channel_app.create(ORGANIZATION, "", WEB, "r1")
    assert await world.channel_app.create(ORGANIZATION, "", WEB, "r1") == first
    assert await world.told() == ["ChannelCreated"]


async def test_an_id_is_taken_once(world: World) -> None:
    await world.channel_app.create(ORGANIZATION, "web", WEB, "r1")
    with pytest.raises(channels.ChannelExists):
        await world.channel_app.create(ORGANIZATION, "web", WEB, "r2")


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(None, "x", None, None), "kind"),
        (Draft(WEB_CHAT, " ", None, None), "display_name"),
        (Draft(KIND, "x", None, None), "whatsapp_twilio"),
        (Draft(KIND, "x", None, WebChatConfig()), "whatsapp_twilio"),
        (Draft(KIND, "x", None, TwilioWhatsAppConfig("", "+1")), "whatsapp_twilio.account_sid"),
    ],
)
async def test_a_needed_field_that_is_missing_is_named(world: World, draft: Draft, field: str) -> None:
    with pytest.raises(channels.FieldMissing) as caught:
        await world.channel_app.create(ORGANIZATION, "web", draft, "")
    assert caught.value.metadata == {"field": field}


async def test_an_update_changes_what_its_mask_names(world: World) -> None:
    await world.channel_app.create(ORGANIZATION, "web", WEB, "")
    draft = change("Other", State.PAUSED, WebChatConfig("Hello!", identity_required=True))
    changed = await world.channel_app.update(ORGANIZATION, channels.ChannelId("web"), draft, ["state", "web_chat.greeting"], "")
    assert (changed.display_name, changed.state) == ("Shop chat", State.PAUSED)
    assert changed.config == WebChatConfig("Hello!")
    assert changed.credentials == WEB.credentials


async def test_without_a_mask_what_has_a_value_changes(world: World) -> None:
    await world.channel_app.create(ORGANIZATION, "web", WEB, "")
    changed = await world.channel_app.update(ORGANIZATION, channels.ChannelId("web"), change("Other"), [], "")
    assert (changed.display_name, changed.config) == ("Other", WebChatConfig("Hi!"))


async def test_an_old_etag_is_refused(world: World) -> None:
    id = channels.ChannelId("web")
    first = await world.channel_app.create(ORGANIZATION, "web", WEB, "")
    await world.channel_app.update(ORGANIZATION, id, change("A"), [], first.etag)
    with pytest.raises(channels.ChannelChanged):
        await world.channel_app.update(ORGANIZATION, id, change("B"), [], first.etag)


async def test_a_test_says_what_is_missing(world: World) -> None:
    draft = Draft(WEB_CHAT, "Chat", State.PAUSED, WebChatConfig(identity_required=True))
    await world.channel_app.create(ORGANIZATION, "web", draft, "")
    problems = await world.channel_app.test(ORGANIZATION, channels.ChannelId("web"))
    assert len(problems) == 2


async def test_a_provider_says_what_its_channels_lack(world: World) -> None:
    await world.channel_app.create(ORGANIZATION, "wa", Draft(KIND, "WhatsApp", None, TwilioWhatsAppConfig("AC1", "+1")), "")
    (problem,) = await world.channel_app.test(ORGANIZATION, channels.ChannelId("wa"))
    assert "authToken" in problem
    assert FORM.credential_paths == ("whatsapp_twilio.auth_token",)


async def test_kinds_without_a_provider_say_so(world: World) -> None:
    with pytest.raises(errors.Unimplemented, match="EMAIL"):
        await world.channel_app.create(ORGANIZATION, "mail", Draft(MAIL, "Mail", None, None), "")
