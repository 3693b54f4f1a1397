"""Reads one file in a process of its own: `python -m services.memory.adapters.read_file MEDIA_TYPE < file > outline.json`.

Files come from strangers. Whatever they do to the parser, it happens here: without secrets in the environment, with bounded
memory and time, and nothing else dies with it.
"""

import io
import re
import resource
import sys
from collections import Counter

import msgspec

from services.memory.adapters.html import read_html
from services.memory.domain.documents import MAX_CHARACTERS, MediaType
from services.memory.domain.markdown import read_markdown, read_plain
from services.memory.domain.outline import Block, Outline

MEMORY_BYTES = 768 << 20
CPU_SECONDS = 30
MAX_PAGES = 1_000


class Result(msgspec.Struct):
    """What the parent gets: an outline, or why there is none."""

    outline: Outline | None = None
    problem: str = ""
    """`unreadable` or `too_large`."""
    detail: str = ""
    limit: int = 0


class _TooLarge(Exception):
    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what)
        self.limit = limit


def read(content: bytes, media_type: MediaType) -> Result:
    """Reads a file's bytes. Any exception of a parser means that the file can't be read."""
    try:
        match media_type:
            case MediaType.PDF:
                outline = _read_pdf(content)
            case MediaType.HTML:
                outline = read_html(_decode(content, html=True))
            case MediaType.MARKDOWN:
                outline = read_markdown(_decode(content))
            case _:
                outline = read_plain(_decode(content))
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


def _decode(content: bytes, *, html: bool = False) -> str:
    """Text in UTF-8 or with a byte order mark, else what the page says, else Latin-1, which takes any bytes."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    said = re.search(rb"charset=[\"']?([\w-]{2,40})", content[:2048]) if html else None
    for encoding in ("utf-8", said[1].decode() if said else "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _read_pdf(content: bytes) -> Outline:
    from pypdf import PdfReader

    document = PdfReader(io.BytesIO(content), strict=False)
    if document.is_encrypted and not document.decrypt(""):
        raise ValueError("it is protected with a password.")
    if len(document.pages) > MAX_PAGES:
        raise _TooLarge("pages", MAX_PAGES)
    pages: list[list[str]] = []
    size = 0
    for page in document.pages:
        text = page.extract_text() or ""
        size += len(text)
        if size > MAX_CHARACTERS:
            raise _TooLarge("characters", MAX_CHARACTERS)
        pages.append([line.rstrip() for line in text.split("\n")])
    title = str((document.metadata.title if document.metadata else None) or "").strip()
    return Outline(title[:200], tuple(_blocks(pages)))


def _blocks(pages: list[list[str]]) -> list[Block]:
    """Lines put together to paragraphs; lines that stand on most pages (headers, footers) are left out."""
    edges = Counter(line for lines in pages for line in {*lines[:2], *lines[-2:]} if line.strip())
    repeated = {line for line, count in edges.items() if len(pages) >= 4 and count > len(pages) // 2}
    blocks: list[Block] = []
    for number, lines in enumerate(pages, start=1):
        paragraph = ""
        for line in [*lines, ""]:
            if line in repeated:
                continue
            text = re.sub(r"\s+", " ", line).strip()
            if text:
                # A hyphen at a line's end before a small letter is one of word division.
                join = paragraph.endswith("-") and text[0].islower()
                paragraph = paragraph[:-1] + text if join else f"{paragraph} {text}".strip()
            ended = paragraph.endswith((".", "!", "?", ":")) and len(line) < 60
            if paragraph and (not text or ended):
                blocks.append(Block(paragraph, page=number))
                paragraph = ""
    return blocks


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
    result = read(sys.stdin.buffer.read(), MediaType(sys.argv[1]))
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main()
