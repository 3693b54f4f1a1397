"""Turns a file's bytes into text: by its mark, by what its server says, by what the page says, otherwise by detection.

The order and the meaning of labels are those of the HTML standard (section 13.2.3, "The input byte stream") and of the Encoding
standard, in which `iso-8859-1` means windows-1252.
"""

import codecs
import re

from charset_normalizer import from_bytes

from services.memory.domain.file_types import CONTROLS

HEAD_BYTES = 4096
"""How far a page is searched for its encoding; the standard says 1024, and pages write scripts before it."""
SAMPLE_BYTES = 32 << 10
MIN_DETECTED = 20
"""Bytes beyond ASCII that detection needs to be right more often than the most common encoding is."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META = re.compile(rb"<meta\s[^>]{0,500}>", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "l1":
    "cp1252", "latin-1": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620":
    "cp874", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "utf8":
    "utf-8", "unicode": "utf-16-le", "utf-16": "utf-16-le", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "koi8-ru":
    "koi8-u", "x-mac-cyrillic": "mac-cyrillic",
}  # fmt: skip


class Unreadable(ValueError):
    """A file that can't be read, in a sentence that says what to do."""


class NotText(Unreadable):
    """The bytes are no text in any encoding."""

    def __init__(self) -> None:
        super().__init__("its characters can't be read: save it as UTF-8.")


def decode(content: bytes, *, said: str = "", html: bool = False) -> str:
    """The text of a file. `said`: the encoding that came with it, "" for none. Raises NotText."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    for label in (said, _of_page(content) if html else ""):
        if (encoding := known(label)) and (text := _decoded(content, encoding)) is not None:
            return text
    if (encoding := _utf16(content)) and (text := _decoded(content, encoding)) is not None:
        return text
    if (text := _decoded(content, "utf-8")) is not None:
        return text
    return _detected(content)


def known(label: str) -> str:
    """Python's name of the encoding that a label means; "" for none."""
    label = label.strip().strip("\"'").lower()
    label = _LABELS.get(label, label)
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return name if name not in ("utf-7", "idna", "punycode", "hex", "base64", "rot13", "zlib", "bz2", "uu", "quopri") else ""


def _of_page(content: bytes) -> str:
    """The encoding that a page's `meta` or XML declaration names; no other `charset` counts, such as a script's."""
    head = _COMMENT.sub(b"", content[:HEAD_BYTES])
    if (match := _XML.search(head)) is not None:
        return match[1].decode("ascii", "ignore")
    for meta in _META.findall(head):
        if (match := _CHARSET.search(meta)) is not None:
            label = match[1].decode("ascii", "ignore")
            return "utf-8" if label.lower().startswith("utf-16") else label  # it is read as bytes: it can't be UTF-16
    return ""


def _decoded(content: bytes, encoding: str) -> str | None:
    """The text, where nearly all of it can be read."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, errors="replace")
    return (
        text if text.count("\ufffd") * 200 <= len(text) else None
    )  # a cut or a broken place, in a text that is right elsewhere


def _utf16(content: bytes) -> str:
    """UTF-16 without a mark, by where the nulls are."""
    sample = content[:SAMPLE_BYTES]
    if len(sample) < 4 or sample.count(0) * 5 < len(sample):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else ""


def _detected(content: bytes) -> str:
    """By detection where there is enough to detect; a few bytes beyond ASCII are read as windows-1252, the most common."""
    sample = content[:SAMPLE_BYTES]
    if sample.count(0) > len(sample) // 100 or len(sample) - len(sample.translate(None, CONTROLS)) > len(sample) // 20:
        raise NotText
    beyond_ascii = sum(byte >= 0x80 for byte in sample)
    best = from_bytes(sample).best() if beyond_ascii >= MIN_DETECTED else None
    encoding = best.encoding if best is not None else ""
    for name in (_LABELS.get(encoding, encoding), "cp1252", "latin-1"):
        if name and (text := _decoded(content, name)) is not None and "\ufffd" not in text[:1000]:
            return text
    raise NotText
