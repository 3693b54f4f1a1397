"""Reads Markdown into an outline: CommonMark with tables, by way of HTML, so that both have one reading."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from services.memory.adapters.reading.html import read_html
from services.memory.domain.outline import Outline

MAX_NESTING = 50
SHORT_LINE = 50
"""A paragraph whose lines are all shorter is an address, hours or a verse: its lines stay."""

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(?P<body>(?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_KEY = re.compile(r"[\w.-]+[ \t]*:(?:[ \t]|$)")
_TITLE = re.compile(r"^title[ \t]*:[ \t]*(?P<title>.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_ADDRESS = re.compile(r"://[^\s<>\"`*\[\]|\\]+")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>[\s\S]*?)/?>$")
VOID = frozenset({"br", "hr", "img", "wbr", "input", "source", "col"})
ELEMENTS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "body", "button", "caption",
    "center", "cite", "code", "colgroup", "dd", "del", "details", "dfn", "dialog", "div", "dl", "dt", "em", "fieldset",
    "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "i",
    "iframe", "ins", "kbd", "label", "legend", "li", "main", "mark", "nav", "noscript", "ol", "p", "picture", "pre",
    "q", "s", "samp", "script", "section", "small", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
    "table", "tbody", "td", "template", "tfoot", "th", "thead", "time", "title", "tr", "tt", "u", "ul", "var", "video",
    "audio",
}) | VOID  # fmt: skip


def read_markdown(text: str) -> Outline:
    """The outline of a Markdown text (CommonMark 0.31, tables and strike-through of GFM).

    The title is the one in the front matter, otherwise the first heading, if that is of the first level or comes first.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    title, text = _front_matter(text)
    tokens = _PARSER.parse(text)
    first = next((token for token in tokens if token.level == 0), None)
    has_title = title or any(token.type == "heading_open" and token.tag == "h1" for token in tokens)
    if not has_title and first is not None and first.type == "heading_open":
        tokens[0].tag = tokens[2].tag = "h1"  # a text whose first line is a smaller heading is named by it
    outline = read_html(_PARSER.renderer.render(tokens, _PARSER.options, {}), fragment=True)
    return Outline((title or outline.title)[:200], outline.blocks)


def _front_matter(text: str) -> tuple[str, str]:
    """The title that front matter gives, and the text after it. A rule at the beginning is no front matter."""
    match = _FRONT_MATTER.match(text)
    if match is None or not _KEY.match(match["body"]):
        return "", text
    found = _TITLE.search(match["body"])
    title = found["title"].strip("\"'") if found else ""
    return title, text[match.end() :]


class _Renderer(RendererHTML):
    """Writes HTML for our own reader: numbers of items as written, and only what is a tag as a tag."""

    def list_item_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """An item, with the number that stands before it."""
        number = tokens[index].info
        return f'<li value="{number}">' if number else "<li>"

    def html_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """A tag or comment inside a paragraph; what only looks like one is text."""
        content = tokens[index].content
        if content.startswith("<!--"):
            return ""
        match = _TAG.match(content)
        if match is None or match["name"].lower() not in ELEMENTS:
            return _escaped(content)
        name = match["name"].lower()
        if name in VOID:
            return content
        openings, endings = env["tags"].get(name, (index, index))
        return content if openings < endings else _escaped(content)

    def html_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """A block of HTML; one that begins with what is no element is text."""
        content = tokens[index].content
        opening = re.match(r"\s*</?([a-zA-Z][a-zA-Z0-9-]*)", content)
        if opening is not None and opening[1].lower() not in ELEMENTS:
            return f"<p>{_escaped(content)}</p>"
        return content

    def renderInline(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        """A paragraph. Its line ends are breaks between short lines, and nothing in scripts without spaces."""
        texts = "".join("\n" if token.type in ("softbreak", "hardbreak") else token.content for token in tokens)
        env["short"] = all(len(line) < SHORT_LINE for line in texts.split("\n"))
        env["tags"] = _pairs(tokens)
        return str(super().renderInline(tokens, options, env))

    def softbreak(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """A line's end inside a paragraph."""
        if env["short"]:
            return "<br>"
        before = tokens[index - 1].content[-1:] if index else ""
        after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
        return "" if before >= "\u2e80" and after >= "\u2e80" and before < "\uff00" else "\n"

    def code_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Code, to the letter."""
        return f"<code>{_escaped(tokens[index].content)}</code>"


def _pairs(tokens: Sequence[Token]) -> dict[str, tuple[int, int]]:
    """Where each element first begins and last ends in a paragraph, by its name; an element that does not do both is absent."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type == "html_inline" and (match := _TAG.match(token.content)) is not None:
            name = match["name"].lower()
            if match["end"]:
                last[name] = index
            else:
                first.setdefault(name, index)
    return {name: (first[name], last[name]) for name in first.keys() & last.keys()}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _address(state: StateInline, silent: bool) -> bool:
    """A bare web address: its underscores and tildes are no marks."""
    match = _ADDRESS.match(state.src, state.pos)
    if match is None or not state.pending.endswith(("http", "https", "ftp")):
        return False
    end = state.pos + len(match[0].rstrip("_~"))
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


_PARSER = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}, renderer_cls=_Renderer).enable(["table", "strikethrough"])
_PARSER.inline.ruler.before("escape", "address", _address)
