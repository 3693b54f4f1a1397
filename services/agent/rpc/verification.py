"""VerificationService: recounts for the operator."""

from collections.abc import AsyncIterator

from frontdesk.agent import v1 as pb

from services.agent.app.recount import Recounts
from services.agent.rpc import calls


class VerificationServicer(pb.VerificationServiceServicer):
    """The queue and the assignments against core's journal."""

    def __init__(self, recounts: Recounts) -> None:
        self._recounts = recounts

    async def VerifyStores(
        self, request: pb.VerifyStoresRequest, context: calls.Context
    ) -> AsyncIterator[pb.VerifyStoresResponse]:
        found = await self._recounts.queue()
        yield pb.VerifyStoresResponse(
            store=found.store, counted=found.counted, different=found.different, differences=found.differences
        )
