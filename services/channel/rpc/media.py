"""MediaService."""

from frontdesk.channel import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import caller, names
from kit.interceptors import Context
from services.channel import convert
from services.channel.app import App


class MediaServicer(pb.MediaServiceServicer):
    def __init__(self, app: App) -> None:
        self._media = app.media
        self._fetching = app.fetching

    async def CreateMedia(self, request: pb.CreateMediaRequest, context: Context) -> pb.CreateMediaResponse:
        party = convert.party(caller.current(), names.last(request.parent))
        media, link = await self._media.create(party, convert.announcement_from_pb(request))
        return pb.CreateMediaResponse(media=convert.media_to_pb(media), upload=convert.link_to_pb(link) if link else None)

    async def GetMedia(self, request: pb.GetMediaRequest, context: Context) -> pb.Media:
        organization, media = convert.media_ids(request.name)
        return convert.media_to_pb(await self._media.get(convert.party(caller.current(), organization), media))

    async def CreateDownloadLink(
        self, request: pb.CreateDownloadLinkRequest, context: Context
    ) -> pb.CreateDownloadLinkResponse:
        organization, media = convert.media_ids(request.name)
        link = await self._media.download_link(convert.party(caller.current(), organization), media)
        return pb.CreateDownloadLinkResponse(download=convert.link_to_pb(link))

    async def RetryMedia(self, request: pb.RetryMediaRequest, context: Context) -> pb.Media:
        return convert.media_to_pb(await self._fetching.retry(*convert.media_ids(request.name)))

    async def DeleteMedia(self, request: pb.DeleteMediaRequest, context: Context) -> Empty:
        organization, media = convert.media_ids(request.name)
        await self._media.delete(convert.party(caller.current(), organization), media)
        return Empty()
