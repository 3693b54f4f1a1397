"""Marks in a reply that comes in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.domain import MessageKind, Source
from services.core.domain.citations import Citations
from tests.unit.core.making import source

RECALLED = tuple(source(n) for n in range(1, 6))


def fed(*pieces: str, recalled: tuple[Source, ...] = RECALLED) -> tuple[str, tuple[str, ...], MessageKind]:
    citations = Citations(recalled)
    text = "".join(citations.feed(piece) for piece in pieces) + citations.end()
    return text, tuple(used.title for used in citations.sources), citations.kind


def test_marks_are_numbered_in_the_order_of_use() -> None:
    text, used, _ = fed("First [3], then [1], again [3].")
    assert text == "First [1], then [2], again [1]."
    assert used == ("Title 3", "Title 1")


@pytest.mark.parametrize("mark", ["[0]", "[6]", "[999]", "[6, 7]", "[000]"])
def test_a_mark_that_names_nothing_is_dropped(mark: str) -> None:
    assert fed(f"Sure {mark}.") == ("Sure .", (), MessageKind.ANSWER)


def test_a_list_of_marks_is_taken_apart_and_keeps_what_is_known() -> None:
    assert fed("So [2, 9,4].")[:2] == ("So [1][2].", ("Title 2", "Title 4"))


@pytest.mark.parametrize("text", ["[a]", "[1a]", "[]", "[1", "[ 1]", "]1[", "[1234]", "[link](https://x)", "[[", "a[i] = b[j]"])
def test_what_is_no_mark_stays_as_it_is(text: str) -> None:
    assert fed(text) == (text, (), MessageKind.ANSWER)


def test_nothing_recalled_means_no_mark_survives() -> None:
    assert fed("Trust me [1][2].", recalled=()) == ("Trust me .", (), MessageKind.ANSWER)


@pytest.mark.parametrize("text", ["[unknown] Sorry.", "  [Unknown]\n Sorry.", "[UNKNOWN]Sorry."])
def test_the_word_for_not_knowing_is_taken_out_at_the_start(text: str) -> None:
    assert fed(text) == ("Sorry.", (), MessageKind.UNKNOWN)
    assert fed(*text) == ("Sorry.", (), MessageKind.UNKNOWN)


def test_elsewhere_it_is_a_word_like_any_other() -> None:
    assert fed("It is [unknown].") == ("It is [unknown].", (), MessageKind.ANSWER)
    assert fed("[unknown][unknown] x") == fed(*"[unknown][unknown] x") == ("[unknown] x", (), MessageKind.UNKNOWN)


def test_only_what_may_become_a_mark_is_held_back() -> None:
    citations = Citations(RECALLED)
    assert citations.feed("Yes [") == "Yes "
    assert citations.feed("1") == ""
    assert citations.feed("2 apples") == "[12 apples"
    assert citations.feed(" [link") == " [link"
    assert citations.feed(" [" + "1, " * 80) == " [" + "1, " * 80


def test_what_is_held_when_the_reply_ends_is_shown() -> None:
    assert fed("Almost [1")[0] == "Almost [1"
    assert fed("[unkn")[0] == "[unkn"
    assert fed("") == ("", (), MessageKind.ANSWER)


FRAGMENTS = st.sampled_from(
    [
        "[",
        "]",
        "1",
        "2",
        "9",
        ",",
        " ",
        "\n",
        "[1]",
        "[2, 3]",
        "[unknown]",
        "[UnKnown]",
        "word",
        "[1,",
        "é",
        "[" + "1, " * 30 + "1]",
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(FRAGMENTS, max_size=12).map("".join), st.data())
def test_however_a_reply_is_split_it_reads_the_same(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert fed(*pieces) == fed(text) == fed(*text)
