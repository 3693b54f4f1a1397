"""An assistant behind any OpenAI-compatible endpoint: GPT-4o, another model, or a local one.

The openai client says where to ask and with which headers; the bytes go through aiohttp and are read as they come (Chat
Completions, streaming: server-sent events whose data is a `chat.completion.chunk`, ended by `[DONE]`). The client's own way
costs 2 ms of CPU a call and 80 µs a chunk, which is more than all the rest of an answer: docs/adr/0006.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from functools import partial

import aiohttp
import msgspec
import openai

from kit import failpoints, tokens
from kit.backoff import Backoff
from services.core.adapters import prompts
from services.core.adapters.breakers import Breaker
from services.core.adapters.completions import posted
from services.core.adapters.short_calls import OpenAIShortCalls
from services.core.domain import Ending
from services.core.domain.citations import Marks
from services.core.domain.contexts import DEFAULT_CONTEXT
from services.core.domain.model_problems import ModelProblem
from services.core.ports.assistant import AssistantFailed, Beat, ModelRequest, Piece, Prompt, Repeated, Usage

CONNECT_SECONDS = 3.0
FIRST_TOKEN_SECONDS = 15.0
SILENT_SECONDS = 15.0
RETRIES = 2
TEMPERATURE = 0.2
BACKOFF = Backoff(first=0.5, maximum=8.0, jitter=0)
"""Its delays and the model's own are made longer at random, because a model must not be asked sooner than it says."""
MAX_WAIT_SECONDS = 8.0
MAX_CHARACTERS = 20_000
MAX_LINE = 1 << 20
END_SECONDS = 0.2
MAX_WRITTEN = 64
"""Prompts of replies under way that are kept as they were written."""
MESSAGE_BYTES = 16
"""The overhead of the API for each message, in tokens at most."""
MESSAGE_TOKENS = 8
"""The overhead that models' own templates really have for a message, at most."""
DONE = b"[DONE]"


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    delta: _Message = msgspec.field(default_factory=_Message)
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: object = None


