"""Two scores become one."""

from __future__ import annotations

from services.memory.domain.ranking import fuse, stem, word_strength


def test_meaning_weighs_more_than_words() -> None:
    assert fuse(0.6, 0.2) > fuse(0.4, 0.5)


def test_a_word_that_no_one_else_has_decides_between_near_meanings() -> None:
    assert fuse(0.40, 1.0) > fuse(0.50, 0.0)


def test_one_ranking_alone_keeps_its_own_scores() -> None:
    assert fuse(0.7, None) == 0.7
    assert fuse(None, 0.3) == 0.3
    assert fuse(-0.2, None) == 0.0


def test_the_best_by_words_is_worth_its_share_of_the_query() -> None:
    assert word_strength([4.0, 2.0], [0.5, 0.25]) == [0.5, 0.25]
    assert word_strength([0.0], [0.0]) == [0.0]
    assert word_strength([], []) == []


def test_codes_keep_their_letters() -> None:
    assert stem("a4s") == "a4s"
    assert stem("sizes") == stem("size")
    assert stem("stopped") == stem("stop")
