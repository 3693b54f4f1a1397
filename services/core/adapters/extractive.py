"""An assistant without a model: it quotes the passages that fit the question best, or says that it does not know.

It is the default without an API key. It can't be wrong about more than relevance, because every sentence is the business's own.
"""

import asyncio
import re
from collections.abc import AsyncIterator

from services.core.ports import Prompt, Recalled, Usage

ENOUGH_SIMILARITY = 0.52
SOME_SIMILARITY = 0.35
ENOUGH_LEXICAL = 0.5
MOST_QUOTES = 2
MOST_SENTENCES = 3
CLOSE_SECOND = 0.92

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[\"'(\w])|\n+")
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
    fitting = [(number, passage) for number, passage in enumerate(prompt.passages, 1) if _fits(passage)]
    if not fitting:
        return (
            "[unknown] I don't know the answer to that: I found nothing about it in our help pages."
            " Would you like to talk to a human?"
        )
    best = _score(fitting[0][1])
    quotes = [f"{_quote(fitting[0][1], prompt.question)} [{fitting[0][0]}]"]
    for number, passage in fitting[1:]:
        if len(quotes) < MOST_QUOTES and _score(passage) >= best * CLOSE_SECOND:
            quote = _quote(passage, prompt.question)
            if quote not in quotes[0]:
                quotes.append(f"{quote} [{number}]")
    return "\n\n".join(quotes)


def _fits(passage: Recalled) -> bool:
    return passage.similarity >= ENOUGH_SIMILARITY or (
        passage.similarity >= SOME_SIMILARITY and passage.lexical >= ENOUGH_LEXICAL
    )


def _score(passage: Recalled) -> float:
    return passage.similarity + passage.lexical


def _words(text: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(text.lower()) if not _STOP.match(word)}


def _quote(passage: Recalled, question: str) -> str:
    """The run of up to three sentences of a passage that shares most with the question; earlier ones win a tie."""
    sentences = [part.strip() for part in _SENTENCE.split(passage.source.text) if part.strip()]
    wanted = _words(question)
    hits = [len(_words(sentence) & wanted) for sentence in sentences]
    starts = range(max(1, len(sentences) - MOST_SENTENCES + 1))
    start = max(starts, key=lambda at: (sum(hits[at : at + MOST_SENTENCES]), hits[at], -at))
    return " ".join(sentences[start : start + MOST_SENTENCES])
