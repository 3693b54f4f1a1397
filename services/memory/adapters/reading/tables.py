"""Turns a table into lines that can stand alone: each value under the name of its own column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_COLUMNS = 100
MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written; it covers `rows` times `columns` places of the grid."""

    text: str
    is_header: bool = False
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row as written."""

    cells: tuple[Cell, ...]
    in_head: bool = False

    @property
    def is_header(self) -> bool:
        """Whether the row names columns: it is in the table's head, or all its cells are header cells."""
        return self.in_head or (bool(self.cells) and all(cell.is_header for cell in self.cells))


def lines(rows: Sequence[Row], *, first_row_names: bool = False) -> Iterator[tuple[str, str]]:
    """The table's lines, each with the line that names its columns, or with "".

    A line reads `first cell: column: value; column: value`. `first_row_names`: the first row names the columns even if nothing
    marks it. In a table of two columns a line reads `first cell: value`, and the names stand in a line of their own.
    """
    grid = _grid(rows)
    heads = 0
    while heads < len(rows) and rows[heads].is_header:
        heads += 1
    width = max((len(row) for row in grid), default=0)
    if not heads and grid and (first_row_names or width > 2):
        heads = 1
    if heads == len(grid):
        heads = 0
    names = [_joined(row[column] for row in grid[:heads] if column < len(row)) for column in range(width)] if heads else []
    header = ": ".join(filter(None, names)) if len(names) == 2 and all(names) else ""
    if header:
        yield header, ""
    for row in grid[heads:]:
        if line := _line(row, names if width > 2 else []):
            yield line, header


def _line(row: Sequence[str], names: Sequence[str]) -> str:
    first, *others = row
    values = list(others)
    if names:
        values = [f"{name}: {value}" if name else value for name, value in zip(names[1:], others, strict=False) if value]
    separator = "; " if names or len(values) > 1 else ": "
    return ": ".join(filter(None, (first, separator.join(filter(None, values)))))


def _joined(texts: Iterator[str]) -> str:
    """The names of a column in several header rows, each once."""
    return " ".join(dict.fromkeys(filter(None, texts)))


def _grid(rows: Sequence[Row]) -> list[list[str]]:
    """The table's places, row by row: a text stands at each place that its cell covers."""
    grid: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}
    for row in rows[:MAX_ROWS]:
        texts: list[str] = []
        cells = iter(row.cells)
        while len(texts) < MAX_COLUMNS:
            column = len(texts)
            if column in below:
                text, left = below.pop(column)
                texts.append(text)
                if left > 1:
                    below[column] = (text, left - 1)
            elif (cell := next(cells, None)) is not None:
                for place in range(column, min(column + cell.columns, MAX_COLUMNS)):
                    texts.append(cell.text)
                    if cell.rows > 1:
                        below[place] = (cell.text, cell.rows - 1)
            elif any(place > column for place in below):
                texts.append("")
            else:
                break
        if texts:
            grid.append(texts)
    return grid
