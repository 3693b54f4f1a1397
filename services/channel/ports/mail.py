"""The ports of outgoing mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kit.ids import OrganizationId
from services.channel.domain.inbound import Writer
from services.channel.domain.letters import Line
from services.channel.domain.mail import CustomerAddress, Mail, MailId, MailLink, MailLinkId, MailServer
from services.channel.domain.sessions import ConversationId, CustomerId

NO_CUSTOMER = CustomerId("")


class MailSender(Protocol):
    """Hands mails to a mail server."""

    async def send(self, server: MailServer, mail: Mail) -> None:
        """Hands a mail over, once. Raises MailFailed."""


class MailServers(Protocol):
    """The mail servers of organizations."""

    def is_configured(self, organization: OrganizationId) -> bool:
        """Whether there is one."""

    async def of(self, organization: OrganizationId) -> MailServer | None:
        """The one in force, with its password if it has arrived; None: no mail is sent."""

    async def version(self, organization: OrganizationId, version: str) -> MailServer | None:
        """The one of a version of the setting, by its resource name. Raises SettingVersionNotFound or Unavailable."""


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail that waits to be sent. Its content is written when it leaves."""

    organization: OrganizationId
    id: MailId
    kind: str
    """`invitation`, `password_reset`, `confirmation` or `transcript`."""
    fields: dict[str, str] = field(repr=False)
    """The values that the kind needs; sealed at rest."""
    expires: datetime
    """From then on it isn't sent any more."""
    customer: CustomerId = NO_CUSTOMER
    """The customer it goes to; empty for a user."""
    begun: datetime | None = None
    """When it was last handed to the mail server."""


class Mails(Protocol):
    """Keeps queued mails with their jobs."""

    async def add(self, mail: QueuedMail, request_id: str) -> bool:
        """Queues a mail; False when this `request_id` queued one before."""

    async def has(self, organization: OrganizationId, request_id: str) -> bool:
        """Whether a `request_id` queued a mail that is still known."""

    async def get(self, organization: OrganizationId, id: MailId) -> QueuedMail | None:
        """A mail that has not been accepted yet."""

    async def begin(self, mail: QueuedMail) -> bool:
        """Notes that a mail is handed over now; False when it was begun before and its outcome isn't known."""

    async def not_accepted(self, mail: QueuedMail) -> None:
        """Notes that it was certainly not accepted."""

    async def accepted(self, mail: QueuedMail) -> None:
        """Erases what a mail says: it has left."""

    async def sweep(self) -> int:
        """Deletes mails that are older than their `request_id` is known for; returns how many."""


class CustomerAddresses(Protocol):
    """Keeps the addresses of web chats' customers, the conversations whose answers go to them, and the links in mails."""

    async def get(self, organization: OrganizationId, customer: CustomerId) -> CustomerAddress | None:
        """A customer's address."""

    async def put(self, address: CustomerAddress) -> CustomerAddress:
        """Stores a customer's address and returns it as it is stored: the same one stays confirmed."""

    async def confirm(self, link: MailLink) -> CustomerAddress | None:
        """Confirms the address that a link was sent to, and makes answers that wait due; None when it was replaced."""

    async def remove(self, organization: OrganizationId, customer: CustomerId) -> None:
        """Removes a customer's address, links and subscriptions, with the mails to them that wait."""

    async def forget(self, organization: OrganizationId, conversation: ConversationId) -> None:
        """Removes what leads from a customer's address to a conversation: it was erased."""

    async def subscribe(self, writer: Writer) -> None:
        """Has the answers in a conversation sent to its customer's address. Nothing happens while there is none."""

    async def subscriber(self, organization: OrganizationId, conversation: ConversationId) -> Writer | None:
        """The customer that a conversation's answers are mailed to."""

    async def mailed(
        self, conversations: Collection[tuple[OrganizationId, ConversationId]]
    ) -> set[tuple[OrganizationId, ConversationId]]:
        """Those of these conversations whose answers are mailed, now or once the address is confirmed."""

    async def waits(self, organization: OrganizationId, conversation: ConversationId) -> bool | None:
        """Whether answers in a conversation wait for their customer to confirm the address; None: none are mailed.

        Within a transaction, a confirmation waits for its end: it finds what the transaction queues.
        """

    async def add_link(self, link: MailLink, secret_hash: bytes) -> None:
        """Stores a link. One that confirms replaces the customer's earlier ones."""

    async def link(self, organization: OrganizationId, id: MailLinkId, secret_hash: bytes) -> MailLink | None:
        """A link that has neither expired nor been used."""

    async def use_link(self, link: MailLink) -> bool:
        """Uses a link up; False when another call was faster."""

    async def sweep(self) -> int:
        """Deletes links that have expired, and addresses that no one confirmed in time; returns how many."""


class Transcripts(Protocol):
    """The words of a conversation, as core has them. Raises Unavailable while it is unavailable."""

    async def read(self, organization: OrganizationId, conversation: ConversationId, limit: int) -> Sequence[Line]:
        """The messages of a conversation that its customer sees, the newest `limit` messages in their order."""

    async def read_until(self, organization: OrganizationId, conversation: ConversationId) -> int:
        """The `seq` up to which its customer has read."""
