"""Web chats over plain HTTP: its page, what its launcher needs, and its logo.

`GET /chat/{organization}/{channel}`: the page, in a frame of the business's site or on its own. Its scripts are the built ones
(`/widget/chat.js`), so a site's scripts can't reach the session. `GET …/widget.json`: the same as GetWidget, for the launcher,
which runs in the site's page. `POST /chat/{organization}/{channel}?stop=…`: a mail program stops mails to a customer by one
click (RFC 8058); a GET of the same link is the page, which asks first. `GET
/v1/media/logo/{organization}/{channel}/{sha256}`: the logo.
"""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from google.protobuf.json_format import MessageToJson

from kit import errors
from kit.ids import OrganizationId
from kit.plain_http import FOR_LOG, NoSuchPath
from services.channel.app.chat_mail import ChatMailApp
from services.channel.app.widgets import WidgetApp
from services.channel.convert import web_chat
from services.channel.domain import languages
from services.channel.domain.channels import ChannelId, ChannelKindMismatch, WebChatConfig
from services.channel.domain.mail import MailLinkId
from services.channel.domain.widgets import Widget

_ID = "[a-z0-9][a-z0-9-]{0,62}"
_PLACE = f"/chat/{{organization:{_ID}}}/{{channel:{_ID}}}"
_STOP = re.compile(rf"organizations/(?P<organization>{_ID})/mailLinks/(?P<id>{_ID}):(?P<secret>[\w.~-]{{20,128}})", re.ASCII)
MAX_FORM = 16 << 10
"""Of the body of a mail program's POST, which says two words."""
_NO_STOP = "This isn't the POST of a link in List-Unsubscribe (RFC 8058)."
_UNREADABLE = (ValueError, LookupError, RuntimeError, AssertionError, HttpProcessingError, web.RequestPayloadError)
"""Errors of aiohttp for a form that isn't one: unknown boundaries, charsets and encodings, and parts that are cut."""
SCRIPT, STYLE = "/widget/chat.js", "/widget/chat.css"
"""The built page: names that stay, because this page must find them."""
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
)
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",  # for voice messages
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}
_HEAD = """<!doctype html>
<html lang="{language}" dir="{direction}"{data}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<title>{title}</title>
"""
_PAGE = (
    _HEAD
    + """<link rel="stylesheet" href="{style}">
<script type="module" src="{script}"></script>
</head>
<body>
<div id="root"></div>
<noscript>This chat needs JavaScript. Turn it on in your browser, and reload the page.</noscript>
</body>
</html>
"""
)
_NOTICE = (
    _HEAD
    + """</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
</main>
</body>
</html>
"""
)


