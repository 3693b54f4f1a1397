"""An assistant without a model: it quotes the passages that fit the question best, or says that it does not know.

It is the default without an API key. It can't be wrong about more than relevance, because every sentence is the business's own.
"""

import asyncio
import re
from collections.abc import AsyncIterator

from services.core.ports import Prompt, Recalled, Usage

ENOUGH = 0.52
LEXICAL_WEIGHT = 0.35
LEAST_SIMILARITY = 0.25
MOST_QUOTES = 2
CLOSE_SECOND = 0.88
LONGEST_QUOTE = 420

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"'(A-Z0-9À-Þ])|\n+")
_GREETING = re.compile(
    r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|hola|bonjour|hallo|salut|ciao)\b\W*(there|all|team)?\W*$", re.I
)
_THANKS = re.compile(r"^\W*(thanks?|thank you|thx|great|perfect|merci|danke|gracias)\b.{0,20}$", re.I)
_STOP = re.compile(
    r"(an?|and|are|as|at|be|but|by|can|do|does|for|from|have|how|i|if|in|is|it|me|my|of|on|or|our|so|that|the|their|there|they|this"
    r"|to|was|we|what|when|where|which|who|will|with|would|your?)$"
)


class ExtractiveAssistant:
    """The port Assistant."""

    name = "extractive"

    def __init__(self, seconds_per_word: float = 0.012) -> None:
        self._pace = seconds_per_word

    async def reply(self, prompt: Prompt) -> AsyncIterator[str | Usage]:
        """The answer word by word, at a pace that can be read along."""
        for word in re.findall(r"\s*\S+\s*?", _answer(prompt)):
            yield word
            if self._pace:
                await asyncio.sleep(self._pace)
        yield Usage()


def _answer(prompt: Prompt) -> str:
    if _GREETING.match(prompt.question):
        return "Hello! What can I help you with?"
    if _THANKS.match(prompt.question):
        return "You're welcome! Is there anything else I can help you with?"
    ranked = sorted(enumerate(prompt.passages, 1), key=lambda numbered: -_score(numbered[1]))
    fitting = [(number, passage) for number, passage in ranked if _fits(passage)]
    if not fitting:
        return (
            "[unknown] I don't know the answer to that: I found nothing about it in our help pages."
            " Would you like to talk to a human?"
        )
    least = _score(fitting[0][1]) * CLOSE_SECOND
    close = [(number, passage) for number, passage in fitting[:MOST_QUOTES] if _score(passage) >= least]
    return "\n\n".join(f"{_quote(passage, prompt.question)} [{number}]" for number, passage in close)


def _score(passage: Recalled) -> float:
    return passage.similarity + LEXICAL_WEIGHT * passage.lexical


def _fits(passage: Recalled) -> bool:
    return passage.similarity >= LEAST_SIMILARITY and _score(passage) >= ENOUGH


def _words(text: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(text.lower()) if not _STOP.match(word)}


def _quote(passage: Recalled, question: str) -> str:
    """The lines or sentences of a passage that share most with the question, with what stands around them, in their order."""
    units = [unit.strip() for unit in _SENTENCE.split(passage.source.text) if unit.strip()]
    wanted = _words(question)
    best = max(range(len(units)), key=lambda at: (len(_words(units[at]) & wanted), -at), default=0)
    first = last = best
    length = len(units[best]) if units else 0
    while True:
        # Grow forwards first: what follows a sentence explains it more often than what precedes it.
        for at in (last + 1, first - 1):
            if 0 <= at < len(units) and length + len(units[at]) <= LONGEST_QUOTE:
                first, last, length = min(first, at), max(last, at), length + len(units[at]) + 1
                break
        else:
            return "\n".join(units[first : last + 1]) if "\n" in passage.source.text else " ".join(units[first : last + 1])
