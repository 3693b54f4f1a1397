"""The configuration of a channel via Twilio."""

from dataclasses import dataclass

from services.channel.domain.channels import Channel, Form, Kind

KIND = Kind("WHATSAPP_TWILIO")


@dataclass(frozen=True, slots=True)
class TwilioWhatsAppConfig:
    account_sid: str
    phone_number: str
    messaging_service_sid: str = ""
    webhook_url: str = ""


def config(channel: Channel) -> TwilioWhatsAppConfig:
    """A channel's settings."""
    assert isinstance(channel.config, TwilioWhatsAppConfig)
    return channel.config


def auth_token(channel: Channel) -> str:
    """The token that signs the webhooks and opens the API; empty when no one has entered it."""
    return channel.credentials.get("whatsapp_twilio.auth_token", "")


def _problems(channel: Channel) -> list[str]:
    if not auth_token(channel):
        return ["There is no authToken: without it nothing can be sent, and no webhook is believed. Set it."]
    return []


FORM = Form(KIND, TwilioWhatsAppConfig, ("auth_token",), _problems)
