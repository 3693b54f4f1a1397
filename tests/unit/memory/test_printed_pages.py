"""Printed documents: headings by bookmarks and size, and without running heads, tables of contents and indexes."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, Fit, NameObject

from services.memory.adapters.reading.__main__ import read
from services.memory.adapters.reading.hyphens import DIVISION, undivided
from services.memory.adapters.reading.plain import joined
from services.memory.domain.documents import MediaType
from services.memory.domain.outline import Block, Outline
from tests.support.budgets import assert_quick

Printed = tuple[float, float, str]
"""A line: its height above the page's lower edge and the size of its type, in points, and its text."""

BODY = ("The parcel arrives within three working days after it was handed over", "to the carrier, who rings at your door.")

TITLES = ("Ordering and paying", "Returning a parcel", "Repairs and warranty", "Gift cards", "Your account", "Our shops")


def printed(pages: Sequence[Sequence[Printed]], bookmarks: Sequence[tuple[int, str, int, float]] = ()) -> bytes:
    """A PDF with such lines; each bookmark has a level from 0 on, a title, a page from 0 on, and a height."""
    writer = PdfWriter()
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font |= {NameObject("/BaseFont"): NameObject("/Helvetica"), NameObject("/Encoding"): NameObject("/WinAnsiEncoding")}
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        text = " ".join(f"BT /F1 {size} Tf 50 {height} Td ({words}) Tj ET" for height, size, words in lines)
        stream = DecodedStreamObject()
        stream.set_data(text.encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    above: list[object] = []
    for level, title, number, height in bookmarks:
        parent = above[level - 1] if level else None
        above[level:] = [writer.add_outline_item(title=title, page_number=number, parent=parent, fit=Fit.xyz(50, height))]  # type: ignore[arg-type]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page(
    *, head: str = "", headings: Sequence[tuple[float, str]] = (), foot: str = "", body: Sequence[str] = BODY
) -> list[Printed]:
    """A page with headings of these sizes, and text below."""
    lines = [(770.0, 10.0, head)] if head else []
    height = 720.0
    for size, words in headings:
        lines.append((height, size, words))
        height -= 1.8 * size
    for words in body:
        height -= 12
        lines.append((height, 10.0, words))
    return [*lines, (30.0, 10.0, foot)] if foot else lines


def outline(content: bytes) -> Outline:
    """The outline as read."""
    result = read(content, MediaType.PDF)
    assert result.outline is not None, result.detail
    return result.outline


def test_bookmarks_are_the_headings_with_their_levels() -> None:
    content = printed(
        [
            page(headings=[(10, "CHAPTER"), (24, "ONE"), (24, "Orders"), (10, "1.1 How do I pay?")]),
            page(headings=[(10, "1.1.1 By card"), (24, "2 Returns")]),
        ],
        [(0, "Orders", 0, 760), (1, "How do I pay?", 0, 660), (2, "By card", 1, 740), (0, "Returns", 1, 710)],
    )
    text = "\n".join(BODY).replace("\n", " ")
    assert [(block.headings, block.text) for block in outline(content).blocks] == [
        (("Orders", "How do I pay?"), text),
        (("Returns",), text),
    ]


def test_bookmarks_that_are_not_printed_are_no_headings() -> None:
    pages = [page(headings=[(20, title)]) for title in TITLES]
    marks = [(0, f"Scan {title[::-1]}", number, 800.0) for number, title in enumerate(TITLES)]
    assert {block.headings for block in outline(printed(pages, marks)).blocks} == {(title,) for title in TITLES}


def test_sizes_of_type_are_levels_and_a_long_heading_has_several_lines() -> None:
    long = [(24.0, "Orders"), (18.0, "How do I"), (18.0, "pay an order?"), (14.0, "By card")]
    blocks = outline(printed([page(headings=long)])).blocks
    assert [block.headings for block in blocks] == [("Orders", "How do I pay an order?", "By card")]


def test_running_heads_that_vary_by_chapter_are_no_text() -> None:
    pages = [
        page(
            head=f"CHAPTER {number // 4}. {['ORDERS', 'RETURNS', 'REPAIRS'][number // 4]} {number}.1 SECTION", foot=f"{number}"
        )
        for number in range(12)
    ]
    assert {line for block in outline(printed(pages)).blocks for line in block.text.split("\n")} == {" ".join(BODY)}


