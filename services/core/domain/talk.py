"""Small talk: messages that no page answers and that need none, and the small talk before a question."""

import re
from collections.abc import Container
from enum import StrEnum

from kit.text import without_accents
from services.core.domain.talk_words import ASKING, GREETINGS, LEAVING, LINKS, OKAY, PRAISE, THANKS, TRAILS


class Talk(StrEnum):
    """The kinds of small talk, the one that decides before those that come with it."""

    ASKING = "ASKING"
    """It only says that there is a question."""
    THANKS = "THANKS"
    LEAVING = "LEAVING"
    GREETING = "GREETING"
    OKAY = "OKAY"
    WHO = "WHO"


_MAX_CHARACTERS = 100
_MAX_WORDS = 6
"""Of a phrase."""
_MIN_REST = 3
"""Words that follow small talk without a sign in between: fewer may belong to it."""


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split("|")]


_KINDS = {
    phrase: kind
    for text, kind in (
        (OKAY, Talk.OKAY),
        (GREETINGS, Talk.GREETING),
        (LEAVING, Talk.LEAVING),
        (f"{THANKS}|{PRAISE}", Talk.THANKS),
        (ASKING, Talk.ASKING),
    )
    for phrase in _phrases(text)
}
_LEADS = frozenset(_phrases(f"{GREETINGS}|{THANKS}|sorry|excuse me|entschuldigung|pardon|perdon|scusi|desculpe"))
"""Said before a question."""
_TRAILS = frozenset(TRAILS.split())
_LINKS = frozenset(LINKS.split())
_WORD = re.compile(r"[\w']+")
_WHO = re.compile(
    r"(?:(?:hi|hello|hey|hallo|hola|bonjour|ciao|olá) )?(?:"
    r"who (?:are you|am i (?:talking|speaking|chatting) (?:to|with))|what are you|what's your name|what is your name"
    r"|(?:are you|am i (?:talking|speaking|chatting) (?:to|with)|is this) (?:an? )?"
    r"(?:ro)?(?:bot|human|machine|computer|real(?: person| human)?|person|ai|chat ?bot)(?: or (?:an? )?\w+(?: \w+)?)?"
    r"|wer (?:bist du|sind sie)|(?:bist du|sind sie) (?:eine? )?(?:roboter|bot|mensch|maschine|ki|computer)(?: oder .{1,20})?"
    r"|(?:qui (?:es-tu|êtes-vous|es tu|êtes vous)|(?:es-tu|êtes-vous|tu es|vous êtes) (?:une? )?(?:robot|humain|machine|bot))"
    r"|(?:quién (?:eres|es usted)|(?:eres|es usted) (?:un(?:a)? )?(?:robot|humano|persona|máquina|bot))"
    r"|(?:wie (?:ben je|bent u)|(?:ben je|bent u) (?:een )?(?:robot|mens|bot|computer))"
    r"|(?:chi (?:sei|è lei)|sei (?:un(?:a)? )?(?:robot|umano|persona|macchina|bot))"
    r"|(?:quem (?:és(?: tu)?|é você)|(?:és|você é) (?:um(?:a)? )?(?:robô|humano|pessoa|bot|máquina)))"
)


def talk_of(text: str) -> Talk | None:
    """The kind of a message that says nothing else; None: read it as a question."""
    if len(text) > _MAX_CHARACTERS:
        return None
    if _WHO.fullmatch(" ".join(re.sub(r"[^\w',\- ]+", " ", text.casefold().replace("’", "'")).split()).strip(" ,-")):
        return Talk.WHO
    words, at, kinds = _words(text), 0, set[Talk]()
    while at < len(words):
        phrase = _phrase_at(words, at, _KINDS)
        trails = kinds and words[at] in (_TRAILS if Talk.THANKS in kinds else _LINKS)
        if phrase and not (trails and phrase == words[at]):
            kinds.add(_KINDS[phrase])
            at += len(phrase.split())
        elif trails and "?" not in text:
            at += 1
        else:
            return None
    return next((kind for kind in Talk if kind in kinds), None)


def without_talk(text: str) -> str:
    """A question without the greeting, thanks or excuse before it; all of it if nothing else is said."""
    spans = list(_WORD.finditer(text))
    words, at, begin = [_plain(span[0]) for span in spans], 0, 0
    while phrase := _phrase_at(words, at, _LEADS):
        at += len(phrase.split())
        while at < len(words) and words[at] in _LINKS:
            at += 1
        if at == len(words):
            break
        if text[spans[at - 1].end() : spans[at].start()].isspace() and len(words) - at < _MIN_REST:
            break
        begin = spans[at].start()
    return text[begin:]


def _phrase_at(words: list[str], at: int, known: Container[str]) -> str:
    """The longest of the known phrases that begins at a word."""
    for length in range(_MAX_WORDS, 0, -1):
        phrase = " ".join(words[at : at + length])
        if phrase in known and at + length <= len(words):
            return phrase
    return ""


def _words(text: str) -> list[str]:
    return [_plain(word) for word in _WORD.findall(without_accents(text.replace("’", "'")))]


def _plain(word: str) -> str:
    return without_accents(word.casefold()).strip("'")