@dataclass
class WidgetPages:
    app: WidgetApp
    mail: ChatMailApp
    unavailable: tuple[type[BaseException], ...]
    """Exceptions that mean a store can't be reached."""

    def __post_init__(self) -> None:
        self._failures: tuple[type[BaseException], ...] = (errors.FrontdeskError, *self.unavailable)

    def add_to(self, application: web.Application) -> None:
        """Adds the routes."""
        application.router.add_get(_PLACE, self._page)
        application.router.add_post(_PLACE, self._stop_mails)
        application.router.add_get(f"{_PLACE}/widget.json", self._widget)
        application.router.add_get(
            f"/v1/media/logo/{{organization:{_ID}}}/{{channel:{_ID}}}/{{sha256:[0-9a-f]{{64}}}}", self._logo
        )

    async def _page(self, request: web.Request) -> web.Response:
        place = _place(request)
        try:
            widget = await self._found(request)
        except (errors.NotFound, ChannelKindMismatch):
            return _notice(404, "No such chat", "There is no chat at this address. Check the link, or ask the site's owner.")
        except self._failures:
            ancestors = await self._ancestors(*place)
            text = "This chat can't be used at the moment. Please come back later."
            return _notice(503, "Back later", text, ancestors)
        await self._note_seen(request, widget, request.headers.get("Referer", ""))
        organization, channel = place
        name = f"organizations/{organization}/channels/{channel}"
        body = _PAGE.format(
            language=escape(widget.language),
            direction=languages.direction(widget.language),
            data=f' data-channel="{escape(name)}" data-language="{escape(widget.language)}"',
            title=escape(widget.title),
            style=STYLE,
            script=SCRIPT,
        )
        policy = _POLICY + _frame_ancestors(widget.config)
        return _answer(request, body, "text/html", {**_HEADERS, "Content-Security-Policy": policy})

    async def _stop_mails(self, request: web.Request) -> web.Response:
        organization, _ = _place(request)
        link = _STOP.fullmatch(request.query.get("stop", ""))
        if link is None or link["organization"] != organization:
            return web.Response(status=400, text=_NO_STOP)
        try:
            form = await request.clone(client_max_size=MAX_FORM).post()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413, text=f"{_NO_STOP} Its body is too large.")
        except _UNREADABLE:
            return web.Response(status=400, text=f"{_NO_STOP} Its body can't be read.")
        if form.get("List-Unsubscribe") != "One-Click":
            return web.Response(status=400, text=_NO_STOP)
        try:
            await self.mail.stop(organization, MailLinkId(link["id"]), link["secret"])
        except errors.NotFound as error:
            return web.Response(status=404, text=error.message)
        except self._failures:
            return web.Response(status=503, text="Try again later.", headers={"Retry-After": "60"})
        return web.Response(text="No more mails go to this address.")

    async def _widget(self, request: web.Request) -> web.Response:
        widget = await self._found(request)
        await self._note_seen(request, widget, request.headers.get("Origin", ""))
        body = MessageToJson(web_chat.widget_to_pb(widget), indent=None, always_print_fields_with_no_presence=True)
        headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
        allowed, origin = widget.config.allowed_origins, request.headers.get("Origin", "").lower()
        if not allowed:
            headers["Access-Control-Allow-Origin"] = "*"
        elif origin in allowed:
            headers |= {"Access-Control-Allow-Origin": origin}
        headers["Vary"] = "Accept-Language, Origin"
        return _answer(request, body, "application/json", headers)

    async def _note_seen(self, request: web.Request, widget: Widget, address: str) -> None:
        """Notes which site shows the chat; a store that is unavailable keeps no one from chatting."""
        try:
            parts = urlsplit(address[:2000].lower())
        except ValueError:  # a browser sends no such address
            return
        own = {request.host, *request.headers.get("X-Forwarded-Host", "").lower().replace(" ", "").split(",")}
        if parts.netloc and parts.netloc not in own:
            with suppress(*self._failures):
                await self.app.note_seen(widget, f"{parts.scheme}://{parts.netloc}")

    async def _logo(self, request: web.Request) -> web.Response:
        sha256 = request.match_info["sha256"]
        logo = await self.app.logo(*_place(request), sha256)
        if logo is None:
            raise NoSuchPath
        headers = {
            "ETag": f'"{sha256}"',
            "Cache-Control": "public, max-age=31536000, immutable",
            "Cross-Origin-Resource-Policy": "cross-origin",  # the launcher shows it in the site's page
        }
        return web.Response(body=logo.content, content_type=logo.media_type, headers=headers)

    async def _found(self, request: web.Request) -> Widget:
        wanted = request.query.get("language", "")[:100]
        accepted = languages.accepted(request.headers.get("Accept-Language", "")[:1000])
        return await self.app.get(*_place(request), [*languages.accepted(wanted), *accepted])

    async def _ancestors(self, organization: OrganizationId, channel: ChannelId) -> str:
        """The sites that may embed the page of a chat that can't be used now."""
        try:
            _, config = await self.app.find(organization, channel)
        except self._failures:
            return "*"
        return _frame_ancestors(config)


def _place(request: web.Request) -> tuple[OrganizationId, ChannelId]:
    organization, channel = request.match_info["organization"], request.match_info["channel"]
    request[FOR_LOG] |= {"organization": organization, "channel": channel}
    return OrganizationId(organization), ChannelId(channel)


def _frame_ancestors(config: WebChatConfig) -> str:
    """The sites that may embed a chat; Frontdesk's own pages always may, for the preview."""
    return " ".join(("'self'", *config.allowed_origins)) if config.allowed_origins else "*"


def _notice(status: int, title: str, text: str, ancestors: str = "*") -> web.Response:
    body = _NOTICE.format(language="en", direction="ltr", data="", title=escape(title), text=escape(text))
    headers = {**_HEADERS, "Cache-Control": "no-store", "Content-Security-Policy": _POLICY + ancestors}
    return web.Response(status=status, text=body, content_type="text/html", headers=headers)


def _answer(request: web.Request, body: str, kind: str, headers: dict[str, str]) -> web.Response:
    """A text, or that the browser has it already. The tag covers the policy too: it comes with the page that is kept."""
    digest = hashlib.sha256("\n".join((headers.get("Content-Security-Policy", ""), body)).encode()).hexdigest()
    tag = f'"{digest[:20]}"'
    known = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    if tag in known:
        return web.Response(status=304, headers={**headers, "ETag": tag})
    return web.Response(text=body, content_type=kind, headers={**headers, "ETag": tag})
