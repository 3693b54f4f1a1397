"""An assistant without a model: it quotes the passages that fit the question best, or says that it does not know.

It is the default without an API key. It can't be wrong about more than relevance, because every sentence is the business's own.
"""

import asyncio
import re
from collections.abc import AsyncGenerator

from services.core.ports import Prompt, Recalled, Usage

ENOUGH = 0.4
LEXICAL_WEIGHT = 0.35
MIN_SIMILARITY = 0.33
MAX_QUOTES = 3
CLOSE_SECOND = 0.88
MAX_QUOTE = 600

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d\.)\s+(?=[\"'(A-Z0-9À-Þ])|\n+")
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
    max_tokens = 0

    def __init__(self, seconds_per_word: float = 0.012) -> None:
        self._pace = seconds_per_word

    def prompt_bytes(self, prompt: Prompt) -> int:
        return 0

    async def reply(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """The answer word by word, at a pace that can be read along: a caller that asks later gets several at once."""
        words = re.findall(r"\s*\S+\s*?", _answer(prompt))
        seconds = asyncio.get_running_loop().time
        started, shown = seconds(), 0
        while shown < len(words):
            await asyncio.sleep(started + shown * self._pace - seconds())
            late = int((seconds() - started) / self._pace) if self._pace else len(words)
            due = 1 + max(shown, late)
            yield "".join(words[shown:due])
            shown = due
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
    close = [(number, passage) for number, passage in fitting[:MAX_QUOTES] if _score(passage) >= least]
    quotes, said = list[str](), set[str]()
    for number, passage in close:
        lines = [line for line in _quote(passage, prompt.question).split("\n") if line not in said]  # passages overlap
        if any(lines) or not quotes:
            said.update(filter(None, lines))
            quotes.append("  \n".join(lines).strip() + f" [{number}]")  # Markdown ends a line by two spaces
    return "\n\n".join(quotes)


def _score(passage: Recalled) -> float:
    return passage.similarity + LEXICAL_WEIGHT * passage.lexical


def _fits(passage: Recalled) -> bool:
    return passage.similarity >= MIN_SIMILARITY and _score(passage) >= ENOUGH


def _words(text: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(text.lower()) if not _STOP.match(word)}


def _quote(passage: Recalled, question: str) -> str:
    """The sentence or line of a passage that shares most with the question, with what stands around it, as it stands there."""
    text = passage.source.text
    ends = [*(gap.span() for gap in _SENTENCE.finditer(text)), (len(text), len(text))]
    starts = [0, *(after for _, after in ends)]
    units = [(start, end) for start, (end, _) in zip(starts, ends, strict=False) if text[start:end].strip()]
    if not units:
        return ""
    wanted = _words(question)
    first = last = max(range(len(units)), key=lambda at: (len(_words(text[slice(*units[at])]) & wanted), -at))
    while True:
        # Grow forwards first: what follows a sentence explains it more often than what precedes it.
        for low, high in ((first, last + 1), (first - 1, last)):
            if low >= 0 and high < len(units) and units[high][1] - units[low][0] <= MAX_QUOTE:
                first, last = low, high
                break
        else:
            return text[units[first][0] : units[last][1]].strip()
