"""Reads HTML into an outline, by the tree that a browser would build of it.

The tree comes from lexbor, which parses by the HTML standard, so that tags that may stay unclosed end where they should. It is
walked without recursion: no depth can break it. Everything around the content (navigation, footers, tables of contents) is left
out by element, role and class, as long as enough content remains.
"""

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from services.memory.adapters.reading.content import (
    AROUND,
    AROUND_CLASSES,
    AROUND_ROLES,
    Rules,
    main_element,
    turning,
)
from services.memory.adapters.reading.decoding import Unreadable
from services.memory.adapters.reading.walk import Walk, squeezed
from services.memory.domain.outline import Outline

MIN_LEFT = 0.3
"""The share of a page's text that has to be left, or what is around the content was more than that."""

MIN_SIZE = 60
"""Characters that a page which loads scripts has at least, or its text is still to come."""


class NoText(Unreadable):
    """The page's own text is next to nothing for its size."""

    def __init__(self) -> None:
        super().__init__(
            "the page has almost no text of its own; it may need JavaScript to show it; give its text as a document."
        )


def read_html(text: str, *, fragment: bool = False) -> Outline:
    """The outline of a page. `fragment`: of a text that is content alone, so that nothing of it is left out.

    Raises NoText for a page that has scripts and next to no text.
    """
    try:
        parser = LexborHTMLParser(text)
    except SelectolaxError:  # lexbor takes any text, so this is a lack of memory
        raise MemoryError from None
    root = parser.body or parser.root
    if root is None:
        return Outline("", ())
    title_node = parser.css_first("head > title") or parser.css_first("title:not(svg title)")
    title = squeezed(title_node.text()) if title_node is not None else ""
    if fragment:
        return _outline(Walk(Rules()).read(root), title)
    controlled = frozenset(
        name for node in parser.css("[aria-controls]") for name in (node.attributes.get("aria-controls") or "").split()
    )
    turns = turning(parser)
    all_rules = Rules(AROUND, AROUND_ROLES, AROUND_CLASSES, controlled, turns)
    by_element = Rules(AROUND, AROUND_ROLES, frozenset(), controlled, turns)
    everything = Walk(Rules(controlled=controlled)).read(root)
    main = main_element(parser)
    tries = [(all_rules, main)] if main is not None else []
    tries += [(all_rules, root), (by_element, root)]
    walks = (Walk(rules).read(node) for rules, node in tries)  # each only when those before it kept too little
    best = next((walk for walk in walks if walk.size >= max(1, MIN_LEFT * everything.size)), everything)
    if not best.title and best.size < MIN_SIZE and len(text) > 4 * best.size and parser.css_first("script[src]") is not None:
        raise NoText
    return _outline(best, title)


def _outline(walk: Walk, title: str) -> Outline:
    return Outline((walk.title or title)[:200], tuple(walk.blocks))
