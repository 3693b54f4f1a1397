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
    "nav", "navbar", "navigation", "navlist", "breadcrumb", "breadcrumbs", "footer", "sidebar", "sidenav", "toc",
    "tableofcontents", "pagination", "pager", "cookie", "cookies", "cookiebanner", "skiplink", "related", "share",
    "social", "sphinxsidebar", "masthead",
})  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_SKIP = re.compile(
    r"(skip|jump) to|back to top|(direkt )?zum (inhalt|hauptinhalt)|nach oben|aller au contenu|haut de page|"
    r"(ir|saltar) al contenido|(ga |spring )?naar (de )?(inhoud|hoofdinhoud)|"
    r"(vai|salta) al contenuto|(ir|saltar|pular) para o conte",
    re.IGNORECASE,
)
_CLASS_WORDS = re.compile(r"[^\s_-]+")


@dataclass(frozen=True)
class Rules:
    """Elements that a walk leaves out beside those that no one reads."""

    elements: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    controlled: frozenset[str] = frozenset()
    """Ids of what buttons open: hidden at first, and content all the same."""

    def leaves_out(self, node: Node, tag: str, in_content: bool, in_heading: bool) -> bool:
        """Whether an element and all in it is no content."""
        if tag in NEVER:
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
