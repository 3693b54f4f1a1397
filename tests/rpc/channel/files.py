"""Sends and fetches files as a client does: announce, upload, ask for a link, download."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from frontdesk.channel import v1 as pb

from kit import ids
from tests.rpc.channel.conftest import ORGANIZATION, World

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(range(256)) * 20
PERMISSIONS = ["channel.media.create", "channel.media.read", "channel.media.delete"]


@dataclass(frozen=True)
class Answer:
    """The answer of the server of bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any

    @property
    def reason(self) -> str:
        return str(self.json["details"][0]["reason"])


@dataclass
class Files:
    """One caller with their token."""

    world: World
    http: aiohttp.ClientSession
    metadata: list[tuple[str, str]]
    conversation: str = ""
    """Of a customer: where their files belong."""

    async def announce(self, size: int, name: str = "photo.png", **more: Any) -> pb.CreateMediaResponse:
        more = {"request_id": ids.new(), "parent": ORGANIZATION, "conversation": self.conversation} | more
        request = pb.CreateMediaRequest(file_name=name, size_bytes=size, **more)
        announced: pb.CreateMediaResponse = await self.world.media.CreateMedia(request, metadata=self.metadata)
        return announced

    async def ask(
        self, method: str, path: str, data: bytes | AsyncIterator[bytes] | None = None, **headers: str | int
    ) -> Answer:
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        body = io.BytesIO(data) if isinstance(data, bytes) else data
        async with self.http.request(method, self.world.media_url + path, data=body, headers=named) as response:
            content = await response.read()
            is_json = response.content_type == "application/json" and method != "HEAD"
            return Answer(response.status, response.headers, content, await response.json() if is_json else None)

    async def send(self, data: bytes, name: str = "photo.png", **more: Any) -> pb.Media:
        announced = await self.announce(len(data), name, **more)
        answer = await self.ask("PUT", announced.upload.path, data)
        assert (answer.status, answer.headers["Upload-Complete"]) == (200, "?1"), answer
        return await self.get(announced.media.name)

    async def get(self, name: str) -> pb.Media:
        media: pb.Media = await self.world.media.GetMedia(pb.GetMediaRequest(name=name), metadata=self.metadata)
        return media

    async def link(self, media: pb.Media) -> str:
        request = pb.CreateDownloadLinkRequest(name=media.name)
        linked = await self.world.media.CreateDownloadLink(request, metadata=self.metadata)
        return str(linked.download.path)

    async def fetch(self, media: pb.Media, **headers: str) -> Answer:
        return await self.ask("GET", await self.link(media), None, **headers)

    async def delete(self, media: pb.Media) -> None:
        await self.world.media.DeleteMedia(pb.DeleteMediaRequest(name=media.name), metadata=self.metadata)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