ENDINGS = {"length": Ending.TOO_LONG, "content_filter": Ending.REFUSED}
"""By the provider's reason. All others mean that the answer is whole."""
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
        credential: str = "",
        breaker: Breaker | None = None,
        silent_seconds: float = SILENT_SECONDS,
        context_tokens: int = DEFAULT_CONTEXT,
    ) -> None:
        """`temperature` None: the provider's default. `headers`: instead of a bearer token. `http`: a session to use.

        `first_token_seconds`, `silent_seconds`: how long it waits for the first text, and for text after text.
        """
        self.name = model
        self._temperature = temperature
        self._credential = credential
        self._patience = first_token_seconds
        self._silent = silent_seconds
        self.max_tokens = max_tokens
        self.context_tokens = context_tokens
        tokens.load()
        self._client = openai.AsyncOpenAI(base_url=base_url or None, api_key=api_key or "none")
        self._url = f"{str(self._client.base_url).rstrip('/')}/chat/completions"
        self._headers = {k: v for k, v in self._client.default_headers.items() if isinstance(v, str)}
        if headers is not None:
            self._headers = {k: v for k, v in self._headers.items() if k.lower() != "authorization"} | dict(headers)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        self._http = http or aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        self.breaker = breaker or Breaker()
        self._written: dict[int, tuple[Prompt, prompts.Written]] = {}
        """The prompts of replies under way, by identity."""
        self.short_calls = OpenAIShortCalls(
            *(model, self._url, self._headers, self._http, self.breaker, temperature), credential=credential
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.close()

    async def reply(self, prompt: Prompt, beat: Beat) -> AsyncGenerator[Piece | Usage | Repeated | Ending, None]:
        """Pieces of text, then what they cost. Before the first word, a failed call is repeated, at most twice.

        The wait before that comes after `Repeated`: a caller that has another model to ask need not wait.
        """
        try:
            async with aclosing(self._tries(prompt, beat)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self._written.pop(id(prompt), None)

    async def _tries(self, prompt: Prompt, beat: Beat) -> AsyncGenerator[Piece | Usage | Repeated | Ending, None]:
        for left in reversed(range(RETRIES + 1)):
            begun = sent = False
            try:
                self.breaker.check()
                sent = True
                async with aclosing(self._attempt(prompt, beat)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                self.breaker.worked()
                return
            except AssistantFailed as error:
                if sent:
                    self.breaker.failed(error.retry_after, outage=error.outage)
                elif error.retry_after is None:
                    raise
                if begun or not left:
                    raise
                wait = error.retry_after if error.retry_after is not None else BACKOFF.delay(RETRIES - left + 1)
                if wait > MAX_WAIT_SECONDS:
                    raise
                repeated = Repeated(error.refused, error.message, sent, error.problem)
            except BaseException:  # no one wants the reply any more
                self.breaker.left(answered=begun)
                raise
            yield repeated
            await asyncio.sleep(wait * random.uniform(1.0, 1.2))

    def request(self, prompt: Prompt) -> ModelRequest | None:
        body = prompts.request(self._write(prompt), self.name, self.max_tokens, self._temperature)
        return ModelRequest(body, prompts.TEMPLATE, self.max_tokens, self._temperature, self._credential)

    def prompt_tokens(self, prompt: Prompt) -> int:
        return sum(count + MESSAGE_TOKENS for count in tokens.count(self._write(prompt).texts))

    def prompt_bytes(self, prompt: Prompt) -> int:
        return sum(len(text.encode()) + MESSAGE_BYTES for text in self._write(prompt).texts)

    def _write(self, prompt: Prompt) -> prompts.Written:
        """A prompt, written: once for the count, the step, the budget and the request of a reply."""
        if (kept := self._written.get(id(prompt))) is not None and kept[0] is prompt:
            return kept[1]
        while len(self._written) >= MAX_WRITTEN:
            del self._written[next(iter(self._written))]
        written = prompts.written(prompt)
        self._written[id(prompt)] = prompt, written
        return written

    async def _attempt(self, prompt: Prompt, beat: Beat) -> AsyncGenerator[Piece | Usage | Ending, None]:
        seconds = self._patience
        try:
            async with asyncio.timeout(seconds) as patience:
                await failpoints.reach("core.model.before_call")
                written = self._write(prompt)
                body = prompts.request(written, self.name, self.max_tokens, self._temperature)
                marks = Marks(written.sign)
                async with posted(self._http, self._url, body, self._headers) as response:
                    arrived = asyncio.Event()
                    response.content.on_eof(arrived.set)
                    async for piece in _pieces(response.content.iter_any(), partial(beat, arrived)):
                        patience.reschedule(None)  # a slow reader is no fault of the model
                        for item in marks.feed(piece) if isinstance(piece, str) else (piece,):
                            yield item
                        await failpoints.reach("core.model.after_piece")
                        seconds = self._silent
                        patience.reschedule(asyncio.get_running_loop().time() + seconds)
                    patience.reschedule(None)
                    for item in marks.end():
                        yield item
                    if not response.content.at_eof():  # only a body that was read to its end leaves a connection to use again
                        with suppress(TimeoutError, aiohttp.ClientError):
                            async with asyncio.timeout(END_SECONDS):
                                await response.content.readany()
        except TimeoutError as error:
            said = f"The model was silent for {seconds:g} seconds."
            raise AssistantFailed(said, silent=True, problem=ModelProblem.NOT_REACHABLE) from error


async def _pieces(chunks: AsyncIterator[bytes], pause: Callable[[], Awaitable[None]]) -> AsyncIterator[str | Usage | Ending]:
    """Text and usage from the bytes of a server-sent event stream (WHATWG HTML, section 9.2), with a pause after each text.

    An answer has come to its end with `[DONE]`, or if its stream ends after a reason to finish.
    """
    rest = b""
    length = 0
    done = False
    ending: Ending | None = None
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
                raise AssistantFailed("The model reported an error in its answer.", problem=ModelProblem.PROVIDER_FAILED)
            if parsed.choices:
                [choice, *_] = parsed.choices
                text += (choice.delta.content or "").replace("\0", "")  # PostgreSQL stores none
                if choice.delta.refusal:
                    ending = Ending.REFUSED
                elif choice.finish_reason and ending is None:
                    ending = ENDINGS.get(choice.finish_reason, Ending.WHOLE)
            if parsed.usage is not None:
                yield Usage(parsed.usage.prompt_tokens, parsed.usage.completion_tokens)
        if text:
            length += len(text)
            if length > MAX_CHARACTERS:
                raise AssistantFailed("The model did not come to an end.")
            yield text
        if done:
            break
        if text:
            await pause()  # what comes meanwhile is buffered, and read in one piece
        if len(rest) > MAX_LINE:
            raise AssistantFailed("The model's answer holds a line without an end.")
    if not done and ending is None:
        raise AssistantFailed("The model's answer broke off before its end.", problem=ModelProblem.ANSWER_UNREADABLE)
    if ending is not None and ending is not Ending.WHOLE:
        yield ending
