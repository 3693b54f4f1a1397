"""Fields of a channel that a change may set, and what it shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kit.ids import OrganizationId
from services.channel.domain import channels
from services.channel.domain.channels import WEB_CHAT, WEB_CHAT_FORM, Draft, Form, Kind, WebChatConfig

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ORGANIZATION = OrganizationId("acme")
WEB = Draft(WEB_CHAT, "Shop chat", None, WebChatConfig("Hi!"), {"web_chat.identity_secret": "s" * 32}, prefix="web_chat")
MAIL = Kind("EMAIL")


def test_a_credential_goes_only_when_it_is_named() -> None:
    form = Form(MAIL, WebChatConfig, ("imap", "smtp"), lambda channel: [])
    draft = Draft(MAIL, "Mail", None, WebChatConfig(), {"email.imap": "one", "email.smtp": "two"}, prefix="email")
    channel = channels.create(ORGANIZATION, channels.ChannelId("mail"), draft, NOW, form)
    new = Draft(None, "", None, draft.config, {"email.imap": "new"}, prefix="email")
    whole = channels.update(channel, new, ["email"], NOW, form)
    assert whole.credentials == {"email.imap": "new", "email.smtp": "two"}
    named = channels.update(channel, Draft(None, "", None, None), ["email.smtp"], NOW, form)
    assert named.credentials == {"email.imap": "one"}


@pytest.mark.parametrize("path", ["kind", "name", "web_chat.colour", "email", "whatsapp_twilio.auth_token"])
def test_a_path_that_the_channel_does_not_have_is_refused(path: str) -> None:
    channel = channels.create(ORGANIZATION, channels.ChannelId("web"), WEB, NOW, WEB_CHAT_FORM)
    with pytest.raises(channels.FieldImmutable):
        channels.update(channel, Draft(None, "x", None, WebChatConfig()), [path], NOW, WEB_CHAT_FORM)


def test_secrets_do_not_show_in_a_repr() -> None:
    channel = channels.create(ORGANIZATION, channels.ChannelId("web"), WEB, NOW, WEB_CHAT_FORM)
    assert "s" * 32 not in repr(channel) + repr(WEB)
