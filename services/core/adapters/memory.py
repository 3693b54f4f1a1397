"""Knowledge from the memory service."""

import asyncio
from collections.abc import Collection, Mapping

import grpc
from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal

from kit import client, errors, failpoints, names
from kit.caller import Signer
from kit.ids import OrganizationId
from services.core.domain import Passage
from services.core.ports.assistant import AssistantFailed, Findings, Recalled

SECONDS = 5.0


class MemoryKnowledge:
    """The port Knowledge."""

    def __init__(self, channel: grpc.aio.Channel, signer: Signer, max_tokens: int = 0) -> None:
        """`max_tokens`: of the passages that a search gives; 0: any number."""
        self._passages = pb.PassageServiceStub(channel)
        self._memory = internal.MemoryServiceStub(channel)
        self._max_tokens = max_tokens
        self._signer = signer

    async def search(self, organization: OrganizationId, query: str, limit: int) -> Findings:
        request = internal.BuildContextRequest(
            parent=f"organizations/{organization}", query=query, max_passages=limit, token_budget=self._max_tokens
        )
        token = self._signer.service_token(organization)
        await failpoints.reach("core.recall.before_call")
        try:
            response = await client.call(self._memory.BuildContext, request, token=token, timeout=SECONDS)
        except errors.FrontdeskError as error:
            told = f"The knowledge can't be searched: {error.message}"
            passing = isinstance(error, errors.Unavailable | errors.DeadlineExceeded)
            raise AssistantFailed(told, detail=error.detail, outage=passing) from error
        return Findings(
            passages=tuple(map(_recalled, response.results)),
            knowledge_version=response.knowledge_version,
            embedding_model=response.embedding_model,
            degraded=response.degraded,
            unknown_words=tuple(response.unknown_words),
            over_budget=_left_out(response, internal.LEFT_OUT_REASON_OVER_BUDGET),
            duplicates=_left_out(response, internal.LEFT_OUT_REASON_DUPLICATE),
        )

    async def read(self, organization: OrganizationId, names: Collection[str]) -> Mapping[str, Passage]:
        found = await asyncio.gather(*(self._passage(organization, name) for name in names))
        return {passage.name: passage for passage in found if passage is not None}

    async def _passage(self, organization: OrganizationId, name: str) -> Passage | None:
        request, token = pb.GetPassageRequest(name=name), self._signer.service_token(organization)
        try:
            return _passage(await client.call(self._passages.GetPassage, request, token=token, timeout=SECONDS))
        except errors.NotFound:
            return None
        except errors.FrontdeskError as error:
            raise AssistantFailed(f"The knowledge can't be read: {error.message}", detail=error.detail) from error


def _left_out(response: internal.BuildContextResponse, reason: internal.LeftOutReason) -> tuple[Recalled, ...]:
    return tuple(_recalled(left_out.result) for left_out in response.left_out if left_out.reason == reason)


def _recalled(result: pb.SearchResult) -> Recalled:
    scores = tuple(result.section_scores)
    return Recalled(_passage(result.passage), result.dense_score, result.lexical_score, result.score, scores)


def _passage(passage: pb.Passage) -> Passage:
    return Passage(
        name=passage.name,
        document=passage.document,
        revision=int(names.last(passage.name).partition("-")[0]),
        title=passage.document_title,
        heading=passage.heading,
        uri=passage.uri,
        text=passage.text,
    )
