"""VerificationService."""

from collections.abc import AsyncIterator

from frontdesk.channel import v1 as pb

from services.channel.app.recount import Recounts


class Verification(pb.VerificationServiceServicer):
    def __init__(self, recounts: Recounts) -> None:
        self._recounts = recounts

    async def VerifyStores(self, request: pb.VerifyStoresRequest, context: object) -> AsyncIterator[pb.VerifyStoresResponse]:
        found = await self._recounts.received_messages()
        yield pb.VerifyStoresResponse(
            store=found.store, counted=found.counted, different=found.different, differences=found.differences
        )
