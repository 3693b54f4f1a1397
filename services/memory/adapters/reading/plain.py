"""Reads plain text and tables of separated values into outlines."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from services.memory.domain.outline import Block, Outline

FULL_LINE = 55
"""Lines at least this long, except for the last of a paragraph, were broken to fit a width: they are joined."""
SAMPLE_CHARACTERS = 16_000
MAX_COLUMNS = 200


def read_plain(text: str) -> Outline:
    """The outline of plain text: paragraphs, and no headings. Short lines stay lines; lines of full width are joined."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return Outline("", tuple(Block(clean) for paragraph in paragraphs if (clean := _paragraph(paragraph))))


def _paragraph(text: str) -> str:
    lines = [squeezed for line in text.split("\n") if (squeezed := re.sub(r"[ \t\f\v]+", " ", line).strip())]
    if len(lines) > 1 and sum(len(line) >= FULL_LINE for line in lines[:-1]) * 3 >= 2 * (len(lines) - 1):
        return joined(lines)
    return "\n".join(lines)


def joined(lines: list[str]) -> str:
    """Broken lines as one: without a space between scripts that have none, and with divided words put together."""
    text = ""
    for line in lines:
        if not text or (text[-1] >= "\u2e80" and line[0] >= "\u2e80"):
            text += line
        elif text.endswith("\u00ad") or (
            text.endswith(("-", "\u2010")) and len(text) > 1 and text[-2].isalpha() and line[0].islower()
        ):
            text = text[:-1] + line  # a hyphen at a line's end before a small letter divides a word
        else:
            text += f" {line}"
    return text


def read_csv(text: str) -> Outline:
    """The outline of a table of separated values: a row a line, each value with its column's name."""
    rows = (row for row in csv.reader(text.splitlines(keepends=True), _dialect(text)) if any(cell.strip() for cell in row))
    head = next(rows, None)
    if head is None:
        return Outline("", ())
    names = [name.strip() for name in head[:MAX_COLUMNS]]
    if any(_is_number(name) for name in names):
        return Outline("", tuple(_lines([head, *rows], [])))
    return Outline("", tuple(_lines(rows, names)))


def _lines(rows: Iterable[list[str]], names: Sequence[str]) -> Iterator[Block]:
    for number, row in enumerate(rows):
        cells = [re.sub(r"\s+", " ", cell).strip() for cell in row[:MAX_COLUMNS]]
        if names:
            cells = [f"{name}: {cell}" if name and cell else cell for name, cell in zip_longest(names, cells, fillvalue="")]
        if line := "; ".join(filter(None, cells)):
            yield Block(line, tight=number > 0)


def _dialect(text: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(text[:SAMPLE_CHARACTERS].rpartition("\n")[0] or text, delimiters=",;\t|")
    except csv.Error:
        return csv.excel


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?[\d.,\s]*\d%?", text) is not None
