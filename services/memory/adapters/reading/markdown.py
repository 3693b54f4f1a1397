"""Reads Markdown into an outline: CommonMark with tables.

Its tokens are walked as HTML's elements are, so that both have one reading. Only what holds HTML becomes HTML first:
a paragraph alone, or the whole text if it has blocks of HTML, which may begin in one place and end in another.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser

from services.memory.adapters.reading.content import Rules
from services.memory.adapters.reading.html import read_html
from services.memory.adapters.reading.walk import Walk
from services.memory.domain.outline import Outline

MAX_NESTING = 50
SHORT_LINE = 50
"""A paragraph whose lines are all shorter is an address, hours or a verse: its lines stay."""
MAX_PARAGRAPH = 50_000
"""Characters of a paragraph that are parsed at once; a longer one is parsed in parts. Each link takes kilobytes meanwhile."""

_MARK = re.compile(r"[\\`*_\[<&~]|  \n")
"""A text without any of these is written as it stands."""
_COMMENTS = re.compile(r"\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*)*")
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(?P<body>(?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_TOML_MATTER = re.compile(r"\ufeff?\+\+\+[ \t]*\n(?P<body>(?:[^\n]*\n)*?)\+\+\+[ \t]*(?:\n|$)")
_TOML_KEY = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:[\w.\"'-]+[ \t]*=|\[)")
_TOML_TITLE = re.compile(r"^[ \t]*title[ \t]*=[ \t]*(?P<title>\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')", re.MULTILINE | re.IGNORECASE)
_KEY = re.compile(r"[\w.-]+[ \t]*:(?:[ \t]|$)")
_TITLE = re.compile(r"^title[ \t]*:[ \t]*(?P<title>.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_ADDRESS = re.compile(r"://[^\s<>\"`*\[\]|\\]+")
_OPENING = re.compile(r"\s*</?([a-zA-Z][a-zA-Z0-9-]*)")
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
    env: dict[str, Any] = {}
    tokens = _BLOCKS.parse(text, env)
    first = next((token for token in tokens if token.level == 0), None)
    has_title = title or any(token.type == "heading_open" and token.tag == "h1" for token in tokens)
    if not has_title and first is not None and first.type == "heading_open":
        tokens[0].tag = tokens[2].tag = "h1"  # a text whose first line is a smaller heading is named by it
    if any(token.type == "html_block" and not _plain_block(token) for token in tokens):
        outline = read_html(_RENDERER.render(tokens, _PARSER.options, env), fragment=True)
    else:
        outline = _outline(tokens, env)
    return Outline((title or outline.title)[:200], outline.blocks)


def _front_matter(text: str) -> tuple[str, str]:
    """The title that front matter gives, and the text after it. A rule at the beginning is no front matter."""
    if (toml := _TOML_MATTER.match(text)) is not None and _TOML_KEY.match(toml["body"]):
        before_tables = re.split(r"^\s*\[", toml["body"], maxsplit=1, flags=re.MULTILINE)[0]
        named = _TOML_TITLE.search(before_tables)
        return _toml_string(named["title"]) if named else "", text[toml.end() :]
    match = _FRONT_MATTER.match(text)
    if match is None or not _KEY.match(match["body"]):
        return "", text
    found = _TITLE.search(match["body"])
    title = found["title"].strip("\"'") if found else ""
    return title, text[match.end() :]


def _toml_string(quoted: str) -> str:
    """The text of a TOML string; its escapes are JSON's, as far as titles have any."""
    if quoted.startswith("'"):
        return quoted[1:-1]
    try:
        return str(json.loads(quoted))
    except ValueError:
        return quoted[1:-1]


@dataclass(frozen=True, slots=True)
class _Element:
    """A token as an element of a tree, for a walk."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    def css_first(self, _selector: str) -> None:
        """No element is looked up below one of Markdown's: only HTML's need that."""

    def css(self, _selector: str) -> tuple[()]:
        """None, as above."""
        return ()


def _outline(tokens: Sequence[Token], env: dict[str, Any]) -> Outline:
    walk = Walk(Rules())
    opened: list[_Element] = []
    for token in tokens:
        if token.type == "inline":
            for part in _parts(token.content):
                _read_inline(walk, part, env)
        elif token.type in ("fence", "code_block", "html_block"):
            if token.type != "html_block" or not _COMMENTS.fullmatch(token.content):
                _read_text(walk, "p" if token.type == "html_block" else "pre", token.content)
        elif not token.hidden:
            _step(walk, opened, token)
    walk.end()
    return Outline(walk.title[:200], tuple(walk.blocks))


def _read_text(walk: Walk, tag: str, text: str) -> None:
    element = _Element(tag)
    walk.open(element, tag)
    walk.write(text)
    walk.close(element, tag)


def _step(walk: Walk, opened: list[_Element], token: Token) -> None:
    """Opens or closes the element that a token stands for."""
    if token.nesting >= 0:
        attributes = {name: str(value) for name, value in token.attrs.items()}
        if token.type == "list_item_open":
            attributes = {"value": token.info}
        opened.append(_Element(token.tag, attributes))
        walk.open(opened[-1], token.tag)
    if token.nesting <= 0 and opened:
        walk.close(opened.pop(), token.tag)


def _parts(text: str) -> Iterator[str]:
    """A paragraph's text, cut where it is too long to be parsed at once: between lines, sentences or words."""
    begin = 0
    while len(text) - begin > MAX_PARAGRAPH:
        half, most = begin + MAX_PARAGRAPH // 2, begin + MAX_PARAGRAPH
        found = (text.rfind(end, half, most) + len(end) for end in ("\n", ") ", ". ", " "))
        end = next((place for place in found if place > half), most)
        yield text[begin:end]
        begin = end
    yield text[begin:]


