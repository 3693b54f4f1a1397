"""Groups of questions with nearly the same words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kit.words import stem
from kit.words import words as of_text
from services.core.domain import wishes
from services.core.domain.content import Content, EmailBody, Selection, Text
from services.core.domain.languages import SMALL_WORDS
from services.core.domain.values import ConversationId, MessageId

ALIKE = 0.6
"""The least part of all their words that two questions of a group share."""
MAX_COMPARED = 40
"""Groups that a question is compared with."""
MAX_WORDS = 60
"""Of a question that are compared."""
MAX_EXAMPLES = 5
_WRITTEN = (Text, Selection, EmailBody)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A customer's question that got no good answer."""

    conversation: ConversationId
    message: MessageId
    text: str
    created: datetime


@dataclass(slots=True)
class Group:
    """Questions with nearly the same words, the newest first."""

    words: frozenset[str]
    """Of the newest."""
    questions: list[Unanswered] = field(default_factory=list)

    @property
    def newest(self) -> Unanswered:
        """The newest question."""
        return self.questions[0]

    def examples(self) -> list[Unanswered]:
        """The newest ones, of different conversations where there are enough."""
        firsts, others, seen = list[Unanswered](), list[Unanswered](), set[ConversationId]()
        for question in self.questions:
            (others if question.conversation in seen else firsts).append(question)
            seen.add(question.conversation)
        return (firsts + others)[:MAX_EXAMPLES]


def asks(text: str, content: Content | None) -> bool:
    """Whether a message is a question: not without words, such as a picture, and no mere yes or no."""
    written = text if content is None else "\n".join(part.words for part in content.parts if isinstance(part, _WRITTEN))
    return bool(of_text(written)) and not wishes.accepts(written) and not wishes.declines(written)


def grouped(questions: Sequence[Unanswered]) -> list[Group]:
    """Groups in the order of their newest question. `questions`: the newest first.

    Each question is compared with the groups that share its rarest words, so that the cost grows with the questions alone.
    """
    groups, of_word, same = list[Group](), defaultdict[str, list[Group]](list), dict[frozenset[str], Group]()
    for question in questions:
        words = _words(question.text)
        group = same.get(words) or _alike(words, of_word)
        if group is None:
            group = Group(words)
            groups.append(group)
            for word in words:
                of_word[word].append(group)
        same.setdefault(words, group)
        group.questions.append(question)
    return groups


def _alike(words: frozenset[str], of_word: dict[str, list[Group]]) -> Group | None:
    near: dict[int, Group] = {}
    for word in sorted(words & of_word.keys(), key=lambda word: (len(of_word[word]), word)):
        for group in of_word[word]:
            if len(near) >= MAX_COMPARED:
                break
            near[id(group)] = group
    best = max(near.values(), key=lambda group: _likeness(words, group.words), default=None)
    return best if best is not None and _likeness(words, best.words) >= ALIKE else None


def _likeness(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / (len(one | two) or 1)


def _words(text: str) -> frozenset[str]:
    """Its meaning words; all of its words, or its characters, where it has no others."""
    every = of_text(text[:2000])[:MAX_WORDS]
    meaning = [word for word in every if word not in SMALL_WORDS] or every
    return frozenset(map(stem, meaning)) or frozenset(text.split()[:MAX_WORDS])
