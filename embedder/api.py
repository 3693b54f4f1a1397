"""The server's requests and answers, as in OpenAI's embeddings interface."""

import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import msgspec

from embedder.model import DIMENSION, Vector

MAX_INPUTS = 2048
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""The errors of msgspec for a body, with Python's own ones that bytes that aren't UTF-8 and deep nesting raise."""


class _Request(msgspec.Struct):
    input: str | list[str]
    model: str = ""
    encoding_format: str = "float"
    dimensions: int | None = None


class _Item(msgspec.Struct):
    index: int
    embedding: str | list[float]
    object: str = "embedding"


class _Usage(msgspec.Struct):
    prompt_tokens: int
    total_tokens: int


class _Reply(msgspec.Struct):
    data: list[_Item]
    model: str
    usage: _Usage
    object: str = "list"


class _Error(msgspec.Struct):
    message: str
    type: str = "invalid_request_error"
    param: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body."""

    status: int
    body: bytes


Embed = Callable[[Sequence[str]], Awaitable[tuple[list[Vector], int]]]
"""Texts to their vectors and the number of their tokens."""


class Api:
    """Answers requests by method and path."""

    def __init__(self, embed: Embed, model: str) -> None:
        """`model`: the name of the model that `embed` uses."""
        self._model = model
        self._embed = embed
        self._decoder = msgspec.json.Decoder(_Request)

    async def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The answer to a request; never raises for a client's input. HEAD is answered as GET: the server omits the body."""
        match method, path:
            case "POST", "/v1/embeddings":
                return await self._embeddings(body)
            case "GET" | "HEAD", "/health":
                return Answer(200, b'{"status":"ok"}')
            case "GET" | "HEAD", "/v1/models":
                model = {"id": self._model, "object": "model", "created": 0, "owned_by": "local"}
                return Answer(200, msgspec.json.encode({"object": "list", "data": [model]}))
            case _, "/v1/embeddings" | "/health" | "/v1/models":
                return error(405, f"{method} is not supported here.")
            case _:
                return error(404, f"There is no {path} here; POST /v1/embeddings.")

    async def _embeddings(self, body: bytes) -> Answer:
        try:
            request = self._decoder.decode(body)
        except UNREADABLE as problem:
            return error(400, f"The body can't be read: {problem}. Send texts, not tokens.")
        texts = [request.input] if isinstance(request.input, str) else request.input
        if wrong := _wrong(request, texts, self._model):
            return wrong
        vectors, tokens = await self._embed(texts)
        encode = _base64 if request.encoding_format == "base64" else _floats
        items = [_Item(index, encode(vector)) for index, vector in enumerate(vectors)]
        return Answer(200, msgspec.json.encode(_Reply(items, self._model, _Usage(tokens, tokens))))


def error(status: int, message: str, param: str | None = None) -> Answer:
    """An error as OpenAI words it."""
    return Answer(status, msgspec.json.encode({"error": _Error(message, param=param)}))


def _wrong(request: _Request, texts: Sequence[str], model: str) -> Answer | None:
    if not 0 < len(texts) <= MAX_INPUTS:
        return error(400, f"Send 1 to {MAX_INPUTS} texts.", "input")
    if not all(texts):
        return error(400, "A text must not be empty.", "input")
    if request.encoding_format not in ("float", "base64"):
        return error(400, "encoding_format must be float or base64.", "encoding_format")
    if request.dimensions not in (None, DIMENSION):
        return error(400, f"The model has {DIMENSION} dimensions.", "dimensions")
    if request.model not in ("", model):
        return error(404, f"The model is {model}; there is no {request.model} here.", "model")
    return None


def _base64(vector: Vector) -> str:
    return binascii.b2a_base64(vector.tobytes(), newline=False).decode()


def _floats(vector: Vector) -> list[float]:
    return vector.tolist()  # type: ignore[no-any-return]
