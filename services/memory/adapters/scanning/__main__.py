"""Scans one page or sitemap in a process of its own: its links, and a hash of its text.

    python -m services.memory.adapters.scanning ORDER < page > scanned.json

As with files that are read, hostile ones do no more than end this process.
"""

import hashlib
import re
import sys
import zlib
from collections.abc import Iterator
from xml.parsers import expat

import msgspec
from selectolax.lexbor import LexborHTMLParser

from services.memory.adapters import children
from services.memory.adapters.reading.cleaning import clean_outline
from services.memory.adapters.reading.decoding import decode
from services.memory.adapters.reading.html import read_html
from services.memory.domain.addresses import Scope, key, normalize
from services.memory.domain.outline import Outline
from services.memory.domain.robots import AGENT, directives
from services.memory.domain.sites import MAX_LINKS, MAX_SITEMAPS, Listing, Scan

MAX_UNPACKED_BYTES = 52_428_800
MAX_SITEMAP_ADDRESSES = 50_000
_CHUNK = 64 << 10


class Order(msgspec.Struct):
    """The parent's order: about a page if `address` is given, otherwise of a sitemap."""

    start: str
    address: str = ""
    charset: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int = 0


class Scanned(msgspec.Struct):
    """The answer to the parent."""

    scan: Scan | None = None
    listing: Listing | None = None
    problem: str = ""


def scan(order: Order, content: bytes) -> Scanned:
    """Scans a page or a sitemap. Any exception of a parser means that it can't be read."""
    try:
        if order.address:
            return Scanned(scan=scan_page(decode(content, said=order.charset, html=True), order.address, order.start))
        return Scanned(listing=_scan_sitemap(content, order))
    except MemoryError:
        return Scanned(problem="it needs more memory than it may take.")
    except Exception as error:  # parsers of hostile files raise anything
        told = re.sub(r"\s+", " ", str(error)).strip()[:200] or type(error).__name__
        return Scanned(problem=told if told.endswith(".") else f"{told}.")


def scan_page(text: str, address: str, start: str) -> Scan:
    """Links, text and marks of a page. Raises NoText where it needs scripts to show its text."""
    parser = LexborHTMLParser(text)
    outline = clean_outline(read_html(text))
    base_node = parser.css_first("base[href]")
    base = normalize((base_node.attributes.get("href") or "") if base_node else "", address) or address
    words = {
        word
        for node in parser.css("meta[name]")
        if (node.attributes.get("name") or "").strip().lower() in ("robots", AGENT)
        for word in directives(node.attributes.get("content") or "")
    }
    canonical_node = parser.css_first('link[rel="canonical"][href]')
    canonical = normalize((canonical_node.attributes.get("href") or "") if canonical_node else "", base)
    scope = Scope(start)
    return Scan(
        title=outline.title[:200],
        digest=_digest(outline),
        links=tuple(_links(parser, base, scope, address)),
        canonical=canonical if canonical and scope.has(canonical) else "",
        noindex=bool(words & {"noindex", "none"}),
        nofollow=bool(words & {"nofollow", "none"}),
    )


def _links(parser: LexborHTMLParser, base: str, scope: Scope, address: str) -> list[str]:
    found: dict[str, str] = {}
    for node in parser.css("a[href], area[href]"):
        if "nofollow" in (node.attributes.get("rel") or "").lower():
            continue
        target = normalize(node.attributes.get("href") or "", base)
        if target and scope.has(target) and key(target) != key(address):
            found.setdefault(key(target), target)
            if len(found) == MAX_LINKS:
                break
    return list(found.values())


def _digest(outline: Outline) -> str:
    """Of what is indexed: marks, scripts and what is around the content may differ each time."""
    if not outline.blocks:
        return ""
    return hashlib.sha256(msgspec.json.encode(outline)).hexdigest()


class _Enough(Exception):
    """As many addresses as wanted were found."""


