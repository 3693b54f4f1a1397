"""moto's S3 server, and a proxy in front of it that checks signatures and can fail on request."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from moto.server import ThreadedMotoServer

from tests.s3.signatures import BadSignature, check

KEY, SECRET, REGION = "AKTESTKEY", "secret-of-tests", "eu-test-1"


@dataclass
class S3:
    """A store with one bucket, and its requests."""

    url: str
    bucket: str = "media"
    calls: list[str] = field(default_factory=list)
    """`PUT /media/files/…` of each accepted request."""
    refused: list[str] = field(default_factory=list)
    """The reasons of refused ones."""
    fails: tuple[int, str] | None = None
    """The status and the code with which everything that writes is answered, when it is to fail."""


class S3Server:
    """moto, for as long as the context is open."""

    @contextmanager
    def running(self) -> Iterator[str]:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        try:
            host, port = server.get_host_and_port()
            yield f"http://{host}:{port}"
        finally:
            server.stop()


@asynccontextmanager
async def guarded(upstream: str) -> AsyncIterator[S3]:
    """The store at `upstream`, emptied and with a bucket, behind the proxy."""
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        await http.post(f"{upstream}/moto-api/reset")
        store = S3("")

        async def answer(request: web.Request) -> web.Response:
            body = await request.read()
            headers = {name.lower(): value for name, value in request.headers.items()}
            try:
                check(request.method, request.path, list(request.query.items()), headers, body, KEY, SECRET)
            except BadSignature as error:
                store.refused.append(f"{request.method} {request.path}: {error}")
                return _error(403, "SignatureDoesNotMatch")
            if store.fails and request.method in ("PUT", "POST"):
                return _error(*store.fails)
            store.calls.append(f"{request.method} {request.path}")
            passed = {name: value for name, value in headers.items() if name not in ("host", "content-length", "expect")}
            async with http.request(
                request.method, f"{upstream}{request.path_qs}", headers=passed, data=io.BytesIO(body)
            ) as response:
                kept = {n: v for n, v in response.headers.items() if n.lower() not in ("transfer-encoding", "connection")}
                return web.Response(status=response.status, headers=kept, body=await response.read())

        app = web.Application(client_max_size=32 << 20)
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        store.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        where = {"LocationConstraint": REGION}
        await http.put(f"{upstream}/{store.bucket}", data=_LOCATION.format(**where), headers={"authorization": _NOBODY})
        yield store
        await runner.cleanup()


_LOCATION = (
    "<CreateBucketConfiguration><LocationConstraint>{LocationConstraint}</LocationConstraint></CreateBucketConfiguration>"
)
_NOBODY = f"AWS4-HMAC-SHA256 Credential={KEY}/20260101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=0"


def _error(status: int, code: str) -> web.Response:
    return web.Response(status=status, text=f"<Error><Code>{code}</Code></Error>", content_type="application/xml")
