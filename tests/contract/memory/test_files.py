"""Files are read in processes of their own, and web pages fetched only from where it is allowed."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psutil
import pytest
from aiohttp import web

from kit.egress import EgressPolicy
from services.memory.adapters.pages import WebPages
from services.memory.adapters.reading import ChildReader
from services.memory.domain import problems
from services.memory.domain.documents import MediaType
from tests.unit.memory.test_reading import PAGE, pdf

LOOPBACK = EgressPolicy.of("127.0.0.0/8, ::1/128")


async def test_a_file_is_read_in_a_child() -> None:
    reading = await ChildReader().read(pdf(["Returns are free."]), MediaType.PDF)
    assert [chunk.text for chunk in reading.chunks] == ["Returns are free."]
    assert (await ChildReader().read(PAGE.encode(), MediaType.HTML)).title == "Sizing"
    assert (await ChildReader().read(b"# T\n\n" + b"word " * 40_000, MediaType.MARKDOWN)).title == "T"


def bomb() -> bytes:
    """A PDF whose one page unpacks to half a gigabyte."""
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(512)) + packer.flush()
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(data), data)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        stream,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(out))


async def test_a_bomb_hurts_no_one() -> None:
    with suppress(problems.DocumentProblem):
        assert not (await ChildReader().read(bomb(), MediaType.PDF)).chunks
    assert not readers()
    assert (await ChildReader().read(b"<p>still here", MediaType.HTML)).chunks


async def test_a_reader_that_takes_too_long_is_ended() -> None:
    with pytest.raises(problems.DocumentUnreadable, match="too long"):
        await ChildReader(seconds=0.0).read(PAGE.encode(), MediaType.HTML)
    assert not readers()


def readers() -> list[psutil.Process]:
    """Reading processes of ours that still run."""
    return [child for child in psutil.Process().children() if any("adapters.reading" in part for part in child.cmdline())]


@asynccontextmanager
async def site() -> AsyncIterator[str]:
    """A web server on this machine."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    async def huge(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/plain"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        except ConnectionError:
            return response

    async def silent(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=b"\x89PNG\0", content_type="image/png")

    async def packed(request: web.Request) -> web.Response:
        return web.Response(body=b"x", headers={"content-encoding": "br"})

    async def zipped(request: web.Request) -> web.Response:
        return web.Response(
            body=gzip.compress(PAGE.encode()), headers={"content-encoding": "gzip", "content-type": "text/html"}
        )

    async def bomb(request: web.Request) -> web.Response:
        return web.Response(
            body=gzip.compress(b"x" * 10_000_000), headers={"content-encoding": "gzip", "content-type": "text/plain"}
        )

    async def cookie(request: web.Request) -> web.Response:
        if request.cookies.get("seen"):
            return web.Response(text=PAGE, content_type="text/html")
        raise web.HTTPFound("/cookie", headers={"set-cookie": "seen=1; path=/"})

    async def stored(request: web.Request) -> web.Response:
        return web.Response(body=PAGE.encode("cp1252"), headers={"content-type": "binary/octet-stream"})

    async def russian(request: web.Request) -> web.Response:
        return web.Response(body="<p>Доставка".encode("cp1251"), headers={"content-type": "text/html; charset=windows-1251"})

    app = web.Application()
    for path, handler in (
        ("/page", page),
        ("/moved", moved),
        ("/huge", huge),
        ("/silent", silent),
        ("/picture", picture),
        ("/packed", packed),
        ("/zipped", zipped),
        ("/bomb", bomb),
        ("/cookie", cookie),
        ("/stored.html", stored),
        ("/russian", russian),
    ):
        app.router.add_get(path, handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await runner.cleanup()


async def test_a_page_is_fetched_also_after_redirects() -> None:
    async with site() as url:
        pages = WebPages(LOOPBACK)
        assert (await pages.fetch(f"{url}/page")).content == PAGE.encode()
        assert (await pages.fetch(f"{url}/moved?to=/page")).media_type is MediaType.HTML


@pytest.mark.parametrize("path", ["/zipped", "/cookie", "/stored.html"])
async def test_a_page_is_fetched_as_a_browser_would(path: str) -> None:
    async with site() as url:
        page = await WebPages(LOOPBACK).fetch(f"{url}{path}")
    assert (page.content.decode(), page.media_type) == (PAGE, MediaType.HTML)


async def test_the_encoding_that_a_server_names_is_kept() -> None:
    async with site() as url:
        page = await WebPages(LOOPBACK).fetch(f"{url}/russian")
    assert (page.charset, page.media_type) == ("windows-1251", MediaType.HTML)


async def test_a_page_that_unpacks_beyond_the_bound_is_refused() -> None:
    async with site() as url:
        with pytest.raises(problems.DocumentTooLarge):
            await WebPages(LOOPBACK, most_bytes=300_000).fetch(f"{url}/bomb")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/missing", problems.FetchFailed),
        ("/moved?to=/moved%3Fto%3D/moved", problems.DocumentProblem),
        ("/huge", problems.DocumentTooLarge),
        ("/silent", problems.FetchFailed),
        ("/picture", problems.MediaTypeUnsupported),
        ("/packed", problems.FetchFailed),
        ("/moved?to=http://10.0.0.1/", problems.AddressNotAllowed),
        ("/moved?to=http://169.254.169.254/latest/meta-data", problems.AddressNotAllowed),
        ("/moved?to=file:///etc/passwd", problems.AddressNotAllowed),
    ],
)
async def test_a_page_that_cannot_be_had_is_reported(path: str, problem: type[Exception]) -> None:
    pages = WebPages(LOOPBACK, seconds=0.5 if path == "/silent" else 30.0, most_bytes=300_000)
    async with site() as url:
        with pytest.raises(problem):
            await pages.fetch(f"{url}{path}")


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:{port}/page",
        "http://localhost:{port}/page",
        "http://2130706433:{port}/page",
        "http://0x7f.1:{port}/page",
        "http://0.0.0.0:{port}/page",
        "http://[::1]:{port}/page",
        "http://[::ffff:127.0.0.1]:{port}/page",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://user:secret@8.8.8.8/",
        "ftp://8.8.8.8/",
        "http:///nothing",
    ],
)
async def test_our_own_network_is_never_reached(uri: str) -> None:
    async with site() as url:
        with pytest.raises(problems.AddressNotAllowed) as refused:
            await WebPages(EgressPolicy()).fetch(uri.format(port=url.rpartition(":")[2]))
    assert "secret" not in f"{refused.value} {refused.value.metadata}", "an address is repeated without its password"


async def test_an_allowed_network_does_not_open_its_neighbours() -> None:
    with pytest.raises(problems.AddressNotAllowed):
        await WebPages(EgressPolicy.of("10.0.0.0/24")).fetch("http://10.0.1.1/")
