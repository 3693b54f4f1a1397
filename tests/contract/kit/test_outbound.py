"""Calls to servers that a user names, against servers on this machine that behave badly."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import logging
import socket
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kit import outbound
from kit.egress import EgressPolicy
from kit.outbound import Outbound, OutboundError

LOOPBACK = EgressPolicy.of("127.0.0.0/8")
OVERALL = 30.0
BRIEF = 0.3
BOMB = gzip.compress(bytes(10 << 20))


class Names:
    """A resolver that a test writes: a name's answers in turn, the last one forever."""

    def __init__(self, **answers: Sequence[Sequence[str]]) -> None:
        self._answers = {name.replace("_", "."): list(given) for name, given in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        given = self._answers.get(host)
        if given is None:
            raise socket.gaierror("unknown")
        return given.pop(0) if len(given) > 1 else given[0]


class Site:
    """A web server on loopback that keeps what it was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[web.BaseRequest] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        query = request.query
        match request.path:
            case "/page":
                return web.Response(text="hello", headers={"x-method": request.method})
            case "/to":
                return web.Response(
                    status=int(query.get("status", 302)), headers={"location": query["url"], "set-cookie": "a=b"}
                )
            case "/hops":
                left = int(query["left"])
                return web.Response(status=302, headers={"location": f"/hops?left={left - 1}" if left else "/page"})
            case "/big" | "/bad":
                return await self._drip(request, b"x" * 1000, pause=0, status=200 if request.path == "/big" else 500)
            case "/drip":
                return await self._drip(request, b"x", pause=0.02)
            case "/bomb":
                status = int(query.get("status", 200))
                return web.Response(body=BOMB, status=status, headers={"content-encoding": "gzip"})
            case "/picture":
                return web.Response(body=b"png", content_type="image/png")
            case "/cut":
                assert request.transport is not None
                request.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")
                request.transport.close()
            case "/garbage":
                assert request.transport is not None
                request.transport.write(b"\x16\x03 no http\r\n\r\n")
                request.transport.close()
            case "/silent":
                await asyncio.sleep(OVERALL)
        return web.Response(status=404)

    async def _drip(self, request: web.BaseRequest, part: bytes, pause: float, status: int = 200) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        try:
            while True:
                await response.write(part)
                await asyncio.sleep(pause)
        except ConnectionError:
            return response


@asynccontextmanager
async def serving(site: Site, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    server = web.Server(site.handle)
    runner = web.ServerRunner(server, shutdown_timeout=0.05)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    site.port = listener.getsockname()[1]
    await web.SockSite(runner, listener, ssl_context=tls).start()
    try:
        yield site
    finally:
        await runner.cleanup()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving(Site()) as site:
        yield site


@pytest.fixture
async def other() -> AsyncIterator[Site]:
    async with serving(Site()) as site:
        yield site


async def get(url: str, policy: EgressPolicy = LOOPBACK, names: Names | None = None, **options: Any) -> outbound.Response:
    client = Outbound(policy, names) if names else Outbound(policy)
    return await client.request("GET", url, **{"seconds": OVERALL, **options})


async def test_a_page_is_fetched(site: Site) -> None:
    response = await get(f"{site.url}/page?a=b#c", headers={"X-Mine": "1"})
    assert (response.status, response.content, response.media_type) == (200, b"hello", "text/plain; charset=utf-8")
    assert site.requests[0].headers["x-mine"] == "1"
    assert (await get(f"{site.url}/none")).status == 404


async def test_a_call_with_a_body_is_sent(site: Site) -> None:
    response = await Outbound(LOOPBACK).request("POST", f"{site.url}/page", body=b"data")
    assert response.headers["X-Method"] == "POST"


# Where a call may go


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "[::1]", "[::ffff:7f00:1]"],
)
async def test_our_own_network_is_refused_by_each_of_its_names(site: Site, host: str) -> None:
    with pytest.raises(outbound.NotAllowed):
        await get(f"http://{host}:{site.port}/page", EgressPolicy())
    assert not site.requests


@pytest.mark.parametrize(
    "url", ["ftp://8.8.8.8/", "file:///etc/passwd", "http:///page", "/page", "", "http://u:p@8.8.8.8/", "http://u@8.8.8.8/"]
)
async def test_only_http_without_a_user_is_called(url: str) -> None:
    with pytest.raises(outbound.NotAllowed) as refused:
        await get(url)
    assert "u:p" not in str(refused.value)


async def test_a_name_is_refused_when_one_of_its_addresses_is(site: Site) -> None:
    names = Names(two_test=[["127.0.0.1", "10.0.0.1"]])
    with pytest.raises(outbound.NotAllowed):
        await get(f"http://two.test:{site.port}/page", names=names)
    assert not site.requests


async def test_a_name_that_changes_its_address_is_connected_to_as_it_was_checked(site: Site) -> None:
    names = Names(rebind_test=[["127.0.0.1"], ["169.254.169.254"]])
    response = await get(f"http://rebind.test:{site.port}/page", names=names)
    assert response.content == b"hello"
    assert names.asked == ["rebind.test"]
    assert site.requests[0].headers["host"] == f"rebind.test:{site.port}"
    with pytest.raises(outbound.NotAllowed):
        await get(f"http://rebind.test:{site.port}/page", names=names)


async def test_our_own_ports_are_refused_although_loopback_is_allowed(site: Site, other: Site) -> None:
    names = Names(core_test=[["127.0.0.1"]], page_test=[["127.0.0.1"]], localhost=[["127.0.0.1"]])
    policy = EgressPolicy.of("127.0.0.0/8", [f"core.test:{site.port}", "unknown.test:1"])
    for host in ("127.0.0.1", "page.test", "core.test", "localhost", "127.0.0.2"):
        with pytest.raises(outbound.NotAllowed, match="private network"):
            await get(f"http://{host}:{site.port}/page", policy, names)
    with pytest.raises(outbound.NotAllowed):
        await get(f"{other.url}/to?url={site.url}/page", policy, names)
    assert (await get(f"{other.url}/page", policy, names)).content == b"hello"
    assert not site.requests


async def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await get(f"{site.url}/page")).content == b"hello"


# Redirects


async def test_five_redirects_are_followed_and_no_more(site: Site) -> None:
    response = await get(f"{site.url}/hops?left=4")
    assert (response.content, response.url) == (b"hello", f"{site.url}/page")
    with pytest.raises(outbound.BadAnswer, match="more than 5"):
        await get(f"{site.url}/hops?left=5")


@pytest.mark.parametrize(
    "to",
    [
        *("http://10.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://[fd00::1]/", "http://inside.test/"),
        *("http://2130706433/", "//10.0.0.1/", "file:///etc/passwd", "http://u:p@127.0.0.1/", "gopher://127.0.0.1/"),
    ],
)
async def test_a_redirect_leads_to_nothing_that_may_not_be_called(site: Site, to: str) -> None:
    with pytest.raises(outbound.NotAllowed):
        await get(f"{site.url}/to?url={to}", names=Names(inside_test=[["10.0.0.1"]]))


async def test_a_redirect_to_another_origin_takes_no_secrets_along(site: Site, other: Site) -> None:
    headers = {"Authorization": "Bearer x", "X-Api-Key": "y", "Accept": "text/html"}
    await get(f"{site.url}/to?url=/page", headers=headers)
    assert site.requests[-1].headers["authorization"] == "Bearer x"
    await get(f"{site.url}/to?url={other.url}/page", headers=headers)
    (request,) = other.requests
    assert request.headers["accept"] == "text/html"
    assert not {"authorization", "x-api-key", "cookie", "referer"} & {name.lower() for name in request.headers}


async def test_only_reading_calls_follow_redirects(site: Site) -> None:
    response = await Outbound(LOOPBACK).request("POST", f"{site.url}/to?url=/page&status=307", body=b"secret")
    assert (response.status, len(site.requests)) == (307, 1)


async def test_https_does_not_lead_to_http(site: Site, tmp_path: Path) -> None:
    server, client = certificates(tmp_path, "secure.test")
    names = Names(secure_test=[["127.0.0.1"]])
    async with serving(Site(), server) as secure:
        trusting = Outbound(LOOPBACK, names, client)
        at = f"https://secure.test:{secure.port}"
        assert (await trusting.request("GET", f"{at}/to?url=/page")).content == b"hello"
        with pytest.raises(outbound.BadAnswer, match="from https to http"):
            await trusting.request("GET", f"{at}/to?url={site.url}/page")
        assert not site.requests
        with pytest.raises(outbound.Unreachable):
            await get(f"{at}/page", names=names)  # a certificate of no one we know
        with pytest.raises(outbound.Unreachable):
            await trusting.request("GET", f"https://127.0.0.1:{secure.port}/page")  # of another name


def certificates(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server that is called so, and a client that believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=file)


# An error names no cause


async def test_what_cannot_be_had_looks_alike_whatever_the_reason(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "frontdesk")
    told, names = set(), Names(known_test=[["127.0.0.1"]])
    with socket.create_server(("127.0.0.1", 0)) as full:  # the kernel takes the connection, and nothing answers
        silent = full.getsockname()[1]
        for url in (
            "http://127.0.0.1:1/?key=hidden",
            f"http://127.0.0.1:{silent}/?key=hidden",
            f"https://127.0.0.1:{site.port}/?key=hidden",
            "http://unknown.test/?key=hidden",
            "http://known.test:99999/?key=hidden",
            *(f"{site.url}{path}?key=hidden" for path in ("/silent", "/cut", "/garbage")),
        ):
            with pytest.raises(outbound.Unreachable) as failed:
                await get(url, names=names, seconds=BRIEF)
            told.add(str(failed.value))
            assert failed.value.__cause__ is None
            assert failed.value.__suppress_context__
    assert told == {"it gives no complete answer within 0.3 seconds."}
    assert len(caplog.records) == 8
    assert {record.levelname for record in caplog.records} == {"DEBUG"}
    assert not any("hidden" in str(record.__dict__) for record in caplog.records)


# How much is taken


async def test_the_whole_call_ends_in_its_time(site: Site) -> None:
    started = time.monotonic()
    with pytest.raises(outbound.Unreachable):
        await get(f"{site.url}/drip", seconds=BRIEF)
    assert time.monotonic() - started < 3


async def test_an_answer_is_cut_off_at_the_limit(site: Site) -> None:
    with pytest.raises(outbound.TooLarge) as refused:
        await get(f"{site.url}/big", max_bytes=100_000)
    assert refused.value.limit == 100_000
    failure = await get(f"{site.url}/bad", max_bytes=5000)
    assert (failure.status, len(failure.content)) == (500, 5000)
    assert len((await get(f"{site.url}/page", max_bytes=5)).content) == 5


async def test_a_compressed_answer_is_unpacked_within_the_bound(site: Site) -> None:
    with pytest.raises(outbound.TooLarge):
        await get(f"{site.url}/bomb")
    assert site.requests[0].headers["accept-encoding"] == "identity"
    assert (await get(f"{site.url}/bomb?status=500")).content == BOMB


async def test_only_wanted_types_are_read(site: Site) -> None:
    assert (await get(f"{site.url}/page", media_types={"text/plain"})).content == b"hello"
    with pytest.raises(outbound.MediaTypeRefused) as refused:
        await get(f"{site.url}/picture", media_types={"text/plain"})
    assert refused.value.media_type == "image/png"
    assert (await get(f"{site.url}/none", media_types={"text/html"})).status == 404


async def test_a_session_for_streams_obeys_the_policy(site: Site) -> None:
    async with await Outbound(LOOPBACK).session() as session:
        async with session.get(f"{site.url}/to?url=/page") as response:
            assert await response.read() == b"hello"
        with pytest.raises(OutboundError):
            await session.get(f"{site.url}/to?url=http://10.0.0.1/")
