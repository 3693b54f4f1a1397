"""The embedder answers as OpenAI would, and refuses what it can't do in words."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import msgspec
import numpy as np
import pytest

from embedder.api import Api
from embedder.http import MAX_BODY_BYTES, Server
from embedder.lanes import Lanes
from embedder.model import DIMENSION, Encoded, Vector
from services.memory.adapters.http import Http, HttpError
from services.memory.adapters.openai_embedder import OpenAiEmbedder
from services.memory.domain.problems import EmbedderUnavailable


class CountingModel:
    """Embeds a text by its length, and remembers the threads it ran on."""

    def __init__(self) -> None:
        self.runs: list[int] = []

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        return [Encoded([1] * (len(text.split()) + 2)) for text in texts]

    def run(self, text: Encoded) -> Vector:
        self.runs.append(threading.get_ident())
        vector = np.zeros(DIMENSION, np.float32)
        vector[len(text) % DIMENSION] = 1.0
        return vector


@asynccontextmanager
async def running(model: CountingModel) -> AsyncIterator[str]:
    lanes = Lanes(model)
    server = Server(Api(lanes.embed, "all-MiniLM-L6-v2").answer)
    port = await server.start("127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()
        lanes.close()


async def post(http: Http, body: object) -> tuple[int, dict[str, object]]:
    response = await http.call("POST", "/v1/embeddings", msgspec.json.encode(body))
    return response.status, msgspec.json.decode(response.body, type=dict[str, object])


async def test_a_text_or_a_list_as_numbers_or_as_base64() -> None:
    async with running(CountingModel()) as url:
        http = Http(url)
        status, floats = await post(http, {"input": "two words", "model": "all-MiniLM-L6-v2"})
        assert status == 200
        assert floats["usage"] == {"prompt_tokens": 4, "total_tokens": 4}
        (item,) = msgspec.convert(floats["data"], list[dict[str, object]])
        numbers = msgspec.convert(item["embedding"], list[float])
        assert len(numbers) == DIMENSION
        assert numbers[4] == 1.0
        _, coded = await post(http, {"input": ["a", "a b"], "encoding_format": "base64"})
        items = msgspec.convert(coded["data"], list[dict[str, object]])
        vector = np.frombuffer(base64.b64decode(str(items[1]["embedding"])), np.float32)
        assert vector[4] == 1.0
        http.close()


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"input": []}, 400, "1 to 2048"),
        ({"input": ["a", ""]}, 400, "empty"),
        ({"input": [1, 2]}, 400, "not tokens"),
        ({"input": "a", "encoding_format": "hex"}, 400, "float or base64"),
        ({"input": "a", "dimensions": 7}, 400, "384"),
        ({"input": "a", "model": "gpt"}, 404, "no gpt here"),
        ({}, 400, "input"),
    ],
)
async def test_what_it_cannot_do_is_said(body: object, status: int, words: str) -> None:
    async with running(CountingModel()) as url:
        http = Http(url)
        got, reply = await post(http, body)
        assert got == status
        assert words in str(reply["error"])
        http.close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"input":"\xff"}',
        b'{"input":"\xed\xa0\x80"}',
        b'{"input":"\\ud800"}',
        b'{"input":"a","x":' + b"[" * 100_000,
        b'{"input":' + b"[" * 100_000,
        b"{",
        b"",
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_and_the_connection_stays(body: bytes) -> None:
    async with running(CountingModel()) as url:
        http = Http(url)
        response = await http.call("POST", "/v1/embeddings", body)
        assert response.status == 400
        error = msgspec.json.decode(response.body, type=dict[str, dict[str, object]])["error"]
        assert error["type"] == "invalid_request_error"
        assert "can't be read" in str(error["message"])
        assert (await http.call("GET", "/health")).status == 200
        http.close()


@pytest.mark.parametrize(
    ("path", "status", "length"),
    [("/health", 200, 15), ("/v1/models", 200, None), ("/v1/embeddings", 405, None), ("/x", 404, None)],
)
async def test_head_is_answered_without_a_body(path: str, status: int, length: int | None) -> None:
    async with running(CountingModel()) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(b"HEAD %s HTTP/1.1\r\n\r\nGET /health HTTP/1.1\r\nconnection: close\r\n\r\n" % path.encode())
        first, second, body = (await reader.read()).split(b"\r\n\r\n")  # the next answer follows the first's head at once
        assert first.startswith(b"HTTP/1.1 %d " % status)
        assert length is None or b"content-length: %d" % length in first
        assert second.startswith(b"HTTP/1.1 200 ")
        assert body == b'{"status":"ok"}'
        writer.close()


async def test_a_refused_head_has_no_body_either() -> None:
    async with running(CountingModel()) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(b"HEAD /health HTTP/1.1\r\nno header\r\n\r\n")
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.endswith(b"\r\n\r\n")
        writer.close()


async def test_health_models_and_unknown_paths() -> None:
    async with running(CountingModel()) as url:
        http = Http(url)
        assert (await http.call("GET", "/health")).body == b'{"status":"ok"}'
        assert b"all-MiniLM-L6-v2" in (await http.call("GET", "/v1/models")).body
        assert (await http.call("GET", "/")).status == 404
        assert (await http.call("GET", "/v1/embeddings")).status == 405
        http.close()


async def test_a_question_waits_for_a_slice_of_a_document_at_most() -> None:
    model = CountingModel()
    lanes = Lanes(model)
    passages = asyncio.create_task(lanes.embed(["w " * 200] * 2_000))
    while not model.runs:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await asyncio.gather(*(lanes.embed([f"question {number}"]) for number in range(10)))
    assert model.runs.count(threading.get_ident()) == 10
    assert not passages.done()
    await passages
    lanes.close()


async def test_long_requests_run_beside_the_loop_and_keep_their_order() -> None:
    model = CountingModel()
    lanes = Lanes(model)
    texts = ["w " * (number % 7 * 20 + 1) for number in range(40)]
    vectors, tokens = await lanes.embed(texts)
    assert threading.get_ident() not in model.runs
    assert tokens == sum(len(text.split()) + 2 for text in texts)
    assert [int(vector.argmax()) for vector in vectors] == [(len(text.split()) + 2) % DIMENSION for text in texts]
    lanes.close()


async def test_no_http_and_too_much_of_it_end_the_connection() -> None:
    async with running(CountingModel()) as url:
        port = int(url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"nonsense\r\n\r\n")
        assert b"400" in await reader.read()
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v1/embeddings HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n")
        chunk = b"x" * 65536
        answer = asyncio.create_task(reader.read())
        for _ in range(MAX_BODY_BYTES // len(chunk) + 2):
            if answer.done():
                break
            writer.write(chunk)
            await asyncio.sleep(0)
        with suppress(ConnectionResetError):  # the rest of what we sent may meet a closed connection first
            assert b"413" in await answer
        writer.close()


async def test_the_client_reads_our_server_and_keeps_its_connection() -> None:
    model = CountingModel()
    async with running(model) as url:
        embedder = OpenAiEmbedder(f"{url}/v1", "all-MiniLM-L6-v2")
        first = await embedder.embed_query("two words")
        assert int(first.argmax()) == 4
        await embedder.embed_query("two words")
        assert len(model.runs) == 1
        assert len(await embedder.embed_passages(["a"] * 30)) == 30
        embedder.close()


async def test_a_model_that_the_server_does_not_have_is_not_asked_for_again() -> None:
    async with running(CountingModel()) as url:
        embedder = OpenAiEmbedder(f"{url}/v1", "all-MiniLM-L6-v2")
        assert embedder.serves("former")
        with pytest.raises(EmbedderUnavailable, match="former"):
            await embedder.embed_query("a", "former")
        assert not embedder.serves("former")
        assert not embedder.down
        await embedder.embed_query("a")
        embedder.close()


async def test_a_server_that_went_away_is_reported_at_once() -> None:
    async with running(CountingModel()) as url:
        embedder = OpenAiEmbedder(f"{url}/v1", "all-MiniLM-L6-v2")
        await embedder.embed_query("a")
    with pytest.raises(EmbedderUnavailable):
        await embedder.embed_query("b")
    with pytest.raises(EmbedderUnavailable, match="a moment ago"):
        await embedder.embed_query("c")
    embedder.close()


@asynccontextmanager
async def _replying(reply: bytes, *, close: bool) -> AsyncIterator[str]:
    """The address of a server that sends these bytes to every client."""
    writers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        for start in range(0, len(reply), 3):  # in small pieces, as a slow network would
            writer.write(reply[start : start + 3])
            await writer.drain()
            await asyncio.sleep(0)
        if close:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def _serving(reply: bytes, *, close: bool) -> AsyncIterator[Http]:
    async with _replying(reply, close=close) as url:
        http = Http(url)
        try:
            yield http
        finally:
            http.close()


@pytest.mark.parametrize("body", [b'{"data":"\xff"}', b'{"data":[],"x":' + b"[" * 2_000])
async def test_a_reply_that_cannot_be_read_is_a_failure_of_the_embedder(body: bytes) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    async with _replying(reply, close=True) as url:
        embedder = OpenAiEmbedder(url, "all-MiniLM-L6-v2")
        with pytest.raises(EmbedderUnavailable, match="can't be read"):
            await embedder.embed_query("a")
        embedder.close()


@pytest.mark.parametrize(
    ("reply", "close", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", False, b"hello"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", False, b"hello"),
        (b"HTTP/1.0 200 OK\r\n\r\nhello", True, b"hello"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", False, b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", False, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", True, None),
        (b"SMTP ready\r\n\r\n", False, None),
        (b"", True, None),
    ],
)
async def test_the_lean_client_reads_http(reply: bytes, close: bool, body: bytes | None) -> None:
    async with _serving(reply, close=close) as http:
        if body is None:
            with pytest.raises(HttpError):
                await http.call("GET", "/")
        else:
            assert (await http.call("GET", "/")).body == body


async def test_the_lean_client_gives_up_in_time() -> None:
    async with _serving(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel", close=False) as http:
        with pytest.raises(TimeoutError):
            await http.call("GET", "/", timeout=0.05)
