"""Evidence: how well the passages that were found answer a question.

The levels belong to an embedding model. `python -m bench.answers --calibrate` finds them, and a setting may replace them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from kit.words import stem, words
from services.core.domain import quoting
from services.core.domain.languages import SMALL_WORDS, language_of
from services.core.domain.phrases import ENGLISH
from services.core.domain.policy import Thresholds

MAX_RECOGNIZED = 300
"""Characters of a passage that show its language."""


class Evidence(StrEnum):
    """How well a passage answers."""

    ENOUGH = "ENOUGH"
    WEAK = "WEAK"
    """It may answer: someone has to read it."""
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Levels:
    """The scores at which evidence begins."""

    enough: float
    enough_foreign: float
    """The same for a question in another language than the passage, whose words can't agree."""
    weak: float
    """The least score of weak evidence."""
    unknown_weight: float = 0.35
    """How much it counts against the passages that none of the question's words is known."""

    def of(self, score: float, doubt: float, *, foreign: bool) -> Evidence:
        """The evidence of a passage with a score. `doubt`: see `doubt_of`."""
        enough = self.enough_foreign if foreign else self.enough
        counted = score if foreign else max(0.0, score - doubt * self.unknown_weight)
        if counted >= enough:
            return Evidence.ENOUGH
        return Evidence.WEAK if counted >= self.weak else Evidence.NONE


DEFAULT_LEVELS = Levels(enough=0.44, enough_foreign=0.41, weak=0.25, unknown_weight=0.35)
"""For multilingual-e5-small, and for a model that is not known here."""
_LEVELS = {"minilm": Levels(enough=0.3, enough_foreign=0.22, weak=0.1, unknown_weight=0.45)}
"""By a part of the model's name."""


def levels_of(embedding_model: str, thresholds: Thresholds) -> Levels:
    """The levels of an embedding model, or those that an organization has set."""
    levels = next((found for name, found in _LEVELS.items() if name in embedding_model.lower()), DEFAULT_LEVELS)
    if (enough := thresholds.enough) is not None:
        levels = replace(levels, enough=enough, enough_foreign=enough, weak=min(levels.weak, enough))
    if (weak := thresholds.weak) is not None:
        levels = replace(levels, weak=min(weak, levels.enough, levels.enough_foreign))
    return levels


def doubt_of(question: str, unknown_words: Collection[str]) -> float:
    """The share of a question's words that no passage of the organization has: 0 to 1."""
    asked = {stem(word) for word in words(question, SMALL_WORDS)}
    return len(asked & {stem(word) for word in unknown_words}) / len(asked) if asked else float(bool(unknown_words))


def is_foreign(language: str, passage: str) -> bool:
    """Whether a passage is in another language than a question in `language`, as far as both can be recognized."""
    of_passage = language_of(passage[:MAX_RECOGNIZED]) if language else ""
    return bool(of_passage) and language != of_passage


def weigh(
    question: str, language: str, found: Iterable[tuple[float, str]], unknown_words: Collection[str], levels: Levels
) -> Evidence:
    """The evidence of the best of the passages, which come as score and text. A number that none of them has weakens it."""
    best, doubt, texts = Evidence.NONE, doubt_of(question, unknown_words), list[str]()
    for score, text in found:
        if score < levels.weak or not text.strip():
            continue
        texts.append(text)
        if best is not Evidence.ENOUGH:
            this = levels.of(score, doubt, foreign=is_foreign(language, text))
            best = best if this is Evidence.NONE else this
    if best is Evidence.ENOUGH and misses_a_number(question, texts):
        return Evidence.WEAK
    return best


def misses_a_number(question: str, texts: Collection[str]) -> bool:
    """Whether a question names a number that none of the texts says anything of."""
    return any(not any(quoting.has_number(number, text) for text in texts) for number in quoting.numbers(question))


def spoken(question: str, said: str, languages: Collection[str] = ()) -> str:
    """The language of the assistant's own sentences: the customer's.

    `said`: the conversation, where the question shows no language. `languages`: those that the organization answers in.
    """
    own = [language.partition("-")[0].lower() for language in languages]
    language = language_of(question) or language_of(said) or ENGLISH
    if own and language not in own:
        language = own[0]
    return language
