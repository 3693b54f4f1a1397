"""Which lines of a passage answer a question: the section, the sentences or the rows of a table that share most with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.passages import HEADING_MARK
from kit.words import stem
from kit.words import words as of_text
from services.core.domain import sections

MAX_QUOTE = 600
MAX_INTRODUCED = 1_200
"""Of the first lines of a page and the section after them together."""
MAX_NEAREST = 1_000
"""Of the sections that are nearest in meaning, where words don't show which one answers."""
MAX_QUESTION = 4_000
MAX_NUMBERS = 8
"""Of a question. More of them say nothing, and each is compared with each line."""
MIN_ROWS = 3

_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d\.)\s+(?=[\"'(A-Z0-9À-Þ])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:to|bis|à|a|tot|até|-|–|—)\s*(\d+(?:[.,]\d+)?)")
_OPEN = re.compile(
    r"(?:above|over|from|more than|ab|über|mehr als|plus de|más de|oltre|vanaf|meer dan|mais de)\s+[€$£]?\s*(\d[\d.,]*)"
    r"|(\d[\d.,]*)\s+(?:and|or) more"
)
_UNITS = {
    "%": r"%|percent\w*|pro(?:z|c)ent\w*|pour ?cent|por ?cent[oa]",
    "€": r"€|eur(?:os?)?",
    "$": r"\$|usd|dollars?",
    "£": r"£|gbp|pounds?",
    "kg": r"kg|kilos?|kilogram\w*",
    "g": r"g|grams?|gramm|grammes",
    "cm": r"cm|centimet\w+|zentimeter\w*",
    "minute": r"min|minut\w+",
    "hour": r"h|hours?|stunden?|heures?|horas?|uur|uren|or[ae]",
    "day": r"days?|tagen?|tage|jours?|d[ií]as?|dag(?:en)?|giorn[oi]",
    "week": r"weeks?|wochen?|semain\w+|semanas?|we(?:ek|ken)|settiman[ae]",
    "month": r"months?|monat\w*|mois|mes(?:es)?|maand(?:en)?|mes[ei]",
    "year": r"years?|jahre?n?|ans?|années?|años?|jaar|jaren|ann[oi]|anos?",
}
_UNIT = {unit: re.compile(rf"(?<![^\W\d_])(?:{names})(?![^\W\d_])", re.I) for unit, names in _UNITS.items()}
_BEFORE_UNIT = re.compile(r"\s*-?(?:(?:to|bis|à|a|tot|até|or|and|-|–|—)\s*\d[\d.,]*)?[\s-]*(?:working |business )?")
_NAME = re.compile(r"(?<=\s)[A-ZÀ-Þ][\w'’-]+")
_ROW = re.compile(r"[^:]{1,120}: \S")
_HEADER = re.compile(r"[^:;\d]{1,60}: [^:;\d]{1,60}")
"""The names of two columns."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines of a passage, as they stand there."""

    heading: str
    """Of the section that they are from; "" where the passage has no headings inside."""
    lines: tuple[str, ...]


def words(text: str) -> set[str]:
    """The words of a text that mean something, without endings and accents."""
    return {stem(word) for word in of_text(text, sections.STOP)}


def quote(text: str, question: str, section: int) -> Quote:
    """The lines of a section of a passage that answer a question best, by the section's place."""
    every = sections.split(text)
    chosen, wanted = every[section], words(question[:MAX_QUESTION])
    lines = _cut(_rows(chosen.lines, wanted, question), wanted)
    after = every[1] if section == 0 and not chosen.heading and len(every) > 1 else None
    if after is not None:  # the first lines of a page introduce what follows
        more = (f"**{after.heading}**", *_rows(after.lines, wanted, question))
        if sum(len(line) + 1 for line in (*lines, *more)) <= MAX_INTRODUCED:
            return Quote("", (*lines, "", *_trimmed(more)))
    return Quote(chosen.heading, lines)


def beginning(text: str) -> Quote:
    """A passage from its beginning, as long as a quote may be: the words of a question in another language choose nothing."""
    if len(text) <= MAX_INTRODUCED:
        return Quote("", tuple(line.removeprefix(HEADING_MARK) for line in text.split("\n")))
    first = sections.split(text)[0]
    return Quote(first.heading, _cut(first.lines, set()))


def nearest(text: str, scores: Sequence[float]) -> Quote:
    """The sections of a passage that are nearest in meaning, by the score of each: the nearest one first, then others, as long
    as a quote may be.
    """
    every = sections.split(text)
    first, *others = sorted(range(len(every)), key=lambda at: -scores[at])
    own = every[first].lines
    lines = list(_trimmed(own) if _size(own) <= MAX_INTRODUCED else _cut(own, set()))  # a table's rows belong together
    for at in others:
        named = [f"**{every[at].heading}**"] if every[at].heading else []
        more = ["", *named, *_trimmed(every[at].lines)]
        if _size(lines) + _size(more) <= MAX_NEAREST:
            lines += more
    return Quote(every[first].heading, tuple(lines))


def has_number(number: str, text: str) -> bool:
    """Whether a text says something of a number: it names it, or a range that it is in."""
    value = _value(number)
    if any(_value(found) == value for found in _NUMBER.findall(text)):
        return True
    if any(_value(low) <= value <= _value(high) for low, high in _RANGE.findall(text)):
        return True
    return any(value >= _value(a or b) for a, b in _OPEN.findall(text.lower()))


def numbers(text: str) -> list[str]:
    """The numbers that a text names in digits, each once, the first `MAX_NUMBERS`."""
    return list(dict.fromkeys(found[0] for found in _NUMBER.finditer(text[:MAX_QUESTION])))[:MAX_NUMBERS]


def _asked(question: str) -> list[tuple[str, str]]:
    """The numbers of a question, each with its unit, if it has one wherever it stands."""
    text, units = question[:MAX_QUESTION], dict[str, str]()
    for found in _NUMBER.finditer(text):
        before, start = text[max(0, found.start() - 2) : found.start()].strip(), found.end()
        after = text[start : start + 50]
        after = after[_BEFORE_UNIT.match(after).end() :]  # type: ignore[union-attr]  # it matches nothing too
        named = (unit for unit, name in _UNIT.items() if name.match(after) or (unit in "€$£" and before.endswith(unit)))
        unit = next(named, "")
        units[found[0]] = unit if units.get(found[0], unit) == unit else ""
    return list(units.items())[:MAX_NUMBERS]


def _value(number: str) -> float:
    """The value of a number as written: a comma or point before three digits groups them."""
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    try:
        return float(plain)
    except ValueError:  # 1.2.3: a version, say
        return float("nan")


def _rows(lines: Sequence[str], wanted: set[str], question: str) -> tuple[str, ...]:
    """The lines without the rows of a table or list that do not match, where the keys of some match."""
    rows = [at for at, line in enumerate(lines) if _ROW.match(line)]
    if len(rows) < MIN_ROWS:
        return tuple(lines)
    header = rows[0] if _HEADER.fullmatch(lines[rows[0]]) else -1
    rows = [at for at in rows if at != header]
    parts = {at: lines[at].partition(": ") for at in ([header] if header >= 0 else []) + rows}
    asked = _asked(question)
    named = {unit for _, unit in asked if unit and any(_UNIT[unit].search(value) for _, _, value in parts.values())}

    wanted = wanted - words(" ".join(number for number, unit in asked if unit in named))  # `counts` says more of them

    def counts(number: str, unit: str, at: int, text: str) -> bool:
        """A percentage is no number of pieces: where the values are in its unit, a key counts if it is too."""
        keys = {parts[at][0], parts[header][0] if header >= 0 else ""}
        if unit in named and not any(_UNIT[unit].search(key) for key in keys):
            text = text.removeprefix(parts[at][0])
        return has_number(number, text)

    def points_of(texts: Mapping[int, str], wanted: set[str]) -> dict[int, int]:
        found = {at: words(text) & wanted for at, text in texts.items()}
        everywhere = set.intersection(*found.values())
        return {
            at: len(found[at] - everywhere) + sum(counts(n, unit, at, text) for n, unit in asked) for at, text in texts.items()
        }

    points = points_of({at: parts[at][0] for at in rows}, wanted)
    if not any(points.values()):  # a value may have the name or number, where no key does
        points = points_of({at: lines[at] for at in rows}, words(" ".join(_NAME.findall(question))))
    most = max(points.values())
    dropped = {at for at in rows if points[at] < most}
    return tuple(line for at, line in enumerate(lines) if at not in dropped)


def _cut(lines: Sequence[str], wanted: set[str]) -> tuple[str, ...]:
    """At most `MAX_QUOTE` characters of the lines, around the sentence or line that shares most with the question."""
    if sum(len(line) + 1 for line in lines) <= MAX_QUOTE:
        return _trimmed(lines)
    units = [(at, unit) for at, line in enumerate(lines) for unit in ([line] if _ROW.match(line) else _SENTENCE.split(line))]
    first = last = max(range(len(units)), key=lambda place: (len(words(units[place][1]) & wanted), -place))
    size = len(units[first][1])
    while True:
        # Grow forwards first: what follows a sentence explains it more often than what precedes it.
        for low, high in ((first, last + 1), (first - 1, last)):
            if low >= 0 and high < len(units) and size + 1 + len(units[high if high > last else low][1]) <= MAX_QUOTE:
                size += 1 + len(units[high if high > last else low][1])
                first, last = low, high
                break
        else:
            break
    joined: dict[int, list[str]] = {}
    for at, unit in units[first : last + 1]:
        joined.setdefault(at, []).append(unit)
    return _trimmed([" ".join(parts) for parts in joined.values()])


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    text = "\n".join(lines).strip("\n").rstrip()
    return tuple(text.split("\n")) if text else ()
