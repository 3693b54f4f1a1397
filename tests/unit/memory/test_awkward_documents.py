# ruff: noqa: E501 (a sample stays on one line)
"""Kinds of documents that readers get wrong: what a person would read is what the passages say."""

from __future__ import annotations

import io
import zipfile

import pytest

from services.memory.adapters.reading.__main__ import read
from services.memory.adapters.reading.cleaning import clean
from services.memory.adapters.reading.markdown import read_markdown
from services.memory.domain.chunker import split
from services.memory.domain.documents import MediaType

MD, HTML, PLAIN, CSV = MediaType.MARKDOWN, MediaType.HTML, MediaType.PLAIN, MediaType.CSV


def passages(content: str | bytes, media_type: MediaType, charset: str = "") -> str:
    """All passages of a document as one text, each under its headings."""
    result = read(content if isinstance(content, bytes) else content.encode(), media_type, charset)
    assert result.outline is not None, result.detail
    return "\n\n".join(f"{chunk.heading}\n{chunk.text}" if chunk.heading else chunk.text for chunk in split(result.outline))


def title(content: str, media_type: MediaType) -> str:
    """The title that is read."""
    outline = read(content.encode(), media_type).outline
    assert outline is not None
    return outline.title


@pytest.mark.parametrize(
    ("media_type", "content", "lines"),
    [
        # Angle brackets that are no tags
        (MD, "Write to <help@shop.example>.", ["help@shop.example"]),
        (MD, "Call `GET /orders/<order_id>` with <API_KEY>; if x <y and z> w, wait.", ["/orders/<order_id>", "<API_KEY>", "x <y and z> w"]),
        (MD, "<placeholder>\n\nText", ["<placeholder>"]),
        # Addresses and code, to the letter
        (MD, "Get https://dl.example/__firmware__/a_b.bin or `--x__y__z`.", ["https://dl.example/__firmware__/a_b.bin", "--x__y__z"]),
        (MD, "See [the _form_ [2]](https://x.example/a_(b)), \\*not bold\\*, [ref][1].\n\n[1]: http://z", ["the form [2]", "*not bold*", "ref."]),
        # Numbers of items
        (MD, "Closed on:\n\n24. December\n31. December", ["24. December", "31. December"]),
        (MD, "In the year\n2019. we moved.", ["2019. we moved."]),
        (HTML, '<ol start="5"><li>Fifth</li><li value="9">Ninth</li></ol>', ["5. Fifth", "9. Ninth"]),
        # Cells under their own headings
        (MD, "Zone | Standard | Express\n--- | --- | ---\n3 | | 22 EUR\n", ["3: Express: 22 EUR"]),
        (MD, "| Code | Meaning |\n|---|---|\n| A \\| B | either |", ["A | B: either"]),
        (
            HTML,
            "<table><tr><th>Brand<th>Model<th>Price</tr><tr><td rowspan=2>Volta<td>V1<td>39</tr><tr><td>V2<td>59</tr></table>",
            ["Volta: Model: V1; Price: 39", "Volta: Model: V2; Price: 59"],
        ),
        (
            HTML,
            "<table><tr><th>Product<th colspan=2>Private<th>Business</tr><tr><td>Kettle<td>2 years<td>3 years<td>1 year</tr></table>",
            ["Kettle: Private: 2 years; Private: 3 years; Business: 1 year"],
        ),
        # Structure that carries meaning
        (HTML, "<ul><li>Norway<ul><li>Express: 25 EUR</li></ul></li></ul>", ["- Norway: Express: 25 EUR"]),
        (MD, "- Norway\n\n  - Express: 25 EUR\n", ["- Norway: Express: 25 EUR"]),
        (HTML, "<p>H<sub>2</sub>O, 10<sup>3</sup> g, the 1<sup>st</sup> try</p>", ["H2O, 10^3 g, the 1st try"]),
        (HTML, "<p>Price <del>49 EUR</del> <ins>39 EUR</ins></p>", ["(deleted: 49 EUR) 39 EUR"]),
        (HTML, "<pre>line one\n    line two   x</pre>", ["line one\n    line two   x"]),
        (HTML, '<p><img src="a.png" alt="Press R for 8 seconds"></p>', ["Press R for 8 seconds"]),
        (HTML, "<dl><dt>Warranty<dd>2 years<dt>Can I return it?<dd>Yes.</dl>", ["Warranty: 2 years", "Can I return it?\nYes."]),
        (HTML, '<p><a href="mailto:a@shop.example">Write to us</a></p>', ["Write to us (a@shop.example)"]),
        # Lines that mean something
        (PLAIN, "Monday 9-17\nWednesday closed\nFriday 9-17", ["Wednesday closed\n"]),
        (PLAIN, "This line was broken by a program that fits it to a width of its own,\nso that it continues here.", ["own, so that"]),
        (CSV, "sku;name;price\nK1;Pan;11\nK2;Pot;12\n", ["sku: K2; name: Pot; price: 12"]),
        # Invisible characters
        (HTML, "<p>dish&shy;washer&shy;safe, part SP\u200b-88, fi\ufb01</p>", ["dishwashersafe, part SP-88, fifi"]),
        # Scripts without spaces, long words
        (PLAIN, "第3条：顾客可以在3天内申请退货。" * 60, ["第3条：顾客可以在3天内申请退货。"]),
        (PLAIN, "See the page " * 60 + "https://x.example/" + "a1b2c3" * 25 + "/end " + "and more " * 60, ["https://x.example/" + "a1b2c3" * 25 + "/end"]),
    ],
)  # fmt: skip
def test_what_a_document_says_stands_in_its_passages(media_type: MediaType, content: str, lines: list[str]) -> None:
    text = passages(content, media_type)
    assert [line for line in lines if line not in text] == [], text


