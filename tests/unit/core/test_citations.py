"""Marks in a reply that comes in pieces, and the spans that become of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.domain import MessageKind, Passage
from services.core.domain.citations import MAX_CITATIONS, MAX_QUOTE, Cited, CitedText, Marks, Unknown, sign_for
from tests.unit.core.making import passage

RECALLED = tuple(passage(n) for n in range(1, 6))


def read(*pieces: str, recalled: tuple[Passage, ...] = RECALLED, sign: str = "") -> CitedText:
    """A reply of a model, from its pieces."""
    marks, reply = Marks(sign), CitedText(recalled)
    shown = ""
    for item in [*(item for piece in pieces for item in marks.feed(piece)), *marks.end()]:
        before = len(reply.text)
        reply.add(item)
        shown += reply.text[before:]
    assert shown == reply.text == reply.text.strip(), "live pieces join to the text that is stored"
    return reply


def cited(reply: CitedText) -> list[tuple[str, str]]:
    """The cited spans, each with its source's title."""
    return [(reply.text[each.start : each.end], each.source.title) for each in reply.citations]


def test_marks_become_spans_and_the_text_holds_none() -> None:
    reply = read("Returns are free [3]. Delivery takes two days [1], abroad five [3].")
    assert reply.text == "Returns are free. Delivery takes two days, abroad five."
    assert cited(reply) == [
        ("Returns are free", "Title 3"),
        ("Delivery takes two days", "Title 1"),
        ("abroad five", "Title 3"),
    ]


def test_a_citation_has_its_source_with_revision_and_quote() -> None:
    (citation,) = read("So [1].", recalled=(passage(1, "word " * 200),)).citations
    source = citation.source
    assert (source.document, source.passage, source.revision) == ("documents/d1", "documents/d1/passages/3-0", 3)
    assert source.quote.endswith("word…")
    assert len(source.quote) <= MAX_QUOTE


def test_offsets_count_code_points() -> None:
    (citation,) = read("😀 é 👩‍👩‍👧 [1] fin").citations
    assert (citation.start, citation.end) == (0, len("😀 é 👩‍👩‍👧"))


@pytest.mark.parametrize(
    ("written", "text", "spans"),
    [
        ("One. [1]\n\nTwo. [2]", "One.\n\nTwo.", ["One.", "Two."]),
        ("Before.\n\nOne. [1]", "Before.\n\nOne.", ["One."]),
        ("It is so:\n- one [1]\n- two [2]\n2. three [3]", "It is so:\n- one\n- two\n2. three", ["one", "two", "three"]),
        ("- a\n  b [1]", "- a\n  b", ["a\n  b"]),
        ("**Free** from €60 [2].", "**Free** from €60.", ["**Free** from €60"]),
        ("So [1] [2].", "So.", ["So", "So"]),
        ("So [1]. [2]", "So.", ["So", "So"]),
        ("[1] So.", "So.", [""]),
        ("One [1]or two", "One or two", ["One"]),
        ("One\n\n[1] two", "One\n\ntwo", ["One"]),
        ("It costs 5 [1]. 30. is a date [2]", "It costs 5. 30. is a date", ["It costs 5", "30. is a date"]),
        ("无需费用[1]。两天[2]。", "无需费用。两天。", ["无需费用", "两天"]),
        ("  padded [1]  ", "padded", ["padded"]),
    ],
)
def test_a_span_begins_after_the_last_citation_or_with_its_paragraph(written: str, text: str, spans: list[str]) -> None:
    reply = read(written)
    assert (reply.text, [span for span, _ in cited(reply)]) == (text, spans)


@pytest.mark.parametrize("mark", ["[0]", "[6]", "[999]", "[6, 7]", "[000]"])
def test_a_mark_that_names_nothing_is_dropped(mark: str) -> None:
    reply = read(f"Sure {mark}.")
    assert (reply.text, reply.citations, reply.kind) == ("Sure.", (), MessageKind.ANSWER)


def test_a_list_of_marks_is_taken_apart_and_keeps_what_is_known() -> None:
    assert cited(read("So [2, 9,4, 2].")) == [("So", "Title 2"), ("So", "Title 4")]


@pytest.mark.parametrize(
    "text", ["[a]", "[1a]", "[]", "[1", "[ 1]", "]1[", "[1234]", "[link](https://x)", "[[", "a[i] = b[j]", "[#1]", "[１]"]
)
def test_what_is_no_mark_stays_as_it_is(text: str) -> None:
    assert (read(text).text, read(text).citations) == (text, ())


def test_nothing_recalled_means_no_citation() -> None:
    reply = read("Trust me [1][2].", recalled=())
    assert (reply.text, reply.citations) == ("Trust me.", ())


