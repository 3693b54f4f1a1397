"""An assistant behind any OpenAI-compatible endpoint: GPT-4o, another model, or a local one.

The openai client says where to ask and with which headers; the bytes go through aiohttp and are read as they come (Chat
Completions, streaming: server-sent events whose data is a `chat.completion.chunk`, ended by `[DONE]`). The client's own way
costs 2 ms of CPU a call and 80 µs a chunk, which is more than all the rest of an answer: docs/adr/0006.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress

import aiohttp
import msgspec
import openai

from kit import failpoints
from kit.backoff import Backoff
from kit.outbound import OutboundError
from services.core.adapters.openai import prompt as prompts
from services.core.ports import AssistantFailed, Prompt, Repeated, Usage

CONNECT_SECONDS = 3.0
FIRST_TOKEN_SECONDS = 15.0
RETRIES = 2
TEMPERATURE = 0.2
BACKOFF = Backoff(first=0.5, maximum=8.0, jitter=0)
"""Its delays and the model's own are made longer at random, because a model must not be asked sooner than it says."""
MAX_WAIT_SECONDS = 8.0
BREAKER_FAILURES = 5
BREAKER_SECONDS = 15.0
MAX_CHARACTERS = 20_000
MAX_LINE = 1 << 20
END_SECONDS = 0.2
MESSAGE_BYTES = 16
"""The overhead of the API for each message, in tokens at most."""
DONE = b"[DONE]"


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Message = msgspec.field(default_factory=_Message)


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: object = None


_DECODER = msgspec.json.Decoder(_Chunk)


