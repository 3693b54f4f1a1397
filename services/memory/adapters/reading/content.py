"""The content of a page: by element, role, class and visibility."""

import re
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

Node = Any  # selectolax.lexbor.LexborNode, which has no types

NEVER = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "math", "head", "select", "option",
    "datalist", "textarea", "input", "audio", "video", "map", "progress", "meter",
})  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
AROUND = frozenset({"nav", "aside", "footer", "dialog", "menu"})
AROUND_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar",
    "toolbar", "tablist", "doc-toc", "doc-index",
})  # fmt: skip
AROUND_CLASSES = frozenset({
    "nav", "navbar", "navigation", "navlist", "navheader", "navfooter", "breadcrumb", "breadcrumbs", "footer", "sidebar",
    "sidenav", "toc", "tableofcontents", "pagination", "pager", "cookie", "cookies", "cookiebanner", "skiplink", "related",
    "share", "social", "sphinxsidebar", "masthead",
})  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_SKIP = re.compile(
    r"(skip|jump) to|back to top|(direkt )?zum (inhalt|hauptinhalt)|nach oben|aller au contenu|haut de page|"
    r"(ir|saltar) al contenido|(ga |spring )?naar (de )?(inhoud|hoofdinhoud)|"
    r"(vai|salta) al contenuto|(ir|saltar|pular) para o conte",
    re.IGNORECASE,
)
_TURN_WORDS = re.compile(
    r"\b(prev(ious)?|next|up|home|top|contents|index|(vorherige|nächste)[rs]?|zurück|weiter|nach oben|inhalt|startseite|"
    r"précédente?|suivante?|accueil|sommaire|anterior|siguiente|inicio|índice|vorige|volgende|omhoog|inhoud|"
    r"precedente|successiv[oa]|indice|próxim[oa]|seguinte|início)\b",
    re.IGNORECASE,
)
"""Words of links that turn the pages of a manual."""
MAX_TURNING = 400
"""Characters that elements with such links alone have at most."""
MAX_TURN_TEXT = 40
MAX_TURN_DEPTH = 12
TURN_LINKS = 200
"""Links at a page's beginning, and at its end, that are looked at."""
_CLASS_WORDS = re.compile(r"[^\s_-]+")


@dataclass(frozen=True)
class Rules:
    """Elements that a walk leaves out beside those that no one reads."""

    elements: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    controlled: frozenset[str] = frozenset()
    """Ids of what buttons open: hidden at first, and content all the same."""
    turning: frozenset[int] = frozenset()
    """Elements that lead to the pages before and after this one, by their memory ids."""

    def leaves_out(self, node: Node, tag: str, in_content: bool, in_heading: bool) -> bool:
        """Whether an element and all in it is no content."""
        if tag in NEVER or node.mem_id in self.turning:
            return True
        attributes: dict[str, str | None] = node.attributes
        if attributes and self._is_hidden(attributes):
            return True
        if tag == "button":
            return not (in_heading or "aria-expanded" in attributes or "aria-controls" in attributes)
        if tag == "aside" and in_content:
            return False  # a remark
        if self.elements and (_is_teaser(node, tag) or _is_skip_link(node, tag)):
            return True
        if tag in self.elements or (tag == "header" and self.elements and not in_content and not _has_title(node)):
            return True
        if not attributes:
            return False
        if (attributes.get("role") or "").lower() in self.roles:
            return True
        if self.classes and tag not in ("body", "html", "main", "article", "p", "li", "td", "th", *HEADINGS):
            for name in f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split():
                words = _CLASS_WORDS.findall(name)
                if name in self.classes or (words and (words[-1] in self.classes or "".join(words) in self.classes)):
                    return True
        return False

    def _is_hidden(self, attributes: dict[str, str | None]) -> bool:
        hidden = ("hidden" in attributes and attributes["hidden"] != "until-found") or (
            _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
        )
        if hidden:
            return attributes.get("id") not in self.controlled and attributes.get("role") != "tabpanel"
        return (attributes.get("aria-hidden") or "") == "true"


def _is_teaser(node: Node, tag: str) -> bool:
    """Whether an article is no more than a link to another page."""
    if tag != "article" or (link := node.css_first("a")) is None or node.css_first("h1") is not None:
        return False
    return len(_text(node)) <= len(_text(link)) + 10


def _is_skip_link(node: Node, tag: str) -> bool:
    return tag == "a" and (node.attributes.get("href") or "").startswith("#") and _SKIP.match(_text(node)) is not None


def turning(parser: LexborHTMLParser) -> frozenset[int]:
    """The largest elements that hold nothing but links to the pages before and after, and the names of these."""
    links = parser.css("a[href]")
    if len(links) > 2 * TURN_LINKS:
        links = links[:TURN_LINKS] + links[-TURN_LINKS:]
    names = {_text(node) for node in parser.css("head title")[:1]}
    names |= {" ".join((node.attributes.get("title") or "").split()) for node in parser.css("head link[title]")[:TURN_LINKS]}
    found: dict[int, bool] = {}
    for link in filter(_turns, links):
        node = link.parent
        for _ in range(MAX_TURN_DEPTH):
            if node is None or node.tag in ("body", "main", "article"):
                break
            if node.mem_id not in found:
                found[node.mem_id] = _only_turns(node, names)
            if not found[node.mem_id]:
                break
            node = node.parent
    return frozenset(id for id, only in found.items() if only)


def _turns(link: Node) -> bool:
    attributes = link.attributes
    if {"prev", "previous", "next"} & set((attributes.get("rel") or "").lower().split()):
        return True
    if len(text := _text(link)) > MAX_TURN_TEXT:
        return False
    text = text or (image.attributes.get("alt") or "" if (image := link.css_first("img")) is not None else "")
    return _TURN_WORDS.search(text) is not None and _bare(_TURN_WORDS.sub("", text)) == ""


def _only_turns(node: Node, names: set[str]) -> bool:
    text = _text(node)
    if len(text) > MAX_TURNING or node.css_first("h1, h2, h3, h4, h5, h6") is not None:
        return False
    for known in sorted(names | {_text(link) for link in node.css("a")}, key=len, reverse=True):
        if known:
            text = text.replace(known, " ")
    return _bare(_TURN_WORDS.sub("", text)) == ""


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _has_title(node: Node) -> bool:
    """Whether a page's header holds its only heading."""
    return node.css_first("h1") is not None and node.css_first("nav") is None


def main_element(parser: LexborHTMLParser) -> Node | None:
    """The element that says that it is the page's content, if one does."""
    found = parser.css("main, [role=main]")
    if not found:
        found = parser.css("article")
    return found[0] if len(found) == 1 else None


def _text(node: Node) -> str:
    return " ".join((node.text() or "").split())
