"""Twilio's answers: its REST API below /2010-04-01, and the tests' control calls below /control."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from tests.twilio import callbacks
from tests.twilio.accounts import PREFIX, Account, Media, Message
from tests.twilio.faults import ACCEPTING, Fault, Faults

LONGEST = 1_600
CARRIED = ("image/jpeg", "image/png", "audio/ogg", "audio/mpeg", "video/mp4", "application/pdf", "text/vcard")
"""Some of the content types that WhatsApp carries."""
SILENCE_SECONDS = 120.0


class Twilio:
    """One account at Twilio. `url` replaces https://api.twilio.com."""

    def __init__(self, account: Account | None = None, faults: Faults | None = None) -> None:
        self.account = account or Account()
        self.faults = faults or Faults()
        self.url = ""
        self.webhooks: list[tuple[dict[str, str], list[int | str]]] = []
        """Every webhook, with the outcome of each try."""
        self.calls: list[Fault] = []
        """The outcome of each call that sends a message."""
        self._background: set[asyncio.Task[Any]] = set()
        self._http: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[Twilio]:
        """Serves on 127.0.0.1 while the context is open."""
        app = web.Application()
        base = "/2010-04-01/Accounts/{sid}"
        app.router.add_get(base + ".json", self._account)
        app.router.add_post(base + "/Messages.json", self._send)
        app.router.add_get(base + "/Messages.json", self._list)
        app.router.add_get(base + "/Messages/{message}/Media.json", self._media_list)
        app.router.add_get(base + "/Messages/{message}/Media/{media}", self._media)
        app.router.add_get("/cdn/{media}", self._cdn)
        app.router.add_post("/control/say", self._control_say)
        app.router.add_post("/control/faults", self._control_faults)
        app.router.add_get("/control/accepted", self._control_accepted)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await web.TCPSite(runner, "127.0.0.2", runner.addresses[0][1]).start()  # where files are
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as self._http:
            try:
                yield self
            finally:
                for task in list(self._background):
                    task.cancel()
                await asyncio.gather(*self._background, return_exceptions=True)
                await runner.cleanup()

    # ---- what customers do -----------------------------------------------------------------------------------------

    def says(self, customer: str, body: str, age: timedelta = timedelta(), **fields: str) -> Message:
        """A customer, such as `+4915112345678`, writes; the webhook goes out behind it. `fields`: more of its parameters."""
        message = self.account.receive(customer, body, int(fields.get("NumMedia", "0")), age)
        self._bring(message, fields)
        return message

    def _bring(self, message: Message, fields: dict[str, str]) -> None:
        form = {
            "MessageSid": message.sid,
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "AccountSid": self.account.sid,
            "From": message.sender,
            "To": message.recipient,
            "Body": message.body,
            "WaId": message.sender.removeprefix(PREFIX + "+"),
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
            **fields,
        }
        if not self.faults.webhooks_lost:
            for _ in range(self.faults.webhook_copies):
                self._start(self._notify(self.account.webhook, form))

    def sends(self, customer: str, *files: tuple[bytes, str], body: str = "", **fields: str) -> Message:
        """A customer sends files: their bytes and media types."""
        message = self.account.receive(customer, body, len(files))
        more = {"MessageSid": message.sid, "NumMedia": str(len(files))} | fields
        for number, (content, content_type) in enumerate(files):
            media = Media(message.sid, content, content_type)
            self.account.media.append(media)
            url = f"https://api.twilio.com/2010-04-01/Accounts/{self.account.sid}/Messages/{message.sid}/Media/{media.sid}"
            more |= {f"MediaUrl{number}": url, f"MediaContentType{number}": content_type}
        self._bring(message, more)
        return message

    async def quiet(self) -> None:
        """Waits until all webhooks have been sent."""
        while self._background:
            await asyncio.wait(set(self._background))

    # ---- webhooks ----------------------------------------------------------------------------------------------------

    async def _notify(self, url: str, form: dict[str, str]) -> None:
        assert self._http is not None
        self.webhooks.append((form, await callbacks.send(self._http, url, form, self.account.token)))

    async def _progress(self, message: Message) -> None:
        """Moves an accepted message through its states, with callbacks: "Outbound Message Status in Status Callbacks"."""
        statuses = list(self.faults.statuses)
        if not self.account.takes_free_text(message.recipient):
            statuses = ["undelivered"]
            message.error_code = 63016
        elif message.media_url and (problem := await self._fetch(message)):
            statuses = ["undelivered"]
            message.error_code = problem
        if self.faults.statuses_shuffled:
            self.faults.random.shuffle(statuses)
        for status in statuses:
            await asyncio.sleep(self.faults.status_seconds)
            message.status = status
            if message.status_callback and not self.faults.statuses_lost:
                form = {
                    "MessageSid": message.sid,
                    "MessageStatus": status,
                    "SmsSid": message.sid,
                    "SmsStatus": status,
                    "AccountSid": self.account.sid,
                    "From": message.sender,
                    "To": message.recipient,
                    "ApiVersion": "2010-04-01",
                }
                if message.error_code:
                    form["ErrorCode"] = str(message.error_code)
                for _ in range(self.faults.status_copies):
                    await self._notify(message.status_callback, form)

    async def _fetch(self, message: Message) -> int:
        """Fetches the file of a message; an error code, or 0: "Guidance on WhatsApp Media Messages"."""
        assert self._http is not None
        async with self._http.head(message.media_url) as head, self._http.get(message.media_url) as response:
            if head.status != 200 or response.status != 200:
                return 63019
            message.fetched = await response.read(), response.content_type
            limit = 5 << 20 if response.content_type.startswith("image/") else 16 << 20
            return 0 if response.content_type in CARRIED and len(message.fetched[0]) <= limit else 63021

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # ---- the REST API ----------------------------------------------------------------------------------------------

    async def _account(self, request: web.Request) -> web.Response:
        if problem := self._unauthorized(request):
            return problem
        return web.json_response({"sid": self.account.sid, "status": self.account.status, "friendly_name": "Simulated"})

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if problem := self._unauthorized(request):
            return problem
        form = await request.post()
        fields = {name: str(value) for name, value in form.items()}
        fault = self.faults.draw()
        self.calls.append(fault)
        if fault in (Fault.NONE, *ACCEPTING):
            if problem := self._invalid(fields):
                return problem
            message = self.account.accept(*(fields.get(name, "") for name in ("To", "Body", "StatusCallback", "MediaUrl")))
            self._start(self._progress(message))
            answer = web.json_response(message.as_json(), status=201)
        else:
            answer = _problem(400, 21211, "Invalid 'To' Phone Number.") if fault is Fault.REFUSED else web.Response()
        return await self._answered(request, fault, answer)

    async def _answered(self, request: web.Request, fault: Fault, answer: web.Response) -> web.StreamResponse:
        match fault:
            case Fault.SILENCE | Fault.ACCEPT_SILENCE:
                await asyncio.sleep(SILENCE_SECONDS)
            case Fault.RESET | Fault.ACCEPT_RESET:
                assert request.transport is not None
                request.transport.abort()
            case Fault.ERROR | Fault.ACCEPT_ERROR:
                return _problem(500, 20500, "Internal Server Error")
            case Fault.BUSY:
                return _problem(429, 20429, "Too Many Requests", {"Retry-After": "1"})
            case Fault.ACCEPT_SLOW:
                await asyncio.sleep(2.0)
        return answer

    async def _list(self, request: web.Request) -> web.Response:
        if problem := self._unauthorized(request):
            return problem
        query = request.query
        since = datetime.fromisoformat(query["DateSent>"]) if "DateSent>" in query else None
        found = self.account.listed(query.get("From", ""), query.get("To", ""), since)
        size, page = min(int(query.get("PageSize", "50")), 1000), int(query.get("Page", "0"))
        shown = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        following = request.rel_url.update_query(Page=str(page + 1), PageToken=f"PA{shown[-1].sid}") if more else None
        return web.json_response(
            {
                "messages": [message.as_json() for message in shown],
                "page": page,
                "page_size": size,
                "uri": str(request.rel_url),
                "next_page_uri": str(following) if following else None,
            }
        )

    async def _media_list(self, request: web.Request) -> web.Response:
        if problem := self._unauthorized(request):
            return problem
        found = [media for media in self.account.media if media.message == request.match_info["message"]]
        return web.json_response({"media_list": [{"sid": media.sid, "content_type": media.content_type} for media in found]})

    async def _media(self, request: web.Request) -> web.Response:
        """Redirects to where the bytes are: another host, by a URL that is its own authorization."""
        if problem := self._unauthorized(request):
            return problem
        if self.faults.media:
            return _problem(self.faults.media.popleft(), 20500, "On request.")
        if all(media.sid != request.match_info["media"] for media in self.account.media):
            return _problem(404, 20404, "The requested resource was not found")
        location = (
            self.faults.media_location or f"{self.url.replace('127.0.0.1', '127.0.0.2')}/cdn/{request.match_info['media']}"
        )
        return web.Response(status=307, headers={"Location": location})

    async def _cdn(self, request: web.Request) -> web.Response:
        if "Authorization" in request.headers:
            return web.Response(status=400, text="Only one auth mechanism allowed")
        (media,) = [media for media in self.account.media if media.sid == request.match_info["media"]]
        return web.Response(body=media.content, content_type=media.content_type)

    def _unauthorized(self, request: web.Request) -> web.Response | None:
        wanted = base64.b64encode(f"{self.account.sid}:{self.account.token}".encode()).decode()
        if request.match_info["sid"] != self.account.sid or request.headers.get("Authorization") != f"Basic {wanted}":
            return _problem(401, 20003, "Authenticate")
        return None

    def _invalid(self, fields: dict[str, str]) -> web.Response | None:
        if not fields.get("To", "").startswith(PREFIX):
            return _problem(400, 21211, "Invalid 'To' Phone Number.")
        if fields.get("From") != PREFIX + self.account.number:
            return _problem(400, 63007, "Twilio could not find a Channel with the specified From address")
        if not fields.get("Body") and not fields.get("MediaUrl"):
            return _problem(400, 21619, "A text message body or media urls must be specified.")
        if len(fields.get("Body", "")) > LONGEST:
            return _problem(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        return None

    # ---- for tests in other processes ------------------------------------------------------------------------------

    async def _control_say(self, request: web.Request) -> web.Response:
        said = await request.json()
        message = self.says(said.pop("customer"), said.pop("body"), **said)
        return web.json_response({"sid": message.sid})

    async def _control_faults(self, request: web.Request) -> web.Response:
        for name, value in (await request.json()).items():
            if name == "next":
                self.faults.next.extend(Fault(each) for each in value)
            elif name == "chances":
                self.faults.chances = {Fault(each): float(chance) for each, chance in value.items()}
            else:
                setattr(self.faults, name, tuple(value) if isinstance(value, list) else value)
        return web.json_response({})

    async def _control_accepted(self, request: web.Request) -> web.Response:
        return web.json_response([message.as_json() for message in self.account.accepted(request.query.get("customer", ""))])


def _problem(status: int, code: int, words: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"code": code, "message": words, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}
    return web.json_response(body, status=status, headers=headers)
