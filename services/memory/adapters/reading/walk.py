"""Walks through a document's elements and writes down its title and blocks: one reading for HTML and Markdown."""

import re
from dataclasses import dataclass, field

from services.memory.adapters.reading.content import HEADINGS, Node, Rules
from services.memory.adapters.reading.tables import Cell, Row, lines
from services.memory.domain.outline import Block

BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "hr", "ul", "ol", "dl", "dt", "dd", "pre", "blockquote", "address",
    "figure", "figcaption", "details", "summary", "body", "html", "fieldset", "legend", "form", "header", "hgroup",
    "search", "caption", "li", "nav", "aside", "footer", "dialog", "menu", "center", "table", "tbody", "thead", "tfoot",
    "tr", "td", "th",
})  # fmt: skip
SUMMARY_LEVEL = 7
"""A `summary` heads its `details` like a heading below all others."""
DELETED = frozenset({"del", "s", "strike"})
SHORT = 60
"""Characters of a list item or a term that can stand before what belongs to it, on one line."""

_SPACES = re.compile(r"[\t\r\f\n][ \t\r\f\n]*| [ \t\r\f\n]+")
"""Spaces that are not one space already: most texts have none."""
_GAPS = re.compile(r"\t[ \t]*| [ \t]+")


@dataclass
class _List:
    ordered: bool
    number: int
    step: int = 1
    lead: str = ""
    """The text of the item that a nested list belongs to."""
    item: str = ""
    """The first paragraph of the item that is open."""


@dataclass
class _Table:
    rows: list[Row] = field(default_factory=list)
    cells: list[Cell] | None = None
    cell: Cell | None = None
    in_head: bool = False


