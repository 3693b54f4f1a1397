"""Sizes of what visitors fetch, with gzip: of the files in web/dist, as the build's budgets count them."""

from collections.abc import Iterable, Mapping
from gzip import compress
from pathlib import Path

from bench.__main__ import ROOT
from bench.web.figures import Figure, single

DIST = ROOT / "web" / "dist"
LOADER_KB, CHAT_KB = 15.0, 120.0
LANGUAGES = ("ar", "de", "en", "es", "fr", "nl")


def sizes(pages: Mapping[str, Iterable[str]]) -> list[Figure]:
    """Of the loader, of the chat with its largest language, and of the pages, by the paths that a browser fetched for each."""
    languages = [each for name in LANGUAGES for each in (DIST / "assets").glob(f"{name}-*.js")]
    chat = _kilobytes(DIST / "widget" / "chat.js")
    figures = [
        single("loader, scripts", _kilobytes(DIST / "widget.js"), "KB", LOADER_KB),
        single("chat, scripts with one language", chat + max(map(_kilobytes, languages)), "KB", CHAT_KB),
        single("chat, styles", _kilobytes(DIST / "widget" / "chat.css"), "KB"),
    ]
    for page, paths in pages.items():
        files = [DIST / path.lstrip("/") for path in paths]
        for kind, suffix in (("scripts", ".js"), ("styles", ".css")):
            figures.append(single(f"{page}, {kind}", sum(_kilobytes(each) for each in files if each.suffix == suffix), "KB"))
    return figures


def _kilobytes(file: Path) -> float:
    return len(compress(file.read_bytes(), 9)) / 1024
