"""Texts are cut into passages that can stand alone."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

import demo
from services.memory.adapters.reading.markdown import read_markdown
from services.memory.domain.chunker import INTRODUCTION, MAX, MAX_WORD, OVERLAP, TARGET, size, split
from services.memory.domain.outline import Block, Outline
from services.memory.domain.ranking import terms

SENTENCE = "The parcel arrives within three working days after it was handed over to the carrier. "


def test_a_short_section_is_one_passage() -> None:
    chunks = split(read_markdown("# T\n\n## Cost\n\nZone 1 is free.\n\nZone 2 costs 5 euros."))
    assert [(c.heading, c.text) for c in chunks] == [("Cost", "Zone 1 is free.\n\nZone 2 costs 5 euros.")]


def test_small_sections_are_joined_below_their_own_headings() -> None:
    chunks = split(read_markdown("# T\n\nIntro.\n\n## A\n\nx\n\n## B\n\n### C\n\ny\n\n### D\n\nz"))
    assert [(c.heading, c.text) for c in chunks] == [("", "Intro.\n\n› A\nx"), ("B", "› C\ny\n\n› D\nz")]


def test_the_first_lines_of_a_page_join_its_first_section() -> None:
    chunks = split(read_markdown(f"# T\n\nAll prices are in euros.\n\n## Prices\n\n{SENTENCE * 10}\n\n## More\n\nz"))
    assert [c.heading for c in chunks] == ["", "More"]
    assert chunks[0].text.startswith("All prices are in euros.\n\n› Prices\nThe parcel")


def test_a_large_section_stands_alone() -> None:
    chunks = split(read_markdown(f"# T\n\n## A\n\n{SENTENCE}\n\n## B\n\n{SENTENCE * 10}\n\n## C\n\nz"))
    assert [c.heading for c in chunks] == ["A", "B", "C"]


def test_sections_of_different_chapters_are_not_joined() -> None:
    chunks = split(read_markdown("# T\n\n## A\n\n### One\n\nx\n\n## B\n\n### Two\n\ny"))
    assert [(c.heading, c.text) for c in chunks] == [("A › One", "x"), ("B › Two", "y")]


def test_list_items_stay_on_lines_of_their_own() -> None:
    assert split(read_markdown("# T\n\nYou need:\n\n- a card\n- a box"))[0].text == "You need:\n- a card\n- a box"


def test_a_long_section_is_cut_and_each_cut_repeats_a_sentence() -> None:
    paragraphs = [f"Part {number}. {SENTENCE * 4}" for number in range(12)]
    chunks = split(read_markdown("# T\n\n" + "\n\n".join(paragraphs)))
    assert len(chunks) > 3
    for before, after in pairwise(chunks):
        assert after.text.startswith(SENTENCE.strip())
        assert before.text.endswith(SENTENCE.strip())


def test_a_short_rest_joins_its_passage_and_repeats_nothing() -> None:
    blocks = tuple(Block(f"Part {number}. {SENTENCE * 3}Step {number} ends here.") for number in range(3))
    (chunk,) = split(Outline("", (*blocks, Block("A short rest."))))
    assert chunk.text == "\n\n".join(block.text for block in (*blocks, Block("A short rest.")))


def test_text_without_sentences_is_cut_between_words() -> None:
    chunks = split(Outline("", (Block("word " * 2000),)))
    assert all(size(chunk.text) <= MAX + OVERLAP for chunk in chunks)
    assert all(set(chunk.text.split()) == {"word"} for chunk in chunks)


def test_the_demo_articles_give_passages_of_a_good_size() -> None:
    sizes = sorted(size(chunk.text) for article in demo.articles() for chunk in split(read_markdown(article.text)))
    assert sizes[-1] <= MAX + INTRODUCTION
    assert TARGET <= sizes[len(sizes) // 2] <= MAX


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=3000), st.integers(0, 2)), max_size=12))
def test_no_word_is_lost_and_no_passage_too_long(parts: list[tuple[str, int]]) -> None:
    blocks = tuple(Block(text.strip(), ("h",) * depth) for text, depth in parts if text.strip())
    chunks = split(Outline("", blocks))
    assert all(len(chunk.text) <= 4000 for chunk in chunks)
    joined = "".join("".join(chunk.text.split()) for chunk in chunks)
    for block in blocks:
        for word in block.text.split():
            assert word[:MAX_WORD] in joined


def test_words_are_compared_without_endings_and_accents() -> None:
    assert terms("Returned parcels, RETURNING a parcel's café") == ["return", "parcel", "return", "parcel", "cafe"]
    assert terms("Where is order QM-10482?") == ["order", "qm", "10482"]
