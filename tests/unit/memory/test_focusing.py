"""Which section of a page is nearest to a question whose words are not on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kit.ids import OrganizationId
from kit.passages import HEADING_MARK
from services.memory.app.focusing import MAX_SECTIONS, Focus
from services.memory.domain.documents import DocumentId, EditionId, Passage
from services.memory.domain.problems import EmbedderUnavailable
from services.memory.ports import Findings, Hit, Vector

TEXT = f"Returns are free.\n{HEADING_MARK}Costs\nA parcel costs 5 EUR.\n{HEADING_MARK}Time\nIt takes 30 days."
QUESTION = "Wie lange dauert das?"
UNKNOWN = ("wie", "lange", "dauert")


class Directions:
    """An embedder that knows costs, times and all else, and counts what it is asked."""

    model = "directions"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.works = True

    def serves(self, model: str) -> bool:
        return model == self.model

    async def embed_query(self, text: str, model: str = "") -> Vector:
        return vector(text)

    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        if not self.works:
            raise EmbedderUnavailable(self.model, "down")
        self.asked += texts
        return [vector(text) for text in texts]


def vector(text: str) -> Vector:
    axis = 0 if "costs" in text else 1 if "takes" in text or "lange" in text else 2
    return np.array([axis == 0, axis == 1, axis == 2], np.float32)


def hit(document: str, text: str, ordinal: int = 0) -> Hit:
    passage = Passage(OrganizationId("acme"), DocumentId(document), 1, EditionId(document), ordinal, "Returns", "", "", text)
    return Hit(passage, 0.5, 0.9, 0.0, 1, 0)


def found(*hits: Hit, unknown: tuple[str, ...] = UNKNOWN) -> Findings:
    return Findings(hits, 1, model="directions", unknown_words=unknown)


async def test_the_nearest_section_of_the_best_documents_passages_is_named() -> None:
    focus = Focus(Directions())
    findings = await focus.of(found(hit("a", TEXT), hit("b", TEXT), hit("a", "It is Monday.", 1)), QUESTION, vector(QUESTION))
    assert [one.section_scores for one in findings.hits] == [(0.0, 0.0, 1.0), (), (0.0,)]


async def test_a_section_is_embedded_once() -> None:
    embedder = Directions()
    focus = Focus(embedder)
    for _ in range(2):
        await focus.of(found(hit("a", TEXT)), QUESTION, vector(QUESTION))
    assert len(embedder.asked) == 3


async def test_a_question_whose_words_are_known_needs_none() -> None:
    embedder = Directions()
    findings = await Focus(embedder).of(found(hit("a", TEXT), unknown=()), QUESTION, vector(QUESTION))
    assert findings.hits[0].section_scores == ()
    assert not embedder.asked


async def test_without_the_model_and_for_endless_pages_the_findings_stay() -> None:
    embedder = Directions()
    endless = "\n".join(f"{HEADING_MARK}Part {number}\nText {number}." for number in range(100))
    await Focus(embedder).of(found(hit("a", endless)), QUESTION, vector(QUESTION))
    assert len(embedder.asked) == MAX_SECTIONS
    embedder.works = False
    findings = found(hit("a", TEXT))
    assert await Focus(embedder).of(findings, QUESTION, vector(QUESTION)) is findings
