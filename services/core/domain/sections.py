"""Which section of the passages found answers a question: by the words that it shares, and by what the question asks for."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kit.passages import sections
from kit.words import stem
from kit.words import words as of_text

HEADING_WEIGHT = 1.5
"""Of a word in the heading."""
SMALL_WEIGHT = 0.45
"""Of a small word in the heading, such as those of `How long` and `What is not covered`."""
BEGINNINGS = frozenset(("how", "what"))
"""Small words that begin questions on anything: a heading such as `How to return` says no more of `how long`."""
PAIR_WEIGHT = 0.8
"""Of two words of the question that stand side by side."""
KIND_WEIGHT = 0.6
"""Of a duration, an amount, a number or a time, where the question asks for one."""
SIBLING_WEIGHT = 8.0
"""How much it counts that a passage scores less than the best one of its document."""
CONTEXT_WEIGHT = 0.4
"""Of a word of the question that a follow-up refers to."""
_STOP_TEXT = """
an a and any are as at be been but by can could did do does for from get has have how i if in into is it its just me my no not
of on or our please should so some than that the their them there they this to us was we were what when where which who why will
with would you your long take takes
"""
STOP = frozenset(_STOP_TEXT.split())
"""Small words of English: they say little in a text."""
_GENERIC_TEXT = "parcel parcels package order item good product thing article stuff shipment purchase piece"
GENERIC = frozenset(map(stem, _GENERIC_TEXT.split()))
"""Words for the goods, whatever a question is about."""

_ASKED = {
    "duration": r"how (?:long|fast|soon|quick\w*|many (?:minutes|hours|days|weeks|months|years))|wie (?:lange?|schnell)"
    r"|combien de (?:temps|jours)|quels? délais?|cuánto tiempo|cuánto tarda\w*|hoe (?:lang|snel)|quanto tempo",
    "amount": r"how (?:much|expensive)|\b(?:costs?|price[sd]?|fees?|charges?|worth|discount|percent)\b|\bkostet?|\bkosten"
    r"|\bwie (?:viel|teuer)|\bcoût|prix|\bcuesta|\bprecio|\bcosta|\bprezzo|\bcusta|\bpreço",
    "count": r"how (?:many|often|old|big|large|heavy)|wie (?:viele|oft|alt)|combien d|cuánt[oa]s|hoe (?:veel|vaak)|hoeveel"
    r"|quant[ie]\b|quant[oa]s|minimum|maximum",
    "destination": r"\b(?:ship|deliver|send|post)\w*\b(?: \w+){0,4} to\b"
    r"|\b(?:liefer|verschick|versend|schick)\w*\b(?: \w+){0,4} (?:nach|in)\b",
    "time": r"^(?:and )?when\b|what time|until when|\b(?:wann|quand|cuándo|wanneer|quando|opening hours|open)\b",
}
_UNIT = (
    r"(?:second|minute|hour|day|night|week|month|year|sekunde|stunde|tag|woche|monat|jahr|seconde|heure|jour|semaine|mois|ans?\b"
    r"|segundo|minuto|hora|día|semana|mes|año|uur|dag|weken|maand|jaar|secondo|or[ae]\b|giorn|settiman|ann[oi]|dia|mês)"
)
_DURATION = rf"(?:\d+(?:[.,]\d+)?|\b(?:one|two|three|four|six|twelve|a))\s+(?:\w+\s+)?{_UNIT}"
_ANSWERS = {
    "duration": _DURATION,
    "amount": r"[€$£¥]\s?\d|\d\s?(?:€|\$|£|eur\b|usd\b|%)|\bfree\b|\bkostenlos|\bgratuit|\bgratis",
    "count": r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|once|twice)\b",
    "destination": r"\bwe (?:ship|deliver)\b|\b(?:deliver|ship)\w* (?:to|within|in)\b|\bcountr(?:y|ies)\b|\bworking days\b",
    "time": rf"{_DURATION}|\d{{1,2}}:\d\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:january|february|march|april|june"
    r"|july|august|september|october|november|december|when|once|as soon as|after|before|until)\b",
}
_KINDS = [(re.compile(asked, re.I), re.compile(_ANSWERS[kind], re.I)) for kind, asked in _ASKED.items()]
_STARTS = (
    r"(?:what|which|how|where|when|who|whom|why|is|are|was|were|do|does|did|can|could|may|will|would|should|must|has|have"
    r"|welche[rs]?|wie|wo|wann|wer|warum|ist|sind|kann|können|muss|gibt|habe|bekomme|werden"
    r"|que|quel(?:le)?s?|comment|où|quand|qui|pourquoi|combien|est-ce|puis-je|peut-on"
    r"|qué|cuál(?:es)?|cómo|dónde|cuándo|quién|cuánt[oa]s?|puedo|hay"
    r"|wat|welke|hoe|waar|wanneer|kan|mag|che|cosa|quale|quali|come|dove|quanto|quanti|posso|c'è"
    r"|qual|quais|como|onde|quando|quem|quantos|há)\b"
)
"""Words that begin a question."""
_BORDER = re.compile(
    rf"[?;.]\s+(?=(?:and |und |et |y |en |e )?{_STARTS})|,?\s+(?:and|or|und|oder|et|ou|y|o|en|of|e)\s+(?={_STARTS})", re.I
)
"""Between two questions."""
_QUESTION = re.compile(rf"(?:^|[,:;.?!]\s+)(?:and |but |so |also )?{_STARTS}", re.I)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of a passage under one heading."""

    heading: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Heading and lines."""
        return "\n".join((self.heading, *self.lines))


def split(text: str) -> list[Section]:
    """The sections of a passage."""
    return [Section(heading, lines) for heading, lines in sections(text)]


def kinds(question: str) -> list[re.Pattern[str]]:
    """Patterns of the answers that a question asks for."""
    return [answer for asked, answer in _KINDS if asked.search(question)]


def best(
    passages: Sequence[tuple[float, str, str]], others: Sequence[str], question: str, context: str = ""
) -> tuple[int, int]:
    """The place of the passage and of its section that answers best.

    `passages`: score, heading and text, the first one of them found to be the best; `others`: the texts of other documents, to
    know which words are common. `context`: the question that a follow-up refers to.
    """
    candidates = [
        (place, at, section, score, heading if not at and not section.heading else "")
        for place, (score, heading, text) in enumerate(passages)
        for at, section in enumerate(split(text))
    ]
    every = [_stems(section.text) for _, _, section, _, _ in candidates]
    every += [_stems(section.text) for text in others for section in split(text)]
    common = Counter(word for stems in every for word in stems)
    asked = _stems(question)
    weights = dict.fromkeys(_stems(context, STOP), CONTEXT_WEIGHT) | dict.fromkeys(_stems(question, STOP), 1.0)
    pairs = _pairs(question)
    wanted = kinds(f"{question}\n{context}" if context else question)

    def rarity(word: str) -> float:
        return math.log(1 + (len(every) - common[word] + 0.5) / (common[word] + 0.5))

    rarest = max((rarity(word) for word in weights if word in common), default=1.0) or 1.0

    def fit(candidate: tuple[int, int, Section, float, str]) -> float:
        _, _, section, score, outer = candidate
        body = "\n".join(section.lines)
        inside, above = _stems(body), _stems(section.heading or outer)
        shared = sum(weight * rarity(word) for word, weight in weights.items() if word in inside and word not in above)
        for word in ((asked - BEGINNINGS) | weights.keys()) & above:
            shared += rarity(word) * (HEADING_WEIGHT * weights[word] if word in weights else SMALL_WEIGHT)
        answers = sum(pattern.search(body) is not None for pattern in wanted)
        beside = len(pairs & _pairs(section.text))
        return shared / rarest + PAIR_WEIGHT * beside + KIND_WEIGHT * answers - SIBLING_WEIGHT * (passages[0][0] - score)

    place, at, *_ = max(candidates, key=fit)
    return place, at


def asks_for_destination(question: str) -> bool:
    """Whether a question names a place to send something to."""
    return re.search(_ASKED["destination"], question, re.I) is not None


def subjects(title: str, question: str) -> set[str]:
    """The words of a question that the title of a document has, without those that any question may be about."""
    return _stems(title, STOP) & _stems(question, STOP) - GENERIC


def covers(text: str, part: str, besides: str) -> float:
    """The share of a part of a question's own words that a text has; 0 where the part has none `besides` those of another."""
    own = _stems(part, STOP) - _stems(besides, STOP)
    return len(own & _stems(text)) / len(own) if own else 0.0


def parts(question: str) -> tuple[str, str] | None:
    """The two questions that a question consists of, or None."""
    for border in _BORDER.finditer(question):
        first, second = question[: border.start()], question[border.end() :]
        if (
            _QUESTION.search(first)
            and _stems(first, STOP) - _stems(second, STOP)
            and _stems(second, STOP) - _stems(first, STOP)
        ):
            return first, second
    return None


def _stems(text: str, without: Collection[str] = ()) -> set[str]:
    return {stem(word) for word in of_text(text, without)}


def _pairs(text: str) -> set[tuple[str, str]]:
    """The words that stand side by side, small ones left out."""
    stems = [stem(word) for word in of_text(text, STOP)]
    return set(pairwise(stems))
