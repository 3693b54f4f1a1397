"""WhatsApp's own form of texts: its marks instead of Markdown, parts that are short enough, and words for what is no text.

Marks: *bold*, _italic_, ~struck~, ```fixed```, `code`, lists and > quotations as they are written (WhatsApp Help Center, "How
to format your messages").
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from frontdesk.core import v1 as core

from services.channel.domain.providers import OutboundContent, RemoteFile

PREFIX = "whatsapp:"
"""Of every address at Twilio."""

_OFFICE = ("presentationml.presentation", "spreadsheetml.sheet", "wordprocessingml.document")
FILES = {
    **dict.fromkeys(("image/jpeg", "image/png"), 5 << 20),
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/ogg", "video/3gpp", "video/mp4"), 16 << 20),
    **dict.fromkeys(("application/pdf", "application/msword", "text/vcard"), 16 << 20),
    **dict.fromkeys((f"application/vnd.openxmlformats-officedocument.{kind}" for kind in _OFFICE), 16 << 20),
}
"""The files that leave, with the most bytes of each: "Guidance on WhatsApp Media Messages". WebP is for stickers alone."""
_FENCE = re.compile(r"^ {0,3}```.*?^ {0,3}```[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]+`")
_NUMBER = re.compile("\1([0-9]+)\2")
_CONTROLS = {1: " ", 2: " "}
_BORDERS = (r"\n\s*\n", r"\n", r"(?<=[.!?…。！？])\s+", r"\s+")
_REACTION = "reaction"
_MAX_EMOJI = 32
_KINDS = {
    "image": core.ATTACHMENT_KIND_IMAGE,
    "audio": core.ATTACHMENT_KIND_AUDIO,
    "video": core.ATTACHMENT_KIND_VIDEO,
}


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a customer's message."""

    text: str = ""
    files: tuple[RemoteFile, ...] = ()
    latitude: str = ""
    longitude: str = ""
    place: str = ""
    kind: str = ""
    """The provider's word for what it is."""

    @property
    def is_reaction(self) -> bool:
        """Whether it is an emoji for another message; an empty one takes it back."""
        return self.kind == _REACTION


def parts(content: Content, organization: str) -> bytes:
    """The parts of a message beside its text, as core's contract encodes it; nothing for a text alone.

    A message that holds nothing we know is a file: the one who answers sees that there is something.
    """
    if content.is_reaction:
        reaction = core.Reaction(emoji=content.text.strip()[:_MAX_EMOJI])
        return core.MessageContent(parts=[core.Part(reaction=reaction)]).SerializeToString()
    found = [_location(content)]
    for file in content.files:
        found += _file(file, content.kind, organization)
    if not any(found) and not content.text.strip():
        found = [_other(content.kind)]
    return core.MessageContent(parts=filter(None, found)).SerializeToString() if any(found) else b""


def _location(content: Content) -> core.Part | None:
    with suppress(ValueError):
        latitude, longitude = float(content.latitude), float(content.longitude)
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            place = core.Location(latitude=latitude, longitude=longitude, display_name=content.place[:300])
            return core.Part(location=place)
    return None


def _file(file: RemoteFile, word: str, organization: str) -> Iterator[core.Part]:
    media_type = file.media_type
    if media_type == "text/vcard":
        yield core.Part(contact=core.Contact())  # its details are in the file
    kind = _KINDS.get(media_type.partition("/")[0], core.ATTACHMENT_KIND_UNSPECIFIED)
    if media_type.startswith("audio/ogg"):  # WhatsApp's voice messages; other sounds come in other containers
        kind = core.ATTACHMENT_KIND_VOICE
    if word == "sticker":
        kind = core.ATTACHMENT_KIND_STICKER
    media = f"organizations/{organization}/media/{file.id}"
    yield core.Part(attachment=core.Attachment(media=media, kind=kind, media_type=media_type[:127]))


def _other(kind: str) -> core.Part:
    match kind:
        case "sticker":
            return core.Part(attachment=core.Attachment(kind=core.ATTACHMENT_KIND_STICKER))
        case "contacts":
            return core.Part(contact=core.Contact())
        case _:
            return core.Part(attachment=core.Attachment())


def render(wording: OutboundContent) -> str:
    """A message with numbers at its citations, and its sources as short lines."""
    text = _numbered(wording)
    text = _NUMBER.sub(r"[\1]", _marks(text) if wording.markdown else text)
    sources = [
        f"[{number}] {source.title}{f': {source.uri}' if source.uri else ''}"
        for number, source in enumerate(wording.sources, 1)
    ]
    return "\n\n".join(filter(None, (text.strip(), "\n".join(sources))))


def _numbered(wording: OutboundContent) -> str:
    """The text with `\\1n\\2` after each cited span: a number that no Markdown has a meaning for."""
    text, pieces, start = wording.text.translate(_CONTROLS), list[str](), 0
    for citation in wording.citations:
        pieces += [text[start : citation.end], "" if citation.end == start else " ", f"\1{citation.source}\2"]
        start = citation.end
    return "".join([*pieces, text[start:]])


def split(text: str, longest: int) -> Sequence[str]:
    """A text in parts of at most `longest` UTF-16 units, cut between paragraphs, lines, sentences or words where it can be."""
    parts = []
    rest = text.strip()
    while _length(rest) > longest:
        end, after = _cut(rest, longest)
        parts.append(rest[:end].rstrip())
        rest = rest[after:].lstrip()
    return [*parts, rest] if rest else parts


def _cut(text: str, longest: int) -> tuple[int, int]:
    """Where the first part ends, and where the rest begins."""
    most = len(text)
    while _length(text[:most]) > longest:
        most = min(most - 1, longest)
    for border in _BORDERS:
        cuts = [found.span() for found in re.finditer(border, text[: most + 1]) if found.start() >= most // 2]
        if cuts:
            return cuts[-1]
    return most, most


def _length(text: str) -> int:
    """In UTF-16 units: what lies beyond the first 65,536 characters, such as emoji, counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _marks(text: str) -> str:
    """Markdown in WhatsApp's marks; code stays as it is."""
    pieces, end = [], 0
    for code in _codes(text):
        pieces += [_prose(text[end : code.start()]), re.sub(r"^( {0,3}```)\w+[ \t]*$", r"\1", code.group(), flags=re.MULTILINE)]
        end = code.end()
    return "".join([*pieces, _prose(text[end:])])


def _codes(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(f"{_FENCE.pattern}|{_CODE.pattern}", text, flags=re.MULTILINE | re.DOTALL)


def _prose(text: str) -> str:
    # Bold waits under a mark of its own, so that what is italic is not found in it.
    text = re.sub(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$", lambda found: f"\0{_plain(found[1])}\0", text, flags=re.MULTILINE)
    text = re.sub(r"!?\[([^\]\n]+)\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)", _link, text)
    text = re.sub(r"<(https?://[^>\s]+)>", r"\1", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", "\0\\2\0", text)
    text = re.sub(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])", r"_\1_", text)
    text = re.sub(r"~~(?=\S)(.+?)(?<=\S)~~", r"~\1~", text)
    text = re.sub(r"^([ \t]*)[*+][ \t]+", r"\1- ", text, flags=re.MULTILINE)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!~>])", r"\1", text)
    return text.replace("\0", "*")


def _plain(heading: str) -> str:
    return heading.replace("**", "").replace("__", "")


def _link(found: re.Match[str]) -> str:
    words, address = found[1], found[2]
    return address if words == address else f"{words} ({address})"
