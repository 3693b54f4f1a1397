"""Posts to an OpenAI-compatible endpoint, and what its failures mean."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from kit.backoff import retry_after
from kit.foreign_json import UNREADABLE
from kit.outbound import NotAllowed, OutboundError
from services.core.domain.model_problems import ModelProblem, of_status
from services.core.ports.assistant import AssistantFailed

PASSING = frozenset({429, 502, 503, 504})
"""The states of a server that is busy or unavailable."""


@asynccontextmanager
async def posted(
    http: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """The response to a request that was accepted. Raises AssistantFailed, also for what fails while it is read."""
    try:
        async with http.post(url, data=body, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                wait = retry_after(response.headers.get("retry-after", ""))
                problem = of_status(response.status)
                told, passing = f"The model answered {response.status}.", response.status in PASSING
                raise AssistantFailed(told, wait, refused=True, problem=problem, outage=passing)
            yield response
    except TimeoutError:
        raise
    except (aiohttp.ClientError, OSError, *UNREADABLE) as error:
        # One sentence for all: an address that an organization chose must not reveal the server there.
        unreached = isinstance(error, aiohttp.ClientConnectorError)
        what = type(error).__name__
        garbled = isinstance(error, UNREADABLE)
        problem = ModelProblem.ANSWER_UNREADABLE if garbled else ModelProblem.NOT_REACHABLE
        said = "The model gave no complete answer."
        raise AssistantFailed(said, refused=unreached, detail=what, problem=problem, outage=unreached) from error
    except OutboundError as error:
        problem = ModelProblem.ADDRESS_NOT_ALLOWED if isinstance(error, NotAllowed) else ModelProblem.NOT_REACHABLE
        said = f"The model's address is not allowed: {error}"
        raise AssistantFailed(said, refused=True, problem=problem) from error
