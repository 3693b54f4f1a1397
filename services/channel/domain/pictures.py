"""Width and height of a PNG, JPEG, WebP or GIF, from its header. The structure must be whole, to the format's last mark.

No pixel is decoded: browsers do that, and a header with bounded sides keeps them from needing much memory.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

Size = tuple[int, int]
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Marks of segments that hold the sides of a JPEG file."""
_JPEG_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
_GIF_END = 0x3B


def size(content: bytes, media_type: str) -> Size | None:
    """Width and height in pixels; None: the file is not whole, or has something behind its end."""
    try:
        return _READERS[media_type](content)
    except (struct.error, IndexError):
        return None


def _png(content: bytes) -> Size | None:
    found: Size | None = None
    at, kind, data = len(_PNG), b"", False
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, at)
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if checksum != zlib.crc32(content[at + 4 : at + 8 + length]):
            return None
        if found is None:
            if kind != b"IHDR" or length != 13:
                return None
            found = struct.unpack_from(">II", content, at + 8)
        data = data or kind == b"IDAT"
        at += 12 + length
    return found if data and at == len(content) else None


def _jpeg(content: bytes) -> Size | None:
    found: Size | None = None
    at = 2
    while content[at] == 0xFF:
        kind = content[at + 1]
        if kind == _JPEG_SCAN:
            return found if content.endswith(bytes((0xFF, _JPEG_END))) else None
        if kind == 0xFF or kind in _JPEG_ALONE:
            at += 1 if kind == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if kind == _JPEG_END or length < 2:
            return None
        if kind in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            found = width, height
        at += 2 + length
    return None


def _gif(content: bytes) -> Size | None:
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    at, images = 13 + _colours(flags), 0
    while content[at] != _GIF_END:
        if content[at] == 0x2C:
            images, at = images + 1, at + 11 + _colours(content[at + 9])
        elif content[at] == 0x21:
            at += 2
        else:
            return None
        while length := content[at]:
            at += 1 + length
        at += 1
    return (width, height) if images and at + 1 == len(content) else None


def _colours(flags: int) -> int:
    """The bytes of a GIF file's table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(content: bytes) -> Size | None:
    (length,) = struct.unpack_from("<I", content, 4)
    chunks = list(_chunks(content))
    if length + 8 != len(content) or not {b"VP8 ", b"VP8L", b"ANMF"} & {kind for kind, _ in chunks}:
        return None
    kind, data = chunks[0]
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L":
        mark, bits = struct.unpack_from("<BI", data)
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1) if mark == 0x2F else None
    width, height = struct.unpack_from("<HH", data, 6)
    return (width & 0x3FFF, height & 0x3FFF) if data[3:6] == b"\x9d\x01\x2a" else None


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at < len(content):
        kind, length = struct.unpack_from("<4sI", content, at)
        if at + 8 + length > len(content):
            raise IndexError
        yield kind, content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


_READERS: dict[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
    "image/gif": _gif,
}
