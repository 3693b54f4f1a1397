"""Channel's side of the mailbox: everything that a provider needs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
import msgspec

from services.channel.domain.channels import Channel, Form, Kind
from services.channel.domain.deliveries import Delivery, DeliveryState, Report
from services.channel.domain.inbound import AddressKind, Sender
from services.channel.domain.providers import (
    Capabilities,
    Fetched,
    Item,
    OutboundContent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Received,
    Refused,
    Reply,
    SignatureInvalid,
    Webhook,
    WebhookInvalid,
)
from services.channel.ports.providers import Provider

KIND = Kind("EMAIL")
"""In the place of a kind of the contract that no provider runs yet."""
MAX_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    url: str


FORM = Form(KIND, MailboxConfig, ("secret",), lambda channel: [])


class _Item(msgspec.Struct, rename={"sender": "from"}):
    kind: str
    id: str
    sender: str = ""
    text: str = ""
    state: str = ""


class _Page(msgspec.Struct):
    items: list[_Item]
    cursor: str = ""
    more: bool = False


class MailboxProvider:
    """All roles but `Reconciler`: the mailbox keeps no list of what it sent."""

    reply = Reply("application/json", b"{}")

    def read(self, channel: Channel, webhook: Webhook) -> Sequence[Item]:
        wanted = hmac.new(_secret(channel).encode(), webhook.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted, webhook.headers.get("x-signature", "")):
            raise SignatureInvalid(channel.id)
        try:
            return [_item(item) for item in msgspec.json.decode(webhook.body, type=_Page).items]
        except msgspec.DecodeError as error:
            raise WebhookInvalid(channel.id) from error

    async def fetch(self, channel: Channel, cursor: bytes) -> Fetched:
        params = {"cursor": cursor.decode()} if cursor else {}
        headers = {"authorization": f"Bearer {_secret(channel)}"}
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{channel.config.url}/inbox", params=params, headers=headers) as r,
        ):
            if r.status != 200:
                raise ProviderError(f"HTTP {r.status}")
            page = msgspec.json.decode(await r.read(), type=_Page)
        return Fetched([_item(item) for item in page.items], page.cursor.encode(), page.more)

    def parts(self, content: OutboundContent) -> Sequence[str]:
        return [content.text[n : n + MAX_CHARACTERS] for n in range(0, len(content.text), MAX_CHARACTERS)]

    async def send(self, channel: Channel, part: Delivery) -> Report:
        message = {"to": part.outgoing.recipient, "text": part.text}
        try:
            async with aiohttp.ClientSession() as http, http.post(f"{channel.config.url}/sent", json=message) as response:
                answer, status = await response.read(), response.status
        except aiohttp.ClientError as error:
            raise OutcomeUnknown(repr(error)) from error
        if status == 429:
            raise RateLimited("HTTP 429")
        if status >= 500:
            raise OutcomeUnknown(f"HTTP {status}")
        if status >= 400:
            raise Refused(f"HTTP {status}")
        return Report(msgspec.json.decode(answer)["id"], DeliveryState.SENT)

    async def check(self, channel: Channel) -> Sequence[str]:
        return []


def provider() -> Provider:
    """The mailbox, as channel uses it."""
    mailbox = MailboxProvider()
    return Provider(FORM, Capabilities(MAX_CHARACTERS), mailbox, mailbox, mailbox.check, fetcher=mailbox)


def _item(item: _Item) -> Item:
    if item.kind == "status":
        return Report(item.id, DeliveryState[item.state])
    return Received(item.id, Sender(AddressKind.WHATSAPP, item.sender), item.text)


def _secret(channel: Channel) -> str:
    return channel.credentials.get("email.secret", "")
