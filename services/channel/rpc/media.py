"""MediaService."""

from frontdesk.channel import v1 as pb

from kit import caller, names
from services.channel import convert
from services.channel.app.media import MediaApp


class MediaRecords(pb.MediaServiceServicer):
    def __init__(self, app: MediaApp) -> None:
        self._app = app

    async def CreateMedia(self, request: pb.CreateMediaRequest, context: object) -> pb.CreateMediaResponse:
        party = convert.party(caller.current(), names.last(request.parent))
        media, link = await self._app.create(party, convert.announcement_from_pb(request))
        return pb.CreateMediaResponse(media=convert.media_to_pb(media), upload=convert.link_to_pb(link) if link else None)

    async def GetMedia(self, request: pb.GetMediaRequest, context: object) -> pb.Media:
        organization, media = convert.media_ids(request.name)
        return convert.media_to_pb(await self._app.get(convert.party(caller.current(), organization), media))

    async def CreateDownloadLink(self, request: pb.CreateDownloadLinkRequest, context: object) -> pb.CreateDownloadLinkResponse:
        organization, media = convert.media_ids(request.name)
        link = await self._app.download_link(convert.party(caller.current(), organization), media)
        return pb.CreateDownloadLinkResponse(download=convert.link_to_pb(link))

    async def DeleteMedia(self, request: pb.DeleteMediaRequest, context: object) -> pb.DeleteMediaResponse:
        organization, media = convert.media_ids(request.name)
        await self._app.delete(convert.party(caller.current(), organization), media)
        return pb.DeleteMediaResponse()
