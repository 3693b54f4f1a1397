"""The customer of a web chat leaves an address: answers that they haven't read go there, and transcripts.

An address counts once its owner has confirmed it, by the link in the only mail that goes to it before. That mail holds nothing
that was written in the chat: someone may have typed another person's address.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kit import addresses, ids
from kit.clock import Clock
from kit.ids import OrganizationId
from services.channel.app.mails import MailApp, lines_to
from services.channel.app.participation import Participation
from services.channel.app.sessions import SessionApp
from services.channel.domain import letters, limits, sessions
from services.channel.domain.inbound import Writer
from services.channel.domain.mail import (
    CONFIRMATION,
    RESUMPTION,
    STOPPING,
    CustomerAddress,
    LinkPurpose,
    MailAddressUnconfirmed,
    MailLink,
    MailLinkId,
    MailLinkInvalid,
    MailNotConfigured,
    checked_address,
    digest,
)
from services.channel.domain.sessions import Grant, TooManyRequests
from services.channel.ports import Channels
from services.channel.ports.mail import CustomerAddresses, Transcripts

MAX_LINES = 200
"""Of a transcript: the newest messages."""
MAX_LINE = 4000
"""Of a message in a transcript, in characters."""
MAX_TRANSCRIPT = 60_000
"""Of all of them; the oldest are left out."""
TRANSCRIPT = timedelta(days=1)
"""How long a transcript waits for a mail server."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a conversation's answers go to its customer by mail."""

    available: bool
    address: CustomerAddress | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class ChatMailApp:
    mail: MailApp
    kept: CustomerAddresses
    participation: Participation
    channels: Channels
    sessions: SessionApp
    transcripts: Transcripts
    now: Clock
    public_url: str
    """Where the pages are that links lead to; empty: no links can be made, so there are no mails to customers."""
    check_organization: Callable[[OrganizationId], None] = lambda organization: None
    """Raises OrganizationSuspended."""

    def is_available(self, organization: OrganizationId) -> bool:
        """Whether mails to customers can be sent."""
        return bool(self.public_url) and self.mail.servers.is_configured(organization)

    async def get(self, writer: Writer) -> Standing:
        """How it is in a conversation. Raises ConversationMismatch."""
        await self.participation.check(writer)
        return await self._standing(writer)

    async def leave(self, writer: Writer, address: str, language: str, request_id: str) -> Standing:
        """Leaves the address that a conversation's answers go to.

        Raises MailNotConfigured, MailAddressInvalid, ConversationMismatch or TooManyMails.
        """
        self._check_available(writer.organization)
        checked = checked_address(address, "address")
        await self.participation.check(writer)
        before = await self.kept.get(writer.organization, writer.customer)
        tag = letters.language_of(language)
        known = before is not None and digest(before.address) == digest(checked)
        if known and before is not None and before.confirmed is not None:
            await self.kept.subscribe(writer)
            return await self._standing(writer)
        key = f"confirm-{writer.session}-{request_id}"
        if not await self.mail.mails.has(writer.organization, key):
            await self._ask(writer, CustomerAddress(writer.organization, writer.customer, checked, tag), key)
        await self.kept.subscribe(writer)
        return await self._standing(writer)

    async def remove(self, writer: Writer) -> Standing:
        """Removes the customer's address, and what waits to be sent to it."""
        await self.participation.check(writer)
        await self.kept.remove(writer.organization, writer.customer)
        return await self._standing(writer)

    async def send_transcript(self, writer: Writer, request_id: str) -> None:
        """Sends a conversation to its customer's confirmed address."""
        self._check_available(writer.organization)
        await self.participation.check(writer)
        found = await self.kept.get(writer.organization, writer.customer)
        if found is None or found.confirmed is None:
            raise MailAddressUnconfirmed
        lines = await self.transcripts.read(writer.organization, writer.conversation, MAX_LINES)
        fields = {
            "to": found.address,
            "language": found.language,
            "business": await self._business(writer),
            "lines": lines_to(_bounded(lines)),
            "stop": await self.stop_link(found, writer),
        }
        await self.mail.queue(
            *(writer.organization, "transcript", fields, self.now() + TRANSCRIPT),
            request_id=f"transcript-{writer.session}-{request_id}",
            customer=writer.customer,
            also=self.mail.bounds.of_session(writer.organization, writer.session),
        )

    async def confirm(self, organization: OrganizationId, id: MailLinkId, secret: str) -> CustomerAddress:
        """Confirms an address by the link in the mail to it. Raises MailLinkInvalid."""
        self.check_organization(organization)
        link = await self._link(organization, id, secret, LinkPurpose.CONFIRM)
        confirmed = await self.kept.confirm(link)
        if confirmed is None:
            raise MailLinkInvalid
        return confirmed

    async def stop(self, organization: OrganizationId, id: MailLinkId, secret: str) -> CustomerAddress:
        """Removes the address that a mail with this link went to; returns it. Raises MailLinkInvalid."""
        link = await self._link(organization, id, secret, LinkPurpose.STOP)
        address = await self.kept.get(organization, link.writer.customer)
        if address is None or digest(address.address) != link.address:
            raise MailLinkInvalid
        await self.kept.remove(organization, link.writer.customer)
        return address

    async def resume(self, organization: OrganizationId, id: MailLinkId, secret: str, network: str) -> Grant:
        """Opens a session of the customer by the link in a mail with an answer; once.

        Raises MailLinkInvalid, TooManyRequests, ChannelPaused or CustomerBlocked.
        """
        self.check_organization(organization)
        bucket = limits.of_sessions(organization, f"resume:{addresses.network_of(network)}", self.sessions.opens_per_minute)
        if wait := await self.mail.limits.take(bucket):
            raise TooManyRequests(wait)
        link = await self._link(organization, id, secret, LinkPurpose.RESUME)
        if not await self.kept.use_link(link):
            raise MailLinkInvalid
        grant = await self.sessions.resume(link.writer)
        if grant is None:
            raise MailLinkInvalid
        return grant

    async def answer_link(self, address: CustomerAddress, writer: Writer) -> tuple[str, datetime]:
        """A link that resumes the chat, and until when it does."""
        expires = self.now() + RESUMPTION
        return await self._new_link(address, writer, LinkPurpose.RESUME, expires), expires

    async def stop_link(self, address: CustomerAddress, writer: Writer) -> str:
        """A link that stops mails to an address."""
        return await self._new_link(address, writer, LinkPurpose.STOP, self.now() + STOPPING)

    async def sweep(self) -> int:
        """Deletes links that have expired, and addresses that no one confirmed in time."""
        return await self.kept.sweep()

    async def _ask(self, writer: Writer, wanted: CustomerAddress, key: str) -> None:
        """Asks the owner of an address to confirm it."""
        bounds = self.mail.bounds.of_confirmation(writer.organization, wanted.address, writer.session)
        await self.mail.take(*bounds)
        stored = await self.kept.put(wanted)
        expires = self.now() + CONFIRMATION
        fields = {
            "to": stored.address,
            "language": stored.language,
            "business": await self._business(writer),
            "link": await self._new_link(stored, writer, LinkPurpose.CONFIRM, expires),
            "stop": await self.stop_link(stored, writer),
        }
        await self.mail.queue(writer.organization, "confirmation", fields, expires, key, writer.customer)

    async def _new_link(self, address: CustomerAddress, writer: Writer, purpose: LinkPurpose, expires: datetime) -> str:
        secret = sessions.new_secret()
        link = MailLink(MailLinkId(ids.new()), purpose, writer, digest(address.address), expires)
        await self.kept.add_link(link, sessions.secret_hash(secret))
        name = f"organizations/{writer.organization}/mailLinks/{link.id}"
        page = f"{self.public_url.rstrip('/')}/chat/{writer.organization}/{writer.channel}"
        # A mail program posts the link that stops mails, and a fragment isn't sent.
        return f"{page}{'?' if purpose is LinkPurpose.STOP else '#'}{purpose.lower()}={name}:{secret}"

    async def _link(self, organization: OrganizationId, id: MailLinkId, secret: str, purpose: LinkPurpose) -> MailLink:
        link = await self.kept.link(organization, id, sessions.secret_hash(secret))
        if link is None or link.purpose is not purpose:
            raise MailLinkInvalid
        return link

    async def _standing(self, writer: Writer) -> Standing:
        address = await self.kept.get(writer.organization, writer.customer)
        subscriber = await self.kept.subscriber(writer.organization, writer.conversation)
        answers = subscriber is not None and subscriber.customer == writer.customer
        return Standing(self.is_available(writer.organization), address, answers)

    async def _business(self, writer: Writer) -> str:
        """The name that the customer knows the business by: the channel's."""
        channel = await self.channels.get(writer.organization, writer.channel)
        return channel.display_name if channel and channel.display_name else writer.organization

    def _check_available(self, organization: OrganizationId) -> None:
        if not self.is_available(organization):
            raise MailNotConfigured


def _bounded(lines: Sequence[letters.Line]) -> list[letters.Line]:
    """The newest lines that fit into a mail, in their order."""
    kept: list[letters.Line] = []
    room = MAX_TRANSCRIPT
    for line in reversed(lines):
        text = line.text if len(line.text) <= MAX_LINE else line.text[:MAX_LINE] + " …"
        room -= len(text.encode()) + len(line.name.encode())
        if room < 0:
            break
        kept.append(replace(line, text=text))
    return kept[::-1]
