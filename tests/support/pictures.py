"""Small whole pictures of each format that a logo may have."""

import struct
import zlib


def png(width: int = 2, height: int = 2, size: int = 0, text: bytes = b"") -> bytes:
    """A PNG of one colour; `size`: of exactly so many bytes, by a chunk of text."""
    rows = (b"\0" + bytes(width)) * height if width * height < 1 << 20 else b""
    parts = [
        *(b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))),
        *(_chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")),
    ]
    if size or text:
        room = max(size - sum(map(len, parts)) - 12, len(text))
        parts.insert(2, _chunk(b"tEXt", text.ljust(room, b"x")))
    return b"".join(parts)


def gif(width: int = 2, height: int = 2) -> bytes:
    """A GIF of one colour."""
    header = struct.pack("<6sHHBBB", b"GIF89a", width, height, 0x80, 0, 0) + bytes(6)
    extension = b"!\xf9\x04\0\0\0\0\0"
    image = struct.pack("<BHHHHB", 0x2C, 0, 0, width, height, 0) + b"\x02\x03\x84\x51\x00\0"
    return header + extension + image + b";"


def jpeg(width: int = 2, height: int = 2) -> bytes:
    """The structure of a JPEG."""
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + b"\x12\x34" * 8
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + scan
        + b"\xff\xd9"
    )


def webp(width: int = 2, height: int = 2) -> bytes:
    """The structure of a lossless WebP."""
    data = struct.pack("<BI", 0x2F, (width - 1) | (height - 1) << 14) + b"\0" * 5
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
