"""Reads PDF into an outline with PDFium: lines in the order in which a person reads them, headings by their size.

PDFium is native code and the files come from strangers: this runs in the child process alone.
"""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pypdfium2
from pypdfium2 import raw

from services.memory.adapters.reading.plain import joined
from services.memory.domain.documents import MAX_CHARACTERS
from services.memory.domain.outline import Block, Outline

MAX_PAGES = 2_000
MAX_HEADING = 150
MAX_LEVELS = 3
WIDGET = 20
TEXT_FIELDS = frozenset({raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX})

_NO_TITLE = re.compile(
    r"^(untitled|unbenannt|sin título|sans titre|microsoft \w+ - .*|.*\.(docx?|odt|indd|pptx?|xlsx?|pdf|tex|qxd|rtf|html?))?$",
    re.I,
)
_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|seite|pagina|página|p|s)\b\.?\s*)?[\divxlc]{1,6}(?:\s*(?:of|von|de|van|di|sur|/|-)\s*\d{1,5})?\W*$", re.I
)
_ITEM = re.compile(r"^(?:[•‣◦▪●·–*-]|\d{1,3}[.)]|[a-z][.)])\s+\S")
_SIGNS_OF_ITEMS = re.compile(r"^[•‣◦▪●·–]\s*")


class TooManyPages(ValueError):
    """More pages than a document may have."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, with the box of its letters in points from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """The height of its letters' boxes: the size of its type."""
        return self.top - self.bottom


def read_pdf(content: bytes) -> Outline:
    """The outline of a PDF. Raises ValueError where it can't be read, TooManyPages beyond the bound."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ValueError("it is protected with a password.") from None
        raise ValueError("it is damaged, or no PDF.") from None
    if len(document) > MAX_PAGES:
        raise TooManyPages
    document.init_forms()
    pages: list[list[Line]] = []
    scanned = size = 0
    for number in range(len(document)):
        page = document[number]
        lines = _lines(document, page)
        scanned += not lines and any(thing.type == raw.FPDF_PAGEOBJ_IMAGE for thing in page.get_objects(max_depth=2))
        size += sum(len(line.text) for line in lines)
        pages.append(lines)
        page.close()
        if size > MAX_CHARACTERS:
            break  # what comes of it is refused for its size
    if scanned and scanned * 2 >= len(pages):
        raise ValueError(
            f"{scanned} of its {len(pages)} pages are pictures without text. "
            "Run text recognition (OCR) on the file and upload it again."
        )
    pages = _without_running_heads(pages)
    sizes = _heading_sizes(pages)
    blocks = list(_blocks(pages, sizes))
    return Outline(_title(document, pages, sizes), tuple(blocks))


def _lines(document: Any, page: Any) -> list[Line]:
    text_page = page.get_textpage()
    try:
        rectangles = [text_page.get_rect(index) for index in range(text_page.count_rects())]
        gutter = _gutter(rectangles, page.get_width())
        lines = list(_by_columns(text_page, rectangles, gutter)) if gutter else list(_as_written(text_page))
    finally:
        text_page.close()
    return _with_values(lines, document, page)


def _as_written(text_page: Any) -> Iterator[Line]:
    """The lines in the order of the file, which is nearly always the order of reading."""
    count = text_page.count_chars()
    start = 0
    for part in text_page.get_text_range(0, count).split("\n"):
        text = part.rstrip("\r")
        if text.strip():
            lead = len(text) - len(text.lstrip())
            first, last = _box(text_page, start + lead), _box(text_page, start + len(text.rstrip()) - 1)
            if first and last:
                top, bottom = max(first[3], last[3]), min(first[1], last[1])
                if top - bottom > 2.5 * (first[3] - first[1]):  # indices run apart behind what PDFium makes up: trust the first
                    top, bottom = first[3], first[1]
                yield Line(_text(text), first[0], bottom, max(last[2], first[2]), top)
            else:
                yield Line(_text(text), 0.0, 0.0, 0.0, 0.0)
        start += len(part) + 1


def _text(text: str) -> str:
    """A line's text; PDFium writes U+FFFE or U+0002 for a hyphen that divides a word."""
    return re.sub(r"[ \t\u00a0]+", " ", text.replace("\ufffe", "\u00ad").replace("\x02", "\u00ad")).strip()


