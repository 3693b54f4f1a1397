"""Files are uploaded piece by piece, before a document uses them."""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from kit import ids
from kit.clock import Clock
from kit.ids import OrganizationId
from services.memory.domain import problems
from services.memory.domain.documents import MAX_CHARACTERS, ContentId, MediaType
from services.memory.domain.file_types import type_of_file
from services.memory.domain.uploads import MAX_UPLOAD_BYTES, MAX_UPLOADS, UPLOAD_KEPT, Announced, Upload, UploadIncomplete
from services.memory.ports import Texts, Uploads

PIECE_BYTES = 1 << 20
"""So much of a file is in memory, and stored at once."""
SEEN_BYTES = 64 << 10
"""The file's first and last bytes, by which its type is found: a DOCX names its parts at its end."""

_TEXTS = frozenset((MediaType.PLAIN, MediaType.MARKDOWN, MediaType.CSV))
"""Files whose text is about as long as they are. Longer ones are refused before they are stored; readers count exactly."""
_NOT_COUNTED = b"|*_#>`=~\\-" + bytes(range(0x80, 0xC0))
"""Marks of Markdown, and the bytes of a character in UTF-8 after its first."""
_SPARE = 0.02
"""The share of characters that readers may leave out besides, such as those between paragraphs."""


@dataclass(frozen=True)
class UploadApp:
    """Uploading. An upload that breaks off leaves a reservation, which ends soon and takes the pieces along."""

    uploads: Uploads
    texts: Texts
    now: Clock
    max_uploads: int = MAX_UPLOADS

    async def store(self, organization: OrganizationId, announced: Announced, body: AsyncIterator[bytes]) -> Upload:
        """Stores a file as it comes.

        Raises DocumentTooLarge, UploadIncomplete, SourceMissing, MediaTypeUnsupported, MediaTypeMismatch or
        TooManyUnusedUploads.
        """
        id = ContentId(ids.new())
        await self.uploads.reserve_upload(organization, id, self.max_uploads)
        seen = _Seen()
        async with aclosing(_pieces(body, seen)) as pieces:
            await self.texts.put_pieces(organization, id, pieces)
        seen.check(announced)
        media_type = type_of_file(seen.ends, announced.file_name, announced.media_type)
        if media_type in _TEXTS and seen.is_plain and seen.characters > MAX_CHARACTERS * (1 + _SPARE):
            raise problems.DocumentTooLarge("characters", MAX_CHARACTERS)
        expires = self.now() + UPLOAD_KEPT
        upload = Upload(organization, id, announced.file_name, media_type, seen.size, expires)
        await self.uploads.keep_upload(upload)
        return upload


@dataclass
class _Seen:
    """The bytes so far: how many, the first and last ones, and their SHA-256."""

    size: int = 0
    characters: int = 0
    """Of a text, without signs that readers leave out. An encoding of several bytes that is not UTF-8 has more."""
    is_plain: bool = True
    """No byte is null, as in UTF-16, and no picture stands in the text."""
    head: bytes = b""
    tail: bytes = b""
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def see(self, piece: bytes) -> None:
        """Raises DocumentTooLarge at the first byte over."""
        self.size += len(piece)
        if self.size > MAX_UPLOAD_BYTES:
            raise problems.DocumentTooLarge("bytes", MAX_UPLOAD_BYTES)
        self.digest.update(piece)
        self.characters += len(b" ".join(piece.split()).translate(None, _NOT_COUNTED))
        self.is_plain = self.is_plain and b"\0" not in piece and b"](data:" not in piece
        rest = piece
        if (missing := SEEN_BYTES - len(self.head)) > 0:
            self.head, rest = self.head + piece[:missing], piece[missing:]
        self.tail = (self.tail + rest)[-SEEN_BYTES:]

    @property
    def ends(self) -> bytes:
        """The first bytes and the last, joined."""
        return self.head + self.tail

    def check(self, announced: Announced) -> None:
        """Raises SourceMissing for nothing, and UploadIncomplete for another file than was announced."""
        if not self.size:
            raise problems.SourceMissing
        if announced.size and announced.size != self.size:
            raise UploadIncomplete(f"{self.size:,} bytes came, and {announced.size:,} were announced")
        if announced.sha256 and announced.sha256 != self.digest.digest():
            raise UploadIncomplete("The bytes that came have another SHA-256 than was announced")


async def _pieces(body: AsyncIterator[bytes], seen: _Seen) -> AsyncGenerator[bytes, None]:
    """The body in pieces of a megabyte."""
    piece = bytearray()
    async for some in body:
        seen.see(some)
        piece += some
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
