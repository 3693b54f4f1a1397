"""The content of a message: typed parts, and the words that stand for them.

Most messages are one text. It is kept as words alone: `Message.content` is None then, and nothing is stored twice.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from kit.text import is_blank

MAX_CHARACTERS = 16_000
"""Of all words of a message."""


class AttachmentKind(StrEnum):
    """The form in which an attachment is shown."""

    FILE = "FILE"
    IMAGE = "IMAGE"
    AUDIO = "AUDIO"
    VOICE = "VOICE"
    VIDEO = "VIDEO"
    STICKER = "STICKER"


class Text(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="text"):
    """Words, plain or as CommonMark."""

    text: str
    markdown: bool = False

    @property
    def words(self) -> str:
        """The text itself."""
        return self.text


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="attachment"):
    """A file; `media` is empty while its bytes are not here."""

    kind: AttachmentKind = AttachmentKind.FILE
    media: str = ""
    file_name: str = ""
    media_type: str = ""
    size_bytes: int = 0

    @property
    def words(self) -> str:
        """Its kind and its name."""
        return _bracketed(_ATTACHMENTS[self.kind], self.file_name or self.media_type)


class Location(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="location"):
    """A place, in degrees of WGS 84."""

    latitude: float
    longitude: float
    display_name: str = ""
    address: str = ""

    @property
    def words(self) -> str:
        """Its name, its address and its degrees."""
        named = [self.display_name, self.address, f"{self.latitude:.6g}, {self.longitude:.6g}"]
        return _bracketed("Location", ", ".join(filter(None, named)))


class Contact(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="contact"):
    """Someone's contact details."""

    display_name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it."""
        return _bracketed("Contact", ", ".join(filter(None, (self.display_name, *self.phones, *self.emails))))


class Reaction(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="reaction"):
    """An emoji for the message replied to; empty: it was taken back."""

    emoji: str = ""

    @property
    def words(self) -> str:
        """The emoji."""
        return _bracketed("Reaction", self.emoji or "removed")


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to choose."""

    id: str
    label: str
    description: str = ""


class Interactive(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="interactive"):
    """A choice by a tap; with a label the options open as a list."""

    options: tuple[Option, ...]
    list_label: str = ""

    @property
    def words(self) -> str:
        """The options to choose from."""
        return _bracketed("Options", ", ".join(option.label for option in self.options))


class Selection(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="selection"):
    """The customer's choice."""

    id: str
    label: str = ""

    @property
    def words(self) -> str:
        """The label that they chose: they said that."""
        return self.label or _bracketed("Choice", self.id)


class Template(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="template"):
    """A message that the provider approved beforehand."""

    template: str
    language: str = ""
    parameters: dict[str, str] = {}
    text: str = ""

    @property
    def words(self) -> str:
        """The text that the customer reads."""
        return self.text or _bracketed("Template", self.template)


class EmailBody(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="email_body"):
    """The text of an e-mail, without and with what it quotes."""

    text: str = ""
    quoted_text: str = ""
    original: str = ""

    @property
    def words(self) -> str:
        """The sender's own text."""
        return self.text


class SystemNotice(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="part", tag="system_notice"):
    """A notice of the provider itself."""

    text: str

    @property
    def words(self) -> str:
        """The notice."""
        return _bracketed("Notice", self.text)


Part = Text | Attachment | Location | Contact | Reaction | Interactive | Selection | Template | EmailBody | SystemNotice

_ATTACHMENTS = {
    AttachmentKind.FILE: "File",
    AttachmentKind.IMAGE: "Picture",
    AttachmentKind.AUDIO: "Sound",
    AttachmentKind.VOICE: "Voice message",
    AttachmentKind.VIDEO: "Video",
    AttachmentKind.STICKER: "Sticker",
}
_WRITTEN = (Text, Selection, Template, EmailBody)
"""Parts that are words on their own."""


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """The parts of a message, in order."""

    parts: tuple[Part, ...]
    subject: str = ""
    reply_to: str = ""
    """The id of the message, of the same conversation, that it answers, quotes or reacts to."""

    @classmethod
    def of(cls, text: str, markdown: bool = False) -> "Content":
        """One text."""
        return cls((Text(text, markdown),))

    @property
    def words(self) -> str:
        """The words for all parts, a line each."""
        return "\n".join(self._words())

    @property
    def markdown(self) -> bool:
        """Whether the words are to be read as CommonMark."""
        return any(isinstance(part, Text) and part.markdown for part in self.parts)

    @property
    def unless_plain(self) -> "Content | None":
        """Itself, or None when its words alone say everything."""
        one_text = len(self.parts) == 1 and isinstance(self.parts[0], Text)
        return None if one_text and not self.subject and not self.reply_to else self

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it can be seen."""
        return all(isinstance(part, _WRITTEN) and is_blank(part.words) for part in self.parts)

    @property
    def written(self) -> str:
        """The words that were written or chosen, without those that stand for files, places and the like."""
        return "\n".join(part.words for part in self.parts if isinstance(part, Text | Selection)).strip()

    @property
    def has_words(self) -> bool:
        """Whether something was written or chosen."""
        return not is_blank(self.written)

    @property
    def asks_nothing(self) -> bool:
        """Whether no one owes it an answer: a reaction, or a notice of the provider itself."""
        return all(isinstance(part, Reaction | SystemNotice) for part in self.parts)

    def without_reply(self) -> "Content":
        """The same, answering no message in particular."""
        return Content(self.parts, self.subject)

    def _words(self) -> Iterator[str]:
        if self.subject:
            yield self.subject
        for part in self.parts:
            if words := part.words:
                yield words


def _bracketed(what: str, which: str) -> str:
    return f"[{what}: {which}]" if which else f"[{what}]"
