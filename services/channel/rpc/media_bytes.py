"""The bytes of files, over plain HTTP: uploads that resume where they broke off, and downloads in ranges.

`HEAD`, `PUT` and `PATCH /v1/media/upload/<token>`, `GET` and `HEAD /v1/media/download/<token>` and, for providers,
`/v1/media/delivery/<token>`. The token is a link's: no call here carries an access token. The headers of uploads are those of
the IETF's resumable uploads. The gateway also brings logos that are far too large, to be refused.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from aiohttp import ClientConnectionError, web
from google.protobuf.json_format import MessageToJson

from kit import errors
from kit.plain_http import FOR_LOG, answering
from services.channel import convert
from services.channel.app.media import MediaApp
from services.channel.domain.file_names import disposition
from services.channel.domain.media import MAX_BYTES, Media, OffsetMismatch, Purpose, Range, RangeNotSatisfiable, range_of
from services.channel.domain.web_chat import LogoTooLarge

MAX_UPLOADS = 32
"""At once in a process: each may hold a piece of 5 MiB in memory."""
MAX_DOWNLOADS = 512
MAX_OF_HOLDER = 8
"""Uploads, and downloads, of one session, user, API key or link of a provider at once: none takes the places of all."""
IDLE_SECONDS = 15.0
"""How long a body may stand still."""
STATUSES = {
    "UPLOAD_TOO_LARGE": 413,
    "LOGO_TOO_LARGE": 413,
    "RANGE_NOT_SATISFIABLE": 416,
    "UPLOAD_TOO_SLOW": 408,
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",  # the address is the right to read
    "Cache-Control": "no-store",
}


class HeaderInvalid(errors.InvalidArgument):
    reason = "UPLOAD_HEADER_INVALID"

    def __init__(self, header: str) -> None:
        super().__init__(f"The header {header} can't be understood; see Files in the API guide.", header=header)


class UploadTooSlow(errors.DeadlineExceeded):
    reason = "UPLOAD_TOO_SLOW"

    def __init__(self) -> None:
        super().__init__("The body stopped arriving; ask for the offset by HEAD and continue there.")


class TooManyTransfers(errors.Unavailable):
    reason = "TOO_MANY_TRANSFERS"

    def __init__(self) -> None:
        super().__init__("Too many files are on their way at the moment; try again in a second.", retry_seconds=1)


@dataclass
class MediaBytes:
    app: MediaApp
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    max_uploads: int = MAX_UPLOADS
    max_downloads: int = MAX_DOWNLOADS
    max_of_holder: int = MAX_OF_HOLDER
    idle_seconds: float = IDLE_SECONDS
    _transfers: Counter[str] = field(default_factory=Counter)

    def application(self, unavailable: tuple[type[BaseException], ...]) -> web.Application:
        """The routes; `unavailable`: exceptions that mean a store can't be reached."""
        application = web.Application(middlewares=[answering("channel.frontdesk", unavailable, HEADERS, STATUSES, _headers_of)])
        application.router.add_get("/healthz", self._health)
        upload = application.router.add_resource("/v1/media/upload/{token}")
        upload.add_route("HEAD", self._progress)
        upload.add_route("PUT", self._upload)
        upload.add_route("PATCH", self._upload)
        application.router.add_post("/v1/organizations/{organization}/channels/{channel}:setLogo", self._refuse_logo)
        application.router.add_get("/v1/media/{purpose:download|delivery}/{token}", self._download)
        return application

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response(status=503 if self.draining.is_set() else 200)

    async def _progress(self, request: web.Request) -> web.Response:
        media, stored = await self.app.progress(request.match_info["token"])
        return web.Response(status=204, headers=_progress_headers(media, stored))

    async def _upload(self, request: web.Request) -> web.Response:
        token, offset = request.match_info["token"], _offset(request)
        with self._places(Purpose.UPLOAD, token, self.max_uploads):
            async with aclosing(self._body(request)) as body:
                media, stored = await self.app.upload(token, offset, body, request.content_length)
        request[FOR_LOG] |= {"organization": media.organization, "media": media.id}
        headers = _progress_headers(media, stored)
        if stored < media.size:
            return web.Response(status=204, headers=headers)
        text = MessageToJson(convert.media_to_pb(media), indent=None, always_print_fields_with_no_presence=True)
        return web.Response(text=text, content_type="application/json", headers=headers)

    async def _refuse_logo(self, request: web.Request) -> web.Response:
        """Reads a picture that is too large to its end, and keeps nothing: until then its sender may not read an answer."""
        size = 0
        async with aclosing(self._body(request)) as body:
            async for piece in body:
                size += len(piece)
        raise LogoTooLarge(size)

    async def _body(self, request: web.Request) -> AsyncGenerator[bytes, None]:
        """The body as it comes, up to where its connection breaks. Raises UploadTooSlow."""
        while True:
            try:
                async with asyncio.timeout(self.idle_seconds):
                    piece = await request.content.readany()
            except TimeoutError:
                raise UploadTooSlow from None
            except (ClientConnectionError, ConnectionError, web.RequestPayloadError):
                return
            if not piece:
                return
            yield piece

    async def _download(self, request: web.Request) -> web.StreamResponse:
        purpose, token = Purpose(request.match_info["purpose"]), request.match_info["token"]
        media, media_type = await self.app.open(purpose, token)
        request[FOR_LOG] |= {"organization": media.organization, "media": media.id}
        headers, known = _file_headers(media, media_type), request.headers.get("If-None-Match", "")
        if {"*", headers["ETag"]} & {tag.strip().removeprefix("W/") for tag in known.split(",")}:
            return web.Response(status=304, headers=headers)
        part = _wanted(request, media.size, headers["ETag"])
        with self._places(purpose, token, self.max_downloads):
            return await self._send(request, media, headers, part)

    async def _send(
        self, request: web.Request, media: Media, headers: dict[str, str], part: Range | None
    ) -> web.StreamResponse:
        start, end = (part.start, part.end) if part else (0, media.size)
        response = web.StreamResponse(status=206 if part else 200, headers=HEADERS | headers)
        response.content_length = end - start
        if part:
            response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{media.size}"
        if request.method == "HEAD":
            await response.prepare(request)
            return response
        try:
            async with aclosing(self.app.read(media, start, end)) as pieces:
                async for (
                    piece
                ) in pieces:  # the first comes before the headers, so that a store that is unavailable is an error
                    if not response.prepared:
                        await response.prepare(request)
                    await response.write(piece)
        except Exception:
            if response.prepared and request.transport is not None:
                request.transport.abort()  # the only way to say that the rest is missing
            raise
        return response

    @contextmanager
    def _places(self, purpose: Purpose, token: str, most: int) -> Iterator[None]:
        """A place for a transfer, among all and among its holder's. Raises TooManyTransfers."""
        limits = {purpose: most, f"{purpose} {self.app.holder(purpose, token)}": self.max_of_holder}
        if any(self._transfers[name] >= limit for name, limit in limits.items()):
            raise TooManyTransfers
        self._transfers.update(iter(limits))
        try:
            yield
        finally:
            self._transfers.subtract(iter(limits))
            self._transfers = +self._transfers  # what is not counted any more is forgotten


