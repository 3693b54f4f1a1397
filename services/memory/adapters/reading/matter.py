"""Leaves out of a printed document what is no content of its own: running heads, page numbers, tables of contents, indexes."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.memory.adapters.reading.line import Line

Pages = Sequence[Sequence[Line]]

_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|seite|pagina|página|p|s)\b\.?\s*)?[\divxlc]{1,6}(?:\s*(?:of|von|de|van|di|sur|/|-)\s*\d{1,5})?\W*$", re.I
)
_LAST_NUMBER = re.compile(r"(?:^|[\s.,·…_])(?:\d{1,4}\s?[-–]\s?)?(\d{1,4}|[ivxlc]{1,6})$")
_INDEX = re.compile(
    r"(?:general |subject )?index|(?:sach|stichwort)?(?:register|verzeichnis)|índice (?:alfabético|analítico|remissivo)|"
    r"indice analitico|trefwoordenregister",
    re.I,
)
_LEADER = " .·…_\u0300\u0301"
_NO_LETTERS = re.compile(r"[\W\d_]+")
BAND = 6
"""Points of a page's height in which the running heads of all pages stand."""
PREFIX = 24
"""Letters by which the entry of a table of contents is found on its page."""
MAX_ABOVE = 3
MAX_PLACES = 8
MIN_ENTRIES = 3
MIN_INDEX = 8


def body_size(pages: Pages) -> float:
    """The size of type of most letters; 0 without a letter."""
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _begin(text: str) -> str:
    """The first letters of a text alone, to compare what is printed in different ways."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text[: 4 * PREFIX]).casefold())[:PREFIX]


def without_running_heads(pages: Pages) -> Pages:
    """The pages without headers, footers and page numbers.

    These stand apart at an edge, and come again on other pages with the same words, or at the same height where no other text
    stands, in no larger type, with words that most of them share with another or with a heading.
    """
    edges = [(_edge(lines), _edge(lines[::-1])) for lines in pages]
    counts = Counter(key for rows in edges for key in {_key(line) for side in rows for row in side for line in row})
    most = max(2, len(pages) // 3)
    bands = _bands(pages, edges)

    def runs(line: Line) -> bool:
        return len(pages) >= 3 and (counts[_key(line)] > most or _band(line) in bands)

    def kept(lines: Sequence[Line], rows: list[list[Line]]) -> Sequence[Line]:
        gone = 0
        for row in rows:
            numbers = [line for line in row if _PAGE_NUMBER.match(line.text)]
            heads = [line for line in row if line not in numbers and runs(line)]
            if len(numbers) + len(heads) < len(row) or (len(numbers) > 1 and not heads):
                break
            gone += len(row)
        return lines[gone:]

    below = [kept(lines, top) for lines, (top, _) in zip(pages, edges, strict=True)]
    return [kept(lines[::-1], _edge(lines[::-1]))[::-1] for lines in below]


def _bands(pages: Pages, edges: list[tuple[list[list[Line]], list[list[Line]]]]) -> set[int]:
    """The heights at which running heads stand whose words change from chapter to chapter."""
    body = body_size(pages)
    at: defaultdict[int, list[Line]] = defaultdict(list)
    for rows in edges:
        for line in (line for side in rows for row in side for line in row):
            if line.size <= 1.06 * body and not _PAGE_NUMBER.match(line.text):
                at[_band(line)].append(line)
    everything = Counter(_band(line) for lines in pages for line in lines if not _PAGE_NUMBER.match(line.text))
    headings = {_begin(line.text) for lines in pages for line in lines if line.size > 1.06 * body}
    found = set()
    for band, lines in at.items():
        if len(lines) < max(3, len(pages) // 4) or everything[band] > 1.1 * len(lines) + 1:
            continue
        words = [_begin(line.text) for line in lines]
        shared = Counter(words)
        if sum(shared[one] > 1 or one in headings for one in words) >= 0.6 * len(words):
            found.add(band)
    return found


def _edge(lines: Sequence[Line]) -> list[list[Line]]:
    """At most two rows at the edge that stand apart from the text by a gap, each of the pieces on one height."""
    rows: list[list[Line]] = []
    for line in lines[:12]:
        if rows and abs(rows[-1][0].bottom - line.bottom) < 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    found: list[list[Line]] = []
    for row, following in pairwise(rows[:3]):
        gap = max(following[0].bottom - row[0].top, row[0].bottom - following[0].top)
        if gap < 0.8 * row[0].height:
            break
        found.append(row)
    return rows if len(rows) == 1 and len(lines) == 1 else found


def _key(line: Line) -> str:
    return f"{round(line.bottom / 4)} {re.sub(r'[0-9]+', '#', line.text)}"


def _band(line: Line) -> int:
    return round(line.bottom / BAND)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line that ends in a page's number."""

    at: int
    titles: tuple[str, ...]
    """The words before the number, alone and with the lines above, up to the entry before."""
    leader: bool
    comma: bool
    number: int
    """-1: a Roman one, of the front matter."""


