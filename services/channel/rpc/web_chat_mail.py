"""WebChatMailService."""

from frontdesk.channel import v1 as pb

from kit import caller, names
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.app.chat_mail import Standing
from services.channel.domain.inbound import Writer
from services.channel.domain.mail import MailLinkId, masked
from services.channel.rpc.network import address_of

_LINK = "organizations/{organization}/mailLinks/{mail_link}"


class WebChatMailServicer(pb.WebChatMailServiceServicer):
    def __init__(self, app: App) -> None:
        self._mail = app.chat_mail

    async def GetConversationMail(self, request: pb.GetConversationMailRequest, context: Context) -> pb.ConversationMail:
        return _standing_to_pb(request.name, await self._mail.get(_writer(request.name)))

    async def LeaveAddress(self, request: pb.LeaveAddressRequest, context: Context) -> pb.ConversationMail:
        writer = _writer(request.name)
        standing = await self._mail.leave(writer, request.address, request.language, request.request_id)
        return _standing_to_pb(request.name, standing)

    async def RemoveAddress(self, request: pb.RemoveAddressRequest, context: Context) -> pb.ConversationMail:
        return _standing_to_pb(request.name, await self._mail.remove(_writer(request.name)))

    async def SendTranscript(self, request: pb.SendTranscriptRequest, context: Context) -> pb.SendTranscriptResponse:
        await self._mail.send_transcript(_writer(request.name), request.request_id)
        return pb.SendTranscriptResponse()

    async def ConfirmAddress(self, request: pb.ConfirmAddressRequest, context: Context) -> pb.ConfirmAddressResponse:
        confirmed = await self._mail.confirm(*link_ids(request.name), request.secret)
        return pb.ConfirmAddressResponse(masked_address=masked(confirmed.address), confirm_time=time_to_pb(confirmed.confirmed))

    async def ResumeConversation(self, request: pb.ResumeConversationRequest, context: Context) -> pb.Session:
        grant = await self._mail.resume(*link_ids(request.name), request.secret, address_of(context))
        return convert.session_to_pb(grant)

    async def StopMails(self, request: pb.StopMailsRequest, context: Context) -> pb.StopMailsResponse:
        stopped = await self._mail.stop(*link_ids(request.name), request.secret)
        return pb.StopMailsResponse(masked_address=masked(stopped.address))


def _writer(name: str) -> Writer:
    return convert.writer(caller.current(), name.removesuffix("/mail"))


def link_ids(name: str) -> tuple[OrganizationId, MailLinkId]:
    """The ids in a link's name. Raises NameInvalid."""
    ids = names.parse(_LINK, name)
    return OrganizationId(ids["organization"]), MailLinkId(ids["mail_link"])


def _standing_to_pb(name: str, standing: Standing) -> pb.ConversationMail:
    address = standing.address
    state = "NONE" if address is None else "CONFIRMED" if address.confirmed else "UNCONFIRMED"
    return pb.ConversationMail(
        name=name,
        available=standing.available,
        state=f"MAIL_ADDRESS_STATE_{state}",
        masked_address=masked(address.address) if address else "",
        answers=standing.answers,
    )
