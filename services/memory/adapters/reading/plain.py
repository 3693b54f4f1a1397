"""Reads plain text and tables of separated values into outlines."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from string import ascii_lowercase, digits

from services.memory.adapters.reading.hyphens import DIVISION, undivided
from services.memory.domain.outline import Block, Outline

FULL_LINE = 55
"""Lines at least this long, except for the last of a paragraph, were broken to fit a width: they are joined."""
SAMPLE_CHARACTERS = 16_000
MAX_COLUMNS = 200
MAX_ABOVE = 20
"""Lines above a table."""
SEPARATORS = ",;\t|"
_SEPARATOR = re.compile(r"\ufeff?sep=(.)\r?\n", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")

_OPEN_ADDRESS = re.compile(r"(?:://|\bwww\.)\S*[./_=&?#]$|\bhttps?:$")
"""The end of a line that breaks an address of the web."""
_OF_ADDRESSES = f"/{ascii_lowercase}{digits}"
MAX_ADDRESS = 300


def read_plain(text: str) -> Outline:
    """The outline of plain text: paragraphs, and no headings. Short lines stay lines; lines of full width are joined."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return Outline("", undivided(Block(clean) for paragraph in paragraphs if (clean := _paragraph(paragraph))))


def _paragraph(text: str) -> str:
    lines = [squeezed for line in text.split("\n") if (squeezed := re.sub(r"[ \t\f\v]+", " ", line).strip())]
    if len(lines) > 1 and sum(len(line) >= FULL_LINE for line in lines[:-1]) * 3 >= 2 * (len(lines) - 1):
        return joined(lines)
    return "\n".join(lines)


def joined(lines: list[str]) -> str:
    """Broken lines as one: without a space between scripts that have none, and with a mark in divided words."""
    text = ""
    for line in lines:
        without_space = not text or (text[-1] >= "\u2e80" and line[0] >= "\u2e80")
        if without_space or (line[0] in _OF_ADDRESSES and _OPEN_ADDRESS.search(text[-MAX_ADDRESS:])):
            text += line
        elif text.endswith("\u00ad"):
            text = text[:-1] + line
        elif text.endswith(DIVISION):
            text += line
        elif text.endswith(("-", "\u2010")) and text[-2:-1].isalnum() and line[0].isalnum():
            text = text[:-1] + DIVISION + line
        else:
            text += f" {line}"
    return text


def read_csv(text: str) -> Outline:
    """The outline of a table of separated values: a row a line, each value with its column's name.

    Lines of a single cell above the table, such as a title, stay as they are.
    """
    text, separator = _separated(text)
    rows: Iterator[list[str]]
    rows = (row for row in csv.reader(text.splitlines(keepends=True), _dialect(text, separator)) if any(map(str.strip, row)))
    first = list(islice(rows, MAX_ABOVE + 1))
    titles = next((at for at, row in enumerate(first) if len(_filled(row)) > 1), 0)
    if titles == len(first):
        return Outline("", ())
    above = [Block(" ".join(_filled(row)), tight=at > 0) for at, row in enumerate(first[:titles])]
    head, rows = first[titles], chain(first[titles + 1 :], rows)
    names = [name.strip() for name in head[:MAX_COLUMNS]]
    widest = [len(head)]
    named = titles + 1 < len(first) and not any(_is_number(name) and not _YEAR.fullmatch(name) for name in names)
    blocks = (*above, *_lines(_measured(rows if named else chain([head], rows), widest), names if named else []))
    warning = f"Columns after the first {MAX_COLUMNS} are left out. Split the table into several files."
    return Outline("", blocks, (warning,) if widest[0] > MAX_COLUMNS else ())


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _separated(text: str) -> tuple[str, str]:
    """A table without the line that names its separator for spreadsheets, and that separator."""
    named = _SEPARATOR.match(text)
    return (text[named.end() :], named[1]) if named else (text, "")


def _measured(rows: Iterable[list[str]], widest: list[int]) -> Iterator[list[str]]:
    """The rows, while `widest` keeps the number of columns of the widest one."""
    for row in rows:
        widest[0] = max(widest[0], len(row))
        yield row


def _lines(rows: Iterable[list[str]], names: Sequence[str]) -> Iterator[Block]:
    for number, row in enumerate(rows):
        cells = [re.sub(r"\s+", " ", cell).strip() for cell in row[:MAX_COLUMNS]]
        if names:
            cells = [f"{name}: {cell}" if name and cell else cell for name, cell in zip_longest(names, cells, fillvalue="")]
        if line := "; ".join(filter(None, cells)):
            yield Block(line, tight=number > 0)


def _dialect(text: str, separator: str) -> type[csv.Dialect]:
    """The separator that divides most lines of a sample into equally many cells, of those the most cells."""
    sample = (text[:SAMPLE_CHARACTERS].rpartition("\n")[0] or text[:SAMPLE_CHARACTERS]).splitlines(keepends=True)

    def divided(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
        return max(((lines, width) for width, lines in widths.items()), default=(0, 0))

    class Dialect(csv.excel):
        delimiter = separator or max(SEPARATORS, key=divided)

    return Dialect


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?[\d.,\s]*\d%?", text) is not None
