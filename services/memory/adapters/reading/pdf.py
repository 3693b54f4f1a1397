"""Reads PDF into an outline with PDFium: lines in the order in which a person reads them, headings by bookmarks and size.

PDFium is native code and the files come from strangers: this runs in the child process alone.
"""

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pypdfium2
from pypdfium2 import raw

from services.memory.adapters.reading.bookmarks import Heading, bookmarked
from services.memory.adapters.reading.decoding import Unreadable
from services.memory.adapters.reading.hyphens import DIVISION, undivided
from services.memory.adapters.reading.line import Line
from services.memory.adapters.reading.matter import body_size, without_lists, without_running_heads
from services.memory.adapters.reading.plain import joined
from services.memory.domain.documents import MAX_CHARACTERS
from services.memory.domain.outline import Block, Outline

MAX_PAGES = 2_000
MAX_HEADING = 200
MAX_NAMED = 20
_REMEDY = "Run text recognition (OCR) on the file and upload it again."
MAX_LEVELS = 6
WIDGET = 20
TEXT_FIELDS = frozenset({raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX})

_NO_TITLE = re.compile(
    r"^(untitled|unbenannt|sin título|sans titre|microsoft \w+ - .*|.*\.(docx?|odt|indd|pptx?|xlsx?|pdf|tex|qxd|rtf|html?))?$",
    re.I,
)
_ITEM = re.compile(r"^(?:[•‣◦▪●·–*-]|\d{1,3}[.)]|[a-z][.)])\s+\S")
_SIGNS_OF_ITEMS = re.compile(r"^[•‣◦▪●·–]\s*")


class TooManyPages(ValueError):
    """More pages than a document may have."""


