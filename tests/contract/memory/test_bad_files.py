"""Files that are broken, hostile or too large: each is refused within its bounds, in a sentence that says what to do."""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from collections.abc import Callable, Collection
from itertools import product

import pytest

from services.memory.adapters.reading import ChildReader
from services.memory.domain import problems
from services.memory.domain.documents import MAX_CHARACTERS, MAX_PASSAGES, MediaType
from tests.rpc.memory.test_uploads import docx
from tests.unit.memory.test_reading import pdf

SIZE = 16 << 20
LINE = b"boots and socks " * (5_200_000 // 16)
WORDS = ["".join(letters).encode() for letters in product("aeiou", "bcdfghklmnprst", "aeiou", "bcdfghklmnprst")]


def printed(pages: int, pictures: Collection[int] = ()) -> bytes:
    """A PDF with another line on each page, or a picture on some."""
    first = 5  # the number of the first page's object
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(pages))
    image = b"/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
    shared = b"<</Font<</F 3 0 R>>/XObject<</P 4 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/MediaBox[0 0 600 800]/Kids[%s]/Resources%s>>" % (pages, kids, shared),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/XObject%s/Length 1>>stream\n\0\nendstream" % image,
    ]
    for number in range(pages):
        words = WORDS[number], WORDS[-1 - number]
        text = b"BT /F 12 Tf 50 400 Td (Boots of %s are kept) Tj 0 -14 Td (in the store of %s.) Tj ET" % words
        shown = b"q 90 0 0 90 0 0 cm /P Do Q" if number + 1 in pictures else text
        objects.append(b"<</Type/Page/Parent 2 0 R/Contents %d 0 R>>" % (first + 2 * number + 1))
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    rest = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return bytes(out) + rest % (len(objects) + 1, table, len(objects) + 1, len(out))


