"""Two scores become one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kit.words import stem
from services.memory.domain.models import embedding_model
from services.memory.domain.ranking import Place, fuse, spread, word_strength
from services.memory.domain.spelling import Spellings


def test_meaning_weighs_more_than_words() -> None:
    one, other = fuse(floats(0.6, 0.4), floats(0.2, 0.5))
    assert one > other


def test_a_word_that_no_one_else_has_decides_between_near_meanings() -> None:
    one, other = fuse(floats(0.40, 0.50), floats(1.0, 0.0))
    assert one > other


def test_one_ranking_alone_keeps_its_own_scores() -> None:
    assert fuse(floats(0.7), None) == floats(0.7)
    assert fuse(None, floats(0.3)) == floats(0.3)
    assert not len(fuse(None, None))


def test_the_best_of_keyword_search_is_worth_its_share_of_the_query() -> None:
    assert word_strength(floats(4.0, 2.0), best=4.0, cover=0.5).tolist() == [0.5, 0.25]
    assert word_strength(floats(0.0), best=0.0, cover=0.0).tolist() == [0.0]


def test_words_count_less_when_the_pages_know_few_of_the_question() -> None:
    assert word_strength(floats(4.0), best=4.0, cover=0.5, known=0.25).tolist() == [0.125]


def test_relevance_means_the_same_for_each_model() -> None:
    for name in ("multilingual-e5-small", "intfloat/multilingual-e5-large", "all-MiniLM-L6-v2", "text-embedding-3-small"):
        model = embedding_model(name)
        assert (model.relevance(model.unrelated), model.relevance(model.same)) == (0.0, 1.0)
        assert (model.relevance(-1), model.relevance(1)) == (0.0, 1.0)
    assert embedding_model("intfloat/multilingual-e5-large").query_prefix == "query: "


def floats(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def test_another_document_comes_before_more_of_the_same_while_it_is_nearly_as_good() -> None:
    found = [Place("a", 0), Place("a", 1), Place("b", 0), Place("c", 0)]
    assert spread(found, [0.9, 0.8, 0.7, 0.1], 4) == [0, 2, 1, 3]
    assert spread(found[:3], [0.9, 0.8, 0.7], 2) == [0, 2]
    assert spread([], [], 8) == []


def test_of_passages_that_fit_about_as_well_the_first_of_a_document_is_taken() -> None:
    assert spread([Place("a", 3), Place("a", 0), Place("b", 0)], [0.80, 0.78, 0.7], 2) == [1, 2]
    assert spread([Place("a", 3), Place("a", 0), Place("b", 0)], [0.80, 0.70, 0.7], 2) == [0, 2]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("warrnty", "warranty"),
        ("waranty", "warranty"),
        ("discoutn", "discount"),
        ("sudnet", None),
        ("zip", None),
        ("qm1048", None),
    ],
)
def test_a_misspelt_word_has_a_neighbour(written: str, meant: str | None) -> None:
    assert Spellings(["warranty", "discount", "student", "zips", "qm1049"]).nearest(written) == meant


def test_of_words_equally_near_the_most_common_one_is_meant() -> None:
    spellings = Spellings(["bolts", "belts", "bolt"])
    assert spellings.nearest("bults", {"bolts": 3, "belts": 5, "bolt": 1}.__getitem__) == "belts"
    assert spellings.nearest("bults", {"bolts": 3, "belts": 0, "bolt": 1}.__getitem__) == "bolts"
    assert spellings.nearest("bults", lambda _: 0) is None


def test_codes_keep_their_letters() -> None:
    assert stem("a4s") == "a4s"
    assert stem("sizes") == stem("size")
    assert stem("stopped") == stem("stop")