@pytest.mark.parametrize(
    ("media_type", "content", "shown", "hidden"),
    [
        (MD, "A\n\n<!-- INTERNAL\n\nSECRET\n\n- x\n-->\n\nB `<!-- kept -->`", "<!-- kept -->", "SECRET"),
        (HTML, "<p>A<!-- SECRET --><p>B", "B", "SECRET"),
        (MD, "---\ntitle: T\nowner: SECRET\n---\n\nText", "Text", "SECRET"),
        (HTML, "<ul><li hidden>SECRET<li>Open<li>Closed</ul>", "Open", "SECRET"),
        (HTML, "<nav>SECRET</nav><main><h1>T</h1><p>Wait 47 minutes.</p></main><footer>SECRET</footer>", "Wait 47 minutes.", "SECRET"),
        (
            HTML,
            "<nav>SECRET</nav><div><h1>T</h1><p>Fill it with one part vinegar, wait 47 minutes.</p></div>"
            '<section><article><a href="/a">SECRET</a></article><article><a href="/b">SECRET</a></article></section>',
            "wait 47 minutes",
            "SECRET",
        ),
        (HTML, '<form><div class="sidebar-nav"><a>SECRET</a></div><h1>T</h1><p>It takes 3 working days, mostly.</p></form>', "3 working days", "SECRET"),
        (HTML, "<article><header><h1>T</h1><p>Since 1 March</p></header><p>Text of it.</p><button>SECRET</button></article>", "1 March", "SECRET"),
        (
            HTML,
            "<main><h3><button aria-expanded=false aria-controls=a>May I?</button></h3><div id=a hidden>Within 14 days.</div></main>",
            "May I?\nWithin 14 days.",
            "SECRET",
        ),
        (HTML, '<title>T</title><link rel=next title="SECRET"><table><tr><th>T<tr><td><a accesskey=p href=a><img alt=Prev></a><td><a href=b>Next</a><td>SECRET</table><p>Click <a href=c>Next</a> to pay.', "Click Next to pay.", "SECRET"),
        (HTML, '<p>Next: <a rel=next href=b>SECRET</a>, Previous: <a rel=prev href=a>SECRET</a> [<a href=t>Contents</a>]</p><p>It takes 3 days, or 5 to an island.', "5 to an island.", "SECRET"),
        (HTML, '<div class=navfooter><a href=b>SECRET</a> SECRET</div><p>It takes 3 days.', "It takes 3 days.", "SECRET"),
        (HTML, "<details><summary>May I?</summary><p>Within 14 days.</details><p hidden>SECRET", "May I?\nWithin 14 days.", "SECRET"),
    ],
)  # fmt: skip
def test_only_what_a_reader_sees_is_read(media_type: MediaType, content: str, shown: str, hidden: str) -> None:
    text = passages(content, media_type)
    assert shown in text
    assert hidden not in text


