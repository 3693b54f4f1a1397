"""The bookmarks of a PDF as its headings: found where they are printed on their pages."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pypdfium2 import raw

from services.memory.adapters.reading.line import Line

MAX_BOOKMARKS = 5_000
MAX_DEPTH = 6
MAX_TITLE = 200
MAX_LINES = 400
"""Lines of a page among which a title is looked for."""
MAX_TITLE_LINES = 6
MAX_NUMBER = 14

_NO_HEADING = re.compile(r"\d*|(?:page|seite|pagina|página|slide|folie)(?:\d*|[ivxlc]{1,7})")
"""Letters and digits of the bookmarks that scanners and slides make."""
_WORDS = (
    "chapter|appendix|section|part|kapitel|anhang|abschnitt|teil|chapitre|annexe|partie|capítulo|anexo|apéndice|sección|"
    "parte|hoofdstuk|bijlage|deel|capitolo|appendice|allegato|apêndice|seção"
)
_NUMBER = re.compile(rf"(?:{_WORDS})?(?:[a-z]?\d*|[ivxlc]+)")
"""Letters and digits of a number before a title, such as `Appendix A.1`."""
_SIGNS = re.compile(r"[\W_]+")
_LABEL = re.compile(rf"(?:(?:{_WORDS})\b.{{0,20}}|\d{{1,3}}|[ivxlc]{{1,6}}|[a-z])\W{{0,2}}", re.I)
"""The first of at most two lines above a title at a page's beginning, such as `Chapter 3`."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, in place of the lines from `start` to before `end` of its page, which are none where it isn't printed."""

    start: int
    end: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class _Bookmark:
    level: int
    title: str
    page: int
    top: float | None


def bookmarked(document: Any, pages: Sequence[Sequence[Line]]) -> dict[int, list[Heading]]:
    """The headings by the index of their page, in order; none if less than half of the bookmarks are printed on their pages."""
    found = list(_bookmarks(document, len(pages)))
    roots = [one for one in found if one.level == 1]
    if len(roots) == 1 < len(found) and found[0] is roots[0]:
        found = [_Bookmark(one.level - 1, one.title, one.page, one.top) for one in found[1:]]  # all stand below the title
    headings: defaultdict[int, list[Heading]] = defaultdict(list)
    keys: dict[int, list[str]] = {}
    printed = 0
    for one in found:
        lines = pages[one.page]
        if one.page not in keys:
            keys[one.page] = [_key(line.text) for line in lines[:MAX_LINES]]
        start, end = _place(one, lines, keys[one.page])
        printed += end > start
        if not any(start < other.end and other.start < end for other in headings[one.page]):
            headings[one.page].append(Heading(start, end, one.level, one.title))
    if printed * 2 < len(found):
        return {}
    return {page: sorted(some, key=lambda heading: (heading.start, heading.end)) for page, some in headings.items()}


def _bookmarks(document: Any, pages: int) -> Iterator[_Bookmark]:
    for one in islice(document.get_toc(max_depth=MAX_DEPTH), MAX_BOOKMARKS):
        if raw.FPDFBookmark_GetTitle(one.raw, None, 0) > 8 * MAX_TITLE:
            continue
        title = " ".join(one.get_title().split())[:MAX_TITLE].strip()
        dest = one.get_dest()
        page = dest.get_index() if dest is not None else None
        if page is None or not 0 <= page < pages or _NO_HEADING.fullmatch(_key(title)):
            continue
        mode, view = dest.get_view()
        top = {raw.PDFDEST_VIEW_XYZ: view[1:2], raw.PDFDEST_VIEW_FITH: view[:1]}.get(mode, [])
        yield _Bookmark(one.level + 1, title, page, top[0] if top and top[0] else None)


def _place(one: _Bookmark, lines: Sequence[Line], keys: Sequence[str]) -> tuple[int, int]:
    """The lines that print a title; an empty range where the text below it begins, if none do."""
    title = _key(one.title)
    found = [(start, end) for start in range(len(keys)) if (end := _end(title, keys, start))]
    if found:
        start, end = min(found, key=lambda place: abs(lines[place[0]].top - (one.top or lines[place[0]].top)))
        labelled = 0 < start <= 2 and _LABEL.fullmatch(lines[0].text) and all(len(line.text) <= 25 for line in lines[:start])
        return (0 if labelled else start), end
    top = one.top
    start = 0 if top is None else next((n for n, line in enumerate(lines) if line.bottom < top), len(lines))
    return start, start


def _end(title: str, keys: Sequence[str], start: int) -> int:
    """The line behind those from `start` on that print a title, perhaps with a number before it; 0 if they don't."""
    text = ""
    for at in range(start, min(start + MAX_TITLE_LINES, len(keys))):
        text += keys[at]
        if len(text) > len(title) + MAX_NUMBER:
            return 0
        longer, shorter = (text, title) if len(text) >= len(title) else (title, text)
        if longer.endswith(shorter) and len(shorter) >= min(4, len(title)):
            number = longer[: len(longer) - len(shorter)]
            if len(number) <= MAX_NUMBER and _NUMBER.fullmatch(number):
                return at + 1
    return 0


def _key(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
