"""The files of a help centre: of a folder, of a ZIP file, or a single one.

Nothing is written to the disk: a ZIP file's members are read in memory, one at a time and bounded, and their names only become
ids and titles. So neither a member that unpacks to gigabytes nor one called `../../etc/passwd` does harm.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from stack.problems import Problem

MAX_BYTES = 16 << 20
"""Of a file: what memory takes."""
MAX_FILES = 10_000
MAX_TOTAL = 2 << 30
"""Of all files of a ZIP file, unpacked."""
KINDS = frozenset((".md", ".markdown", ".txt", ".html", ".htm", ".csv", ".pdf", ".docx"))
"""The ends of the names of files that are read."""
_IGNORED = frozenset(("__MACOSX", "Thumbs.db", "desktop.ini", "node_modules"))
_ID = re.compile(r"[^a-z0-9]+")
_NO_UTF_8 = "its name isn't valid UTF-8; rename it."
_ENTRY, _ENTRY_BYTES, _UTF_8 = b"PK\x01\x02", 46, 0x800
"""Of an entry of a ZIP file's directory: how it begins, its size without name, and its flag for a name in UTF-8."""
_READ = "Markdown, text, HTML, CSV, PDF or DOCX"


class Refused(Exception):
    """A file can't be imported; says why and what to do."""


@dataclass(frozen=True)
class SourceFile:
    """A file to import."""

    path: str
    """Below the folder or in the ZIP file, with slashes, in Unicode's form C: macOS may write the same name in form D."""
    read: Callable[[], bytes]
    """Its bytes. Raises Refused."""

    @property
    def id(self) -> str:
        """The document's id: the same path has the same one, so that importing again makes no second document."""
        words = unicodedata.normalize("NFKD", self.path.lower()).encode("ascii", "ignore").decode()
        slug = _ID.sub("-", words).strip("-")[:50].strip("-") or "file"
        return f"{slug}-{hashlib.sha256(self.path.encode()).hexdigest()[:10]}"

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.path).name


@dataclass(frozen=True)
class LeftOut:
    """A file that isn't imported."""

    path: str
    why: str


Entry = SourceFile | LeftOut


def entries(source: Path) -> Iterator[Entry]:
    """The files of a source, in the order of their paths. Raises Problem when there is no such source, or too much in it."""
    if source.is_dir():
        found = _of_folder(source)
    elif zipfile.is_zipfile(source) and source.suffix.lower() not in KINDS:
        found = _of_zip(source)
    elif source.is_file():
        found = iter([_checked(source.name, lambda: _read_file(source))])
    else:
        raise Problem(f"{source} is neither a folder, a ZIP file, a file nor a web address; check how it is written.")
    for number, entry in enumerate(found):
        if number >= MAX_FILES:
            raise Problem(f"{source} has more than {MAX_FILES:,} files; import its folders one by one.")
        yield entry


def _of_folder(root: Path) -> Iterator[Entry]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not _is_ignored(name))
        for name in sorted(files):
            if not _is_ignored(name):
                path = Path(folder, name)
                yield _of_path(root, path)


def _of_path(root: Path, path: Path) -> Entry:
    shown = path.relative_to(root).as_posix()
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            return LeftOut(shown, "it is a link to a place outside of the folder; copy the file into the folder.")
        if not stat.S_ISREG(real.stat().st_mode):
            return LeftOut(shown, "it is no ordinary file.")
    except OSError as error:
        return LeftOut(shown, f"it can't be read ({error.strerror}); check its permissions.")
    return _checked(shown, lambda: _read_file(path))


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"it can't be read ({error.strerror}); check its permissions.") from None
    return _bounded(content)


