"""A web chat's page and logo through the edge: a real Envoy in front of the real channel service."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from yarl import URL

from services.channel.domain.web_chat import MAX_LOGO_BYTES
from tests.gateway.conftest import Gateway
from tests.gateway.test_media import files as files
from tests.support import pictures

CHANNELS = "/v1/organizations/shop/channels"
PNG = pictures.png()


async def create(files: Gateway, id: str, **config: Any) -> None:
    body = {"displayName": "Chat", "kind": "CHANNEL_KIND_WEB_CHAT", "webChat": config}
    made = await files.call("POST", f"{CHANNELS}?channelId={id}", body=body)
    assert made.status == 200, made.body


async def test_a_site_that_is_not_listed_may_not_frame_the_chat(files: Gateway) -> None:
    await create(files, "listed", allowedOrigins=["https://shop.example"])
    page = await files.call("GET", "/chat/shop/listed", token=None)
    assert page.status == 200
    assert b'data-channel="organizations/shop/channels/listed"' in page.body
    assert page.headers["content-security-policy"].endswith("frame-ancestors 'self' https://shop.example")
    assert page.headers["cache-control"] == "no-cache"
    kept = await files.call("GET", "/chat/shop/listed", token=None, headers={"if-none-match": page.headers["etag"]})
    assert kept.status == 304
    assert (await files.call("HEAD", "/chat/shop/listed", token=None)).status == 200
    missing = await files.call("GET", "/chat/shop/none", token=None)
    assert (missing.status, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (await files.call("POST", "/chat/shop/listed", token=None, body={})).status == 404
    stop = f"/chat/shop/listed?stop=organizations/shop/mailLinks/gone:{'x' * 43}"
    form = {"content-type": "application/x-www-form-urlencoded"}
    gone = await files.call("POST", stop, token=None, body=b"List-Unsubscribe=One-Click", headers=form)
    assert (gone.status, gone.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert b"This link has expired" in gone.body
    assert (await files.call("POST", stop, token=None, body=b"", headers=form)).status == 400


async def test_the_frame_opens_sessions_under_frontdesks_own_name(files: Gateway) -> None:
    await create(files, "framed", allowedOrigins=["https://shop.example"])
    path = f"{CHANNELS}/framed:openSession"
    host = files.base.removeprefix("http://")
    evil = await files.call("POST", path, token=None, body={}, headers={"origin": "https://evil.example"})
    assert (evil.status, evil.reason) == (403, "ORIGIN_NOT_ALLOWED")
    own = await files.call("POST", path, token=None, body={}, headers={"origin": f"http://{host}"})
    assert own.status != 403, own.body


async def test_a_widget_is_read_without_a_token_and_its_logo_with_a_long_cache(files: Gateway) -> None:
    await create(files, "logo", greeting="Hi!")
    upload = f"{CHANNELS}/logo:setLogo"
    changed = await files.call("POST", upload, body=PNG, headers={"content-type": "image/png"})
    assert changed.status == 200, changed.body
    widget: Any = (await files.call("GET", f"{CHANNELS}/logo/widget?language=en", token=None)).json
    assert (widget["greeting"], widget["title"]) == ("Hi!", "Chat")
    logo = await files.call("GET", widget["logoPath"], token=None)
    assert (logo.status, logo.body, logo.headers["content-type"]) == (200, PNG, "image/png")
    assert logo.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert logo.headers["x-content-type-options"] == "nosniff"
    told = await files.call("GET", "/chat/shop/logo/widget.json", token=None, headers={"origin": "https://any.example"})
    assert (json.loads(told.body)["logoPath"], told.headers["access-control-allow-origin"]) == (widget["logoPath"], "*")


async def sent_whole(files: Gateway, path: str, body: bytes) -> tuple[int, str]:
    """The status and reason for a client that reads no answer before all is sent, as many do."""
    url = URL(files.base)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST {path} HTTP/1.1\r\nhost: {url.host}\r\nauthorization: {files.user()}\r\nconnection: close\r\n"
    writer.write(f"{head}content-type: image/png\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    status = json.loads(answer.partition(b"\r\n\r\n")[2])
    return int(answer.split(b" ", 2)[1]), status["details"][0]["reason"]


async def test_a_logo_of_20_mb_and_one_with_a_script_are_refused_in_words(files: Gateway) -> None:
    await create(files, "big")
    upload = f"{CHANNELS}/big:setLogo"
    assert await sent_whole(files, upload, PNG.ljust(20 << 20, b"\0")) == (413, "LOGO_TOO_LARGE")
    assert await sent_whole(files, upload, PNG.ljust(600_000, b"\0")) == (413, "LOGO_TOO_LARGE")
    svg = await files.call("POST", upload, body=b"<svg><script>1</script></svg>", headers={"content-type": "image/svg+xml"})
    assert (svg.status, svg.reason) == (400, "LOGO_NOT_AN_IMAGE")
    star = await files.call(
        "PATCH", f"{CHANNELS}/big?updateMask=webChat.allowedOrigins", body={"webChat": {"allowedOrigins": ["*"]}}
    )
    assert (star.status, star.reason) == (400, "ORIGIN_INVALID")


async def test_a_logo_of_exactly_256_kib_is_kept_and_a_byte_more_is_refused_in_words(files: Gateway) -> None:
    await create(files, "exact")
    upload, headers = f"{CHANNELS}/exact:setLogo", {"content-type": "image/png"}
    exact = await files.call("POST", upload, body=pictures.png(size=MAX_LOGO_BYTES), headers=headers)
    assert exact.status == 200, exact.body
    for size in (MAX_LOGO_BYTES + 1, 500_000):
        over = await files.call("POST", upload, body=pictures.png(size=size), headers=headers)
        assert (over.status, over.reason) == (400, "LOGO_TOO_LARGE")