def test_titles_of_slides_stay() -> None:
    pages = [[(770.0, 24.0, f"Slide about {name}"), *page()] for name in ("orders", "returns", "repairs", "gifts")]
    assert [block.headings for block in outline(printed(pages)).blocks] == [
        (f"Slide about {name}",) for name in ("orders", "returns", "repairs", "gifts")
    ]


@pytest.mark.parametrize("leader", [" . . . . . . . . ", " ", "............", " …………… "])
def test_a_table_of_contents_is_no_text(leader: str) -> None:
    entries = [f"{number} {title}{leader}{number}" for number, title in enumerate(TITLES, 1)]
    pages = [page(headings=[(20, "Contents")], body=entries), page(foot="ii")]
    pages += [page(headings=[(20, f"{number} {title}")], foot=str(number)) for number, title in enumerate(TITLES, 1)]
    blocks = outline(printed(pages)).blocks
    assert [block.page for block in blocks] == [2, 3, 4, 5, 6, 7, 8]
    assert {block.text for block in blocks} == {" ".join(BODY)}


def test_a_list_of_prices_is_no_table_of_contents() -> None:
    prices = [f"{title} ........ {price}" for title, price in zip(TITLES, (12, 9, 30, 45, 7, 22), strict=True)]
    pages = [page(body=prices), *(page(headings=[(20, title)]) for title in TITLES)]
    assert outline(printed(pages)).blocks[0].text.split() == " ".join(prices).split()


WORDS = ("account", "basket", "carrier", "door", "gift card", "island", "parcel", "repair", "shop", "voucher")


@pytest.mark.parametrize(
    ("title", "entries"),
    [
        ("Words", [f"{word}, {number % 2 + 1}, 2" for number, word in enumerate(WORDS)]),
        ("Index", ["P", "parcel", "returned, 2", "R", "refund, 1", "in cash, 2"]),
    ],
)
def test_an_index_is_no_text(title: str, entries: list[str]) -> None:
    pages = [page(), page(), page(headings=[(20, title)], body=entries)]
    assert [block.page for block in outline(printed(pages)).blocks] == [1, 2]


@pytest.mark.parametrize(
    ("lines", "rest", "expected"),
    [
        (["The list of con-", "tents"], "", "The list of contents"),
        (["A one-", "line text"], "each one-line text", "A one-line text"),
        (["A one-", "line text"], "a oneline text", "A oneline text"),
        (["kfreebsd-", "amd64"], "", "kfreebsd-amd64"),
        (["a GNU-", "Linux system"], "", "a GNU-Linux system"),
        (["see https://www.a-", "shop.example/b"], "", "see https://www.a-shop.example/b"),
        (["see https://shop.example/", "help now"], "", "see https://shop.example/help now"),
        (["Vor-", "und Nachteile"], "", "Vor- und Nachteile"),
        (["from 3 -", "4 days"], "", "from 3 - 4 days"),
    ],
)
def test_a_hyphen_at_a_lines_end_stays_where_it_belongs_to_the_word(lines: list[str], rest: str, expected: str) -> None:
    assert undivided([Block(joined(lines)), Block(rest)])[0].text == expected


def test_a_pdf_keeps_the_hyphens_that_belong_to_words() -> None:
    lines = [("Take the package for the machines of the kind kfreebsd-"), "amd64, and read its docu-", "mentation."]
    assert outline(printed([page(body=lines)])).blocks[0].text == (
        "Take the package for the machines of the kind kfreebsd-amd64, and read its documentation."
    )


def test_a_paragraph_continues_on_the_next_page() -> None:
    blocks = outline(printed([page(body=BODY[:1], foot="1"), page(body=BODY[1:], foot="2")])).blocks
    assert [(block.text, block.page) for block in blocks] == [(" ".join(BODY), 1)]


def test_hostile_bookmarks_and_words_are_read_soon() -> None:
    content = printed([page(body=["a" * 400] * 50)] * 3, [(0, "-" * 190 + "a" * 9, n % 3, 700.0) for n in range(600)])

    def work() -> None:
        assert outline(content).blocks
        undivided([Block(f"a{DIVISION}" * 50_000), Block("a-" * 50_000)])

    assert_quick(5, work)