def read_pdf(content: bytes) -> Outline:
    """The outline of a PDF. Raises ValueError where it can't be read, TooManyPages beyond the bound."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("it is protected with a password; save it without one.") from None
        raise Unreadable("it is damaged, or no PDF; save it again.") from None
    if len(document) > MAX_PAGES:
        raise TooManyPages
    document.init_forms()
    pages: list[list[Line]] = []
    scanned: list[int] = []
    size = 0
    for number in range(len(document)):
        page = document[number]
        lines = _lines(document, page)
        if not lines and any(thing.type == raw.FPDF_PAGEOBJ_IMAGE for thing in page.get_objects(max_depth=2)):
            scanned.append(number + 1)
        size += sum(len(line.text) for line in lines)
        pages.append(lines)
        page.close()
        if size > MAX_CHARACTERS:
            break  # what comes of it is refused for its size
    if scanned and len(scanned) * 2 >= len(pages):
        raise Unreadable(f"{len(scanned)} of its {len(pages)} pages are pictures without text. {_REMEDY}")
    printed = without_lists(without_running_heads(pages))
    sizes = _heading_sizes(printed)
    headings = bookmarked(document, printed)
    levels = _levels(printed, sizes, headings)
    blocks = undivided(_blocks(printed, levels, headings))
    return Outline(_title(document, printed, sizes), blocks, (_without(scanned),) if scanned else ())


def _without(scanned: Sequence[int]) -> str:
    """A warning that names pages without text."""
    if len(scanned) == 1:
        return f"Page {scanned[0]} is a picture without text and is not searched. {_REMEDY}"
    named = ", ".join(map(str, scanned[:MAX_NAMED])) + (", …" if len(scanned) > MAX_NAMED else "")
    return f"{len(scanned)} pages are pictures without text and are not searched: {named}. {_REMEDY}"


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
    for part in re.findall(rf"[^\n{DIVISION}\x02]*[\n{DIVISION}\x02]?", text_page.get_text_range(0, count)):
        text = part.rstrip("\r\n")
        if text.strip():
            lead = len(text) - len(text.lstrip())
            end = next((n for n in range(len(text), 0, -1) if text[n - 1].isalnum()), len(text))  # signs have other boxes
            first, last = _box(text_page, start + lead), _box(text_page, start + end - 1)
            if first and last:
                top, bottom = max(first[3], last[3]), min(first[1], last[1])
                if top - bottom > 1.3 * (first[3] - first[1]):  # indices run apart behind what PDFium makes up: trust the first
                    top, bottom = first[3], first[1]
                yield Line(_text(text), first[0], bottom, max(last[2], first[2]), top)
            else:
                yield Line(_text(text), 0.0, 0.0, 0.0, 0.0)
        start += len(part)


def _text(text: str) -> str:
    """A line's text; PDFium writes U+FFFE or U+0002 for a hyphen at a line's end."""
    return re.sub(r"[ \t\u00a0]+", " ", text.replace("\x02", DIVISION)).strip()


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


def _heading_sizes(pages: Sequence[Sequence[Line]]) -> list[float]:
    """The sizes of type that head something, the largest first; of sizes that hardly differ, the largest."""
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[line.size] += len(line.text)
    body, total = body_size(pages), letters.total()
    return sorted((size for size, count in letters.items() if size >= body * 1.12 and 2 * count < total), reverse=True)


def _levels(
    pages: Sequence[Sequence[Line]], sizes: Sequence[float], headings: Mapping[int, Sequence[Heading]]
) -> dict[float, int]:
    """The level of each size of headings: that of most bookmarks of this size, or below those of larger sizes."""
    marked: defaultdict[float, Counter[int]] = defaultdict(Counter)
    for page, some in headings.items():
        for heading in some:
            if heading.end > heading.start:
                marked[pages[page][heading.end - 1].size][heading.level] += 1
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for size in sizes:
        if size in marked:
            level = marked[size].most_common(1)[0][0]
        elif not last or size < 0.95 * last:
            level += 1
        levels[size], last = max(1, min(level, MAX_LEVELS)), size
    return levels


def _level(line: Line, levels: Mapping[float, int]) -> int:
    return levels.get(line.size, 0) if any(c.isalpha() for c in line.text) else 0


def _blocks(
    pages: Sequence[Sequence[Line]], levels: Mapping[float, int], headings: Mapping[int, Sequence[Heading]]
) -> Iterator[Block]:
    """Lines put together to paragraphs, under the headings above them."""
    path: list[tuple[int, str]] = []
    last: Block | None = None
    for number, lines in enumerate(pages, start=1):
        edge = max((line.right for line in lines), default=0.0)
        for heading, some in _sections(lines, headings.get(number - 1, ())):
            if heading is not None:
                path = [above for above in path if above[0] < heading.level] + [(heading.level, heading.title)]
            for group in _groups(some, levels):
                level = _level(group[0], levels)
                text = _paragraph(group, edge)
                if level and len(text) <= MAX_HEADING:
                    title = text.replace("\n", " ").replace(DIVISION, "")
                    path = [above for above in path if above[0] < level] + [(level, title)]
                    continue
                above = tuple(title for _, title in path)
                block = Block(_SIGNS_OF_ITEMS.sub("- ", text), above, number, tight=bool(_ITEM.match(text)))
                if last is not None and _continues(last, block):
                    block = replace(last, text=joined([last.text, text]))
                elif last is not None:
                    yield last
                last = block
    if last is not None:
        yield last


def _continues(last: Block, block: Block) -> bool:
    """Whether a paragraph is the rest of one that the page before broke off."""
    apart = block.page != last.page + 1 or block.headings != last.headings
    return not apart and last.text[-1:] not in ".!?:;" and block.text[:1].islower() and not block.tight


def _sections(lines: Sequence[Line], headings: Sequence[Heading]) -> Iterator[tuple[Heading | None, Sequence[Line]]]:
    """The lines above the first heading, and those below each."""
    starts = [heading.start for heading in headings] + [len(lines)]
    yield None, lines[: starts[0]]
    for heading, end in zip(headings, starts[1:], strict=True):
        yield heading, lines[heading.end : end]


def _groups(lines: Sequence[Line], levels: Mapping[float, int]) -> Iterator[list[Line]]:
    """Lines that follow one another without a gap, a change of size or the begin of an item."""
    steps = sorted(step for a, b in pairwise(lines) if 0 < (step := a.bottom - b.bottom) < 4 * max(a.height, 1.0))
    usual = steps[len(steps) // 3] if steps else 0.0
    group: list[Line] = []
    for line in lines:
        if group:
            last = group[-1]
            heads = _level(last, levels) and last.size == line.size
            apart = not 0 <= last.bottom - line.bottom <= max(1.3 * usual + 0.5, heads and line.height)
            other = (_level(last, levels) or _level(line, levels)) and abs(last.height - line.height) > 0.6
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
        if full or before.text.endswith((DIVISION, "-")):
            text[-1].append(line.text)
        else:
            text.append([line.text])
    return "\n".join(joined(parts) for parts in text)


def _title(document: Any, pages: Sequence[Sequence[Line]], sizes: Sequence[float]) -> str:
    """The title that the file names, unless a program made it up; otherwise the largest line at the beginning."""
    said = (document.get_metadata_value("Title") or "").strip()
    if not _NO_TITLE.match(said):
        return said[:200]
    first = next((lines for lines in pages if lines), [])
    largest = max((line for line in first if line.size in sizes), key=lambda line: line.height, default=None)
    return largest.text[:200] if largest is not None else ""
