"""The content of Twilio's webhooks, once their signature has been checked over the raw body.

Followed: "Secure webhooks" (signature), "Twilio's request to your incoming message Webhook URL" (messages), "Track the Message
Status of Outbound Messages" and "Outbound Message Status in Status Callbacks" (statuses), "Webhooks (HTTP callbacks):
Connection Overrides" (the fragment is not part of what is signed).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qs, parse_qsl, urlsplit, urlunsplit

import msgspec
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from kit.foreign_json import UNREADABLE
from services.channel.adapters.twilio import files, whatsapp
from services.channel.adapters.twilio.config import auth_token, config
from services.channel.domain.channels import Channel
from services.channel.domain.deliveries import DeliveryState, Report
from services.channel.domain.inbound import AddressKind, Sender
from services.channel.domain.media import remote_id
from services.channel.domain.providers import Item, Received, RemoteFile, SignatureInvalid, Webhook, WebhookInvalid

DELIVERY = "delivery"
"""The query parameter in which a status callback brings back our own id."""
MAX_FIELDS = 1_000
_COUNT = re.compile("[0-9]{1,9}")
STATES = {
    "accepted": DeliveryState.SENT,
    "scheduled": DeliveryState.SENT,
    "queued": DeliveryState.SENT,
    "sending": DeliveryState.SENT,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
"""Twilio's statuses as ours: SENT is what Twilio has taken over, wherever it is in its own queues."""
_WORDS = {
    "63016": "WhatsApp takes free text only within 24 hours after the customer's last message.",
    "63024": "The recipient has no WhatsApp.",
    "63018": "WhatsApp takes no more messages from this number for now.",
}


def read(channel: Channel, webhook: Webhook) -> Sequence[Item]:
    """The events of a webhook: none, when it reports a message on its way in. Raises SignatureInvalid or WebhookInvalid."""
    fields = _checked(channel, webhook)
    sid = fields.get("MessageSid") or fields.get("SmsSid") or ""
    status = (fields.get("MessageStatus") or fields.get("SmsStatus") or "").lower()
    if not sid:
        raise WebhookInvalid(channel.id)
    if status in STATES:
        state = STATES[status]
        failure = problem(fields.get("ErrorCode", ""), fields.get("ErrorMessage", "")) if state is DeliveryState.FAILED else ""
        return [Report(sid, state, failure, parse_qs(webhook.query).get(DELIVERY, [""])[0])]
    address = fields.get("From", "").removeprefix(whatsapp.PREFIX)
    if status not in ("", "received") or not address:
        return []
    sender = Sender(AddressKind.WHATSAPP, address, fields.get("ProfileName", "").strip()[:120])
    content = _content(channel, sid, fields)
    replies_to = fields.get("OriginalRepliedMessageSid", "")
    parts = whatsapp.parts(content, channel.organization)
    text = "" if content.is_reaction else content.text.strip()
    return [Received(sid, sender, text, replies_to, parts, content.files)]


def status_url(webhook_url: str, delivery: str) -> str:
    """Where Twilio is to tell the states of a delivery; connection overrides of the address hold for it too."""
    parts = urlsplit(webhook_url)
    query = "&".join(filter(None, (parts.query, f"{DELIVERY}={delivery}")))
    return urlunsplit(parts._replace(query=query))


def problem(code: str, words: str) -> str:
    """A failure in Twilio's words, or in ours where Twilio gives a code alone."""
    said = words or _WORDS.get(code, "Twilio gives no more than this code.")
    return f"{code}: {said}" if code else words or "Twilio gives no reason."


def _checked(channel: Channel, webhook: Webhook) -> Mapping[str, str]:
    """The fields of a webhook whose signature is right."""
    token = auth_token(channel)
    signature = webhook.headers.get("x-twilio-signature", "")
    if not token or not signature:
        raise SignatureInvalid(channel.id)
    validator = RequestValidator(token)
    try:
        body = webhook.body.decode()
        if webhook.content_type.startswith("application/json"):
            fields: Mapping[str, str] | None = None
            signed: MultiDict[str] | str = body
            is_signed = "bodySHA256" in parse_qs(webhook.query)  # else the body itself is not covered
        else:
            fields = signed = MultiDict(parse_qsl(body, keep_blank_values=True, max_num_fields=MAX_FIELDS))
            is_signed = True
    except ValueError as error:
        raise SignatureInvalid(channel.id) from error
    if not is_signed or not any(validator.validate(url, signed, signature) for url in _urls(channel, webhook)):
        raise SignatureInvalid(channel.id)
    return _json(channel, body) if fields is None else fields


def _json(channel: Channel, body: str) -> Mapping[str, str]:
    try:
        document = msgspec.json.decode(body, type=dict[str, object])
    except UNREADABLE as error:
        raise WebhookInvalid(channel.id) from error
    return {name: str(value) for name, value in document.items() if isinstance(value, str | int | float)}


def _urls(channel: Channel, webhook: Webhook) -> Iterator[str]:
    """The addresses that may have been signed: as it was entered at Twilio, or else as our proxies saw it."""
    if config(channel).webhook_url:
        entered = urlsplit(config(channel).webhook_url)._replace(fragment="")
        yield urlunsplit(entered._replace(query=webhook.query or entered.query))
        return
    host = webhook.headers.get("x-forwarded-host", "")
    for scheme in dict.fromkeys((webhook.headers.get("x-forwarded-proto", "https"), "https", "http")):
        yield urlunsplit((scheme, host, webhook.path, webhook.query, ""))


def _content(channel: Channel, sid: str, fields: Mapping[str, str]) -> whatsapp.Content:
    count = fields.get("NumMedia", "")
    number = min(int(count), 10) if _COUNT.fullmatch(count) else 0
    return whatsapp.Content(
        text=fields.get("Body", "") or fields.get("ButtonText", "") or fields.get("ListTitle", ""),
        files=tuple(
            RemoteFile(
                remote_id(channel.id, sid, n),
                files.reference(sid, n, fields.get(f"MediaUrl{n}", "")),
                fields.get(f"MediaContentType{n}", "")[:100],
            )
            for n in range(number)
        ),
        latitude=fields.get("Latitude", ""),
        longitude=fields.get("Longitude", ""),
        place=", ".join(filter(None, (fields.get("Label", ""), fields.get("Address", "")))),
        kind=fields.get("MessageType", ""),
    )
