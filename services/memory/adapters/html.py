"""Reads HTML into an outline while it streams by: no tree is built, so that neither depth nor size can break it."""

import re
from html.parser import HTMLParser

from services.memory.domain.markdown import table_rows
from services.memory.domain.outline import Block, Outline

_DROPPED = {"script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button", "canvas", "math"}
_AROUND = {"nav", "header", "footer", "aside", "form", "dialog"}
"""Parts of a page that are not its content."""
_BREAKS = {
    "p", "div", "section", "article", "main", "br", "hr", "ul", "ol", "dl", "dt", "dd", "pre", "blockquote", "address",
    "figure", "figcaption", "details", "summary", "body", "tbody", "thead", "caption", "fieldset", "legend",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source", "track"}
_SPACES = re.compile(r"\s+")


def read_html(text: str) -> Outline:
    """The outline of a page: of its main part, where it names one, and without what is around it."""
    full = _parse(text, _DROPPED | _AROUND)
    if full.main:
        return Outline(full.name, tuple(full.main))
    if full.blocks:
        return Outline(full.name, tuple(full.blocks))
    # Everything lay in what is usually left out: better too much than nothing.
    bare = _parse(text, _DROPPED)
    return Outline(bare.name, tuple(bare.blocks))


def _parse(text: str, skipped: set[str]) -> "_Parser":
    parser = _Parser(skipped)
    parser.feed(text)
    parser.close()
    parser.flush()
    return parser


class _Parser(HTMLParser):
    def __init__(self, skipped: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.main: list[Block] = []
        self._skipped = skipped
        self._skip = ""
        self._depth = 0
        self._in_main = 0
        self._title = ""
        self._in_title = False
        self._heading = 0
        self._path: list[tuple[int, str]] = []
        self._first = ""
        self._text: list[str] = []
        self._item = False
        self._row: list[str] | None = None
        self._rows: list[list[str]] = []

    @property
    def name(self) -> str:
        """The page's first heading of the first level, else its title."""
        return (self._first or _squeeze(self._title))[:200]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self._skip:
            self._depth += tag == self._skip
            return
        if tag in self._skipped or any(name == "hidden" for name, _ in attributes if tag not in _VOID):
            if tag not in _VOID:
                self.flush()
                self._skip, self._depth = tag, 1
            return
        if tag == "title":
            self._in_title = True
        elif tag in _HEADINGS:
            self.flush()
            self._heading = _HEADINGS[tag]
        elif tag == "li":
            self.flush()
            self._item = True
        elif tag == "tr":
            self.flush()
            self._row = []
        elif tag in ("td", "th"):
            self._cell()
        elif tag in _BREAKS and self._row is None:
            self.flush(soft=self._item and tag in ("p", "div"))
        elif tag in ("br", "p", "div"):
            self._text.append(" ")
        self._in_main += tag in ("main", "article")

    def handle_endtag(self, tag: str) -> None:
        if self._skip:
            self._depth -= tag == self._skip
            if not self._depth:
                self._skip = ""
            return
        if tag == "title":
            self._in_title = False
        elif tag in _HEADINGS:
            self._close_heading()
        elif tag in ("td", "th"):
            self._cell()
        elif tag == "tr":
            self._close_row()
        elif tag == "table":
            self._close_row()
            self._close_table()
        elif tag in _BREAKS or tag == "li":
            if self._row is None:
                self.flush()
            else:
                self._text.append(" ")
        if tag in ("main", "article"):
            self._in_main = max(0, self._in_main - 1)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._title += data[:500]
        elif not self._skip:
            self._text.append(data)

    def flush(self, *, soft: bool = False) -> None:
        """Ends the block that is open. `soft`: unless it has only just begun."""
        text = _squeeze("".join(self._text))
        if soft and not text:
            return
        self._text.clear()
        if text and self._row is None:
            self._add(f"- {text}" if self._item else text, tight=self._item)
        self._item = False

    def _close_heading(self) -> None:
        text = _squeeze("".join(self._text))[:200]
        self._text.clear()
        level, self._heading = self._heading, 0
        if not text or not level:
            return
        if level == 1 and not self._first:
            self._first, self._path = text, []
        else:
            self._path = [above for above in self._path if above[0] < level] + [(level, text)]

    def _cell(self) -> None:
        text = _squeeze("".join(self._text))
        self._text.clear()
        if self._row is not None and text:
            self._row.append(text)

    def _close_row(self) -> None:
        self._cell()
        if self._row:
            self._rows.append(self._row)
        self._row = None

    def _close_table(self) -> None:
        rows, self._rows = self._rows, []
        if rows:
            for number, text in enumerate(table_rows(rows)):
                self._add(text, tight=number > 0)

    def _add(self, text: str, *, tight: bool) -> None:
        block = Block(text, tuple(t for _, t in self._path), tight=tight)
        self.blocks.append(block)
        if self._in_main:
            self.main.append(block)


def _squeeze(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