def _box(text_page: Any, index: int) -> tuple[float, float, float, float] | None:
    box = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
        return None
    return box.left, box.bottom, box.right, box.top


def _gutter(rectangles: Sequence[tuple[float, float, float, float]], width: float) -> tuple[float, float] | None:
    """The left and right edge of the space between two columns of prose, if the page is set in two and written across them."""
    if len(rectangles) < 6:
        return None
    switches = sum((a[0] > width / 2) != (b[0] > width / 2) for a, b in pairwise(rectangles))
    if switches * 3 < len(rectangles):
        return None  # written column by column, or in one
    left = [r for r in rectangles if r[2] < width * 0.6 and r[0] < width * 0.4]
    right = [r for r in rectangles if r[0] > width * 0.4]
    if min(len(left), len(right)) < 3:
        return None
    edges = max(r[2] for r in left), min(r[0] for r in right)
    wide = [sorted(r[2] - r[0] for r in side)[len(side) // 2] for side in (left, right)]
    starts = [Counter(round(r[0]) for r in side).most_common(1)[0][1] for side in (left, right)]
    prose = min(wide) > 0.2 * width and all(n * 2 > len(side) for n, side in zip(starts, (left, right), strict=True))
    return edges if prose and edges[1] - edges[0] > 6 else None


def _by_columns(
    text_page: Any, rectangles: Sequence[tuple[float, float, float, float]], gutter: tuple[float, float]
) -> Iterator[Line]:
    """The lines above the columns, those of the left, of the right, and those below."""
    middle = sum(gutter) / 2
    across = [r for r in rectangles if r[0] < middle < r[2]]
    sides = [r for r in rectangles if not r[0] < middle < r[2]]
    right_top = max((r[3] for r in sides if r[0] > middle), default=0.0)
    above = [r for r in across if r[1] > right_top] + [r for r in sides if r[1] > right_top]
    rest = [r for r in rectangles if r not in above]
    order = [
        *sorted(above, key=lambda r: -r[3]),
        *sorted((r for r in rest if r[2] <= middle), key=lambda r: -r[3]),
        *sorted((r for r in rest if r[0] >= middle), key=lambda r: -r[3]),
        *sorted((r for r in rest if r[0] < middle < r[2]), key=lambda r: -r[3]),
    ]
    for left, bottom, right, top in order:
        text = _text(text_page.get_text_bounded(left - 0.5, bottom - 0.5, right + 0.5, top + 0.5).replace("\r\n", " "))
        if text:
            yield Line(text, left, bottom, right, top)


def _with_values(lines: list[Line], document: Any, page: Any) -> list[Line]:
    """The lines with what is filled into the page's form, each behind its label."""
    for left, bottom, top, value in _values(document, page):
        middle = (bottom + top) / 2
        label = next(
            (n for n, line in enumerate(lines) if line.bottom - 4 <= middle <= line.top + 4 and line.left <= left), None
        )
        if label is not None:
            lines[label] = replace(lines[label], text=f"{lines[label].text} {value}")
        else:
            at = next((n for n, line in enumerate(lines) if line.top < middle), len(lines))
            lines.insert(at, Line(value, left, bottom, left, top))
    return lines


def _values(document: Any, page: Any) -> Iterator[tuple[float, float, float, str]]:
    if document.formenv is None:
        return
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) != WIDGET:
                continue
            if raw.FPDFAnnot_GetFormFieldType(document.formenv, annotation) not in TEXT_FIELDS:
                continue
            size = raw.FPDFAnnot_GetFormFieldValue(document.formenv, annotation, None, 0)
            box = raw.FS_RECTF()
            if 2 < size < 20_000 and raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
                buffer = (ctypes.c_ushort * (size // 2))()
                raw.FPDFAnnot_GetFormFieldValue(document.formenv, annotation, buffer, size)
                if value := _text(
                    bytes(buffer).decode("utf-16-le", "replace").strip("\0").replace("\r", " ").replace("\n", " ")
                ):
                    yield box.left, min(box.bottom, box.top), max(box.bottom, box.top), value
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without headers, footers and page numbers: what stands apart at an edge and comes again on other pages."""
    counts = Counter(key for lines in pages for key in {_key(line) for line in (*_edge(lines), *_edge(lines[::-1]))})
    most = max(2, len(pages) // 3)

    def runs(line: Line) -> bool:
        if _PAGE_NUMBER.match(line.text):
            return True
        return len(pages) >= 3 and counts[_key(line)] > most

    return [_cut(_cut(lines, runs)[::-1], runs)[::-1] for lines in pages]


def _cut(lines: list[Line], runs: Any) -> list[Line]:
    kept = _edge(lines)
    gone = 0
    while gone < len(kept) and runs(kept[gone]):
        gone += 1
    return lines[gone:]


def _edge(lines: Sequence[Line]) -> list[Line]:
    """At most two lines at the edge that stand apart from the text by a gap."""
    found: list[Line] = []
    for line, following in pairwise(lines[:3]):
        gap = max(following.bottom - line.top, line.bottom - following.top)
        if gap < 0.8 * max(line.height, following.height):
            break
        found.append(line)
    if len(lines) == 1:
        found.append(lines[0])
    return found


def _key(line: Line) -> str:
    return f"{round(line.bottom / 4)} {re.sub(r'[0-9]+', '#', line.text)}"


def _heading_sizes(pages: list[list[Line]]) -> list[float]:
    """The sizes of type that head something, the largest first."""
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[_size(line)] += len(line.text)
    if not letters:
        return []
    body = letters.most_common(1)[0][0]
    total = letters.total()
    larger = sorted((size for size, count in letters.items() if size >= body * 1.12 and 2 * count < total), reverse=True)
    return larger[:MAX_LEVELS] if len(larger) <= 2 * MAX_LEVELS else larger[: 2 * MAX_LEVELS]


def _size(line: Line) -> float:
    return round(line.height * 2) / 2


def _blocks(pages: list[list[Line]], sizes: list[float]) -> Iterator[Block]:
    """Lines put together to paragraphs, under the headings above them."""
    path: list[tuple[int, str]] = []
    for number, lines in enumerate(pages, start=1):
        edge = max((line.right for line in lines), default=0.0)
        for group in _groups(lines, sizes):
            level = _level(group[0], sizes)
            text = _paragraph(group, edge)
            if level and len(text) <= MAX_HEADING:
                path = [above for above in path if above[0] < level] + [(level, text.replace("\n", " "))]
            else:
                yield Block(_SIGNS_OF_ITEMS.sub("- ", text), tuple(t for _, t in path), number, tight=bool(_ITEM.match(text)))


def _level(line: Line, sizes: list[float]) -> int:
    size = _size(line)
    return sizes.index(size) + 1 if size in sizes and any(c.isalpha() for c in line.text) else 0


def _groups(lines: Sequence[Line], sizes: list[float]) -> Iterator[list[Line]]:
    """Lines that follow one another without a gap, a change of size or the begin of an item."""
    steps = sorted(step for a, b in pairwise(lines) if 0 < (step := a.bottom - b.bottom) < 4 * max(a.height, 1.0))
    usual = steps[len(steps) // 3] if steps else 0.0
    group: list[Line] = []
    for line in lines:
        if group:
            last = group[-1]
            apart = not 0 <= last.bottom - line.bottom <= 1.3 * usual + 0.5
            other = (_level(last, sizes) or _level(line, sizes)) and abs(last.height - line.height) > 0.6
            if apart or other or _ITEM.match(line.text):
                yield group
                group = []
        group.append(line)
    if group:
        yield group


def _paragraph(lines: Sequence[Line], edge: float) -> str:
    """One paragraph: a line that ends before the right edge stays a line, such as a row of a table or of an address."""
    text: list[list[str]] = [[lines[0].text]]
    column = max(line.right for line in lines)
    width = max(1.0, column - min(line.left for line in lines))
    for before, line in pairwise(lines):
        full = before.right >= column - 0.18 * width and len(before.text) > 20
        if full or before.text.endswith(("\u00ad", "-")):
            text[-1].append(line.text)
        else:
            text.append([line.text])
    return "\n".join(joined(parts) for parts in text)


def _title(document: Any, pages: list[list[Line]], sizes: list[float]) -> str:
    """The title that the file names, unless a program made it up; otherwise the largest line at the beginning."""
    said = (document.get_metadata_value("Title") or "").strip()
    if not _NO_TITLE.match(said):
        return said[:200]
    first = next((lines for lines in pages if lines), [])
    largest = max((line for line in first if _level(line, sizes)), key=lambda line: line.height, default=None)
    return largest.text[:200] if largest is not None else ""