def _headers_of(error: errors.FrontdeskError) -> Mapping[str, str]:
    """The headers that HTTP requires beside an error."""
    match error:
        case OffsetMismatch():
            return {"Upload-Offset": error.metadata["offset"]}
        case RangeNotSatisfiable():
            return {"Content-Range": f"bytes */{error.metadata['size_bytes']}"}
    return {}


def _offset(request: web.Request) -> int:
    """Where a body starts in its file: `Upload-Offset`, or `Content-Range: bytes 100-199/1000`; 0 without either."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise HeaderInvalid("content-encoding")  # nothing is decompressed here
    if (told := request.headers.get("Upload-Offset")) is not None:
        if not re.fullmatch(r"[0-9]{1,15}", told):
            raise HeaderInvalid("upload-offset")
        return int(told)
    if (told := request.headers.get("Content-Range")) is not None:
        match = re.fullmatch(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15}|\*)", told)
        if match is None:
            raise HeaderInvalid("content-range")
        return int(match[1])
    return 0


def _progress_headers(media: Media, stored: int) -> dict[str, str]:
    return {
        "Upload-Offset": str(stored),
        "Upload-Length": str(media.size),
        "Upload-Complete": "?1" if stored == media.size else "?0",
        "Upload-Limit": f"max-size={MAX_BYTES}",
        "Cache-Control": "no-store",
    }


def _file_headers(media: Media, media_type: str) -> dict[str, str]:
    return {
        "Content-Type": media_type,
        "Content-Disposition": disposition(media.file_name, inline=media.inline),
        "ETag": f'"{media.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-transform, max-age=300",
    }


def _wanted(request: web.Request, size: int, etag: str) -> Range | None:
    """The range that is asked for; None: all, also when `If-Range` names another version than this one."""
    wanted = request.headers.get("Range")
    if wanted is None or request.headers.get("If-Range", etag) != etag:
        return None
    return range_of(wanted, size)