class OpenAIAssistant:
    """The port Assistant."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        model: str,
        max_tokens: int = 800,
        first_token_seconds: float = FIRST_TOKEN_SECONDS,
        *,
        temperature: float | None = TEMPERATURE,
        headers: Mapping[str, str] | None = None,
        http: aiohttp.ClientSession | None = None,
    ) -> None:
        """`temperature` None: the provider's default. `headers`: instead of a bearer token. `http`: a session to use."""
        self.name = model
        self._temperature = temperature
        self._patience = first_token_seconds
        self.max_tokens = max_tokens
        self._client = openai.AsyncOpenAI(base_url=base_url or None, api_key=api_key or "none")
        self._url = f"{str(self._client.base_url).rstrip('/')}/chat/completions"
        self._headers = {k: v for k, v in self._client.default_headers.items() if isinstance(v, str)}
        if headers is not None:
            self._headers = {k: v for k, v in self._headers.items() if k.lower() != "authorization"} | dict(headers)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        self._http = http or aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        self.breaker = Breaker()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.close()

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str | Usage | Repeated, None]:
        """Pieces of text, then what they cost. Before the first word, a failed call is repeated, at most twice."""
        self.breaker.check()
        for left in reversed(range(RETRIES + 1)):
            begun = False
            try:
                async with aclosing(self._attempt(prompt)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                self.breaker.worked()
                return
            except AssistantFailed as error:
                self.breaker.failed()
                if begun or not left:
                    raise
                wait = error.retry_after if error.retry_after is not None else BACKOFF.delay(RETRIES - left + 1)
                if wait > MAX_WAIT_SECONDS:
                    raise
                await asyncio.sleep(wait * random.uniform(1.0, 1.2))
                refused = error.refused
            except BaseException:  # no one wants the reply any more
                self.breaker.left(answered=begun)
                raise
            yield Repeated(refused)

    def prompt_bytes(self, prompt: Prompt) -> int:
        return sum(len(message["content"].encode()) + MESSAGE_BYTES for message in prompts.messages(prompt))

    async def _attempt(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        try:
            async with asyncio.timeout(self._patience) as patience:
                await failpoints.reach("core.model.before_call")
                body = msgspec.json.encode(self._body(prompt))
                async with self._http.post(self._url, data=body, headers=self._headers, allow_redirects=False) as response:
                    if response.status != 200:
                        raise AssistantFailed(f"The model answered {response.status}.", _retry_after(response), refused=True)
                    async for piece in _pieces(response.content.iter_any()):
                        patience.reschedule(None)
                        with _unread(response):
                            yield piece
                        await failpoints.reach("core.model.after_piece")
                    if not response.content.at_eof():  # only a body that was read to its end leaves a connection to use again
                        with suppress(TimeoutError, aiohttp.ClientError):
                            async with asyncio.timeout(END_SECONDS):
                                await response.content.readany()
        except TimeoutError as error:
            raise AssistantFailed(f"The model was silent for {self._patience:g} seconds.") from error
        except (aiohttp.ClientError, OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            # One sentence for all: an address that an organization chose must not reveal the server there.
            unreached = isinstance(error, aiohttp.ClientConnectorError)
            what = type(error).__name__
            raise AssistantFailed("The model gave no complete answer.", refused=unreached, detail=what) from error
        except OutboundError as error:
            raise AssistantFailed(f"The model's address is not allowed: {error}", refused=True) from error

    def _body(self, prompt: Prompt) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self.name,
            "messages": prompts.messages(prompt),
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_completion_tokens": self.max_tokens,
        }
        return body if self._temperature is None else body | {"temperature": self._temperature}


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[str | Usage]:
    """Text and usage from the bytes of a server-sent event stream (WHATWG HTML, section 9.2)."""
    rest = b""
    length = 0
    done = False
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        text = ""
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == DONE:
                done = True
                break
            parsed = _DECODER.decode(data)
            if parsed.error is not None:
                raise AssistantFailed("The model reported an error in its answer.")
            if parsed.choices and parsed.choices[0].delta.content:
                text += parsed.choices[0].delta.content
            if parsed.usage is not None:
                yield Usage(parsed.usage.prompt_tokens, parsed.usage.completion_tokens)
        if text:
            length += len(text)
            if length > MAX_CHARACTERS:
                raise AssistantFailed("The model did not come to an end.")
            yield text
        if done:
            return
        if len(rest) > MAX_LINE:
            raise AssistantFailed("The model's answer holds a line without an end.")
    raise AssistantFailed("The model's answer broke off before its end.")


@contextmanager
def _unread(response: aiohttp.ClientResponse) -> Iterator[None]:
    """Leaves to the kernel what comes meanwhile, so that no one wakes for it."""
    connection = response.connection  # none for a body that was read to its end
    transport = connection.transport if connection is not None else None
    if transport is not None:
        transport.pause_reading()
    try:
        yield
    finally:
        if transport is not None:
            transport.resume_reading()


def _retry_after(response: aiohttp.ClientResponse) -> float | None:
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None


class Breaker:
    """Stops asking a model that fails: after five failures in a row it is left alone for 15 s, then asked once."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._failures = 0
        self._until = 0.0
        self._asking = False

    @property
    def is_open(self) -> bool:
        """Whether the model has failed too often, and has not answered since."""
        return self._failures >= BREAKER_FAILURES

    def check(self) -> None:
        """Raises AssistantFailed while the model is left alone."""
        if self.is_open:
            if self._seconds() < self._until:
                raise AssistantFailed("The model failed several times in a row and is left alone for a moment.", refused=True)
            self._until, self._asking = self._seconds() + BREAKER_SECONDS, True

    def worked(self) -> None:
        """The model answered."""
        self._failures, self._asking = 0, False

    def left(self, *, answered: bool) -> None:
        """The reply was not wanted any more. If that was the one call that may ask, the next one may."""
        if answered:
            self.worked()
        elif self._asking:
            self._until, self._asking = self._seconds(), False

    def failed(self) -> None:
        """The model failed."""
        self._asking = False
        self._failures += 1
        if self._failures == BREAKER_FAILURES:
            self._until = self._seconds() + BREAKER_SECONDS
