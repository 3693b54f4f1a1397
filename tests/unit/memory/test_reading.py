"""Texts, Markdown, HTML and PDF become outlines; hostile ones become a problem, in bounded time."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from services.memory.adapters.reading import SMALL_BYTES
from services.memory.adapters.reading.__main__ import read
from services.memory.adapters.reading.html import read_html
from services.memory.adapters.reading.markdown import read_markdown
from services.memory.adapters.reading.plain import read_csv, read_plain
from services.memory.domain.documents import MediaType, media_type_of
from tests.support.budgets import assert_quick


def pdf(*pages: list[str], password: str = "") -> bytes:
    """A PDF with a line of text per string."""
    writer = PdfWriter()
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        text = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 50 750 Td {text} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_markdown_keeps_its_headings_and_loses_its_marks() -> None:
    outline = read_markdown(
        "# Returns\n\nWithin **60 days**, see [here](https://x.test).\n\n## Cost\n\n- Zone 1: `free`\n- Zone 2\n"
    )
    assert outline.title == "Returns"
    assert [(b.headings, b.text) for b in outline.blocks] == [
        ((), "Within 60 days, see here."),
        (("Cost",), "- Zone 1: free"),
        (("Cost",), "- Zone 2"),
    ]


def test_headings_nest_and_end_those_below() -> None:
    outline = read_markdown("# T\n## A\n### B\nx\n## C\ny")
    assert [(b.headings, b.text) for b in outline.blocks] == [(("A", "B"), "x"), (("C",), "y")]


def test_a_table_row_can_stand_alone() -> None:
    outline = read_markdown("| Zone | Standard | Express |\n|---|:---:|---|\n| 1 | 2 days | 1 day |\n")
    assert [b.text for b in outline.blocks] == ["1: Standard: 2 days; Express: 1 day"]


def test_code_is_kept_as_it_is() -> None:
    outline = read_markdown("```\nGET /v1/orders\n# not a heading\n```\n")
    assert [b.text for b in outline.blocks] == ["GET /v1/orders\n# not a heading"]


def test_words_with_underscores_are_no_emphasis() -> None:
    assert read_markdown("call get_order_status now").blocks[0].text == "call get_order_status now"


def test_plain_text_is_paragraphs() -> None:
    assert [b.text for b in read_plain("one\r\ntwo\r\n\r\nthree").blocks] == ["one\ntwo", "three"]


PAGE = """<!doctype html><html><head><title>Help | Shop</title><style>p{}</style></head><body>
<nav><a href=/>Home</a></nav><main><h1>Sizing</h1><p>Boots run <b>small</b>.</p><h2>Socks</h2><ul><li>S: 36<li>M: 40</ul>
<table><tr><th>EU</th><th>UK</th></tr><tr><td>42</td><td>8</td></tr></table><script>alert(1)</script></main>
<footer>Imprint</footer></body></html>"""


def test_html_gives_its_main_part() -> None:
    outline = read_html(PAGE)
    assert outline.title == "Sizing"
    assert [(b.headings, b.text) for b in outline.blocks] == [
        ((), "Boots run small."),
        (("Socks",), "- S: 36"),
        (("Socks",), "- M: 40"),
        (("Socks",), "EU: UK"),
        (("Socks",), "42: 8"),
    ]


def test_html_without_an_end_of_its_navigation_is_still_read() -> None:
    assert "Everything" in " ".join(b.text for b in read_html("<nav><p>Everything is in here").blocks)


def test_html_entities_and_hidden_parts() -> None:
    assert [b.text for b in read_html("<p>Fish &amp; chips<div hidden>secret</div><p>two").blocks] == ["Fish & chips", "two"]


def test_a_pdf_gives_paragraphs_with_their_page() -> None:
    result = read(pdf(["Returns are free.", "You have 60 days."], ["Write to us."]), MediaType.PDF)
    assert result.outline is not None
    assert [(b.page, b.text) for b in result.outline.blocks] == [
        (1, "Returns are free.\nYou have 60 days."),
        (2, "Write to us."),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 broken", "."),
        (pdf(["x"])[:-300], ""),
        (pdf(["x"], password="s"), "password"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(content: bytes, words: str) -> None:
    result = read(content, MediaType.PDF)
    assert (result.outline is not None and not result.outline.blocks) or (
        result.problem == "unreadable" and words in result.detail
    )


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "**a",
        "<",
        "| " + " " * 6_000 + "x",
        "# " + " " * 6_000 + "x",
        "<!--",
        "`a",
        "![[",
        "a\n",
        "<div>",
    ],
)
def test_a_hostile_text_that_is_read_in_the_service_is_read_soon(text: str) -> None:
    content = text.encode() * (SMALL_BYTES // len(text))
    assert_quick(3, lambda: read(content, MediaType.MARKDOWN))


def test_html_of_great_depth_is_read() -> None:
    outline = read_html("<div>" * 10_000 + "deep")
    assert outline.blocks[0].text == "deep"


@pytest.mark.parametrize("html", ["<div>" * 10_000 + "<a rel=next href=b>" * 2, "<a rel=next href=b></a>" * 50_000])
def test_links_between_pages_without_end_are_read_soon(html: str) -> None:
    assert_quick(3, lambda: read_html(html))


def test_too_much_text_is_reported() -> None:
    assert read(b"word " * 1_100_000, MediaType.PLAIN).problem == "too_large"


@pytest.mark.parametrize(
    ("content", "name", "said", "expected"),
    [
        (b"%PDF-1.4", "a.txt", "text/plain", MediaType.PDF),
        (b"# x", "a.md", "", MediaType.MARKDOWN),
        (b"<!DOCTYPE html>", "", "", MediaType.HTML),
        (b"hello", "", "text/html; charset=utf-8", MediaType.HTML),
        (b"hello", "", "application/octet-stream", MediaType.PLAIN),
        (b"\x89PNG\r\n\0\0", "", "", None),
        (b"GIF89a", "x.gif", "image/gif", None),
    ],
)
def test_the_media_type_is_recognized(content: bytes, name: str, said: str, expected: MediaType | None) -> None:
    assert media_type_of(content, name, said) is expected


def test_old_encodings_are_understood() -> None:
    result = read("Grüße".encode("cp1252"), MediaType.PLAIN)
    assert result.outline is not None
    assert result.outline.blocks[0].text == "Grüße"


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("SKU;Name;Price\nSKU-1;Boots;89\n", ["SKU: SKU-1; Name: Boots; Price: 89"]),
        (
            "Name;Price\nBoots, brown;89,50\nHat, green;19,00\n",
            ["Name: Boots, brown; Price: 89,50", "Name: Hat, green; Price: 19,00"],
        ),
        ("Spring list\n\nSKU;Name\nSKU-1;Boots\n", ["Spring list", "SKU: SKU-1; Name: Boots"]),
        ("Sizes,,\nSKU,Name,Price\nSKU-1,Boots,89\n", ["Sizes", "SKU: SKU-1; Name: Boots; Price: 89"]),
        ("sep=;\nSKU;Name\nSKU-1;Boots\n", ["SKU: SKU-1; Name: Boots"]),
        ("Name,2025,2026\nBoots,5,6\n", ["Name: Boots; 2025: 5; 2026: 6"]),
        (";Summer;Winter\nDelivery;3 days;5 days\n", ["Delivery; Summer: 3 days; Winter: 5 days"]),
        ("Word\nBoots\nHats\n", ["Word: Boots", "Word: Hats"]),
        ("SKU-1;Boots;89\n", ["SKU-1; Boots; 89"]),
        ("\n", []),
    ],
)
def test_a_row_of_a_table_names_each_value_by_its_column(table: str, lines: list[str]) -> None:
    assert [block.text for block in read_csv(table).blocks] == lines


def test_a_table_is_one_by_its_name_on_machines_with_excel() -> None:
    assert media_type_of(b"SKU;Name\n", "sizes.csv", "application/vnd.ms-excel") is MediaType.CSV
    assert media_type_of(b"SKU;Name\n", "sizes.xls", "application/vnd.ms-excel") is None
