"""The page of a web chat, and what its launcher reads, over plain HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from frontdesk.channel import v1 as pb
from google.api import httpbody_pb2

from services.channel.rpc.widget_pages import MAX_FORM
from tests.rpc.channel.conftest import CHANNEL, World
from tests.support import pictures

PNG = pictures.png()
PAGE = "/chat/acme/web"


@pytest.fixture
async def http(world: World) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(world.media_url) as session:
        yield session


async def test_the_page_loads_the_built_script_in_the_right_language_and_nothing_inline(
    world: World, http: aiohttp.ClientSession
) -> None:
    await world.create_channel(title='<script>"Shop" & help', languages=["en", "ar"])
    async with http.get(PAGE, headers={"accept-language": "ar-EG, en;q=0.5"}) as page:
        text = await page.text()
    assert (page.status, page.content_type) == (200, "text/html")
    assert '<html lang="ar" dir="rtl" data-channel="organizations/acme/channels/web" data-language="ar">' in text
    assert "&lt;script&gt;&quot;Shop&quot; &amp; help" in text
    assert text.count("<script") == 1
    assert '<script type="module" src="/widget/chat.js"></script>' in text
    assert "style=" not in text
    assert page.headers["content-security-policy"].endswith("frame-ancestors *")
    assert "microphone=(self)" in page.headers["permissions-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    async with http.get(f"{PAGE}?language=en", headers={"if-none-match": page.headers["etag"]}) as english:
        assert (english.status, 'lang="en" dir="ltr"' in await english.text()) == (200, True)
    known = {"accept-language": "ar", "if-none-match": page.headers["etag"]}
    async with http.get(PAGE, headers=known) as kept:
        assert (kept.status, kept.headers["content-security-policy"]) == (304, page.headers["content-security-policy"])


async def test_only_listed_sites_may_frame_the_page(world: World, http: aiohttp.ClientSession) -> None:
    await world.create_channel(allowed_origins=["https://shop.example", "http://localhost:8080"])
    async with http.get(PAGE) as page:
        policy = page.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://shop.example http://localhost:8080")
    assert "script-src 'self'; style-src 'self';" in policy


async def test_a_chat_that_is_not_there_or_paused_is_a_short_page(world: World, http: aiohttp.ClientSession) -> None:
    for path in ("/chat/acme/none", "/chat/other/web"):
        async with http.get(path) as missing:
            assert (missing.status, missing.content_type) == (404, "text/html")
            assert "<script" not in await missing.text()
    channel = pb.Channel(
        display_name="Chat",
        kind=pb.CHANNEL_KIND_WEB_CHAT,
        state=pb.CHANNEL_STATE_PAUSED,
        web_chat=pb.WebChatConfig(allowed_origins=["https://shop.example"]),
    )
    parent = CHANNEL.rpartition("/channels/")[0]
    request = pb.CreateChannelRequest(parent=parent, channel=channel, channel_id="paused")
    await world.channels.CreateChannel(request, metadata=world.admin())
    async with http.get("/chat/acme/paused") as paused:
        assert (paused.status, "<script" in await paused.text()) == (503, False)
        assert paused.headers["content-security-policy"].endswith("frame-ancestors 'self' https://shop.example")
        assert paused.headers["cache-control"] == "no-store"
    for path in ("/chat/acme/a%2Fb", "/chat/ACME/web", "/chat/acme/web/more"):
        async with http.get(path) as odd:
            assert odd.status == 404


async def test_the_launcher_reads_the_same_as_get_widget_from_listed_sites(world: World, http: aiohttp.ClientSession) -> None:
    await world.create_channel(accent_color="#003366", allowed_origins=["https://shop.example"])
    path = f"{PAGE}/widget.json"
    async with http.get(path, headers={"origin": "https://shop.example"}) as told:
        widget = await told.json()
    assert told.headers["access-control-allow-origin"] == "https://shop.example"
    assert (widget["accentColor"], widget["accentTextColor"], widget["greeting"]) == ("#003366", "#ffffff", "Hi!")
    async with http.get(path, headers={"origin": "https://evil.example"}) as other:
        assert "access-control-allow-origin" not in other.headers
    async with http.get(path, headers={"if-none-match": told.headers["etag"]}) as kept:
        assert kept.status == 304
    async with http.get("/chat/acme/none/widget.json") as missing:
        assert (missing.status, (await missing.json())["code"]) == (404, 5)


async def test_a_logo_is_read_at_a_path_that_changes_with_it(world: World, http: aiohttp.ClientSession) -> None:
    await world.create_channel()
    image = httpbody_pb2.HttpBody(data=PNG)
    request = pb.SetChannelLogoRequest(name=CHANNEL, image=image)
    path = (await world.channels.SetChannelLogo(request, metadata=world.admin())).web_chat.logo_path
    async with http.get(path) as logo:
        assert (logo.status, logo.content_type, await logo.read()) == (200, "image/png", PNG)
    assert logo.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (logo.headers["x-content-type-options"], logo.headers["cross-origin-resource-policy"]) == ("nosniff", "cross-origin")
    await world.channels.RemoveChannelLogo(pb.RemoveChannelLogoRequest(name=CHANNEL), metadata=world.admin())
    async with http.get(path) as gone:
        assert gone.status == 404


async def test_the_site_that_shows_the_chat_is_noted_and_frontdesks_own_page_is_not(
    world: World, http: aiohttp.ClientSession
) -> None:
    created = await world.create_channel(allowed_origins=["https://shop.example"])

    async def seen() -> tuple[str, bool]:
        found = await world.channels.GetChannel(pb.GetChannelRequest(name=CHANNEL), metadata=world.admin())
        assert found.etag == created.etag
        return found.widget_seen_origin, found.HasField("widget_seen_time")

    for referer in (world.media_url, "https://other.example/", "https://[", "nonsense", ""):
        async with http.get(PAGE, headers={"referer": referer}) as page:
            assert page.status == 200
    assert await seen() == ("", False)
    async with http.get(PAGE, headers={"referer": "https://shop.example/cart?id=1"}) as page:
        assert page.status == 200
    assert await seen() == ("https://shop.example", True)


STOP = f"{PAGE}?stop=organizations/acme/mailLinks/gone:{'x' * 43}"
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
ONE_CLICK = b'--b\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n%s\r\nOne-Click\r\n--b--\r\n'


POSTS = (
    (FORM, b"List-Unsubscribe=One-Click", 404),
    (PARTS, ONE_CLICK % b"", 404),
    (FORM, b"", 400),
    (FORM, b"List-Unsubscribe=\xff\xfe", 400),
    (f"{FORM}; charset=none-such", b"List-Unsubscribe=One-Click", 400),
    (FORM, b"a=b&" * 3000, 413),
    (FORM, b"a" * (MAX_FORM + 1), 413),
    (PARTS, b"a" * (MAX_FORM + 1), 400),
    (PARTS, b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n' + b"a" * (MAX_FORM + 1), 413),
    ("multipart/form-data", ONE_CLICK % b"", 400),
    (PARTS, b"", 400),
    (PARTS, (ONE_CLICK % b"")[:-20], 400),
    (PARTS, b"--b\r\n\r\nNo name\r\n--b--\r\n", 400),
    (PARTS, b"--b\r\nno header\r\n\r\nOne-Click\r\n--b--\r\n", 400),
    (PARTS, b"--b\r\ncontent-type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--\r\n", 400),
    (PARTS, ONE_CLICK % b"content-type: text/plain; charset=none-such\r\n", 400),
    (PARTS, ONE_CLICK % b"content-transfer-encoding: none-such\r\n", 400),
    (PARTS, ONE_CLICK % b"content-transfer-encoding: base64\r\n", 400),
    ("application/json", b"{}", 400),
)


async def test_a_post_that_is_no_mail_programs_is_refused_in_words(world: World, http: aiohttp.ClientSession) -> None:
    for kind, body, status in POSTS:
        async with http.post(STOP, data=body, headers={"content-type": kind}) as answer:
            assert (answer.status, answer.content_type) == (status, "text/plain"), (kind, body[:200], await answer.text())


async def test_a_post_without_a_link_is_refused_before_its_body_is_read(world: World, http: aiohttp.ClientSession) -> None:
    for path in (PAGE, f"{PAGE}?stop=x", STOP.replace("/acme/", "/other/", 1)):
        async with http.post(path, data=b"a" * (MAX_FORM + 1), headers={"content-type": FORM}) as answer:
            assert answer.status == 400
