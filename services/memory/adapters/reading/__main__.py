"""Reads one file in a process of its own.

    python -m services.memory.adapters.reading MEDIA_TYPE [CHARSET] < file > outline.json

Files come from strangers. Whatever they do to the parser, it happens here: without secrets in the environment, with bounded
memory and time, and nothing else dies with it.
"""

import io
import re
import resource
import sys
import zipfile

import msgspec

from services.memory.adapters.reading.cleaning import clean_outline
from services.memory.adapters.reading.decoding import decode
from services.memory.domain.documents import MAX_CHARACTERS, MediaType
from services.memory.domain.outline import Outline

MEMORY_BYTES = 768 << 20
CPU_SECONDS = 30
MAX_UNPACKED_BYTES = 200 << 20


class Result(msgspec.Struct):
    """The answer to the parent: an outline, or why there is none."""

    outline: Outline | None = None
    problem: str = ""
    """`unreadable` or `too_large`."""
    detail: str = ""
    limit: int = 0


class _TooLarge(Exception):
    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what)
        self.limit = limit


def read(content: bytes, media_type: MediaType, charset: str = "") -> Result:
    """Reads a file's bytes. `charset`: the encoding that came with them, "" for none.

    Any exception of a parser means that the file can't be read.
    """
    try:
        outline = clean_outline(_outline(content, media_type, charset))
        if sum(len(block.text) for block in outline.blocks) > MAX_CHARACTERS:
            raise _TooLarge("characters", MAX_CHARACTERS)
        return Result(outline)
    except _TooLarge as error:
        return Result(problem="too_large", detail=str(error), limit=error.limit)
    except MemoryError:
        return Result(problem="unreadable", detail="it needs more memory than a document may take.")
    except RecursionError:
        return Result(problem="unreadable", detail="it is nested too deeply.")
    except Exception as error:  # parsers of hostile files raise anything
        return Result(problem="unreadable", detail=_why(error))


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
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise _TooLarge("bytes unpacked", MAX_UNPACKED_BYTES)
    except zipfile.BadZipFile:
        raise ValueError("it is damaged, or no DOCX.") from None
    page = mammoth.convert_to_html(io.BytesIO(content), convert_image=mammoth.images.img_element(lambda image: {"src": ""}))
    return read_html(page.value, fragment=True)


def _why(error: Exception) -> str:
    text = re.sub(r"\s+", " ", str(error)).strip()[:200] or type(error).__name__
    return text if text.endswith(".") else f"{text}."


def main() -> None:
    """Bounds itself first, then reads."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    result = read(sys.stdin.buffer.read(), MediaType(sys.argv[1]), *sys.argv[2:3])
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
