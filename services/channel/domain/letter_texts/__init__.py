"""The texts of mails by language. Words in braces are filled in: `organization`, `inviter`, `business`, `time`."""

from collections.abc import Mapping

from services.channel.domain.letter_texts import arabic, dutch, english, french, german, spanish
from services.channel.domain.letter_texts.texts import Texts

LANGUAGES: Mapping[str, Texts] = {
    "en": english.TEXTS,
    "de": german.TEXTS,
    "es": spanish.TEXTS,
    "fr": french.TEXTS,
    "nl": dutch.TEXTS,
    "ar": arabic.TEXTS,
}

__all__ = ["LANGUAGES", "Texts"]
