"""The process with the screens: `python -m bench.growth.viewers`, controlled by lines of JSON on standard input.

The first line is a `Load`. When all screens are open it reports that; the second line is a list of `Sent`, and the answer, when
all is shown or nothing more comes, is a `Seen`. A screen works as the agents' page: gRPC-web over HTTP/1.1, resumed with its
token when a stream ends. Times are those of the machine's monotonic clock, which all its processes share.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from frontdesk.agent import v1 as pb

from bench.growth.wire import Connection, post

OUT_OF_RANGE = "11"
QUIET_SECONDS = 5.0
"""Without any frame: nothing more comes."""
MAX_SECONDS = 480.0
"""Less than a token's lifetime. A message that has not been shown by then counts as lost."""


class Load(msgspec.Struct):
    """The screens to open."""

    gateway: str
    organization: str
    tokens: list[str]
    """A user's access token for each screen."""


class Sent(msgspec.Struct):
    """A customer's message."""

    conversation: str
    text: str
    """At most 200 characters, so that a preview shows all of it."""
    acknowledged: float


class Seen(msgspec.Struct):
    """The screens' results."""

    waited_ms: list[float]
    """From each message's acknowledgement until a screen showed it or a later one of its conversation; of all screens."""
    lost: int
    """How many of these never came."""
    skipped: int
    """How many were shown only by a later one."""
    frames_per_second: float
    """Of the screen that got most, from the first message until the last frame."""
    resumed: int
    """Streams that had ended early."""
    expired: int
    """Those that could not be resumed."""
    cores: float
    """That this process used meanwhile."""


class Stream(Connection):
    """One call of WatchInbox: its messages go to `frame`."""

    def __init__(self, frame: Callable[[bytes], None]) -> None:
        super().__init__()
        self._frame = frame
        self._rest = b""
        self.status = ""
        """gRPC's, when the call has ended."""

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"grpc-status":
            self.status = value.decode()

    def on_body(self, body: bytes) -> None:
        data, at = self._rest + body, 0
        while len(data) - at >= 5 and len(data) - at - 5 >= (size := int.from_bytes(data[at + 1 : at + 5])):
            frame = data[at + 5 : at + 5 + size]
            if data[at] & 0x80:
                trailers = dict(line.partition(":")[::2] for line in frame.decode().lower().splitlines())
                self.status = trailers.get("grpc-status", "")
            else:
                self._frame(frame)
            at += 5 + size
        self._rest = data[at:]


@dataclass
class Screen:
    """One agent's screen."""

    load: Load
    token: str
    frames: int = 0
    last: float = 0.0
    """When the last frame came."""
    resume_token: str = ""
    shown: dict[str, float] = field(default_factory=dict)
    """When each text was shown first."""
    resumed: int = 0
    expired: int = 0
    is_open: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self) -> None:
        """Runs until cancelled."""
        host, _, port = self.load.gateway.partition(":")
        loop = asyncio.get_running_loop()
        while True:
            _, stream = await loop.create_connection(lambda: Stream(self.frame), host, int(port))
            try:
                await stream.call(self._request())
            except ConnectionError:
                pass
            finally:
                stream.close()
            if stream.status == OUT_OF_RANGE:
                self.expired, self.resume_token = self.expired + 1, ""
            else:
                self.resumed += 1
            await asyncio.sleep(random.uniform(0.1, 0.5))

    def frame(self, data: bytes) -> None:
        """Shows what came."""
        response = pb.WatchInboxResponse.FromString(data)
        self.frames += 1
        self.last = time.perf_counter()
        self.resume_token = response.resume_token
        self.is_open.set()
        for event in response.inbox_events.events:
            if event.HasField("message_created"):
                self.shown.setdefault(event.message_created.preview, self.last)

    def _request(self) -> bytes:
        parent = f"organizations/{self.load.organization}/agents/me"
        message = pb.WatchInboxRequest(parent=parent, resume_token=self.resume_token).SerializeToString()
        headers = {"content-type": "application/grpc-web+proto", "x-grpc-web": "1", "authorization": f"Bearer {self.token}"}
        url = f"http://{self.load.gateway}/frontdesk.agent.v1.InboxService/WatchInbox"
        return post(url, headers, bytes(1) + len(message).to_bytes(4) + message)


def waits(sent: Sequence[Sent], shown: Mapping[str, float]) -> tuple[list[float], int, int]:
    """How long it took until a screen showed each message or a later one of its conversation, in milliseconds.

    Then how many it never showed, and how many by a later one alone. `sent` is in the order in which each conversation has its
    messages.
    """
    found, lost, skipped = [], 0, 0
    later: dict[str, float] = {}
    for message in reversed(sent):
        own = shown.get(message.text)
        moments = [moment for moment in (own, later.get(message.conversation)) if moment is not None]
        if not moments:
            lost += 1
            continue
        skipped += own is None
        later[message.conversation] = min(moments)
        found.append(max(0.0, min(moments) - message.acknowledged) * 1000)
    return found, lost, skipped


async def _view() -> None:
    loop = asyncio.get_running_loop()
    load = msgspec.json.decode(await loop.run_in_executor(None, sys.stdin.readline), type=Load)
    screens = [Screen(load, token) for token in load.tokens]
    tasks = [asyncio.create_task(screen.watch()) for screen in screens]
    for screen in screens:
        await screen.is_open.wait()
    before, used, began = [screen.frames for screen in screens], time.process_time(), time.perf_counter()
    print("open", flush=True)
    sent = msgspec.json.decode(await loop.run_in_executor(None, sys.stdin.readline), type=list[Sent])
    texts = {message.text for message in sent}
    until = time.perf_counter() + MAX_SECONDS
    while time.perf_counter() < until and not all(texts <= screen.shown.keys() for screen in screens):
        if time.perf_counter() - max(screen.last for screen in screens) > QUIET_SECONDS:
            break
        await asyncio.sleep(0.2)
    cores = (time.process_time() - used) / (time.perf_counter() - began)
    for task in tasks:
        task.cancel()
    seconds = max(screen.last for screen in screens) - min(message.acknowledged for message in sent)
    each = [waits(sent, screen.shown) for screen in screens]
    seen = Seen(
        waited_ms=[round(ms, 1) for found, _, _ in each for ms in found],
        lost=sum(lost for _, lost, _ in each),
        skipped=sum(skipped for _, _, skipped in each),
        frames_per_second=max(screen.frames - count for screen, count in zip(screens, before, strict=True)) / seconds,
        resumed=sum(screen.resumed for screen in screens),
        expired=sum(screen.expired for screen in screens),
        cores=cores,
    )
    print(msgspec.json.encode(seen).decode(), flush=True)


if __name__ == "__main__":
    asyncio.run(_view())
