"""MailService, for people who set mail up and for other services."""

from datetime import UTC

from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as internal

from kit import names
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.channel.app import App
from services.channel.domain.letters import language_of
from services.channel.domain.mail import Source, checked_address


class MailServicer(pb.MailServiceServicer, internal.MailServiceServicer):
    """For people who set mail up, and for other services."""

    def __init__(self, app: App) -> None:
        self._mail = app.mail

    async def GetMailStatus(self, request: pb.GetMailStatusRequest, context: Context) -> pb.MailStatus:
        server = await self._mail.status(_organization(request.name))
        if server is None:
            return pb.MailStatus(name=request.name, source=pb.MAIL_SOURCE_NONE)
        return pb.MailStatus(
            name=request.name,
            source=f"MAIL_SOURCE_{server.source}",
            from_address=server.from_address,
            host=server.host if server.source is Source.ORGANIZATION else "",
        )

    async def TestMail(self, request: pb.TestMailRequest, context: Context) -> pb.TestMailResponse:
        failed = await self._mail.test(_organization(request.name), request.to, request.setting_version)
        if failed is None:
            return pb.TestMailResponse(works=True)
        return pb.TestMailResponse(problem=failed.sentence, reason=f"MAIL_PROBLEM_{failed.problem}")

    async def SendMail(self, request: internal.SendMailRequest, context: Context) -> internal.SendMailResponse:
        kind = request.WhichOneof("mail") or ""
        mail = getattr(request, kind)
        fields = {
            "to": checked_address(request.to, "to"),
            "to_name": request.to_name,
            "language": language_of(request.language),
            "organization": mail.organization_name,
            "link": mail.link,
        }
        if kind == "invitation":
            fields["inviter"] = mail.inviter_name
        organization = OrganizationId(names.last(request.organization))
        expires = mail.expire_time.ToDatetime(UTC)
        await self._mail.queue(organization, kind, fields, expires, f"admin-{request.request_id}")
        return internal.SendMailResponse()

    async def GetMailState(self, request: internal.GetMailStateRequest, context: Context) -> internal.MailState:
        server = await self._mail.status(OrganizationId(names.last(request.organization)))
        return internal.MailState(configured=server is not None, from_address=server.from_address if server else "")


def _organization(name: str) -> OrganizationId:
    return OrganizationId(name.split("/")[1])
