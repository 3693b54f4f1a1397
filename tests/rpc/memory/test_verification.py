"""`VerificationService` on a running memory service, for the operator alone."""

from __future__ import annotations

import pytest
from frontdesk.memory.internal import v1 as internal

from kit import client, errors
from tests.rpc.memory.library import Shelf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def test_the_operator_recounts_documents_texts_and_vectors(shelf: Shelf) -> None:
    await shelf.add("kettle", "Descale the kettle.")
    call, keys = shelf.library.verification.VerifyStores, shelf.library.keys
    found = [result async for result in client.stream(call, internal.VerifyStoresRequest(), token=keys.service_token("stack"))]
    assert [result.store for result in found] == ["documents", "texts", "vectors"]
    assert all(result.counted for result in found)
    assert [list(result.differences) for result in found] == [[], [], []]


async def test_no_one_else_may(shelf: Shelf) -> None:
    call = shelf.library.verification.VerifyStores
    for token in (shelf.token, shelf.library.keys.service_token("core")):
        with pytest.raises(errors.PermissionDenied):
            async for _ in client.stream(call, internal.VerifyStoresRequest(), token=token):
                pass