def bomb() -> bytes:
    """A DOCX of a few hundred kilobytes whose text unpacks to 150 MB."""
    file = io.BytesIO(docx("x"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/more.xml", "w") as part:
        for _ in range(150):
            part.write(b"<w:p/>" * 170_000)
    return file.getvalue()


def short_sections() -> bytes:
    """A Markdown of few characters that would be many passages."""
    return b"".join(b"# Part %d\n\n## Of %d\n\nx\n\n" % (n, n) for n in range(MAX_PASSAGES + 10))


def table(rows: int) -> bytes:
    return b"number,name,colour,price,store\n" + b"".join(
        b"%d,Boots number %d,brown,%d.99,north\n" % (n, n, n % 90) for n in range(rows)
    )


@pytest.mark.parametrize(
    ("make", "media_type", "problem", "says"),
    [
        (lambda: LINE, MediaType.PLAIN, problems.DocumentTooLarge, f"{MAX_CHARACTERS:,} characters; split it"),
        (lambda: LINE, MediaType.MARKDOWN, problems.DocumentTooLarge, f"{MAX_CHARACTERS:,} characters; split it"),
        (lambda: b"<p>" + LINE, MediaType.HTML, problems.DocumentTooLarge, f"{MAX_CHARACTERS:,} characters; split it"),
        (lambda: b'a,b\n"' + LINE, MediaType.CSV, problems.DocumentUnreadable, "field limit .*; save it again"),
        (short_sections, MediaType.MARKDOWN, problems.DocumentTooLarge, f"{MAX_PASSAGES:,} passages; split it"),
        (lambda: table(100_000), MediaType.CSV, problems.DocumentTooLarge, f"{MAX_CHARACTERS:,} characters; split it"),
        (lambda: printed(2_001), MediaType.PDF, problems.DocumentTooLarge, "2,000 pages; split it"),
        (lambda: printed(3, {1, 2, 3}), MediaType.PDF, problems.DocumentUnreadable, "3 of its 3 pages .* pictures .* upload"),
        (lambda: pdf(["x"], password="s"), MediaType.PDF, problems.DocumentUnreadable, "password; save it without one"),
        (lambda: printed(9)[:900], MediaType.PDF, problems.DocumentUnreadable, "damaged"),
        (lambda: docx("x" * 9_000)[:900], MediaType.DOCX, problems.DocumentUnreadable, "damaged"),
        (bomb, MediaType.DOCX, problems.DocumentTooLarge, "more than 33,554,432 bytes in one of its parts; split it"),
        (lambda: os.urandom(SIZE), MediaType.PLAIN, problems.DocumentUnreadable, "save it as UTF-8"),
        (lambda: os.urandom(SIZE), MediaType.MARKDOWN, problems.DocumentUnreadable, "save it as UTF-8"),
        (lambda: os.urandom(SIZE), MediaType.HTML, problems.DocumentUnreadable, "save it as UTF-8"),
        (lambda: os.urandom(SIZE), MediaType.CSV, problems.DocumentUnreadable, "save it as UTF-8"),
        (lambda: b"%PDF-1.4\n" + os.urandom(SIZE), MediaType.PDF, problems.DocumentUnreadable, "damaged"),
        (lambda: b"PK\x03\x04" + os.urandom(SIZE), MediaType.DOCX, problems.DocumentUnreadable, "damaged"),
    ],
)  # fmt: skip
async def test_a_bad_file_is_refused_in_a_sentence(
    make: Callable[[], bytes], media_type: MediaType, problem: type[problems.DocumentProblem], says: str
) -> None:
    with pytest.raises(problem) as refused:
        await ChildReader().read(make(), media_type)
    assert re.search(says, refused.value.message), refused.value.message
    assert len(refused.value.message) < 250
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("tag", [b"", b"<b>new</b> ", b"<details>\n\n"])
async def test_a_paragraph_of_very_many_links_is_read_in_parts(tag: bytes) -> None:
    links = b" ".join(b"[boots %d](https://shop.example/%d)" % (n, n) for n in range(60_000))
    read = await ChildReader().read(tag + links, MediaType.MARKDOWN)
    words = {word for chunk in read.chunks for word in chunk.text.split()}
    assert words >= {str(number) for number in range(60_000)}
    assert not any("](" in word for word in words)


async def test_html_that_takes_too_much_memory_is_refused_with_a_remedy() -> None:
    with pytest.raises(problems.DocumentUnreadable, match=r"memory than a document may take; split it"):
        await ChildReader().read(b"<a>" * (SIZE // 3), MediaType.HTML)


async def test_the_largest_files_are_read() -> None:
    reader = ChildReader()
    book = await reader.read(printed(2_000), MediaType.PDF)
    assert WORDS[1_999].decode() in book.chunks[-1].text
    words = random.Random(7).choices(WORDS, k=MAX_CHARACTERS // 6)
    text = b"\n\n".join(b" ".join(words[at : at + 90]) + b"." for at in range(0, len(words), 90))
    whole = await reader.read(text, MediaType.PLAIN)
    assert whole.chunks[-1].text.endswith(text[-200:].decode())
    pages = b"<main>%s</main><!--%s-->" % (b"<p>Boots run small.</p>" * 1_000, b"." * (SIZE - 30_000))
    assert (await reader.read(pages, MediaType.HTML)).chunks


async def test_pages_and_columns_that_are_not_read_are_named() -> None:
    scan = await ChildReader().read(printed(3, {2}), MediaType.PDF)
    assert WORDS[2].decode() in scan.chunks[-1].text
    assert scan.warnings == (
        "Page 2 is a picture without text and is not searched. Run text recognition (OCR) on the file and upload it again.",
    )
    wide = b"name," + b",".join(b"c%d" % n for n in range(250)) + b"\n" + b"x," * 250 + b"y\n"
    assert (await ChildReader().read(wide, MediaType.CSV)).warnings == (
        "Columns after the first 200 are left out. Split the table into several files.",
    )
