"""Customers who speak REST and server-sent events: `python -m tests.fault.browsers CONFIG` (JSON, see `chat.Config`).

Written from the documents alone, without a line of kit and without generated code, so that it shows problems that our own
client would hide.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from tests.fault import chat
from tests.fault.chat import Config, Frame, Session

CERTAIN = (400, 401, 403, 404, 409)
"""Status codes after which nothing has happened."""
SILENT = 30.0
"""Seconds without a byte after which a stream is given up; a heartbeat comes each 20 s."""


@dataclass
class Events:
    """Reads server-sent events from bytes, as in the HTML standard: an empty line ends an event."""

    last_id: str = ""
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8-sig"))
    _rest: str = ""
    _data: list[str] = field(default_factory=list)
    _cr: bool = False

    def feed(self, data: bytes) -> Iterator[str]:
        """The data of every event that is complete now."""
        text = self._decoder.decode(data)
        if self._cr and text:
            text, self._cr = text.removeprefix("\n"), False
        lines = (self._rest + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._cr = text.endswith("\r")
        self._rest = lines.pop()
        for line in lines:
            if not line:
                if self._data:
                    yield "\n".join(self._data)
                self._data = []
                continue
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data":
                self._data.append(value)
            elif name == "id" and "\0" not in value:
                self.last_id = value


class Rest:
    """The wire of a page that has only an HTTP client."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/v1/"

    async def open(self, channel: str) -> Session:
        """POST …:openSession."""
        return _session(await self._post(f"{channel}:openSession", {}, "", 8))

    async def refresh(self, session: Session) -> Session:
        """POST …:refresh."""
        return _session(await self._post(f"{session.name}:refresh", {"secret": session.secret}, "", 6))

    async def send(self, session: Session, text: str, request_id: str) -> bool:
        """POST …:send."""
        body = {"text": text, "requestId": request_id}
        answer = await self._post(f"{session.conversation}:send", body, session.token, 6)
        return bool(answer["state"] == "SEND_STATE_ACCEPTED")

    async def watch(self, session: Session, resume: str) -> AsyncIterator[Frame]:
        """GET …:watch, from the last event's id on where events have one, otherwise from the frame's token."""
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {session.token}"}
        events, params = Events(), {"resumeToken": resume}
        if resume.startswith(ID):
            headers["last-event-id"], params = resume.removeprefix(ID), {}
        timeout = aiohttp.ClientTimeout(total=None, connect=5, sock_read=SILENT)
        try:
            url = f"{self._url}{session.conversation}:watch"
            async with self._http.get(url, headers=headers, params=params, timeout=timeout) as response:
                if response.status != 200:
                    raise chat.Failed(f"{response.status}: {(await response.text())[:200]}")
                async for data in response.content.iter_any():
                    for event in events.feed(data):
                        frame = json.loads(event)
                        yield Frame(f"{ID}{events.last_id}" if events.last_id else frame.get("resumeToken", ""), _event(frame))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise chat.Failed(repr(error)) from error
        raise chat.Failed("the stream ended")

    async def ask_for_human(self, session: Session) -> str:
        """POST …:requestHuman."""
        answer = await self._post(f"{session.conversation}:requestHuman", {}, session.token, 6)
        return str(answer["state"]).removeprefix("CONVERSATION_STATE_")

    async def read_foreign(self, session: Session, conversation: str) -> None:
        """GET …/messages."""
        await self._call("GET", f"{conversation}/messages", None, session.token, 6)

    async def _post(self, path: str, body: dict[str, Any], token: str, seconds: float) -> dict[str, Any]:
        return await self._call("POST", path, body, token, seconds)

    async def _call(self, verb: str, path: str, body: dict[str, Any] | None, token: str, seconds: float) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            timeout = aiohttp.ClientTimeout(total=seconds)
            async with self._http.request(verb, self._url + path, json=body, headers=headers, timeout=timeout) as response:
                text = await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise chat.Failed(repr(error)) from error
        if response.status == 200:
            answer: dict[str, Any] = json.loads(text)
            return answer
        raise (chat.Refused if response.status in CERTAIN else chat.Failed)(_why(response.status, text))


ID = "id:"
"""The prefix of a position that is an event's id, not a frame's token."""


def _why(status: int, text: str) -> str:
    """The reason's name, if the body has one, and the message."""
    try:
        error = json.loads(text)
        reasons = [detail["reason"] for detail in error.get("details", []) if "reason" in detail]
        return f"{next(iter(reasons), status)}: {error.get('message', '')}"
    except (ValueError, AttributeError):
        return f"{status}: {text[:200]}"


def _session(s: dict[str, Any]) -> Session:
    return Session(s["name"], s["conversation"], s["token"], s["secret"])


def _event(frame: dict[str, Any]) -> chat.Message | chat.State | chat.Text | chat.Turn | None:
    if m := frame.get("messageCreated"):
        role, kind = m["role"].removeprefix("PARTICIPANT_ROLE_"), m["kind"].removeprefix("MESSAGE_KIND_")
        return chat.Message(int(m["seq"]), m["name"], role, kind, m["text"], m.get("turn", ""))
    if c := frame.get("conversationUpdated"):
        return chat.State(c["state"].removeprefix("CONVERSATION_STATE_"))
    if d := frame.get("replyDelta"):
        where = int(d.get("attempt", 0)), int(d.get("offset", 0))
        return chat.Text(d["turn"], *where, d.get("text", ""), int(d.get("epoch", 0)))
    if t := frame.get("turnUpdated"):
        return chat.Turn(t["turn"], t["state"].removeprefix("TURN_STATE_"))
    return None


async def main(config: Config) -> None:
    """Writes until SIGTERM."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        await chat.write_all(config, Rest(http, f"http://{config.gateway}"))


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1].encode(), type=Config)))
