"""An OpenAI-compatible chat model for measuring: settable first-token time, tokens and gap, and very cheap.

`POST /v1/chat/completions` streams `tokens` chunks, each written alone as models do, with or without a gap. The text holds
the last word of the question, which a bench makes unique, so that a wrong answer is seen. `POST /pace` with
`{"first": ms, "tokens": n, "gap": ms}` sets the pace.
Run: `python -m bench.model PORT`.
"""

import asyncio
import sys
from dataclasses import dataclass

import httptools
import msgspec

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\ncache-control: no-cache\r\n\r\n"
DONE = b"data: [DONE]\n\n"


class Pace(msgspec.Struct):
    """How a reply comes: milliseconds before the first token, number of tokens, milliseconds between two."""

    first: float = 0.0
    tokens: int = 100
    gap: float = 0.0


class _Message(msgspec.Struct):
    role: str
    content: str


class _Request(msgspec.Struct):
    messages: list[_Message]
    model: str = "test"


@dataclass
class Model:
    """The model's state: its pace, and how often it was asked."""

    pace: Pace
    asked: int = 0


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""
        self._url = b""
        self._tasks: set[asyncio.Task[None]] = set()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        body, self._body = self._body, b""
        assert self._transport is not None
        if self._url.endswith(b"/pace"):
            self._model.pace = msgspec.json.decode(body, type=Pace)
            self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            return
        if self._parser.get_method() == b"GET":  # whether it is there
            self._transport.write(b'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{"data":[]}')
            return
        request = msgspec.json.decode(body, type=_Request)
        self._model.asked += 1
        nonce = request.messages[-1].content.rsplit(" ", 1)[-1]
        task = asyncio.create_task(self._reply(nonce, self._model.pace))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reply(self, nonce: str, pace: Pace) -> None:
        assert self._transport is not None
        tokens = reply_tokens(nonce, pace.tokens)
        if pace.first:
            await asyncio.sleep(pace.first / 1000)
        start = asyncio.get_running_loop().time()
        self._transport.write(HEAD + _chunk(_event(tokens[0])))
        for number, token in enumerate(tokens[1:], 1):
            if pace.gap:
                await asyncio.sleep(start + number * pace.gap / 1000 - asyncio.get_running_loop().time())
            self._transport.write(_chunk(_event(token)))
        self._transport.write(_chunk(_usage(pace.tokens) + DONE) + b"0\r\n\r\n")


SENTENCE = 12
"""Words of a sentence."""


def reply_tokens(nonce: str, count: int) -> list[str]:
    """The reply to a question that ends with `nonce`: sentences, each with a mark that cites the first passage.

    A token is a word, or a word's end with the mark. The words hold no figures, since no passage would have them.
    """
    words = ["It is", f" {nonce}", *(" Word" if n % SENTENCE == 0 else " word" for n in range(2, count))]
    return [f"{word} [1]." if n % SENTENCE == SENTENCE - 1 or n == count - 1 else word for n, word in enumerate(words)]


def reply_text(nonce: str, count: int) -> str:
    """The reply without its marks."""
    return "".join(reply_tokens(nonce, count)).replace(" [1]", "")


def reply_citations(count: int) -> int:
    """The number of its citations."""
    return -(-count // SENTENCE)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _event(token: str) -> bytes:
    delta = {"index": 0, "delta": {"content": token}, "finish_reason": None}
    chunk = {"id": "chatcmpl-test", "object": "chat.completion.chunk", "created": 0, "model": "test", "choices": [delta]}
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"


def _usage(tokens: int) -> bytes:
    usage = {"prompt_tokens": 1000, "completion_tokens": tokens, "total_tokens": 1000 + tokens}
    chunk = {"id": "chatcmpl-test", "object": "chat.completion.chunk", "choices": [], "usage": usage}
    return b"data: " + msgspec.json.encode(chunk) + b"\n\n"


async def serve(port: int) -> None:
    """Serves until cancelled."""
    model = Model(Pace())
    server = await asyncio.get_running_loop().create_server(lambda: Connection(model), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
