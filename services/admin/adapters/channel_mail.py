"""Mail to users, which channel words, queues and sends."""

import logging
from datetime import datetime
from typing import Any

import grpc
from frontdesk.channel.internal import v1 as channel

from kit import client, errors
from kit.caller import Signer
from kit.convert import time_to_pb
from services.admin.domain.invitations import Invitation
from services.admin.domain.organizations import Organization
from services.admin.domain.users import User

SECONDS = 3.0
"""How long channel may take: the caller gets the link in any case."""

_log = logging.getLogger("frontdesk")


class ChannelMail:
    """The port Mail. A mail that can't be queued is none: the caller hands the link over."""

    def __init__(self, to: grpc.aio.Channel, signer: Signer) -> None:
        self._mail = channel.MailServiceStub(to)
        self._signer = signer

    async def invite(self, organization: Organization, invitation: Invitation, inviter: str, link: str, key: str) -> bool:
        mail = channel.InvitationMail(
            organization_name=organization.display_name,
            inviter_name=inviter,
            link=link,
            expire_time=time_to_pb(invitation.expires),
        )
        return await self._send(organization, invitation.email, invitation.display_name, key, invitation=mail)

    async def reset_password(self, organization: Organization, user: User, link: str, expires: datetime, key: str) -> bool:
        mail = channel.PasswordResetMail(
            organization_name=organization.display_name, link=link, expire_time=time_to_pb(expires)
        )
        return await self._send(organization, user.email, user.display_name, key, password_reset=mail)

    async def _send(self, organization: Organization, to: str, name: str, key: str, **mail: Any) -> bool:
        request = channel.SendMailRequest(
            organization=f"organizations/{organization.id}",
            request_id=key,
            to=to,
            to_name=name,
            language=organization.language,
            **mail,
        )
        try:
            token = self._signer.service_token(organization.id)
            await client.call(self._mail.SendMail, request, token=token, timeout=SECONDS)
        except errors.FrontdeskError as error:
            if error.reason != "MAIL_NOT_CONFIGURED":
                _log.warning("a mail could not be queued", extra={"reason": error.reason})
            return False
        return True


class NoMail:
    """The port Mail where channel's address is not known."""

    async def invite(self, organization: Organization, invitation: Invitation, inviter: str, link: str, key: str) -> bool:
        return False

    async def reset_password(self, organization: Organization, user: User, link: str, expires: datetime, key: str) -> bool:
        return False