def test_toml_front_matter_is_read_as_that_of_yaml() -> None:
    text = '+++\n# about returns\ntitle = "Sending it \\"back\\""\ndate = 2026-01-02\n[menu]\ntitle = "no"\n+++\n\nWithin 30 days.\n'
    outline = read_markdown(text)
    assert (outline.title, [block.text for block in outline.blocks]) == ('Sending it "back"', ["Within 30 days."])
    assert read_markdown("+++\ntitle = 'Hours'\n+++\nOpen.").title == "Hours"
    signs = read_markdown("+++\nall of it\n+++\nmore")
    assert "all of it" in " ".join(block.text for block in signs.blocks), "signs alone are no front matter"


def test_the_title_is_the_one_in_the_front_matter() -> None:
    assert title("---\ntitle: Warranty on kettles\n---\n\nSix years.", MD) == "Warranty on kettles"
    assert title("---\n\nText after a rule.", MD) == ""


RUSSIAN = "Доставка занимает 3 дня, если товар есть на складе магазина."


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (f"<p>{RUSSIAN}".encode("cp1251"), "windows-1251"),
        (f'<script charset="utf-8"></script><meta http-equiv=Content-Type content="text/html; charset=windows-1251"><p>{RUSSIAN}'.encode("cp1251"), ""),
        (f"<p>{RUSSIAN}".encode("utf-16"), ""),
        (f"<p>{RUSSIAN}<i></i><b></b><i></i><b></b><i></i>".encode("utf-16-be"), ""),
        (f"<p>{RUSSIAN}".encode("cp1251"), ""),
        (f'<meta charset="utf-16"><p>{RUSSIAN}'.encode(), ""),
    ],
)  # fmt: skip
def test_an_encoding_is_what_was_said_or_what_fits(content: bytes, charset: str) -> None:
    assert passages(content, HTML, charset) == RUSSIAN


def test_latin_1_means_windows_1252() -> None:
    assert passages('<meta charset="iso-8859-1"><p>€ 40 – “all”'.encode("cp1252"), HTML) == "€ 40 – “all”"


def test_what_no_store_takes_and_no_one_sees_is_removed() -> None:
    assert passages("The zebra\0 crossing", PLAIN) == "The zebra crossing"
    assert clean("a\u00a0b\u200d c\u0007") == "a b c"
    family, persian = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "می\u200cخواهم"
    assert (clean(family), clean(persian)) == (family, persian)  # emoji and scripts that need their joiners


def test_a_page_without_text_of_its_own_says_so() -> None:
    result = read(b'<title>App</title><div id=root></div><script src="a.js"></script>', HTML)
    assert (result.problem, "JavaScript" in result.detail) == ("unreadable", True)


def test_a_passage_that_begins_in_a_table_repeats_the_names_of_its_columns() -> None:
    rows = "".join(f"| Country {number} with a longer name | {number} days |\n" for number in range(60))
    outline = read(f"| Country | Delivery |\n|---|---|\n{rows}".encode(), MD).outline
    assert outline is not None
    chunks = split(outline)
    assert len(chunks) > 2
    assert all(chunk.text.startswith("Country: Delivery\n") for chunk in chunks)


def docx(body: str) -> bytes:
    """A Word document with such a body."""
    kind = "http://schemas.openxmlformats.org"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        types = f'<Types xmlns="{kind}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
        archive.writestr("[Content_Types].xml", types)
        relation = (
            f'<Relationship Id="r1" Type="{kind}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        )
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{kind}/package/2006/relationships">{relation}</Relationships>')
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{kind}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
        )
    return out.getvalue()


def test_a_word_document_is_read() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>".format
    table = f"<w:tbl><w:tr>{cell('Zone')}{cell('Fast')}{cell('Slow')}</w:tr><w:tr>{cell('1')}{cell('9 EUR')}{cell('4 EUR')}</w:tr></w:tbl>"
    text = passages(docx(f"<w:p><w:r><w:t>Costs are low.</w:t></w:r></w:p>{table}"), MediaType.DOCX)
    assert "Costs are low." in text
    assert "1: Fast: 9 EUR; Slow: 4 EUR" in text


@pytest.mark.budget(2, "it unpacks up to the limit")
def test_a_word_document_that_unpacks_without_end_is_refused() -> None:
    out = io.BytesIO(docx(""))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/big.xml", "w", force_zip64=True) as big:
        for _ in range(201):
            big.write(b"\0" * (1 << 20))
    assert read(out.getvalue(), MediaType.DOCX).problem == "too_large"
    assert "no DOCX" in read(b"PK\x03\x04 word/", MediaType.DOCX).detail
