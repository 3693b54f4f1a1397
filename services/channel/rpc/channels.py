"""ChannelService."""

from frontdesk.channel import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import names, pages
from services.channel import convert
from services.channel.app.channels import ChannelApp
from services.channel.domain.channels import Kind, OrganizationId


class Channels(pb.ChannelServiceServicer):
    def __init__(self, app: ChannelApp) -> None:
        self._app = app

    async def GetChannel(self, request: pb.GetChannelRequest, context: object) -> pb.Channel:
        return convert.channel_to_pb(await self._app.get(*convert.channel_ids(request.name)))

    async def ListChannels(self, request: pb.ListChannelsRequest, context: object) -> pb.ListChannelsResponse:
        kind = Kind(pb.ChannelKind.Name(request.kind).removeprefix("CHANNEL_KIND_")) if request.kind else None
        scope = f"{request.parent}?{kind or ''}"
        after = pages.decode(request.page_token, filter=scope, kind=tuple[pages.Text])[0] if request.page_token else ""
        size = pages.size(request.page_size)
        found = await self._app.list(OrganizationId(names.last(request.parent)), kind, after, size + 1)
        response = pb.ListChannelsResponse(channels=map(convert.channel_to_pb, found[:size]))
        if len(found) > size:
            response.next_page_token = pages.encode(found[size - 1].id, filter=scope)
        return response

    async def CreateChannel(self, request: pb.CreateChannelRequest, context: object) -> pb.Channel:
        organization = OrganizationId(names.last(request.parent))
        draft = convert.draft_from_pb(request.channel)
        return convert.channel_to_pb(await self._app.create(organization, request.channel_id, draft, request.request_id))

    async def UpdateChannel(self, request: pb.UpdateChannelRequest, context: object) -> pb.Channel:
        organization, id = convert.channel_ids(request.channel.name)
        draft, paths = convert.draft_from_pb(request.channel), list(request.update_mask.paths)
        return convert.channel_to_pb(await self._app.update(organization, id, draft, paths, request.channel.etag))

    async def DeleteChannel(self, request: pb.DeleteChannelRequest, context: object) -> Empty:
        await self._app.delete(*convert.channel_ids(request.name))
        return Empty()

    async def TestChannel(self, request: pb.TestChannelRequest, context: object) -> pb.TestChannelResponse:
        problems = await self._app.test(*convert.channel_ids(request.name))
        return pb.TestChannelResponse(works=not problems, problems=problems)