def test_the_sign_is_one_that_the_prompt_does_not_hold() -> None:
    assert sign_for(["a picture [Picture: x.jpg]", "link [one](#1)"]) == ""
    assert sign_for(["see [1]"]) == sign_for(["", "[Unknown]"]) == "#"
    assert sign_for(["[1] and [##2]"]) == "#"
    assert sign_for(["[1] and [#2]"]) == "##"
    assert sign_for(["[" + "#" * 9000 + "1]"]) == ""


def test_with_a_sign_a_plain_number_is_text() -> None:
    reply = read("Use a[1] here [#2, 3]. See [#", "1]. [", "unknown]", sign="#")
    assert reply.text == "Use a[1] here. See. [unknown]"
    assert cited(reply) == [("Use a[1] here", "Title 2"), ("Use a[1] here", "Title 3"), ("See", "Title 1")]
    assert read("[#unknown] Sorry", sign="#").kind is MessageKind.UNKNOWN
    assert read("[unknown] is what it says", sign="#").kind is MessageKind.ANSWER


@pytest.mark.parametrize("text", ["[unknown] Sorry.", "  [Unknown]\n Sorry.", "[UNKNOWN]Sorry."])
def test_the_word_for_not_knowing_is_taken_out_at_the_start(text: str) -> None:
    for reply in (read(text), read(*text)):
        assert (reply.text, reply.kind) == ("Sorry.", MessageKind.UNKNOWN)


def test_elsewhere_it_is_a_word_like_any_other() -> None:
    assert read("It is [unknown].").kind is MessageKind.ANSWER
    for reply in (read("[unknown][unknown] x"), read(*"[unknown][unknown] x")):
        assert (reply.text, reply.kind) == ("[unknown] x", MessageKind.UNKNOWN)


def test_text_of_an_assistant_that_cites_on_its_own_holds_no_marks() -> None:
    reply = CitedText(RECALLED)
    for piece in (Unknown(), "[1] is a footnote", Cited((2,))):
        reply.add(piece)
    assert (reply.text, reply.kind) == ("[1] is a footnote", MessageKind.UNKNOWN)
    assert cited(reply) == [("[1] is a footnote", "Title 2")]


def test_only_what_may_become_a_mark_is_held_back() -> None:
    marks = Marks()
    assert marks.feed("Yes [") == ["Yes "]
    assert marks.feed("1") == []
    assert marks.feed("2 apples") == ["[12 apples"]
    assert marks.feed(" [link") == [" [link"]
    assert marks.feed(" [" + "1, " * 80) == [" [" + "1, " * 80]


def test_what_is_held_when_the_reply_ends_is_shown() -> None:
    assert read("Almost [1").text == "Almost [1"
    assert read("[unkn").text == "[unkn"
    assert read("").text == ""


def test_a_reply_of_white_space_alone_costs_no_time() -> None:
    reply = read("a", *[" "] * 5_000, "\n" * 10_000, "b [1]")
    assert cited(reply) == [("b", "Title 1")]


def test_a_quote_shows_the_headings_inside_its_passage() -> None:
    reply = CitedText([passage(1, "Any reason.\n\n› How to return\n1. Pack it.")])
    reply.add("So.")
    reply.add(Cited((1,)))
    assert reply.citations[0].source.quote == "Any reason.\n\n**How to return**  \n1. Pack it."


def test_a_mark_that_is_repeated_cites_once() -> None:
    assert cited(read("Yes. " + "[1]" * 400)) == [("Yes.", "Title 1")]
    assert cited(read("Yes. [1][2][1, 2]")) == [("Yes.", "Title 1"), ("Yes.", "Title 2")]


def test_a_reply_has_so_many_citations_and_no_more() -> None:
    reply = read(*(f"word{n} [1] " for n in range(2 * MAX_CITATIONS)))
    assert len(reply.citations) == MAX_CITATIONS
    assert reply.text.endswith(f"word{2 * MAX_CITATIONS - 1}")


FRAGMENTS = st.sampled_from(
    [
        *("[", "]", "1", "2", "9", ",", " ", "\n", ".", "- "),
        *("[1]", "[2, 3]", "[unknown]", "[UnKnown]", "word", "[1,", "é", "[" + "1, " * 30 + "1]"),
    ]
)


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(st.lists(FRAGMENTS, max_size=12).map("".join), st.data())
def test_however_a_reply_is_split_it_reads_the_same(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole = read(text)
    for reply in (read(*pieces), read(*text)):
        assert (reply.text, reply.citations, reply.kind) == (whole.text, whole.citations, whole.kind)
    assert all(0 <= each.start <= each.end <= len(whole.text) for each in whole.citations)
