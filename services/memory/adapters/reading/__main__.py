"""Reads one file in a process of its own.

    python -m services.memory.adapters.reading MEDIA_TYPE [CHARSET] < file > passages.json

Files come from strangers. Whatever they do to the parser, it happens here (see `children`).
"""

import csv
import io
import re
import sys
import zipfile

import msgspec

from services.memory.adapters import children
from services.memory.adapters.reading.cleaning import clean_outline
from services.memory.adapters.reading.decoding import Unreadable, decode
from services.memory.domain.chunker import Chunk, split
from services.memory.domain.documents import MAX_CHARACTERS, MAX_PASSAGES, MediaType
from services.memory.domain.outline import Outline

MAX_UNPACKED_BYTES = 200 << 20
MAX_XML_BYTES = 32 << 20
"""Of one part of a DOCX that is parsed; a page of text takes some 20 KB."""


class Result(msgspec.Struct):
    """An outline, or why there is none."""

    outline: Outline | None = None
    problem: str = ""
    """`unreadable` or `too_large`."""
    detail: str = ""
    limit: int = 0


class Split(msgspec.Struct):
    """The answer to the parent: passages, or why there are none."""

    title: str = ""
    chunks: tuple[Chunk, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str = ""
    detail: str = ""
    limit: int = 0


class _TooLarge(Exception):
    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what)
        self.limit = limit


def read(content: bytes, media_type: MediaType, charset: str = "") -> Result:
    """Reads a file's bytes. `charset`: the encoding that came with them, "" for none.

    Any exception of a parser means that the file can't be read. Each sentence says what to do.
    """
    try:
        outline = clean_outline(_outline(content, media_type, charset))
        if sum(len(block.text) for block in outline.blocks) > MAX_CHARACTERS:
            raise _TooLarge("characters", MAX_CHARACTERS)
        return Result(outline)
    except _TooLarge as error:
        return Result(problem="too_large", detail=str(error), limit=error.limit)
    except MemoryError:
        return Result(problem="unreadable", detail="it needs more memory than a document may take; split it.")
    except RecursionError:
        return Result(problem="unreadable", detail="it is nested too deeply; save it in a simpler form.")
    except Exception as error:  # parsers of hostile files raise anything
        return Result(problem="unreadable", detail=_why(error))


def read_passages(content: bytes, media_type: MediaType, charset: str = "") -> Split:
    """Reads a file's bytes and splits what it says."""
    result = read(content, media_type, charset)
    if result.outline is None:
        return Split(problem=result.problem, detail=result.detail, limit=result.limit)
    chunks = split(result.outline)
    if len(chunks) > MAX_PASSAGES:
        return Split(problem="too_large", detail="passages", limit=MAX_PASSAGES)
    return Split(result.outline.title, tuple(chunks), result.outline.warnings)


def _outline(content: bytes, media_type: MediaType, charset: str) -> Outline:
    """Each reader is imported where it is needed: most files need none of the heavy ones."""
    match media_type:
        case MediaType.PDF:
            from services.memory.adapters.reading import pdf

            try:
                return pdf.read_pdf(content)
            except pdf.TooManyPages:
                raise _TooLarge("pages", pdf.MAX_PAGES) from None
        case MediaType.DOCX:
            return _read_docx(content)
        case MediaType.HTML:
            from services.memory.adapters.reading.html import read_html

            return read_html(decode(content, said=charset, html=True))
        case MediaType.MARKDOWN:
            from services.memory.adapters.reading.markdown import read_markdown

            return read_markdown(decode(content, said=charset))
        case MediaType.CSV:
            from services.memory.adapters.reading.plain import read_csv

            return read_csv(decode(content, said=charset))
        case MediaType.PLAIN:
            from services.memory.adapters.reading.plain import read_plain

            return read_plain(decode(content, said=charset))


def _read_docx(content: bytes) -> Outline:
    import mammoth

    from services.memory.adapters.reading.html import read_html

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if sum(sizes.values()) > MAX_UNPACKED_BYTES:
                raise _TooLarge("bytes unpacked", MAX_UNPACKED_BYTES)
            if any(size > MAX_XML_BYTES for name, size in sizes.items() if name.endswith((".xml", ".rels"))):
                raise _TooLarge("bytes in one of its parts", MAX_XML_BYTES)
    except zipfile.BadZipFile:
        raise Unreadable("it is damaged, protected with a password, or no DOCX; save it again.") from None
    page = mammoth.convert_to_html(io.BytesIO(content), convert_image=mammoth.images.img_element(lambda image: {"src": ""}))
    return read_html(page.value, fragment=True)


def _why(error: Exception) -> str:
    """The sentence of an error. Our own end with what to do; the remedy for a parser's is a simpler file."""
    text = re.sub(r"\s+", " ", str(error)).strip()[:200] or type(error).__name__
    return (
        text
        if text.endswith(".") and isinstance(error, Unreadable)
        else f"{text.rstrip('.')}; save it again, or as plain text."
    )


def main() -> None:
    """Bounds itself first, then reads."""
    children.bound()
    csv.field_size_limit(MAX_CHARACTERS)
    result = read_passages(sys.stdin.buffer.read(), MediaType(sys.argv[1]), *sys.argv[2:3])
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
