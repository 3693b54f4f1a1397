"""How passages are ranked: the words of a text, and the fusion of two rankings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.words import stem
from kit.words import words as of_text

Floats = NDArray[np.float32]

LEXICAL_PART = 0.2
"""How much words count against meaning. 0.1 to 0.3 differ little; names and codes that no one else has decide anyway."""
FIRST = 0.05
"""How much the first passage of a document counts for more than a later one of the same."""
NEARLY = 0.25
"""How much worse than the best a passage of another document may be, to come before more passages of the same one."""

_STOP_TEXT = """
a about am an and any are as at be been but by can could did do does for from get had has have how i if in into is it its just
me my no of on or our please should so some that the their them then there these they this to too us was we were what when
where which who why will with would you your i'm i've don't it's also anybody anyone anything everything get go going here know
like make many may might more much must need one see someone something sure thing things think try very want long longer take
takes
"""
_STOP = frozenset([*_STOP_TEXT.split(), "tell"])

_FRAMING_TEXT = """
policy policies period periods condition conditions terms rule rules information info infos detail details question
questions option options possibility possible available allowed regarding concerning procedure process instructions guide
way ways kind kinds type types what's whats how's where's who's that's there's richtlinie richtlinien bedingungen
informationen angaben regeln frist fristen moglichkeit moglichkeiten moglich frage fragen politique informations
renseignements regles delai delais politica condiciones informacion plazo plazos reglas posible beleid voorwaarden
informatie termijn regels mogelijk condizioni informazioni regole termine possibile condicoes informacoes prazo regras
possivel
"""
FRAMING = frozenset(_FRAMING_TEXT.split())
"""Words around a subject, as in `return policy`. That no passage has one says nothing of whether a passage answers."""


def words(text: str) -> list[str]:
    """The meaningful words of a text, in order, in lower case and without accents. Numbers and codes stay."""
    return of_text(text, _STOP)


def terms(text: str) -> list[str]:
    """The meaningful words of a text without their English endings: what two texts are compared by."""
    return [stem(word) for word in words(text)]


def fuse(relevance: Floats | None, strength: Floats | None) -> Floats:
    """One score of two for each candidate: `relevance` of the meaning, `strength` of the words; None: there is no such ranking.

    By their values and not by their places: reciprocal ranks let a chance agreement of common words outrank a near meaning,
    and ruin questions in another language than the pages'.
    """
    if strength is None:
        return np.zeros(0, np.float32) if relevance is None else relevance
    if relevance is None:
        return strength
    return (1 - LEXICAL_PART) * relevance + np.float32(LEXICAL_PART) * strength


def word_strength(scores: Floats, best: float, cover: float, known: float = 1.0) -> Floats:
    """Keyword scores (on any scale) made comparable, 0 to 1: the best passage, whose score is `best`, is worth `cover`, the
    share of the query's words that the best one has, and the others in proportion. `known`: the share of the query's words that
    any passage has, since a question in another language should not be ranked by the one word that happens to exist."""
    return scores * np.float32(cover * known / best if best > 0 else 0.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: in which document, and at which place there."""

    document: str
    ordinal: int


def spread(places: Sequence[Place], scores: Sequence[float], limit: int) -> list[int]:
    """Which of the passages to return, given best first: one of each document, as long as it is nearly as good, then others.

    Several passages of one document rarely add as much as another document does. Of passages of a document that fit about as
    well, the one that stands first is taken: pages begin with what most people ask.
    """
    best: dict[str, int] = {}
    for at, place in enumerate(places):
        if scores[at] < scores[0] - NEARLY:
            break
        first = best.setdefault(place.document, at)
        if scores[at] + FIRST / (1 + place.ordinal) > scores[first] + FIRST / (1 + places[first].ordinal):
            best[place.document] = at
    chosen = list(best.values())[:limit]
    others = [at for at in range(len(places)) if at not in chosen]
    return [*chosen, *others][:limit]
