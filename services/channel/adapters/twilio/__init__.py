"""WhatsApp via Twilio: a provider on Twilio's REST API and webhooks.

Pages of Twilio's documentation are named where they are followed.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from kit.clock import Clock
from services.channel.adapters.twilio import webhooks, whatsapp
from services.channel.adapters.twilio.api import Api, Credentials
from services.channel.adapters.twilio.config import FORM, auth_token, config
from services.channel.adapters.twilio.files import Files, reference
from services.channel.domain.channels import Channel
from services.channel.domain.deliveries import Delivery, DeliveryState, Report
from services.channel.domain.inbound import AddressKind, Sender
from services.channel.domain.media import remote_id
from services.channel.domain.providers import (
    Capabilities,
    Fetched,
    Item,
    OutboundContent,
    OutcomeUnknown,
    ProviderError,
    Received,
    RemoteFile,
    Reply,
    Unauthorized,
    Webhook,
)
from services.channel.ports.providers import Provider

LONGEST = 1_600
"""Of a message's body: "Messages resource", property `Body`, and error 21617."""
OVERLAP = timedelta(minutes=5)
"""How much of what was read is read again: messages show up late, and clocks differ."""
SKEW = timedelta(minutes=10)
"""How far our database's clock and Twilio's may differ when a message is looked for."""


class Message(msgspec.Struct):
    """The fields that are read of a Message: "Messages resource"."""

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
    """The fields that are read of an Account."""

    status: str


def provider(api: Api, files: Files, now: Clock, sends_files: bool = True) -> Provider:
    """Twilio, as channel uses it. `sends_files`: whether it can fetch them from us."""
    twilio = TwilioWhatsApp(api, files, now)
    return Provider(
        form=FORM,
        capabilities=Capabilities(LONGEST, whatsapp.FILES if sends_files else {}, window=timedelta(hours=24)),
        receiver=twilio,
        sender=twilio,
        check=twilio.check,
        fetcher=twilio,
        reconciler=twilio,
        files=twilio,
    )


class TwilioWhatsApp:
    """All roles of a provider."""

    reply = Reply("text/xml", b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>')
    """TwiML that says nothing: answers are sent by the REST API."""

    def __init__(self, api: Api, files: Files, now: Clock) -> None:
        self._api = api
        self._files = files
        self._now = now

    def read(self, channel: Channel, webhook: Webhook) -> Sequence[Item]:
        return webhooks.read(channel, webhook)

    def parts(self, content: OutboundContent) -> Sequence[str]:
        return whatsapp.split(whatsapp.render(content), LONGEST)

    async def send(self, channel: Channel, part: Delivery) -> Report:
        settings = config(channel)
        form = {
            "To": whatsapp.PREFIX + part.outgoing.recipient,
            "From": whatsapp.PREFIX + settings.phone_number,
        }
        if part.text:
            form["Body"] = part.text
        if part.file:
            form["MediaUrl"] = part.file.url
        if settings.messaging_service_sid:
            form["MessagingServiceSid"] = settings.messaging_service_sid
        if settings.webhook_url:
            form["StatusCallback"] = webhooks.status_url(settings.webhook_url, part.id)
        answer = await self._api.post(_credentials(channel), "Messages.json", form)
        return _report(answer.parsed(Message))

    async def find(self, channel: Channel, part: Delivery) -> Sequence[Report]:
        params = {
            "To": whatsapp.PREFIX + part.outgoing.recipient,
            "From": whatsapp.PREFIX + config(channel).phone_number,
        }
        since = (part.begun or part.created) - SKEW
        found = []
        async for message in self._list(channel, params):  # the newest first
            if message.created < since:
                break
            files = int(message.num_media or 0) > 0
            if message.direction != "inbound" and files == bool(part.media) and _same(message.body or "", part.text):
                found.append(_report(message))
        return found[::-1]

    async def fetch(self, channel: Channel, cursor: bytes) -> Fetched:
        """The cursor is the moment up to which everything is stored."""
        began = self._now()
        since = (datetime.fromisoformat(cursor.decode()) if cursor else channel.created) - OVERLAP
        params = {
            "To": whatsapp.PREFIX + config(channel).phone_number,
            "DateSent>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "PageSize": "1000",
        }
        found = []
        async for message in self._list(channel, params):
            if message.created < since:
                break
            sender = (message.from_ or "").removeprefix(whatsapp.PREFIX)
            if message.direction == "inbound" and sender:
                found.append(_received(channel, message, sender))
        return Fetched(found[::-1], began.isoformat().encode())

    async def fetch_file(self, channel: Channel, reference: str, max_bytes: int) -> bytes:
        return await self._files.fetch(_credentials(channel), reference, max_bytes)

    async def check(self, channel: Channel) -> Sequence[str]:
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


def _received(channel: Channel, message: Message, sender: str) -> Received:
    """A message as the list shows it: with the number of its files alone."""
    files = tuple(
        RemoteFile(remote_id(channel.id, message.sid, n), reference(message.sid, n)) for n in range(int(message.num_media or 0))
    )
    content = whatsapp.Content(text=message.body or "", files=files)
    parts = whatsapp.parts(content, channel.organization)
    sent_by = Sender(AddressKind.WHATSAPP, sender)
    return Received(message.sid, sent_by, content.text.strip(), content=parts, files=files, written=message.created)


def _report(message: Message) -> Report:
    state = webhooks.STATES.get(message.status, DeliveryState.SENT)
    problem = ""
    if state is DeliveryState.FAILED:
        problem = webhooks.problem(str(message.error_code or ""), message.error_message or "")
    return Report(message.sid, state, problem)


def _same(body: str, text: str) -> bool:
    """Whether a body is our text, which a provider may have trimmed."""
    return body.split() == text.split()


def _credentials(channel: Channel) -> Credentials:
    return Credentials(config(channel).account_sid, auth_token(channel))