def _of_zip(path: Path) -> Iterator[Entry]:
    with ExitStack() as stack:
        try:
            file = stack.enter_context(_Archive(io.FileIO(path)))
            archive = stack.enter_context(zipfile.ZipFile(file))
        except Exception as error:  # damaged bytes make zipfile raise more than BadZipFile
            raise Problem(f"{path} can't be read as a ZIP file ({error}); pack it again.") from None
        total, seen, unreadable = 0, set[str](), frozenset(file.unreadable)
        for number, member in sorted(enumerate(archive.infolist()), key=lambda each: each[1].filename):
            if number in unreadable:
                yield LeftOut(member.orig_filename.encode("cp437").decode(errors="backslashreplace"), _NO_UTF_8)
                continue
            name = member.filename
            if name.endswith("/") or any(_is_ignored(part) for part in PurePosixPath(name).parts):
                continue
            total += member.file_size
            if total > MAX_TOTAL:
                raise Problem(f"{path} unpacks to more than {MAX_TOTAL >> 30} GiB; split it into several ZIP files.")
            composed = unicodedata.normalize("NFC", name)
            if why := _suspicious(member) or (composed in seen and "its name is in the ZIP file twice; rename one of them."):
                yield LeftOut(name, why)
                continue
            seen.add(composed)
            yield _checked(name, lambda member=member: _read_member(archive, member))  # type: ignore[misc]


def _suspicious(member: zipfile.ZipInfo) -> str:
    """Why a member of a ZIP file isn't read; empty: it is."""
    name, parts = member.filename, PurePosixPath(member.filename).parts
    if not name:
        return "it has no name; pack the folder again."
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or "\0" in name:
        return "its name leads out of the ZIP file; pack the folder again."
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link; pack the file itself."
    if member.flag_bits & 0x1:
        return "it is encrypted; pack it without a password."
    if member.file_size > MAX_BYTES:
        return _too_large()
    return ""


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as file:
            return _bounded(file.read(MAX_BYTES + 1))  # its header may lie about its size
    except Refused:
        raise
    except Exception:  # each way of packing has errors of its own: zlib, LZMA, bzip2, Zstandard
        raise Refused("it is damaged or packed by an unknown method; pack it again.") from None


class _Archive(io.BufferedReader):
    """A ZIP file in which one name that isn't the UTF-8 it claims to be doesn't hide all other members from zipfile."""

    def __init__(self, raw: io.FileIO) -> None:
        super().__init__(raw)
        self.unreadable: set[int] = set()
        """The places of members with such a name, which zipfile then takes for code page 437."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Reads bytes; in a directory, members with such a name lose the mark that it is UTF-8."""
        content = super().read(size)
        return self._repaired(content) if content.startswith(_ENTRY) else content

    def _repaired(self, directory: bytes) -> bytes:
        repaired, at, number = bytearray(directory), 0, 0
        while directory.startswith(_ENTRY, at) and at + _ENTRY_BYTES <= len(directory):
            (flags,) = struct.unpack_from("<H", directory, at + 8)
            name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
            if flags & _UTF_8 and not _is_utf_8(directory[at + _ENTRY_BYTES : at + _ENTRY_BYTES + name]):
                struct.pack_into("<H", repaired, at + 8, flags & ~_UTF_8)
                self.unreadable.add(number)
            at, number = at + _ENTRY_BYTES + name + extra + comment, number + 1
        return bytes(repaired)


def _is_utf_8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _checked(path: str, read: Callable[[], bytes]) -> Entry:
    if any("\ud800" <= character <= "\udfff" for character in path):  # bytes of a file's name that are no text
        return LeftOut(path, _NO_UTF_8)
    if PurePosixPath(path).suffix.lower() not in KINDS:
        return LeftOut(path, f"its kind isn't read; save it as {_READ}.")
    return SourceFile(unicodedata.normalize("NFC", path), read)


def _bounded(content: bytes) -> bytes:
    if len(content) > MAX_BYTES:
        raise Refused(_too_large())
    if not content.strip():
        raise Refused("it is empty.")
    return content


def _too_large() -> str:
    return f"it has more than {MAX_BYTES >> 20} MiB; split it into several files."


def _is_ignored(name: str) -> bool:
    """Whether a name is of the system's own files, which no one means to import."""
    return (name.startswith(".") and name not in (".", "..")) or name in _IGNORED
