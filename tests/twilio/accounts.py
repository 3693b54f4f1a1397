"""Twilio's data: an account with its messages, in memory, and the accepted messages on disk."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

PREFIX = "whatsapp:"
WINDOW = timedelta(hours=24)
"""How long after a customer's message free text is accepted: error 63016, "Outside messaging window"."""


@dataclass
class Message:
    """A Message: "Messages resource"."""

    account: str
    direction: str
    """`inbound` or `outbound-api`."""
    sender: str
    recipient: str
    body: str
    status: str
    created: datetime
    files: int = 0
    error_code: int | None = None
    status_callback: str = ""
    media_url: str = ""
    fetched: tuple[bytes, str] | None = None
    """The file from the media URL, with its content type."""
    sid: str = field(default_factory=lambda: f"SM{secrets.token_hex(16)}")

    def as_json(self) -> dict[str, object]:
        """As the REST API shows it. A status callback's address is not part of it."""
        created = format_datetime(self.created.astimezone(UTC)).replace("GMT", "+0000")
        waits = self.status in ("accepted", "queued")
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "direction": self.direction,
            "from": self.sender,
            "to": self.recipient,
            "body": self.body,
            "status": self.status,
            "num_media": str(self.files),
            "num_segments": "1",
            "error_code": self.error_code,
            "error_message": None,
            "date_created": created,
            "date_sent": None if waits else created,
            "date_updated": created,
            "uri": f"/2010-04-01/Accounts/{self.account}/Messages/{self.sid}.json",
        }


@dataclass
class Media:
    """A file of a message: "Media subresource"."""

    message: str
    content: bytes
    content_type: str
    sid: str = field(default_factory=lambda: f"ME{secrets.token_hex(16)}")


@dataclass
class Account:
    """An account with one WhatsApp number."""

    sid: str = "AC" + "0" * 32
    token: str = field(default="simulated-auth-token", repr=False)
    number: str = "+14155238886"
    webhook: str = ""
    """Where customers' messages are sent, with connection overrides as its fragment."""
    status: str = "active"
    journal: Path | None = None
    """A line of JSON for each message that was accepted, on disk before the caller is answered."""
    messages: list[Message] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    list_lag: timedelta = timedelta()
    """How long the message list does not show an accepted message."""

    def accept(self, recipient: str, body: str, status_callback: str = "", media_url: str = "") -> Message:
        """Accepts a message: from here on it will be delivered, whatever its sender gets."""
        message = Message(
            self.sid,
            "outbound-api",
            PREFIX + self.number,
            recipient,
            body,
            "queued",
            _now(),
            status_callback=status_callback,
            files=int(bool(media_url)),
            media_url=media_url,
        )
        self.messages.append(message)
        if self.journal is not None:
            line = json.dumps(
                {"at": time.time(), "sid": message.sid, "to": recipient, "body": body, "status_callback": status_callback}
            )
            with self.journal.open("a") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        return message

    def receive(self, customer: str, body: str, files: int = 0, age: timedelta = timedelta()) -> Message:
        """A customer's message has come in."""
        message = Message(self.sid, "inbound", PREFIX + customer, PREFIX + self.number, body, "received", _now() - age, files)
        self.messages.append(message)
        return message

    def accepted(self, customer: str = "") -> list[Message]:
        """The accepted messages to a customer, or to all, in order."""
        outbound = [message for message in self.messages if message.direction != "inbound"]
        return [message for message in outbound if customer in ("", message.recipient.removeprefix(PREFIX))]

    def listed(self, sender: str, recipient: str, since: datetime | None) -> Sequence[Message]:
        """The message list, the newest first."""
        now = _now()
        found = [
            message
            for message in self.messages
            if sender in ("", message.sender)
            and recipient in ("", message.recipient)
            and (since is None or message.created >= since)
            and now - message.created >= self.list_lag
        ]
        return sorted(found, key=lambda message: message.created, reverse=True)

    def takes_free_text(self, recipient: str) -> bool:
        """Whether the customer has written within the last 24 hours."""
        heard = (m.created for m in self.messages if m.direction == "inbound" and m.sender == recipient)
        return max(heard, default=datetime.min.replace(tzinfo=UTC)) > _now() - WINDOW


def _now() -> datetime:
    return datetime.now(UTC)
