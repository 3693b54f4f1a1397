"""Reads Markdown (and plain text) into an outline. Every step is linear in the length of the text."""

import re
from collections.abc import Iterator

from services.memory.domain.outline import Block, Outline

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*$")
_TABLE_RULE = re.compile(r":?-+:?$")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\S)([^*_]{1,500}?)(?<=\S)[*_](?![\w*])")
_CODE = re.compile(r"`([^`]{1,500})`")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.{0,200}?-->", re.DOTALL)
_SPACES = re.compile(r"\s+")


def read_markdown(text: str) -> Outline:
    """The outline of a Markdown text. The title is its first heading, if that is of the first level or comes first."""
    reader = _Reader()
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        reader.line(line)
    reader.end()
    return Outline(reader.title, tuple(reader.blocks))


def read_plain(text: str) -> Outline:
    """The outline of plain text: paragraphs, and no headings."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return Outline("", tuple(Block(clean) for paragraph in paragraphs if (clean := _squeeze(paragraph))))


def plain(text: str) -> str:
    """Inline Markdown as plain text on one line: no emphasis, links as their text."""
    text = _CODE.sub(r"\1", _LINK.sub(r"\1", _TAG.sub(" ", text)))
    return _squeeze(_EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text)))


def table_rows(rows: list[list[str]]) -> Iterator[str]:
    """A table as sentences that can stand alone: `first cell: value`, with the column's name where there are several."""
    head, *body = rows
    if not body:
        body, head = [head], []
    for row in body:
        cells = [cell for cell in row if cell]
        if len(row) <= 2 or not head:
            yield ": ".join(cells)
            continue
        named = [f"{name}: {cell}" if name else cell for name, cell in zip(head[1:], row[1:], strict=False) if cell]
        yield f"{row[0]}: {'; '.join(named)}" if row[0] else "; ".join(named)


def _squeeze(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


class _Reader:
    def __init__(self) -> None:
        self.title = ""
        self.blocks: list[Block] = []
        self._path: list[tuple[int, str]] = []
        self._open: list[str] = []
        self._item = False
        self._table: list[list[str]] = []
        self._fence = ""

    def line(self, line: str) -> None:
        if self._fence or _FENCE.match(line):
            self._code(line)
        elif not line.strip():
            self._close()
        elif match := _HEADING.match(line):
            self._close()
            self._heading(len(match[1]), line[match.end() :].strip().rstrip("#").rstrip())
        elif len(self._open) == 1 and not self._item and (match := _UNDERLINE.match(line)):
            self._heading(1 if match[1][0] == "=" else 2, self._open.pop())
        elif _RULE.match(line):
            self._close()
        elif line.lstrip().startswith("|"):
            self._row(line)
        elif match := _ITEM.match(line):
            self._close()
            self._item = True
            self._open.append(line[match.end() :])
        else:
            self._open.append(line.lstrip().removeprefix("> ").removeprefix(">"))

    def end(self) -> None:
        self._close()

    def _code(self, line: str) -> None:
        match = _FENCE.match(line)
        if not self._fence and match:
            self._close()
            self._fence = match[1]
        elif match and match[1] == self._fence:
            self._fence = ""
        elif line.strip():
            self._add(line.rstrip(), tight=True)

    def _row(self, line: str) -> None:
        if self._open:
            self._close()
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not all(_TABLE_RULE.match(cell) for cell in cells):
            self._table.append([plain(cell) for cell in cells])

    def _heading(self, level: int, text: str) -> None:
        text = plain(text)[:200]
        if not text:
            return
        first = not self.title and not self.blocks and not self._path
        if not self.title and (level == 1 or first):
            self.title = text
            self._path = []
            return
        self._path = [above for above in self._path if above[0] < level] + [(level, text)]

    def _close(self) -> None:
        if self._table:
            rows, self._table = self._table, []
            for number, text in enumerate(table_rows(rows)):
                self._add(text, tight=number > 0)
        if self._open:
            text = plain("\n".join(self._open))
            self._add(f"- {text}" if self._item else text, tight=self._item)
        self._open.clear()
        self._item = False

    def _add(self, text: str, *, tight: bool = False) -> None:
        if text.strip() and text != "- ":
            self.blocks.append(Block(text, tuple(t for _, t in self._path), tight=tight))
