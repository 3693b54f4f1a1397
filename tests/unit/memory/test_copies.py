"""Copies of passages: parts are merged and searched as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kit.ids import OrganizationId
from services.memory.adapters import copies, parts
from services.memory.adapters.copies import Copy, empty, updated
from services.memory.adapters.parts import PartBuilder, Signs
from services.memory.domain.documents import DocumentId, EditionId, Passage
from services.memory.ports import Embedded

MODEL = "model"
DICE = np.random.default_rng(0)


def embedded(document: str, texts: Sequence[str], edition: str = "") -> list[Embedded]:
    """A document's passages with vectors of their own, the last passage first."""
    made = []
    for ordinal, text in enumerate(texts):
        vector = DICE.normal(size=70).astype(np.float32)
        edited = EditionId(edition or document)
        passage = Passage(OrganizationId("o"), DocumentId(document), 1, edited, ordinal, "", "", "", text)
        made.append(Embedded(passage, vector / np.float32(np.linalg.norm(vector)), MODEL))
    return made[::-1]


def with_more(copy: Copy, items: Sequence[Embedded], versions: dict[str, int], *, vectors: bool = True) -> Copy:
    """The copy after a change."""
    builder = PartBuilder(copy.vocabulary, MODEL, vectors=vectors, texts=True)
    if items:
        builder.add(items)
    of = {DocumentId(id): version for id, version in versions.items()}
    return updated(copy, copy.version + 1, builder.build(of), of)


def found(copy: Copy, text: str) -> dict[str, float]:
    """The keys of the rows that have a word, and their scores."""
    by_words = copy.by_words(text)
    return {copy.key_of(row): float(by_words.scores[row]) for row in np.flatnonzero(by_words.scores).tolist()}


def test_a_copy_of_several_changes_equals_one_that_is_loaded_at_once() -> None:
    kettle, boots = embedded("kettle", ["descale the kettle", "a whistle"]), embedded("boots", ["wax boots", "boots dry"])
    gone = embedded("gone", ["a kettle of old", "boots of old"] * 40)
    grown = with_more(empty(MODEL), gone, {"gone": 1})
    grown = with_more(grown, kettle, {"gone": 1, "kettle": 2})
    grown = with_more(grown, boots, {"kettle": 2, "boots": 3})
    at_once = with_more(empty(MODEL), [*boots, *kettle], {"kettle": 1, "boots": 1})
    assert grown.versions() == {"kettle": 2, "boots": 3}
    assert grown.total == at_once.total == 4
    for text in ("kettle", "boots", "a whistle", "botts", "old"):
        assert found(grown, text) == pytest.approx(found(at_once, text))
        assert grown.by_words(text).unknown == at_once.by_words(text).unknown
    for item in [*kettle, *boots]:
        row = grown.row_of(item.passage.key)
        assert row is not None
        assert grown.passage_of(row) == item.passage
        assert grown.place_of(row).ordinal == item.passage.ordinal
        assert grown.cosines(item.vector, np.array([row], np.int32)) == pytest.approx([1.0], abs=0.01)


def test_a_removed_document_is_not_found_before_its_part_is_made_again() -> None:
    copy = with_more(empty(MODEL), [*embedded("a", ["kettle"] * 8), *embedded("b", ["kettle"])], {"a": 1, "b": 1})
    copy = with_more(copy, [], {"a": 1})
    assert [len(part) for part in copy.parts] == [9]
    assert all(key.startswith("a-") for key in found(copy, "kettle"))
    assert copy.row_of("b-0") is None
    assert len(copy.near(DICE.normal(size=70).astype(np.float32))) == 8
    assert with_more(copy, [], {}).total == 0


def test_there_are_never_many_parts() -> None:
    copy = empty(MODEL)
    versions: dict[str, int] = {}
    for number in range(60):
        versions[f"d{number}"] = number + 1
        copy = with_more(copy, embedded(f"d{number}", ["one text", "another"]), versions)
    assert copy.total == 120
    assert len(copy.parts) <= 6


def test_a_passage_that_its_document_lost_is_an_empty_row() -> None:
    one, *_, last = embedded("a", ["kettle", "kettle", "kettle"])
    copy = with_more(empty(MODEL), [one, last], {"a": 1})
    assert copy.offsets == (0, 3)
    assert set(found(copy, "kettle")) == {"a-0", "a-2"}
    assert copy.passage_of(1) is None


def test_a_copy_of_words_takes_no_vectors() -> None:
    copy = with_more(empty(MODEL), embedded("a", ["kettle"]), {"a": 1}, vectors=False)
    assert not copy.has_vectors
    assert found(copy, "kettle")


def test_a_copy_is_worn_when_most_of_its_words_are_in_no_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MIN_WORDS", 10)
    copy = empty(MODEL)
    for version in range(1, 4):
        assert not copy.is_worn
        texts = [" ".join(f"w{version}x{number}" for number in range(20))]
        copy = with_more(copy, [*embedded("a", ["kettle"]), *embedded("b", texts, f"b{version}")], {"a": 1, "b": version})
    assert copy.is_worn
    assert with_more(empty(MODEL), embedded("a", ["kettle"]), {"a": 1}).is_worn is False


def test_signs_find_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FIRST_LOOK", 100)
    monkeypatch.setattr(parts, "SECOND_LOOK", 200)
    subjects = np.repeat(DICE.normal(size=(200, 384)), 10, axis=0)
    vectors = (2.0 + subjects + 0.5 * DICE.normal(size=(2_000, 384))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scales = np.abs(vectors).max(axis=1) / np.float32(127)
    signs = Signs.of(np.rint(vectors / scales[:, None]).astype(np.int8), scales)
    near = vectors[::100] + DICE.normal(scale=0.005, size=(20, 384)).astype(np.float32)
    for query in near:
        rows = signs.nearest(query, None)
        assert len(rows) == 200
        assert set(np.argsort(-(vectors @ query))[:8].tolist()) <= set(rows.tolist())
    live = np.arange(2_000) % 2 == 0
    assert all(row % 2 == 0 for row in signs.nearest(near[0], live).tolist())
