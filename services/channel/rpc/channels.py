"""ChannelService."""

from frontdesk.channel import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App
from services.channel.domain.channels import Kind


class ChannelServicer(pb.ChannelServiceServicer):
    def __init__(self, app: App) -> None:
        self._channels = app.channels

    async def GetChannel(self, request: pb.GetChannelRequest, context: Context) -> pb.Channel:
        return convert.channel_to_pb(await self._channels.get(*convert.channel_ids(request.name)))

    async def ListChannels(self, request: pb.ListChannelsRequest, context: Context) -> pb.ListChannelsResponse:
        kind = Kind(pb.ChannelKind.Name(request.kind).removeprefix("CHANNEL_KIND_")) if request.kind else None
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ById,
            lambda after, limit: self._channels.list(organization, kind, after.id if after else "", limit),
            lambda channel: pages.ById(channel.id),
            filter=f"{request.parent}?{kind or ''}",
        )
        return pb.ListChannelsResponse(channels=map(convert.channel_to_pb, found), next_page_token=more)

    async def CreateChannel(self, request: pb.CreateChannelRequest, context: Context) -> pb.Channel:
        organization = OrganizationId(names.last(request.parent))
        draft = convert.draft_from_pb(request.channel, self._channels.forms)
        return convert.channel_to_pb(await self._channels.create(organization, request.channel_id, draft, request.request_id))

    async def UpdateChannel(self, request: pb.UpdateChannelRequest, context: Context) -> pb.Channel:
        organization, id = convert.channel_ids(request.channel.name)
        draft, paths = convert.draft_from_pb(request.channel, self._channels.forms), list(request.update_mask.paths)
        return convert.channel_to_pb(await self._channels.update(organization, id, draft, paths, request.channel.etag))

    async def DeleteChannel(self, request: pb.DeleteChannelRequest, context: Context) -> Empty:
        await self._channels.delete(*convert.channel_ids(request.name))
        return Empty()

    async def TestChannel(self, request: pb.TestChannelRequest, context: Context) -> pb.TestChannelResponse:
        problems = await self._channels.test(*convert.channel_ids(request.name))
        return pb.TestChannelResponse(works=not problems, problems=problems)

    async def SetChannelLogo(self, request: pb.SetChannelLogoRequest, context: Context) -> pb.Channel:
        organization, id = convert.channel_ids(request.name)
        return convert.channel_to_pb(await self._channels.set_logo(organization, id, request.image.data))

    async def RemoveChannelLogo(self, request: pb.RemoveChannelLogoRequest, context: Context) -> pb.Channel:
        organization, id = convert.channel_ids(request.name)
        return convert.channel_to_pb(await self._channels.set_logo(organization, id, None))