def _children(text: str, env: dict[str, Any]) -> list[Token]:
    return _PARSER.parseInline(text, env)[0].children or []


def _read_inline(walk: Walk, text: str, env: dict[str, Any]) -> None:
    """A paragraph's text, or a part of it."""
    if not _MARK.search(text):
        lines = text.split("\n")
        if len(lines) == 1:
            walk.write(text)
            return
        tokens = [Token("text", "", 0, content=lines[0].strip(" \t"))]
        for line in lines[1:]:
            tokens += (Token("softbreak", "br", 0), Token("text", "", 0, content=line.strip(" \t")))
    else:
        tokens = _children(text, env)
    tags = _pairs(tokens)
    if any(token.type == "html_inline" and _is_tag(token.content, index, tags) for index, token in enumerate(tokens)):
        page = LexborHTMLParser(f"<body>{_RENDERER.renderInline(tokens, _PARSER.options, env)}")
        walk.read_below(page.body)
        return
    short, written, opened = _is_short(tokens), [], list[_Element]()
    for index, token in enumerate(tokens):
        if token.type == "softbreak" and not short:
            written.append(_break(tokens, index))
        elif token.type == "text" or (token.type == "html_inline" and not token.content.startswith("<!--")):
            written.append(token.content)
        elif token.type != "html_inline":
            walk.write("".join(written))
            written.clear()
            if token.type == "code_inline":
                walk.write(token.content)
                continue
            if token.type == "image":
                token.attrs["alt"] = _RENDERER.renderInlineAsText(token.children, _PARSER.options, env)
            _step(walk, opened, token)
    walk.write("".join(written))


def _is_short(tokens: Sequence[Token]) -> bool:
    """Whether all lines of a paragraph are short, so that its line ends are breaks."""
    texts = "".join("\n" if token.type in ("softbreak", "hardbreak") else token.content for token in tokens)
    return all(len(line) < SHORT_LINE for line in texts.split("\n"))


def _break(tokens: Sequence[Token], index: int) -> str:
    """A line's end inside a paragraph of longer lines: nothing between characters of scripts without spaces."""
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    return "" if before >= "\u2e80" and after >= "\u2e80" and before < "\uff00" else "\n"


def _is_tag(content: str, index: int, tags: Mapping[str, tuple[int, int]]) -> bool:
    """Whether raw HTML inside a paragraph is a tag: of an element that is known, and that begins and ends in the paragraph."""
    match = _TAG.match(content)
    if match is None or (name := match["name"].lower()) not in ELEMENTS:
        return False
    openings, endings = tags.get(name, (index, index))
    return name in VOID or openings < endings


def _plain_block(token: Token) -> bool:
    """Whether a block of HTML holds none: it is a comment, or begins with what is no element."""
    opening = _OPENING.match(token.content)
    return bool(opening is not None and opening[1].lower() not in ELEMENTS) or bool(_COMMENTS.fullmatch(token.content))


class _Renderer(RendererHTML):
    """Writes HTML for our own reader: numbers of items as written, and only what is a tag as a tag."""

    def render(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        """A text, whose paragraphs are parsed one after the other."""
        written: list[str] = []
        for index, token in enumerate(tokens):
            if token.type == "inline":
                written += (self.renderInline(_children(part, env), options, env) for part in _parts(token.content))
            else:
                written.append(self.rules.get(token.type, self.renderToken)(tokens, index, options, env))
        return "".join(written)

    def list_item_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """An item, with the number that stands before it."""
        number = tokens[index].info
        return f'<li value="{number}">' if number else "<li>"

    def html_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """A tag or comment inside a paragraph; what only looks like one is text."""
        content = tokens[index].content
        if content.startswith("<!--"):
            return ""
        return content if _is_tag(content, index, env["tags"]) else _escaped(content)

    def html_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """A block of HTML; one that begins with what is no element is text."""
        content = tokens[index].content
        opening = _OPENING.match(content)
        if opening is not None and opening[1].lower() not in ELEMENTS:
            return f"<p>{_escaped(content)}</p>"
        return content

    def renderInline(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        """A paragraph. Its line ends are breaks between short lines, and nothing in scripts without spaces."""
        env["short"] = _is_short(tokens)
        env["tags"] = _pairs(tokens)
        return str(super().renderInline(tokens, options, env))

    def softbreak(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """A line's end inside a paragraph."""
        return "<br>" if env["short"] else _break(tokens, index)

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


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}, renderer_cls=_Renderer).enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "address", _address)
    return parser


_PARSER = _parser()
_RENDERER = _Renderer(_PARSER)
_BLOCKS = _parser()
_BLOCKS.core.ruler.disable(["inline", "text_join"])
"""Finds blocks only; their texts are parsed when they are read, so that few tokens exist at a time."""
