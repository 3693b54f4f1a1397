"""Short calls to an OpenAI-compatible endpoint: whole answers of a few words."""

import asyncio
from collections.abc import Mapping

import aiohttp
import msgspec

from kit.text import is_blank
from services.core.adapters import short_prompts
from services.core.adapters.breakers import Breaker
from services.core.adapters.completions import posted
from services.core.ports.assistant import AssistantFailed, ModelRequest, ShortPrompt, Usage

MAX_BODY = 64 * 1024
REST_SECONDS = 300.0
"""How long a model whose short calls fail is not asked for them: it is too slow or thinks too long, which rarely changes."""


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message = msgspec.field(default_factory=_Message)


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None


_DECODER = msgspec.json.Decoder(_Completion)


class OpenAIShortCalls:
    """The port ShortCalls, with the connections of the model that writes replies."""

    def __init__(
        self,
        model: str,
        url: str,
        headers: Mapping[str, str],
        http: aiohttp.ClientSession,
        of_replies: Breaker,
        temperature: float | None,
        credential: str = "",
    ) -> None:
        """`temperature` None: the provider's default, for models that take no other."""
        self.name = model
        self._url = url
        self._headers = headers
        self._http = http
        self._of_replies = of_replies
        self._temperature = None if temperature is None else 0.0
        self._credential = credential
        self.breaker = Breaker(rest=REST_SECONDS)
        """Their own: a model that is too slow for short calls may still write replies."""

    def request(self, prompt: ShortPrompt) -> ModelRequest:
        most = short_prompts.MAX_TOKENS[prompt.purpose]
        body = short_prompts.request(prompt, self.name, most, self._temperature)
        return ModelRequest(body, short_prompts.TEMPLATES[prompt.purpose], most, self._temperature, self._credential)

    async def ask(self, request: ModelRequest, seconds: float) -> tuple[str, Usage]:
        if self._of_replies.is_open:
            raise AssistantFailed("The model failed several times in a row and is left alone for a moment.", refused=True)
        self.breaker.check()
        try:
            found = await self._completion(request.body, seconds)
        except AssistantFailed as error:
            self.breaker.failed(error.retry_after)
            raise
        except BaseException:  # no one wants the answer any more
            self.breaker.left(answered=False)
            raise
        if is_blank(found[0]):  # it spent its tokens on reasoning
            self.breaker.failed()
        else:
            self.breaker.worked()
        return found

    async def _completion(self, body: bytes, seconds: float) -> tuple[str, Usage]:
        try:
            async with asyncio.timeout(seconds), posted(self._http, self._url, body, self._headers) as response:
                parsed = _DECODER.decode(await _all(response.content))
        except TimeoutError as error:
            raise AssistantFailed(f"The model gave no answer within {seconds:g} seconds.") from error
        text = (parsed.choices[0].message.content or "") if parsed.choices else ""
        usage = parsed.usage or _Usage()
        return text, Usage(usage.prompt_tokens, usage.completion_tokens)


async def _all(content: aiohttp.StreamReader) -> bytes:
    answer = b""
    async for chunk in content.iter_any():
        answer += chunk
        if len(answer) > MAX_BODY:
            raise AssistantFailed("The model did not come to an end.")
    return answer