class Walk:
    """One way through a tree; afterwards it holds the title and the blocks."""

    def __init__(self, rules: Rules) -> None:
        self.title = ""
        self.blocks: list[Block] = []
        self.size = 0
        self._rules = rules
        self._path: list[tuple[int, str]] = []
        self._text: list[str] = []
        self._heading = 0
        self._in_content = 0
        self._lists: list[_List] = []
        self._item = ""
        self._term = ""
        self._table: _Table | None = None
        self._pre = 0

    def read(self, root: Node) -> "Walk":
        """Walks through `root` and all below it, and ends there."""
        self._through(root)
        self.end()
        return self

    def read_below(self, root: Node) -> None:
        """Walks through all below `root`."""
        child = root.child
        while child is not None:
            self._through(child)
            child = child.next

    def _through(self, root: Node) -> None:
        node, opened, end = root, True, root.mem_id
        while True:
            tag = node.tag
            if opened:
                entered = self._enter(node, tag)
                child = node.child if entered else None
                if child is not None:
                    node = child
                    continue
                if entered:
                    self.close(node, tag)
            else:
                self.close(node, tag)
            if node.mem_id == end:
                break
            following = node.next
            if following is not None:
                node, opened = following, True
            else:
                parent = node.parent
                if parent is None:
                    break
                node, opened = parent, False

    def _enter(self, node: Node, tag: str | None) -> bool:
        """Opens a node of a tree, and says whether what is below it is read, too."""
        if tag == "-text":
            self.write(node.text_content or "")
            return False
        if tag is None or tag.startswith("-") or self._rules.leaves_out(node, tag, bool(self._in_content), bool(self._heading)):
            return False
        self.open(node, tag)
        return True

    def open(self, node: Node, tag: str) -> None:
        """Begins an element."""
        if tag in HEADINGS or tag == "summary":
            if self._table is None:
                self._flush()
                self._heading = HEADINGS.get(tag, SUMMARY_LEVEL)
        elif tag == "table":
            if self._table is not None or _is_layout(node):
                self._flush()  # its cells hold what a page holds elsewhere: they are read one after the other
            else:
                self._flush()
                self._table = _Table()
        elif self._table is not None:
            self._open_in_table(node, tag)
        elif tag in BLOCKS:
            self._open_block(node, tag)
        self._open_inline(node, tag)
        self._in_content += tag in ("main", "article")

    def _open_block(self, node: Node, tag: str) -> None:
        if tag in ("ul", "ol"):
            lead = squeezed("".join(self._text)) or self._lists[-1].item if self._lists else ""
            if lead and len(lead) <= SHORT:
                self._text.clear()
            else:
                lead = ""
                self._flush()
            outer = self._lists[-1].lead if self._lists else ""
            lead = ": ".join(filter(None, (outer, lead.rstrip(":"))))
            start = _number(node.attributes.get("start"), 1)
            step = -1 if "reversed" in node.attributes else 1
            self._lists.append(_List(tag == "ol", start, step, lead))
            self._item = ""
        elif tag == "li":
            self._flush()
            self._item = self._mark(node)
        elif tag == "dd":
            self._flush_term_only()
        elif not (self._item and not "".join(self._text).strip()):  # a paragraph that begins an item belongs to its mark
            self._flush()
        self._pre += tag == "pre"

    def _mark(self, node: Node) -> str:
        """The mark before an item: its number, or a dash."""
        current = self._lists[-1] if self._lists else _List(False, 1)
        current.item = ""
        lead = f"{current.lead}: " if current.lead else ""
        if not current.ordered:
            return f"- {lead}"
        number = _number(node.attributes.get("value"), current.number)
        current.number = number + current.step
        return f"{lead}{number}. "

    def _open_in_table(self, node: Node, tag: str) -> None:
        table = self._table
        assert table is not None
        if tag == "thead":
            table.in_head = True
        elif tag == "tr":
            table.cells = []
        elif tag in ("td", "th"):
            self._text.clear()
            rows, columns = (min(_number(node.attributes.get(name), 1), 100) for name in ("rowspan", "colspan"))
            table.cell = Cell("", tag == "th", max(1, rows), max(1, columns))
        elif tag == "caption":
            self._text.clear()
        elif tag in BLOCKS:
            self._text.append(" ")

    def _open_inline(self, node: Node, tag: str) -> None:
        if tag == "br":
            self._text.append("\n" if self._table is None and not self._heading else " ")
        elif tag == "img":
            alt = squeezed(node.attributes.get("alt") or "")
            if len(alt) > 2 and not re.fullmatch(r"[\w-]+\.\w{3,4}", alt):
                self._text.append(f" {alt} ")
        elif tag == "sup":
            self._text.append("\x01")
        elif tag == "sub":
            self._text.append("\x02")
        elif tag in DELETED:
            self._text.append("(deleted: ")

    def close(self, node: Node, tag: str) -> None:
        """Ends an element."""
        if tag in HEADINGS or tag == "summary":
            if self._table is None:
                self._close_heading()
        elif tag == "details":
            self._flush()
            self._path = [above for above in self._path if above[0] < SUMMARY_LEVEL]
        elif tag == "table":
            if self._table is not None:
                self._close_table()
            else:
                self._flush()
        elif self._table is not None:
            self._close_in_table(tag)
        elif tag in BLOCKS:
            self._close_block(tag)
        if tag in ("sup", "sub"):
            self._close_script("\x01" if tag == "sup" else "\x02", linked=node.css_first("a") is not None)
        elif tag in DELETED:
            self._text.append(")")
        elif tag == "a":
            self._close_link(node)
        self._in_content -= tag in ("main", "article")

    def _close_block(self, tag: str) -> None:
        if tag == "dt":
            self._term = squeezed("".join(self._text))
            self._text.clear()
            return
        self._flush(dd=tag == "dd")
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag in ("ul", "ol", "li"):
            self._item = ""
        if tag == "dl":
            self._flush_term_only()
        self._pre -= tag == "pre"

    def _close_in_table(self, tag: str) -> None:
        table = self._table
        assert table is not None
        if tag in ("td", "th") and table.cell is not None:
            cell = table.cell
            text = squeezed(self._scripts_as_written())
            self._text.clear()
            table.cell = None
            if table.cells is not None:
                table.cells.append(Cell(text, cell.is_header, cell.rows, cell.columns))
        elif tag == "tr" and table.cells is not None:
            table.rows.append(Row(tuple(table.cells), table.in_head))
            table.cells = None
        elif tag == "thead":
            table.in_head = False
        elif tag == "caption":
            self._write_block(squeezed("".join(self._text)))
            self._text.clear()
        elif tag in BLOCKS:
            self._text.append(" ")

    def _close_script(self, mark: str, *, linked: bool) -> None:
        """Writes a raised or lowered text: `10^3`, but `1st` and `H2O`. A mark of a footnote goes."""
        at = len(self._text) - 1 - self._text[::-1].index(mark) if mark in self._text else None
        if at is None:
            return
        text, before = squeezed("".join(self._text[at + 1 :])), "".join(self._text[max(0, at - 3) : at])[-1:]
        del self._text[at:]
        if linked and mark == "\x01":
            return
        sign = "^" if mark == "\x01" else "_"
        needs_sign = (
            text[:1].isdigit() and before.isdigit() if mark == "\x02" else (text[:1] in "+-−0123456789" or len(text) == 1)
        )
        self._text.append(f"{sign}{text}" if text and before.strip() and needs_sign else text)

    def _close_link(self, node: Node) -> None:
        """Adds the address of a link to mail or a phone whose text does not show it."""
        target = node.attributes.get("href") or ""
        scheme, _, address = target.partition(":")
        address = address.partition("?")[0]
        if scheme.lower() in ("mailto", "tel") and address:
            written = "".join(self._text[-20:])
            plain = re.sub(r"[^\w@.+]", "", address)
            if plain and plain[-6:] not in re.sub(r"[^\w@.+]", "", written):
                self._text.append(f" ({address})")

    def _close_heading(self) -> None:
        text = squeezed(self._scripts_as_written())[:200].strip()
        self._text.clear()
        level, self._heading = self._heading, 0
        if not text or not level:
            return
        if level == 1 and not self.title:
            self.title, self._path = text, []
        else:
            self._path = [above for above in self._path if above[0] < level] + [(level, text)]

    def _close_table(self) -> None:
        table, self._table = self._table, None
        assert table is not None
        self._text.clear()
        for number, (line, header) in enumerate(lines(table.rows)):
            self._write_block(line, tight=number > 0, header=header)

    def end(self) -> None:
        """Ends the last block."""
        self._flush()

    def write(self, text: str) -> None:
        """Adds text as written."""
        if self._pre and self._table is None:
            self._text.append(text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\x03").replace(" ", "\x04"))
        else:
            self._text.append(_SPACES.sub(" ", text))

    def _scripts_as_written(self) -> str:
        return "".join(self._text).replace("\x01", "").replace("\x02", "")

    def _flush_term_only(self) -> None:
        """Writes a term that no description followed."""
        if self._term and "".join(self._text).strip():
            self._flush()

    def _flush(self, *, dd: bool = False) -> None:
        """Ends the block that is open."""
        if not self._text:
            return
        text = _lines(self._scripts_as_written())
        self._text.clear()
        if dd and self._term and text:
            separator = ": " if len(self._term) <= SHORT and not self._term.endswith(("?", ":", ".")) else "\n"
            text = f"{self._term}{separator}{text}"
            self._term = ""
        if not text:
            return
        if self._heading:
            return
        if self._item:
            if self._lists and self._item.strip():
                self._lists[-1].item = text
            text, self._item = f"{self._item}{text}", "  "
            self._write_block(text.rstrip(), tight=True)
        else:
            self._write_block(text, tight=bool(self._lists) or dd)

    def _write_block(self, text: str, *, tight: bool = False, header: str = "") -> None:
        if text.strip(" -"):
            self.size += len(text)
            self.blocks.append(Block(text, tuple(t for _, t in self._path), tight=tight, header=header))


def _is_layout(table: Node) -> bool:
    """Whether a table only arranges a page: it says so, or its cells hold tables, headings or paragraphs."""
    if (table.attributes.get("role") or "") in ("presentation", "none"):
        return True
    return table.css_first("table table, h1, h2, h3, h4, td > div > p, td > p + p, td > ul + p") is not None or any(
        inner.mem_id != table.mem_id for inner in table.css("table")
    )


def _number(text: str | None, default: int) -> int:
    try:
        return max(-(10**9), min(int((text or "").strip()), 10**9))
    except ValueError:
        return default


def squeezed(text: str) -> str:
    return _SPACES.sub(" ", text.replace("\x03", " ").replace("\x04", " ")).strip()


def _lines(text: str) -> str:
    """A text with its breaks as lines; inside preformatted text the spaces stay."""
    found = [_GAPS.sub(" ", line).strip(" ") for line in text.split("\n")]
    joined = "\n".join(line for line in found if line)
    return joined.replace("\x04", " ").replace("\x03", "\n").strip("\n").rstrip()
