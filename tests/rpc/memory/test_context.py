"""The passages that core answers from: the same as a search finds, each text once, and no more than a budget holds."""

from __future__ import annotations

from typing import Any

import pytest
from frontdesk.memory.internal import v1 as internal

from kit import errors
from tests.rpc.memory.library import Shelf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
QUERY = "How do I descale the kettle?"


async def build(shelf: Shelf, query: str = QUERY, token: str | None = None, **more: Any) -> internal.BuildContextResponse:
    request = internal.BuildContextRequest(parent=shelf.parent, query=query, **more)
    token = shelf.library.keys.service_token("core", shelf.organization) if token is None else token
    built: internal.BuildContextResponse = await shelf.call(shelf.library.contexts.BuildContext, request, token)
    return built


async def test_it_finds_what_a_search_finds(shelf: Shelf) -> None:
    for number, use in enumerate(("kettle", "iron", "coffee machine")):
        await shelf.add(f"d{number}", f"Descale the {use} with vinegar once a month.")
    built, found = await build(shelf), await shelf.search(QUERY)
    assert list(built.results) == list(found.results)
    assert not built.left_out
    assert (built.knowledge_version, built.embedding_model) == (found.knowledge_version, found.embedding_model)
    assert (built.degraded, list(built.unknown_words)) == (found.degraded, list(found.unknown_words))
    assert list((await build(shelf, max_passages=1)).results) == list(found.results)[:1]
    assert list((await build(shelf, max_passages=50)).results) == list(found.results)


async def test_an_organization_without_documents_has_no_context(shelf: Shelf) -> None:
    built = await build(shelf, token_budget=1)
    assert not built.results
    assert not built.left_out


async def test_what_is_left_out_says_why(shelf: Shelf) -> None:
    await shelf.add("first", "Descale the kettle with vinegar.")
    await shelf.add("same", "Descale  the kettle\nwith VINEGAR.")
    await shelf.add("large", "An iron is descaled slowly, with patience. " * 16)
    await shelf.add("small", "A kettle is round.")
    everything = await build(shelf)
    assert len(everything.results) == 3
    [same] = everything.left_out
    assert same.reason == internal.LEFT_OUT_REASON_DUPLICATE
    assert same.result.score > 0

    built = await build(shelf, token_budget=80)
    documents = [result.passage.document.rpartition("/")[2] for result in built.results]
    assert documents in (["first", "small"], ["same", "small"]), "the small one is worse, and fits"
    assert [
        (left.result.passage.document.rpartition("/")[2], left.reason) for left in built.left_out if left.reason != same.reason
    ] == [("large", internal.LEFT_OUT_REASON_OVER_BUDGET)]
    best = await build(shelf, token_budget=1)
    assert [result.passage.name for result in best.results] == [built.results[0].passage.name], "the best stays"


async def test_only_core_may_ask(shelf: Shelf) -> None:
    keys = shelf.library.keys
    for token in (shelf.token, keys.service_token("agent", shelf.organization)):
        with pytest.raises(errors.PermissionDenied):
            await build(shelf, token=token)


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("", {}),
        ("x" * 2001, {}),
        ("x", {"max_passages": 51}),
        ("x", {"max_passages": -1}),
        ("x", {"token_budget": -1}),
        ("x", {"token_budget": 1_000_001}),
    ],
)
async def test_a_wrong_request_is_refused(shelf: Shelf, query: str, more: dict[str, Any]) -> None:
    with pytest.raises(errors.InvalidArgument) as refused:
        await build(shelf, query, **more)
    assert refused.value.reason == "INVALID_REQUEST"
