"""Answers in a web chat that its customer hasn't read go to the address that they left: a delivery each.

A delivery waits a minute, so that a customer who is there reads the answer in the chat; then it is cancelled. While the address
is not confirmed, deliveries wait for that, and their time is over with the link's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kit import ids
from kit.errors import FrontdeskError
from services.channel.app.chat_mail import ChatMailApp
from services.channel.domain import letters
from services.channel.domain.channels import WEB_CHAT_FORM, Channel
from services.channel.domain.deliveries import Delivery, DeliveryId, DeliveryState, Outgoing, Report
from services.channel.domain.mail import CONFIRMATION, Certainty, Mail, MailFailed, MailId, MailServer, TooManyMails
from services.channel.domain.providers import (
    Capabilities,
    Item,
    OutboundContent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Reply,
    Webhook,
    WebhookInvalid,
    Withdrawn,
)
from services.channel.ports import Outbox
from services.channel.ports.mail import CustomerAddresses
from services.channel.ports.providers import Provider

MAX_ATTEMPTS = 12
"""How often a mail server is asked before a delivery has failed; the pauses grow to five minutes."""
CORE_AWAY = timedelta(seconds=5)
_READ = "The customer has read it in the chat."
_NO_ADDRESS = "The customer has no confirmed address for answers any more."


@dataclass(frozen=True, slots=True)
class MailAnswers:
    """The sender of web chats."""

    mail: ChatMailApp
    after: timedelta
    """How long a customer has time to read an answer in the chat."""

    async def queue(self, outbox: Outbox, kept: CustomerAddresses, outgoing: Outgoing, content: OutboundContent) -> None:
        """Queues an answer where the customer has left an address, within the transaction of `outbox` and `kept`."""
        waits = await kept.waits(outgoing.organization, outgoing.conversation)
        if waits is None:
            return
        now = self.mail.now()
        item = Delivery(DeliveryId(ids.new()), outgoing, 1, content.text[: letters.MAX_ANSWER + 1], now, now)
        await outbox.add([item], CONFIRMATION if waits else self.after)

    def parts(self, content: OutboundContent) -> Sequence[str]:
        """A mail has one part."""
        return [content.text]

    async def send(self, channel: Channel, part: Delivery) -> Report:
        """Sends an answer, unless it was read meanwhile."""
        out, app = part.outgoing, self.mail
        writer = await app.kept.subscriber(out.organization, out.conversation)
        address = await app.kept.get(out.organization, writer.customer) if writer else None
        if writer is None or address is None or address.confirmed is None:
            raise Withdrawn(_NO_ADDRESS)
        try:
            if await app.transcripts.read_until(out.organization, out.conversation) >= out.seq:
                raise Withdrawn(_READ)
            server = await app.mail.servers.of(out.organization)
            if part.attempts == 1:
                bounds, to = app.mail.bounds, (out.organization, address.address)
                await app.mail.take(*(bounds.of_assistant(*to) if out.fenced else ()), *bounds.of_mail(*to))
        except TooManyMails as error:
            raise Refused(error.message) from error
        except FrontdeskError as error:
            raise RateLimited(error.message, CORE_AWAY) from error
        if server is None:
            raise Refused("No mail server is set up any more.")
        link, expires = await app.answer_link(address, writer)
        letter = letters.answer(address.language, channel.display_name or out.organization, part.text, link, expires)
        stop = await app.stop_link(address, writer)
        await self._hand_over(server, Mail(MailId(part.id), address.address, "", letter, stop), part.attempts)
        return Report(part.id, DeliveryState.SENT)

    async def _hand_over(self, server: MailServer, mail: Mail, attempts: int) -> None:
        try:
            await self.mail.mail.sender.send(server, mail)
        except MailFailed as failed:
            if failed.certainty is Certainty.UNKNOWN:
                raise OutcomeUnknown(failed.sentence) from failed
            if failed.certainty is Certainty.NEVER or attempts >= MAX_ATTEMPTS:
                raise Refused(failed.sentence) from failed
            raise RateLimited(failed.sentence) from failed


class NoWebhooks:
    """The receiver of web chats: browsers call the web chat's own RPCs."""

    reply = Reply()

    def read(self, channel: Channel, webhook: Webhook) -> Sequence[Item]:
        """No provider calls for a web chat. Raises WebhookInvalid."""
        raise WebhookInvalid(channel.id)


async def no_problems(channel: Channel) -> Sequence[str]:
    """A web chat works without asking anyone."""
    return ()


def provider(answers: MailAnswers) -> Provider:
    """The provider by which the dispatcher sends the deliveries of web chats."""
    return Provider(WEB_CHAT_FORM, Capabilities(letters.MAX_ANSWER), NoWebhooks(), answers, no_problems)
