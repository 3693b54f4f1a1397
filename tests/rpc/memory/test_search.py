"""Searching over the wire: who may, what comes back, and how good it is on the demo's labelled questions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import pytest_asyncio
from frontdesk.memory import v1 as pb

import demo
from kit import errors
from tests.rpc.memory.library import Library, Shelf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def test_an_organization_without_documents_finds_nothing(shelf: Shelf) -> None:
    found = await shelf.search("anything")
    assert not found.results
    assert not found.degraded


async def test_results_show_where_they_are_from_and_how_well_they_fit(shelf: Shelf) -> None:
    await shelf.create("returns", "# Returns\n\n## Cost\n\nSending boots back is free in Zone 1.", uri="/help/returns")
    await shelf.settled("returns")
    found = await shelf.search("What does it cost to return shoes?")
    (result,) = found.results
    assert result.passage.name == f"{shelf.name('returns')}/passages/1-0"
    assert result.passage.document == shelf.name("returns")
    assert (result.passage.document_title, result.passage.heading, result.passage.uri) == ("Returns", "Cost", "/help/returns")
    assert 0.3 < result.dense_score < 1
    assert 0 < result.lexical_score <= 1
    assert (result.dense_rank, result.lexical_rank) == (1, 1)
    assert found.knowledge_version == 1
    assert found.embedding_model == "multilingual-e5-small"


async def test_no_organization_sees_another(library: Library) -> None:
    ours, theirs = library.shelf(), library.shelf()
    await ours.add("plans", "Our secret plan is a red kettle.")
    await theirs.add("plans", "Their boots are green.")
    assert await theirs.texts("secret plan red kettle") == ["Their boots are green."]
    foreign = pb.SearchPassagesRequest(parent=ours.parent, query="secret plan")
    for rpc, request in (
        (library.passages.SearchPassages, foreign),
        (library.passages.ListPassages, pb.ListPassagesRequest(parent=ours.name("plans"))),
        (library.passages.GetPassage, pb.GetPassageRequest(name=f"{ours.name('plans')}/passages/1-0")),
        (library.documents.GetDocument, pb.GetDocumentRequest(name=ours.name("plans"))),
        (library.documents.DeleteDocument, pb.DeleteDocumentRequest(name=ours.name("plans"))),
        (library.documents.ReindexDocument, pb.ReindexDocumentRequest(name=ours.name("plans"))),
        (library.documents.UpdateDocument, pb.UpdateDocumentRequest(document=pb.Document(name=ours.name("plans"), title="x"))),
    ):
        with pytest.raises(errors.PermissionDenied) as refused:
            await theirs.call(rpc, request)
        assert refused.value.reason == "ORGANIZATION_MISMATCH"
    with pytest.raises(errors.NotFound):
        await theirs.get("unknown")


async def test_only_who_may_searches(shelf: Shelf) -> None:
    keys = shelf.library.keys
    await shelf.search("x", token=keys.service_token("core", shelf.organization))
    await shelf.search("x", token=keys.service_token("core"))
    with pytest.raises(errors.PermissionDenied) as refused:
        await shelf.search("x", token=keys.user_token(shelf.organization, ["memory.documents.read"]))
    assert refused.value.reason == "PERMISSION_MISSING"
    with pytest.raises(errors.Unauthenticated):
        await shelf.search("x", token="nonsense")


@pytest.mark.parametrize(
    ("query", "limit", "parent"),
    [
        ("", 8, ""),
        ("x" * 2001, 8, ""),
        ("x", 21, ""),
        ("x", -1, ""),
        ("\0x", 8, ""),  # which no store takes
        ("x", 8, "organizations/UPPER"),
        ("x", 8, "organizations/a/b"),
    ],
)
async def test_a_wrong_request_is_refused(shelf: Shelf, query: str, limit: int, parent: str) -> None:
    request = pb.SearchPassagesRequest(parent=parent or shelf.parent, query=query, limit=limit)
    with pytest.raises(errors.InvalidArgument) as refused:
        await shelf.call(shelf.library.passages.SearchPassages, request)
    assert refused.value.reason == "INVALID_REQUEST"


async def whole(shelf: Shelf, query: str, **more: Any) -> pb.SearchPassagesResponse:
    """The results, as soon as the embedder, which a busy machine makes late, has taken part."""
    async with asyncio.timeout(60):
        while (found := await shelf.search(query, **more)).degraded:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return found


@pytest.mark.parametrize("query", ["?", "🙂🙂", "the of and", '"', "-", "$where", "a" * 2000, "سؤال", "SELECT * FROM x; --"])
async def test_no_question_breaks_the_search(shelf: Shelf, query: str) -> None:
    await shelf.add("kettle", "Descale the kettle.")
    assert len((await whole(shelf, query)).results) == 1


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def shop(library: Library) -> Shelf:
    """The demo organization's articles."""
    shelf = library.shelf()
    articles = list(demo.articles())
    await asyncio.gather(*(shelf.create(article.id, article.text) for article in articles))
    for article in articles:
        assert (await shelf.settled(article.id, 90)).state == pb.DOCUMENT_STATE_READY
    return shelf


async def _quality(shop: Shelf, mode: pb.SearchMode) -> tuple[float, float, float]:
    """How often the right article comes first, among the first three, and among eight."""
    questions = [question for question in demo.questions() if question.articles]
    hits = [0, 0, 0]
    for question in questions:
        found = await whole(shop, question.text, mode=mode)
        ids = [result.passage.document.rpartition("/")[2] for result in found.results]
        for column, depth in enumerate((1, 3, 8)):
            hits[column] += any(id in question.articles for id in ids[:depth])
    return hits[0] / len(questions), hits[1] / len(questions), hits[2] / len(questions)


async def test_both_rankings_together_find_no_less_than_each_alone(shop: Shelf) -> None:
    both = await _quality(shop, pb.SEARCH_MODE_HYBRID)
    meaning = await _quality(shop, pb.SEARCH_MODE_DENSE)
    words = await _quality(shop, pb.SEARCH_MODE_LEXICAL)
    assert all(one >= other for one, other in zip(both, meaning, strict=True)), (both, meaning)
    assert all(one >= other for one, other in zip(both, words, strict=True)), (both, words)
    assert both[0] >= 0.7
    assert both[2] >= 0.93


async def test_names_and_numbers_are_found_where_meaning_is_blind(shop: Shelf) -> None:
    library, organization = shop.library, shop.library.shelf()
    parts = "\n\n".join(f"## Part QM-{10_400 + n}\n\nFits the model number {n} of our stoves." for n in range(40))
    await organization.add("parts", f"# Spare parts\n\n{parts}")
    assert library is organization.library
    for n in (3, 17, 39):
        first = (await organization.search(f"is QM-{10_400 + n} in stock?")).results[0]
        assert f"› Part QM-{10_400 + n}\n" in first.passage.text


async def test_a_question_without_an_answer_looks_different_from_one_with(shop: Shelf) -> None:
    answered: list[float] = []
    unanswered: list[float] = []
    for question in demo.questions():
        found = await shop.search(question.text)
        (answered if question.articles else unanswered).append(found.results[0].score)
    answered.sort()
    unanswered.sort()
    assert answered[len(answered) // 2] > unanswered[-1] * 0.95
    assert sum(answered) / len(answered) > 1.5 * sum(unanswered) / len(unanswered)