def without_lists(pages: Pages) -> Pages:
    """The pages without tables of contents and indexes: lists of words with the numbers of the pages where they stand."""
    if len(pages) < MIN_ENTRIES:
        return pages
    entries = [list(_entries(lines)) for lines in pages]
    contents = _contents(pages, entries)
    result: list[Sequence[Line]] = []
    in_index = False
    for number, lines in enumerate(pages):
        at = contents.get(number, [])
        if not at and 3 * number >= 2 * len(pages) - 2:
            index = _index(lines, entries[number], len(pages), 2 if in_index else MIN_INDEX)
            in_index = bool(index)
            at = index
        result.append(_without(lines, at) if at else lines)
    return result


def _entries(lines: Sequence[Line]) -> Iterator[_Entry]:
    start = 0
    for at, line in enumerate(lines):
        match = _LAST_NUMBER.search(line.text[-12:])
        if match is None:
            continue
        before = line.text[: len(line.text) - len(match[0]) + 1]
        title = before.rstrip(_LEADER)
        leader = before[len(title) :]
        dots = sum(leader.count(c) for c in ".·_") + 3 * leader.count("…")
        titles = [title]
        for above in lines[max(start, at - MAX_ABOVE) : at][::-1]:
            titles.append(f"{above.text} {titles[-1]}")
        number = int(match[1]) if match[1].isdigit() else -1
        yield _Entry(at, tuple(titles), dots >= 4, title.endswith(",") or "," in match[0], number)
        start = at + 1


def _contents(pages: Pages, entries: list[list[_Entry]]) -> dict[int, list[int]]:
    """The lines of tables of contents by page: their numbers don't fall, and lead to lines that begin as the entries do."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for page, lines in enumerate(pages):
        for line in lines:
            prefix = _begin(line.text)
            if len(places[prefix]) < MAX_PLACES and page not in places[prefix][-1:]:
                places[prefix].append(page)
    # for each entry: by how much the page that a title leads to differs from the number, and how many lines above it begins
    leads = [
        [
            {
                place - one.number: above
                for above, title in reversed(list(enumerate(one.titles)))
                for place in places.get(_begin(title), ())
                if place > page and one.number >= 0
            }
            for one in found
        ]
        for page, found in enumerate(entries)
    ]
    offsets = Counter(offset for found in leads for lead in found for offset in lead)
    if not offsets or offsets.most_common(1)[0][1] < MIN_ENTRIES:
        return {}
    offset = offsets.most_common(1)[0][0]
    result: dict[int, list[int]] = {}
    for page, found in enumerate(entries):
        sure = [(one, lead) for one, lead in zip(found, leads[page], strict=True) if one.leader or offset in lead]
        least = 1 if page - 1 in result else MIN_ENTRIES
        if len(sure) >= least and _share(a.number <= b.number for (a, _), (b, _) in pairwise(sure)) >= 0.8:
            result[page] = sorted({at for one, lead in sure for at in (one.at, one.at - lead.get(offset, 0))})
    return result


def _index(lines: Sequence[Line], entries: list[_Entry], pages: int, least: int) -> list[int]:
    """The lines of an index: words with numbers of pages behind commas or points; in the order of the alphabet, or named so."""
    found = [one for one in entries if (one.comma or one.leader) and 0 < one.number <= pages + 20]
    named = next((at for at, line in enumerate(lines[:3]) if _INDEX.fullmatch(line.text)), None)
    words = sum(len(line.text) > 1 for line in lines)  # the letters of the alphabet stand above their words
    if named is not None:
        return list(range(named, found[-1].at + 1)) if len(found) >= 2 and 3 * len(found) >= words else []
    if len(found) < least or 2 * len(found) < words:
        return []
    initials = [first for one in found if (first := lines[one.at].text[:1].casefold()).isalpha()]
    return [one.at for one in found] if _share(a <= b for a, b in pairwise(initials)) >= 0.7 else []


def _share(conditions: Iterator[bool]) -> float:
    all_of = list(conditions)
    return sum(all_of) / len(all_of) if all_of else 1.0


def _without(lines: Sequence[Line], at: list[int]) -> list[Line]:
    """The lines without the parts in which such entries follow one another; none, if those are nearly all."""
    gone = set(at)
    for a, b in pairwise(at):
        if b - a <= 4:
            gone.update(range(a, b + 1))
    if len(gone) >= 0.8 * len(lines):
        return []
    return [line for number, line in enumerate(lines) if number not in gone]