class _Sitemap:
    """The addresses found in a sitemap while it is parsed."""

    def __init__(self, order: Order) -> None:
        self._scope = Scope(order.start, order.include, order.exclude)
        self._limit = order.limit
        self._path: list[str] = []
        self._text: list[str] = []
        self.pages: dict[str, str] = {}
        self.sitemaps: dict[str, str] = {}
        self.total = 0

    def start(self, name: str, attributes: object) -> None:
        self._path.append(name.rpartition(":")[2].lower())
        self._text.clear()
        if len(self._path) > 20:
            raise ValueError("it is nested too deeply.")

    def text(self, data: str) -> None:
        if self._path and self._path[-1] == "loc" and len(self._text) < 100:
            self._text.append(data)

    def end(self, name: str) -> None:
        if self._path[-2:] in (["url", "loc"], ["sitemap", "loc"]):
            self.add("".join(self._text), is_sitemap=self._path[-2] == "sitemap")
        self._path.pop()
        self._text.clear()

    def doctype(self, *_: object) -> None:
        raise ValueError("it declares a document type, which no sitemap needs.")

    def add(self, address: str, *, is_sitemap: bool) -> None:
        self.total += 1
        if self.total > MAX_SITEMAP_ADDRESSES:
            raise _Enough
        normal = normalize(address, self._scope.start)
        if not normal or not self._scope.has(normal):
            return
        if is_sitemap:
            self.sitemaps.setdefault(key(normal), normal)
            if len(self.sitemaps) > MAX_SITEMAPS:
                raise _Enough
        elif not self._scope.refusal(normal):
            if len(self.pages) >= self._limit and key(normal) not in self.pages:
                raise _Enough
            self.pages.setdefault(key(normal), normal)


def _scan_sitemap(content: bytes, order: Order) -> Listing:
    found = _Sitemap(order)
    cut, problem = False, ""
    try:
        pieces = _unpacked(content)
        first = next(pieces, b"")
        if first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            _parse(found, first, pieces)
        else:
            _read_lines(found, first.removeprefix(b"\xef\xbb\xbf"), pieces)
    except _Enough:
        cut = True
    except expat.ExpatError as error:
        problem = f"it is damaged in line {error.lineno}."
    except (ValueError, zlib.error) as error:
        problem = str(error) if isinstance(error, ValueError) else "its compressed content is damaged."
    return Listing(tuple(found.pages.values()), tuple(found.sitemaps.values()), found.total, cut, problem)


def _parse(found: _Sitemap, first: bytes, pieces: Iterator[bytes]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = found.text, found.doctype
    parser.Parse(first)
    for piece in pieces:
        parser.Parse(piece)
    parser.Parse(b"", True)


def _read_lines(found: _Sitemap, first: bytes, pieces: Iterator[bytes]) -> None:
    """A sitemap that is a text, with an address in each line."""
    rest = first
    for piece in (*pieces, b"\n"):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.strip().lower().startswith((b"http://", b"https://")):
                found.add(line.decode(errors="replace"), is_sitemap=False)
        if len(rest) > _CHUNK:
            raise ValueError("it is no sitemap.")


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The pieces of a sitemap, which may be compressed. Raises _Enough beyond the size that a sitemap may have."""
    size = 0
    packed = content.startswith(b"\x1f\x8b")
    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    for start in range(0, len(content), _CHUNK):
        piece = content[start : start + _CHUNK]
        while piece:
            data = inflate.decompress(piece, _CHUNK) if packed else piece
            piece = inflate.unconsumed_tail if packed else b""
            size += len(data)
            if size > MAX_UNPACKED_BYTES:
                raise _Enough
            if data:
                yield data
    if packed and (rest := inflate.flush()):
        yield rest


def main() -> None:
    """Bounds itself first, then scans."""
    children.bound()
    order = msgspec.json.decode(sys.argv[1], type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(scan(order, sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
