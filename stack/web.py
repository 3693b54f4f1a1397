"""Serves the built web pages to the gateway: `python -m stack.web` (FRONTDESK_WEB_LISTEN, FRONTDESK_WEB_ROOT,
FRONTDESK_HOME of a stack on this machine).

A folder of a few files, kept in memory with their gzip form and read again when a build replaces them. It runs behind Envoy,
which has parsed and normalized the request, so it supports just enough HTTP/1.1: GET and HEAD, keep-alive, ETag, gzip.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import mimetypes
import os
import signal
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from stack import status_page
from stack.home import Home

MAX_HEADER_BYTES = 32 << 10
IDLE_SECONDS = 75.0
LOOK_SECONDS = 1.0
"""The minimum interval between checks of the folder for a newer build."""

SHOP = ("/", "/index.html")
APPS = ("/admin/",)
"""The folders of apps that draw pages of their own for the paths below them."""

SECURITY = {
    "content-security-policy": "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
    "cross-origin-opener-policy": "same-origin",
}
NOT_BUILT = b"""<!doctype html><meta charset="utf-8"><title>Frontdesk</title>
<p>The web pages are not built yet: run <code>make web</code>, then reload.</p>
"""


@dataclass(frozen=True)
class Page:
    """One file, ready to send."""

    kind: str
    body: bytes
    packed: bytes
    """The gzip form; empty when it is not smaller."""
    etag: str
    cache: str


@dataclass
class Site:
    """The files of a folder by their URL path; `/x` finds `x`, `x.html` and `x/index.html`. Paths below an app's folder that
    are no file's are pages that the app itself draws, so that each of them has a link: they find its index page."""

    root: Path
    has_shop: bool = True
    """Whether the demo's shop is the front page; without it, `/` leads to the admin app."""
    _pages: dict[str, Page] = field(default_factory=dict)
    _stamp: tuple[tuple[str, int, int], ...] = ()
    _looked: float = float("-inf")

    def page(self, path: str) -> Page | None:
        """The page of a path, or None. Only files found in the folder are ever served: a path is a key, not a location."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._look()
        path = path.partition("?")[0]
        trimmed = path.rstrip("/")
        apps = (f"{app}index.html" for app in APPS if path.startswith(app))
        for candidate in (path, f"{trimmed}/index.html", f"{trimmed}.html", *apps):
            if page := self._pages.get(candidate):
                return page
        return None

    def _look(self) -> None:
        self._looked = time.monotonic()
        files = sorted(p for p in self.root.rglob("*") if p.is_file()) if self.root.is_dir() else []
        stamp = tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files)
        if stamp != self._stamp or not self._pages:
            self._stamp = stamp
            self._pages = {f"/{p.relative_to(self.root).as_posix()}": _page(p, self.root) for p in files}
            self._pages.setdefault("/index.html", Page("text/html; charset=utf-8", NOT_BUILT, b"", '"not-built"', "no-store"))


def _page(file: Path, root: Path) -> Page:
    body = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind in ("application/javascript", "application/json", "image/svg+xml"):
        kind += "; charset=utf-8"
    packed = gzip.compress(body, 9, mtime=0) if "charset" in kind else b""
    # The build puts a hash into the names under assets/, so such a file never changes.
    forever = file.relative_to(root).parts[0] == "assets"
    return Page(
        kind=kind,
        body=body,
        packed=packed if len(packed) < len(body) else b"",
        etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"',
        cache="public, max-age=31536000, immutable" if forever else "no-cache",
    )


def answer(site: Site, method: str, path: str, headers: dict[str, str]) -> bytes:
    """The bytes of the response."""
    if method not in ("GET", "HEAD"):
        return _response(HTTPStatus.METHOD_NOT_ALLOWED, {"allow": "GET, HEAD"}, b"Only GET and HEAD.\n")
    if not site.has_shop and path.partition("?")[0] in SHOP:
        return _response(HTTPStatus.FOUND, {"location": "/admin/", "cache-control": "no-store"}, b"")
    page = site.page(path)
    if page is None:
        return _response(HTTPStatus.NOT_FOUND, {"content-type": "text/plain"}, b"" if method == "HEAD" else b"Not found.\n")
    about = {"content-type": page.kind, "etag": page.etag, "cache-control": page.cache, "vary": "accept-encoding", **SECURITY}
    known = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    if page.etag in known:
        return _response(HTTPStatus.NOT_MODIFIED, about, None)
    body = page.body
    if page.packed and "gzip" in headers.get("accept-encoding", ""):
        about["content-encoding"], body = "gzip", page.packed
    if method == "HEAD":
        return _response(HTTPStatus.OK, {**about, "content-length": str(len(body))}, None)
    return _response(HTTPStatus.OK, about, body)


def _response(status: HTTPStatus, headers: dict[str, str], body: bytes | None) -> bytes:
    if body is not None:
        headers = {**headers, "content-length": str(len(body))}
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


async def serve_connection(site: Site, home: Home | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers the requests of one connection until it is closed, idle, or not HTTP."""
    with contextlib.suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        while True:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE_SECONDS)
            first, *rest = head.decode("latin-1").split("\r\n")
            method, _, target = first.partition(" ")
            path, _, version = target.rpartition(" ")
            headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
            if path == "/status" and home is not None and method in ("GET", "HEAD"):
                code, about, body = status_page.page(await status_page.health(home), headers.get("accept", ""))
                writer.write(_response(code, {**about, "content-length": str(len(body))}, body if method == "GET" else None))
            else:
                writer.write(answer(site, method, path, headers))
            await writer.drain()
            has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
            if has_body or version != "HTTP/1.1" or headers.get("connection", "").lower() == "close":
                break
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def run(listen: str, site: Site, home: Home | None = None) -> None:
    """Serves until SIGTERM or SIGINT. With the home of a running stack there is a page `/status` too."""
    host, _, port = listen.rpartition(":")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        server = await asyncio.start_server(
            lambda reader, writer: serve_connection(site, home, reader, writer), host, int(port), limit=MAX_HEADER_BYTES
        )
    except OSError as error:
        raise SystemExit(f"web can't listen on {listen}: {error.strerror}.") from None
    await stop.wait()
    server.close()


def main() -> None:
    """The body of `python -m stack.web`."""
    root = Path(__file__).resolve().parent.parent / "web" / "dist"
    listen = os.environ.get("FRONTDESK_WEB_LISTEN") or os.environ.get("FRONTDESK_LISTEN") or "127.0.0.1:7107"
    home = Home(Path(given)) if (given := os.environ.get("FRONTDESK_HOME")) else None
    has_shop = os.environ.get("FRONTDESK_DEMO", "true").lower() not in ("false", "0", "no", "off")
    asyncio.run(run(listen, Site(Path(os.environ.get("FRONTDESK_WEB_ROOT") or root), has_shop), home))


if __name__ == "__main__":
    main()
