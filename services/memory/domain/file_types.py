"""The media type of a file that someone sends: found by its bytes, its name and what it is said to be, and then doubted."""

from services.memory.domain import problems
from services.memory.domain.documents import MediaType, media_type_named, media_type_of

CONTROLS = bytes({*range(32)} - {9, 10, 11, 12, 13, 27})
"""Characters that no text needs."""
_SAMPLE_BYTES = 16 << 10


def type_of_file(content: bytes, file_name: str = "", said: str = "") -> MediaType:
    """How to read a file. `content`: at least its first bytes. Raises MediaTypeUnsupported or MediaTypeMismatch."""
    found = media_type_of(content, file_name, said)
    if found is None or (media_type_named(said) is None and found in _TEXTS and _is_binary(content)):
        raise problems.MediaTypeUnsupported(said)
    if not _can_be(found, content):
        raise problems.MediaTypeMismatch(found)
    return found


def _can_be(media_type: MediaType, content: bytes) -> bool:
    match media_type:
        case MediaType.PDF:
            return b"%PDF-" in content[:1024]
        case MediaType.DOCX:
            return content.startswith(b"PK\x03\x04")
    return not _is_binary(content)


def _is_binary(content: bytes) -> bool:
    """Whether bytes hold far more control characters than a text."""
    sample = content[:_SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    is_wide = 5 * (even + odd) >= len(sample) and max(even, odd) > 4 * min(even, odd)  # UTF-16
    if is_wide or sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return 20 * (len(sample) - len(sample.translate(None, CONTROLS))) > len(sample)


_TEXTS = frozenset({MediaType.PLAIN, MediaType.MARKDOWN, MediaType.HTML, MediaType.CSV})


def overridden(found: MediaType, wanted: MediaType | None) -> MediaType:
    """The type of an upload when the document that uses it names one: a kind of text may be read as another kind.

    Raises MediaTypeMismatch.
    """
    if wanted is None or wanted is found:
        return found
    if not {wanted, found} <= _TEXTS:
        raise problems.MediaTypeMismatch(wanted)
    return wanted
