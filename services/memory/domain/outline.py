"""The outline of a document that was read: its title and its blocks of plain text, each under its headings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item, a table row or a piece of code, as plain text. It may have several lines."""

    text: str
    headings: tuple[str, ...] = ()
    """The headings above it, outermost first."""
    page: int = 0
    tight: bool = False
    """Whether it follows the block before on the next line, as a list item does, and not after a gap."""
    header: str = ""
    """The line that names the columns of its table, for a passage that begins in the middle of the table."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A document as read."""

    title: str
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    """Parts that could not be read, each with what to do about it, in words for people."""
