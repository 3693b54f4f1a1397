"""File names as senders write them, made fit to be shown, stored and put into a header."""

import mimetypes
import re
import unicodedata
from urllib.parse import quote

MAX_BYTES = 255
"""In UTF-8: what common file systems take."""
NAMELESS = "file"
_DROPPED = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Control, format (bidirectional ones among them), unassigned, private, surrogate, and separators of lines and paragraphs."""
_JOINERS = "\u200c\u200d"
"""Format characters that scripts and emoji need; they change no order."""


def clean(name: str) -> str:
    """A name without a path and without characters that deceive or break, at most `MAX_BYTES` long; its extension stays."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = "".join(c for c in name if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    name = re.sub(r'[<>:"|?*]', "_", name)
    name = re.sub(r"\s+", " ", name).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 16:
        stem, dot, extension = name, "", ""
    tail = dot + extension
    room = MAX_BYTES - len(tail.encode())
    return (stem.encode()[:room].decode(errors="ignore").rstrip() + tail).strip(_JOINERS) or NAMELESS


def nameless(media_type: str) -> str:
    """A name for a file that came without one, by its media type: `image.jpg`."""
    known = media_type.partition(";")[0].strip().lower()
    kind = known.partition("/")[0]
    return (kind if kind in ("image", "audio", "video") else NAMELESS) + (mimetypes.guess_extension(known) or "")


def disposition(name: str, *, inline: bool) -> str:
    """The value of `Content-Disposition` for a clean name: RFC 6266, with its letters by RFC 8187 and a plain name beside."""
    kind = "inline" if inline else "attachment"
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    plain = plain.strip(" .") or NAMELESS
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{kind}; filename="{plain}"{extended}'
