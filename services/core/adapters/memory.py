"""Knowledge from the memory service."""

import grpc
from frontdesk.memory import v1 as pb

from kit import client, errors, failpoints
from kit.caller import Signer
from kit.ids import OrganizationId
from services.core.domain import Source
from services.core.ports import AssistantFailed, Recalled

SECONDS = 5.0


class MemoryKnowledge:
    """The port Knowledge."""

    def __init__(self, channel: grpc.aio.Channel, signer: Signer) -> None:
        self._passages = pb.PassageServiceStub(channel)
        self._signer = signer

    async def search(self, organization: OrganizationId, query: str, limit: int) -> list[Recalled]:
        request = pb.SearchPassagesRequest(parent=f"organizations/{organization}", query=query, limit=limit)
        token = self._signer.service_token(organization)
        await failpoints.reach("core.recall.before_call")
        try:
            response = await client.call(self._passages.SearchPassages, request, token=token, timeout=SECONDS)
        except errors.FrontdeskError as error:
            raise AssistantFailed(f"The knowledge can't be searched: {error.message}", detail=error.detail) from error
        return [_recalled(result) for result in response.results]


def _recalled(result: pb.SearchResult) -> Recalled:
    passage = result.passage
    source = Source(
        document=passage.document,
        passage=passage.name,
        title=passage.document_title,
        heading=passage.heading,
        uri=passage.uri,
        text=passage.text,
    )
    return Recalled(source, similarity=result.dense_score, lexical=result.lexical_score)
