"""CannedReplyService."""

from frontdesk.agent import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import names, pages
from kit.interceptors import Context
from services.agent import convert
from services.agent.app import App
from services.agent.domain.ids import CannedReplyId
from services.agent.rpc import calls


class CannedReplyServicer(pb.CannedReplyServiceServicer):
    """Texts that agents use often."""

    def __init__(self, app: App) -> None:
        self._catalog = app.catalog

    async def GetCannedReply(self, request: pb.GetCannedReplyRequest, context: Context) -> pb.CannedReply:
        organization, id = calls.organization_of(request.name), CannedReplyId(names.last(request.name))
        return convert.canned_reply_to_pb(await self._catalog.canned_reply(organization, id))

    async def ListCannedReplies(self, request: pb.ListCannedRepliesRequest, context: Context) -> pb.ListCannedRepliesResponse:
        organization = calls.organization_of(request.parent)
        found, more = await pages.page(
            request,
            pages.ById,
            lambda after, limit: self._catalog.canned_replies(organization, after and after.id, limit),
            lambda reply: pages.ById(reply.shortcut),
            filter=f"canned replies of {request.parent}",
        )
        return pb.ListCannedRepliesResponse(canned_replies=map(convert.canned_reply_to_pb, found), next_page_token=more)

    async def CreateCannedReply(self, request: pb.CreateCannedReplyRequest, context: Context) -> pb.CannedReply:
        new = request.canned_reply
        calls.require([("canned_reply.shortcut", new.shortcut), ("canned_reply.text", new.text)])
        organization = calls.organization_of(request.parent)
        reply = await self._catalog.add_canned_reply(organization, new.shortcut, new.text, request.request_id)
        return convert.canned_reply_to_pb(reply)

    async def UpdateCannedReply(self, request: pb.UpdateCannedReplyRequest, context: Context) -> pb.CannedReply:
        new = request.canned_reply
        calls.require([("canned_reply.name", new.name)])
        paths = calls.paths(request.update_mask, ("shortcut", "text"))
        calls.require([(f"canned_reply.{path}", getattr(new, path)) for path in sorted(paths)])
        reply = await self._catalog.edit_canned_reply(
            calls.organization_of(new.name),
            CannedReplyId(names.last(new.name)),
            new.etag,
            shortcut=new.shortcut if "shortcut" in paths else None,
            text=new.text if "text" in paths else None,
        )
        return convert.canned_reply_to_pb(reply)

    async def DeleteCannedReply(self, request: pb.DeleteCannedReplyRequest, context: Context) -> Empty:
        organization, id = calls.organization_of(request.name), CannedReplyId(names.last(request.name))
        await self._catalog.remove_canned_reply(organization, id)
        return Empty()
