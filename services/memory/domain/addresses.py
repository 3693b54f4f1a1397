"""Addresses of pages: their normal form, which site they are in, and whether they look endless."""

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

MAX_ADDRESS = 1000
MAX_SEGMENTS = 20
MAX_REPEATS = 3
"""How often a segment may be in a path; links that are relative by mistake repeat some without end."""
MAX_PARAMETERS = 8

_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(utm_\w+|gclid|gclsrc|dclid|fbclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|phpsessid|jsessionid)(=.*)?|"
    r"(sessionid|sid)=(?=\D*\d)([0-9a-z+/]{16,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(%3D|=)*",
    re.IGNORECASE,
)
_SESSION = re.compile(r";(jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/%?]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NO_PAGE = frozenset({
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp", "tif", "tiff", "css", "js", "mjs", "json", "xml", "rss",
    "atom", "woff", "woff2", "ttf", "eot", "otf", "mp3", "mp4", "m4a", "m4v", "ogg", "oga", "ogv", "webm", "wav", "avi", "mov",
    "mkv", "flac", "zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "tar", "dmg", "exe", "msi", "deb", "rpm", "apk", "iso", "bin",
    "jar", "whl", "doc", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "epub", "ics", "vcf", "psd", "ai", "eps",
})  # fmt: skip
"""Endings of names of files without text that could be read."""


def normalize(address: str, base: str = "") -> str:
    """The normal form of an http(s) address, which may be relative to `base`; "": it is none of a page.

    It has no fragment, tracking parameters, sessions and default port, and its escapes are written alike.
    """
    try:
        address = address.strip().replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
        parts = urlsplit(urljoin(base, address) if base else address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        if parts.scheme not in _PORTS or not host or parts.username is not None:
            return ""
        if not host.isascii():
            host = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return ""
    if not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:]+", host):
        return ""
    host = f"[{host}]" if ":" in host else host
    authority = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = _without_dots(escaped(_SESSION.sub("", parts.path))) or "/"
    query = "&".join(part for part in escaped(parts.query).split("&") if part and not _TRACKING.fullmatch(part))
    normal = f"{parts.scheme}://{authority}{path}" + (f"?{query}" if query else "")
    return normal if len(normal) <= MAX_ADDRESS else ""


def key(address: str) -> str:
    """The same for all addresses of one page: http or https, `www.` or not, and a slash at the end make no difference."""
    rest = address.partition("://")[2].removeprefix("www.")
    path, question, query = rest.partition("?")
    return path.rstrip("/") + question + query


def host(address: str) -> str:
    """The host of an address, and its port where that isn't the usual one; without `www.`."""
    return address.partition("://")[2].partition("/")[0].removeprefix("www.")


def origin(address: str) -> str:
    """Scheme, host and port."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def path(address: str) -> str:
    """The path of an address, from its first slash on, without the query."""
    rest = address.partition("://")[2].partition("?")[0]
    return "/" + rest.partition("/")[2]


def query(address: str) -> str:
    """The query of an address."""
    return address.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which addresses belong to a site."""

    start: str
    """In normal form."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def has(self, address: str) -> bool:
        """Whether an address is on the site's host."""
        return host(address) == host(self.start)

    def refusal(self, address: str) -> str:
        """Why an address of the site is not read: EXCLUDED, MEDIA_TYPE or ENDLESS; "": it is."""
        if key(address) == key(self.start):
            return ""
        at = path(address)
        if (self.include and not at.startswith(self.include)) or at.startswith(self.exclude):
            return "EXCLUDED"
        if "." in (last := at.rpartition("/")[2]) and last.rpartition(".")[2].lower() in _NO_PAGE:
            return "MEDIA_TYPE"
        return "ENDLESS" if looks_endless(address) else ""


def looks_endless(address: str) -> bool:
    """Whether an address repeats itself, as those of pages that link to ever new ones do."""
    segments = [segment for segment in path(address).split("/") if segment]
    parameters = Counter(part.partition("=")[0] for part in query(address).split("&") if part)
    return (
        len(segments) > MAX_SEGMENTS
        or max(Counter(segments).values(), default=0) > MAX_REPEATS
        or parameters.total() > MAX_PARAMETERS
        or max(parameters.values(), default=0) > MAX_REPEATS
    )


def escaped(text: str) -> str:
    """A path or a query with its escapes written alike: in capitals, and only where one is needed."""

    def plain(match: re.Match[str]) -> str:
        byte = int(match[1], 16)
        return chr(byte) if byte in _UNRESERVED else f"%{match[1].upper()}"

    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in _bytes(match[0])), _ESCAPE.sub(plain, text))


def _bytes(text: str) -> bytes:
    """The bytes of a text, those included that were no UTF-8 in a header."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
