"""The customer's question, and the words to search for: a follow-up is read with the question that it refers to."""

import re
from collections.abc import Sequence

from services.core.domain.languages import SMALL_WORDS
from services.core.domain.talk import without_talk
from services.core.domain.values import Message, Role

MAX_QUERY = 2000
MIN_WORDS = 4
"""A shorter question does not stand alone."""
MAX_FOLLOW_UP = 9
"""A longer question, in words, says itself what it is about."""
_MAX_MEANING = 2
_BEGINS = re.compile(
    r"(?:and|or|but|also|what about|how about|und|oder|aber|auch|was ist mit|wie ist es mit|et|ou|mais|y|o|pero|qué tal|en|of"
    r"|maar|e|ma|mas)\b[ ,]",
    re.I,
)
_REFERS_TEXT = """
it that this they them those these there then one das es dies diese dafür davon dort damit sie ihn ça cela celui elle ils eso
esto ello ellos allí dat dit het die daar quello questo esso ciò lì isso isto ele ela aquilo
"""
_REFERS = frozenset(_REFERS_TEXT.split())
_WORD = re.compile(r"[^\W_]+")


def asked(history: Sequence[Message]) -> tuple[str, str]:
    """The question, and the query: of the messages, the oldest first, of which the last ones are the customer's."""
    question = "\n".join(message.text for message in unanswered(history))
    return question, joined(queried(history))


def joined(messages: Sequence[Message]) -> str:
    """The query that messages make, without the small talk before a question."""
    return "\n".join(without_talk(message.text) for message in messages)[:MAX_QUERY]


def queried(history: Sequence[Message]) -> list[Message]:
    """The messages whose text is searched for."""
    open = list(unanswered(history))
    before = next((message for message in reversed(history[: _answered(history)]) if message.role is Role.CUSTOMER), None)
    alone = stands_alone(joined(open))
    return [before, *open] if before is not None and before.text and not alone else open


def unanswered(history: Sequence[Message]) -> Sequence[Message]:
    """The messages that make the question: what the customer has said since the last answer."""
    return history[_answered(history) :]


def refers(history: Sequence[Message]) -> bool:
    """Whether the question is read with an earlier one."""
    return len(queried(history)) > len(unanswered(history))


def stands_alone(text: str) -> bool:
    """Whether a question says itself what it is about."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < MIN_WORDS:
        return False
    if len(words) > MAX_FOLLOW_UP:
        return True
    meaning = [word for word in words if word not in SMALL_WORDS]
    return bool(meaning) and not (_BEGINS.match(text) or (_REFERS & set(words) and len(meaning) <= _MAX_MEANING))


def _answered(history: Sequence[Message]) -> int:
    return max((at for at, message in enumerate(history, 1) if message.role is not Role.CUSTOMER), default=0)
