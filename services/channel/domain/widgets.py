"""A web chat as its page draws it, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.channel.domain import languages
from services.channel.domain.availability import HumanAvailability
from services.channel.domain.channels import Channel
from services.channel.domain.web_chat import Texts, WebChatConfig


@dataclass(frozen=True, slots=True)
class Widget:
    """A web chat in a wanted language."""

    channel: Channel
    config: WebChatConfig
    language: str
    texts: Texts
    assistant_answers: bool
    files: bool
    availability: HumanAvailability

    @property
    def title(self) -> str:
        return self.texts.title or self.config.title or self.channel.display_name

    @property
    def greeting(self) -> str:
        return self.texts.greeting or self.config.greeting

    @property
    def suggestions(self) -> tuple[str, ...]:
        return self.texts.suggestions or self.config.suggestions

    @property
    def consent_text(self) -> str:
        return self.texts.consent_text or self.config.consent_text


def language_of(config: WebChatConfig, wanted: Sequence[str]) -> str:
    """The language in which the chat is shown to someone."""
    return languages.chosen(config.languages, wanted)


def texts_of(config: WebChatConfig, language: str) -> Texts:
    """The texts of a language; empty ones where it has none."""
    found = languages.best(config.texts, [language])
    return config.texts[found] if found else Texts()
