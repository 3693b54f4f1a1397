"""The media type of a file, detected from its first bytes: the sender's word counts for nothing.

Only types that browsers show or play, that must never be kept, or that people send every day are distinguished; the rest is
`application/octet-stream`. A type is detected by the bytes that its format requires at a fixed place, so nothing is guessed.
"""

import re

HEAD_BYTES = 512
"""How much of a file's beginning is looked at."""
UNKNOWN = "application/octet-stream"

INLINE = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp"),
        *("audio/aac", "audio/amr", "audio/flac", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav"),
        *("video/3gpp", "video/mp4", "video/ogg", "video/quicktime", "video/webm"),
    }
)
"""Types that a browser may show in a page: formats that hold no script and no links."""

REJECTED = frozenset({"application/vnd.microsoft.portable-executable", "application/x-elf", "application/x-mach-binary"})
"""Types that are not kept: programs."""

_WITHIN = {
    ("application/zip", "docx"): "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ("application/zip", "pptx"): "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ("application/zip", "xlsx"): "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ("application/x-ole-storage", "doc"): "application/msword",
    ("text/plain", "vcf"): "text/vcard",
}
"""Formats within another one, by the extension of the file's name."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBPVP8[ LX]", "image/webp"),
    (rb"RIFF....WAVE", "audio/wav"),
    (rb"fLaC", "audio/flac"),
    (rb"#!AMR(-WB)?\n", "audio/amr"),
    (rb"OggS\x00\x02.{22}\x01?(OpusHead|.?vorbis|Speex  )", "audio/ogg"),
    (rb"OggS\x00\x02.{22}\x80theora", "video/ogg"),
    (rb"ID3[\x02-\x04]", "audio/mpeg"),
    (rb"\xff[\xf0\xf1\xf8\xf9]", "audio/aac"),
    (rb"\xff[\xf2\xf3\xfa\xfb][\x10-\xef]", "audio/mpeg"),
    (rb"\x1a\x45\xdf\xa3.{0,60}\x42\x82.{1,8}?webm", "video/webm"),
    (rb"....ftyp(M4A |M4B |M4P )", "audio/mp4"),
    (rb"....ftyp(isom|iso[2-9]|mp4[12]|avc1|M4V |dash|MSNV)", "video/mp4"),
    (rb"....ftyp3g[ep2]", "video/3gpp"),
    (rb"....ftypqt  ", "video/quicktime"),
    (rb"....ftyp(heic|heix|mif1)", "image/heic"),
    (rb"....ftypavif", "image/avif"),
    (rb"BM.{4}\x00{4}", "image/bmp"),
    (rb"(II\*\x00|MM\x00\*)", "image/tiff"),
    (rb"%PDF-", "application/pdf"),
    (rb"PK(\x03\x04|\x05\x06)", "application/zip"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (rb"MZ.*\x00", "application/vnd.microsoft.portable-executable"),
    (rb"\x7fELF", "application/x-elf"),
    (rb"([\xce\xcf]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|\xca\xfe\xba\xbe\x00\x00\x00[\x01-\x1f])", "application/x-mach-binary"),
    (rb"(?i)(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*+(<!doctype svg[^>]*>\s*)?<svg[\s>]", "image/svg+xml"),
    (rb"(?i)(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*+<(!doctype html|html|head|body|script|iframe|style|title)[\s>]", "text/html"),
)
# `*+` gives nothing back: otherwise a head full of comments would be tried in all ways, which takes forever.
_SNIFFED = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in _SIGNATURES)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(head: bytes) -> str:
    """The media type of a file, detected from its first `HEAD_BYTES`."""
    head = head[:HEAD_BYTES]
    for signature, kind in _SNIFFED:
        if signature.match(head):
            return kind
    return "text/plain" if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if _NOT_TEXT.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.end == len(head) == HEAD_BYTES  # a letter was cut
    return True


def refined(media_type: str, file_name: str) -> str:
    """A detected media type, more exact where the file's name says so and the bytes allow it: for those who open the file."""
    return _WITHIN.get((media_type, file_name.rpartition(".")[2].lower()), media_type)
