"""WhatsApp by Twilio: `Provider` on Twilio's REST API and webhooks.

Pages of Twilio's documentation are named where they are followed.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from services.channel.adapters.twilio import webhooks, whatsapp
from services.channel.adapters.twilio.api import Api, Credentials
from services.channel.domain.channels import Channel, TwilioWhatsAppConfig
from services.channel.domain.deliveries import Delivery, DeliveryState, Report
from services.channel.domain.inbound import AddressKind, Sender
from services.channel.domain.providers import OutboundContent, OutcomeUnknown, ProviderError, Received, Unauthorized, Webhook

LONGEST = 1_600
"""Of a message's body: "Messages resource", property `Body`, and error 21617."""
SKEW = timedelta(minutes=10)
"""How far our database's clock and Twilio's may differ when a message is looked for."""


class Message(msgspec.Struct):
    """What is read of a Message: "Messages resource"."""

    sid: str
    status: str
    direction: str
    to: str
    date_created: str
    """RFC 2822."""
    from_: str | None = msgspec.field(name="from", default=None)
    body: str | None = None
    num_media: str | None = None
    error_code: int | None = None
    error_message: str | None = None

    @property
    def created(self) -> datetime:
        try:
            return parsedate_to_datetime(self.date_created)
        except ValueError as error:
            raise OutcomeUnknown(f"Twilio's message {self.sid} has no readable date.") from error


class Account(msgspec.Struct):
    """What is read of an Account."""

    status: str


class TwilioWhatsApp:
    def __init__(self, api: Api) -> None:
        self._api = api

    def read(self, channel: Channel, webhook: Webhook) -> Received | Report | None:
        return webhooks.read(channel, webhook)

    def parts(self, wording: OutboundContent) -> Sequence[str]:
        return whatsapp.split(whatsapp.render(wording), LONGEST)

    async def send(self, channel: Channel, delivery: Delivery) -> Report:
        config = _config(channel)
        form = {
            "To": whatsapp.PREFIX + delivery.outgoing.recipient,
            "From": whatsapp.PREFIX + config.phone_number,
            "Body": delivery.text,
        }
        if config.messaging_service_sid:
            form["MessagingServiceSid"] = config.messaging_service_sid
        if config.webhook_url:
            form["StatusCallback"] = webhooks.status_url(config.webhook_url, delivery.id)
        answer = await self._api.post(_credentials(channel), "Messages.json", form)
        return _report(answer.parsed(Message))

    async def find(self, channel: Channel, delivery: Delivery) -> Sequence[Report]:
        params = {
            "To": whatsapp.PREFIX + delivery.outgoing.recipient,
            "From": whatsapp.PREFIX + _config(channel).phone_number,
        }
        since = (delivery.begun or delivery.created) - SKEW
        found = []
        async for message in self._list(channel, params):  # the newest first
            if message.created < since:
                break
            if message.direction != "inbound" and _same(message.body or "", delivery.text):
                found.append(_report(message))
        return found[::-1]

    async def received(self, channel: Channel, since: datetime) -> Sequence[Received]:
        params = {
            "To": whatsapp.PREFIX + _config(channel).phone_number,
            "DateSent>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "PageSize": "1000",
        }
        found = []
        async for message in self._list(channel, params):
            if message.created < since:
                break
            sender = (message.from_ or "").removeprefix(whatsapp.PREFIX)
            if message.direction == "inbound" and sender:
                files = ("",) * int(message.num_media or 0)
                content = whatsapp.Content(text=message.body or "", files=files)
                sent_by = Sender(AddressKind.WHATSAPP, sender)
                found.append(Received(message.sid, sent_by, content.text.strip(), content=whatsapp.parts(content)))
        return found[::-1]

    async def problems(self, channel: Channel) -> Sequence[str]:
        try:
            answer = await self._api.get(_credentials(channel), ".json", {})
        except Unauthorized as error:
            return [f"Twilio refuses the account SID with this auth token: {error.problem}"]
        except ProviderError as error:
            return [f"Twilio does not answer as it should: {error.problem}"]
        status = answer.parsed(Account).status
        return [] if status == "active" else [f"The account is {status} at Twilio: reactivate it in their console."]

    async def _list(self, channel: Channel, params: dict[str, str]) -> AsyncIterator[Message]:
        async for page in self._api.pages(_credentials(channel), "Messages.json", {"PageSize": "100", **params}):
            for message in page.parsed(_Page).messages:
                yield message


class _Page(msgspec.Struct):
    messages: list[Message]


def _report(message: Message) -> Report:
    state = webhooks.STATES.get(message.status, DeliveryState.SENT)
    problem = ""
    if state is DeliveryState.FAILED:
        problem = webhooks.problem(str(message.error_code or ""), message.error_message or "")
    return Report(message.sid, state, problem)


def _same(body: str, text: str) -> bool:
    """Whether a body is our text, which a provider may have trimmed."""
    return body.split() == text.split()


def _config(channel: Channel) -> TwilioWhatsAppConfig:
    assert isinstance(channel.config, TwilioWhatsAppConfig)
    return channel.config


def _credentials(channel: Channel) -> Credentials:
    return Credentials(_config(channel).account_sid, channel.credentials.get(webhooks.AUTH_TOKEN, ""))
