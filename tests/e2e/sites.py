"""Businesses' sites around the chat: pages of another origin, with headers of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHANNEL = "organizations/demo/channels/webchat"


def snippet(gateway: str, channel: str = CHANNEL, attributes: str = "") -> str:
    """The tag that a business puts on its pages."""
    return f'<script async src="{gateway}/widget.js" data-channel="{channel}" {attributes}></script>'


def page(snippet: str, head: str = "", body: str = "", language: str = "en") -> str:
    """A small page of a shop."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>A shop</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">{head}</head>'
        f"<body><h1>A shop</h1><p>Things to buy.</p><a href='#x'>A link</a>{body}{snippet}</body></html>"
    )


@contextmanager
def serving(html: str, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serves a page on a port of its own and yields its origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in {"content-type": "text/html; charset=utf-8", **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
