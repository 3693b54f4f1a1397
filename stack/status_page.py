"""The public page `/status`: the health of each activity, as HTML, or as JSON for monitoring.

It shows no programs, stores or addresses. It answers 503 while something is degraded, for monitors that read only the code.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from http import HTTPStatus

from stack import status
from stack.health import DEGRADED, DOWN, OK, Health
from stack.home import Home
from stack.problems import NotRunning

STYLE = (
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:32rem;margin:4rem auto;padding:0 1rem}"
    "li{display:flex;justify-content:space-between;padding:.5rem 0;border-bottom:1px solid #8884}ul{padding:0}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'"
HEADLINES = {OK: "Everything works", DEGRADED: "Some things don't work", DOWN: "We can't accept messages at the moment"}
WORDS = {OK: "works", DEGRADED: "limited", DOWN: "doesn't work"}


async def health(home: Home) -> Health | None:
    """The supervisor's health; None while everything starts or where none runs."""
    try:
        return (await status.read(home)).health
    except NotRunning:
        return None


def page(found: Health | None, accept: str) -> tuple[HTTPStatus, dict[str, str], bytes]:
    """Status, headers and body, as the caller accepts them."""
    state = found.status if found else "starting"
    areas = found.areas if found else {}
    code = HTTPStatus.OK if state == OK else HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"cache-control": "no-store", "content-security-policy": POLICY, "x-content-type-options": "nosniff"}
    if "text/html" in accept:
        return code, {**headers, "content-type": "text/html; charset=utf-8"}, _html(state, areas)
    body = json.dumps({"status": state, "areas": areas}) + "\n"
    return code, {**headers, "content-type": "application/json"}, body.encode()


def _html(state: str, areas: Mapping[str, str]) -> bytes:
    headline = HEADLINES.get(state, "Starting")
    lines = "".join(f"<li><span>{html.escape(name)}</span><span>{WORDS[word]}</span></li>" for name, word in areas.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{headline}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<main><h1>{headline}</h1><ul>{lines}</ul></main></html>\n"
    ).encode()
