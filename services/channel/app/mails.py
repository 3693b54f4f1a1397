"""Mails are queued, worded when they leave, and handed to the organization's mail server, or to the operator's."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from kit import ids, names
from kit.clock import Clock
from kit.errors import FrontdeskError
from kit.ids import OrganizationId
from kit.jobs import Bury, Ended, Fail, Job, Outcome, Park
from kit.limits import Bucket, Limits
from services.channel.domain import letters
from services.channel.domain.mail import (
    Certainty,
    Counted,
    Letter,
    Mail,
    MailFailed,
    MailId,
    MailLimits,
    MailNotConfigured,
    MailServer,
    TooManyMails,
    checked_address,
)
from services.channel.domain.sessions import CustomerId
from services.channel.ports.mail import NO_CUSTOMER, Mails, MailSender, MailServers, QueuedMail

NOT_CONFIGURED = timedelta(minutes=1)
_EXPIRED = "Its link had expired before a mail server accepted it; make a new one."
_ABANDONED = "The process that sent it was lost before the mail server's answer was stored: it may have arrived."
_NOT_KNOWN = "The mail server's answer got lost: retry it only if the mail has not arrived. "

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True, slots=True)
class MailApp:
    mails: Mails
    servers: MailServers
    sender: MailSender
    limits: Limits
    bounds: MailLimits
    now: Clock

    async def queue(
        self,
        organization: OrganizationId,
        kind: str,
        fields: dict[str, str],
        expires: datetime,
        request_id: str,
        customer: CustomerId = NO_CUSTOMER,
        also: Sequence[Counted] = (),
    ) -> None:
        """Queues a mail to the address `fields["to"]`. Repeating it with the same `request_id` does nothing.

        `also`: further buckets that it counts in. Raises MailNotConfigured or TooManyMails.
        """
        if not self.servers.is_configured(organization):
            raise MailNotConfigured
        if await self.mails.has(organization, request_id):
            return
        await self.take(*also, *self.bounds.of_mail(organization, fields["to"]))
        mail = QueuedMail(organization, MailId(ids.new()), kind, fields, expires, customer)
        await self.mails.add(mail, request_id)

    async def take(self, *buckets: Counted) -> None:
        """Counts a mail in buckets, or in none. Raises TooManyMails."""
        taken: list[Bucket] = []
        for bucket, scope in buckets:
            if wait := await self.limits.take(bucket):
                for earlier in taken:
                    await self.limits.give_back(earlier)
                raise TooManyMails(scope, bucket.rate.calls, wait)
            taken.append(bucket)

    async def handle(self, job: Job) -> Outcome | None:
        """Does the job of a mail."""
        mail = await self.mails.get(job.organization, MailId(names.last(job.subject)))
        if mail is None:
            return None  # accepted by a worker that was lost right after, or erased
        if mail.begun is not None:
            await self.mails.not_accepted(mail)
            return Bury(_ABANDONED)
        if mail.expires <= self.now():
            return Bury(_EXPIRED)
        try:
            server = await self.servers.of(mail.organization)
        except FrontdeskError as error:  # the credential can't be opened
            return Park(NOT_CONFIGURED, error.message)
        if server is None:
            return Park(NOT_CONFIGURED, MailNotConfigured().message)
        if not await self.mails.begin(mail):
            return Ended()
        return await self._send(server, mail)

    async def _send(self, server: MailServer, mail: QueuedMail) -> Outcome | None:
        try:
            given = mail.fields
            content = Mail(mail.id, given["to"], given.get("to_name", ""), _letter(mail), given.get("stop", ""))
            await self.sender.send(server, content)
        except MailFailed as failed:
            await self.mails.not_accepted(mail)
            _log.info("a mail was not accepted", extra={"mail": mail.id, "problem": failed.problem})
            match failed.certainty:
                case Certainty.LATER:
                    return Fail(failed.sentence)
                case Certainty.NEVER:
                    return Bury(failed.sentence)
                case Certainty.UNKNOWN:
                    return Bury(_NOT_KNOWN + failed.sentence)
                case _ as never:
                    assert_never(never)
        await self.mails.accepted(mail)
        return None

    async def status(self, organization: OrganizationId) -> MailServer | None:
        """The mail server in force; None: no mail is sent."""
        return await self.servers.of(organization)

    async def test(self, organization: OrganizationId, to: str, version: str) -> MailFailed | None:
        """Sends a test mail at once; what is wrong, if it was not accepted.

        `version`: of the setting, to try instead of what is in force. Raises MailNotConfigured, MailAddressInvalid or
        TooManyMails.
        """
        address = checked_address(to, "to")
        server = await (self.servers.version(organization, version) if version else self.servers.of(organization))
        if server is None:
            raise MailNotConfigured
        await self.take(*self.bounds.of_test(organization))  # what tests nothing doesn't count
        try:
            letter = letters.test(letters.DEFAULT, server.from_name or organization)
            await self.sender.send(server, Mail(MailId(ids.new()), address, "", letter))
        except MailFailed as failed:
            return failed
        return None

    async def sweep(self) -> int:
        """Deletes what is known of mails of more than a week ago."""
        return await self.mails.sweep()


def _letter(mail: QueuedMail) -> Letter:
    """The content of a mail."""
    given = mail.fields
    language, link, expires = given["language"], given.get("link", ""), mail.expires
    match mail.kind:
        case "invitation":
            return letters.invitation(language, given["organization"], given["inviter"], link, expires)
        case "password_reset":
            return letters.password_reset(language, given["organization"], link, expires)
        case "confirmation":
            return letters.confirmation(language, given["business"], link, expires)
        case "transcript":
            return letters.transcript(language, given["business"], lines_from(given["lines"]))
        case other:
            raise ValueError(f"no such kind of mail: {other}")


def lines_from(encoded: str) -> list[letters.Line]:
    """The lines of a transcript, as `lines_to` wrote them."""
    rows = json.loads(encoded)
    return [letters.Line(speaker, name, text, datetime.fromisoformat(written)) for speaker, name, text, written in rows]


def lines_to(lines: Sequence[letters.Line]) -> str:
    """The lines of a transcript as one text."""
    return json.dumps([[line.speaker, line.name, line.text, line.written.isoformat()] for line in lines], ensure_ascii=False)
