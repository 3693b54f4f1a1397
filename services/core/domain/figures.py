"""Figures of a text: numbers, dates, amounts and telephone numbers, as they compare across languages and ways of writing.

`1,000`, `1.000` and `1 000` are the same number, and so are `two days` and `2 days`. An ambiguous one has several readings.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from services.core.domain.moments import MONTH_OF, clocks, dates
from services.core.domain.number_words import in_words

_UNITS = {
    "%": "% percent prozent pourcent procent percento", "‰": "‰ promille",
    "€": "€ eur euro euros", "$": "$ usd dollar dollars", "£": "£ gbp pound pounds pfund", "¥": "¥ jpy yen",
    "chf": "chf franken francs", "kr": "kr sek nok dkk kronen kronor kroner", "zł": "zł pln złoty zloty", "₹": "₹ inr rupees",
    "₺": "₺ try lira", "₽": "₽ rub rubel", "₩": "₩ krw won", "cad": "cad", "aud": "aud", "nzd": "nzd", "hkd": "hkd",
    "czk": "czk kč", "huf": "huf ft forint", "ron": "ron lei", "cny": "cny rmb yuan", "brl": "brl reais", "mxn": "mxn pesos",
    "ct": "ct cent cents centime centimes céntimo céntimos centavo centavos centesimi pence",
}  # fmt: skip
_SCALE_WORDS = {
    1_000: "k thousand tausend mille mil mila duizend",
    1_000_000: "million millions millionen mio millón millones milione milioni milhão milhões miljoen",
    1_000_000_000: "billion billions milliarde milliarden mrd milliard milliards miliardo miliardi miljard",
}
_TIMES = """minute minutes minuten minuto minutos minuti hour hours stunde stunden heure heures hora horas uur uren ora ore day
    days tag tage tagen jour jours día días dag dagen giorno giorni dia dias week weeks woche wochen semaine semaines semana
    semanas weken settimana settimane month months monat monate monaten mois mes meses maand maanden mese mesi mês year years
    jahr jahre jahren an ans année années año años jaar jaren anno anni ano anos"""

_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_SCALES = {word: scale for scale, words in _SCALE_WORDS.items() for word in words.split()}
_COUNTED = frozenset(_TIMES.split()) | frozenset(_UNIT_OF)

_NUMBER = re.compile(r"\d+(?:[.,:'’ ]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?")
_DECIMAL = re.compile(r"\d+[.,:]\d+")
_SCALE = re.compile(rf"\s?({'|'.join(sorted(_SCALES, key=len, reverse=True))})\b\.?")
_PHONE = re.compile(r"(?<![\d.,])(?:\+|00?)[\s(]*\d(?:[\s()/.-]{0,3}\d){5,}")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})")
_RUN = re.compile(r"\d(?:[\s()/.-]{0,3}\d)+")
_SIGNS = "%‰€$£¥₹₺₽₩"
_WORD = re.compile(rf"[^\W\d_]+|[{_SIGNS}]")
_AFTER = re.compile(rf"\s{{0,2}}([{_SIGNS}]|[^\W\d_]+)")
_THEN = re.compile(r"[\s-]{0,2}([^\W\d_]+)(?:[\s-]([^\W\d_]+))?")
_BEFORE = re.compile(rf"([{_SIGNS}]|\b[a-z]{{2,3}})\s?\Z")
_ITEM = re.compile(
    r"^[ \t>*_#|-]*+(?:(?:step|schritt|étape|paso|stap|passo|passaggio|option|opción)\s+)?\d{1,2}[.):]\s+(\w*)", re.M
)
_TRUNK = re.compile(r"\(0\)")
"""The zero to dial inside of a country, as in `+49 (0)30`."""
_COUNTRY = re.compile(r"[1-9]\d{0,2}")
MIN_PHONE = 6
"""Digits. Fewer are no telephone number."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a sentence: one of its readings, each some numbers or the key of a date or a time, has to be known."""

    readings: tuple[frozenset[str], ...]
    unit: str = ""
    """`%` or a currency."""


@dataclass(frozen=True, slots=True)
class Known:
    """The figures of a source, in all their readings."""

    numbers: frozenset[str]
    """With the keys of dates and times."""
    units: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    """Numbers with the unit beside them. One with none counts with each unit here: a column's title may name it."""
    runs: tuple[str, ...]
    """Digits as of telephone numbers."""

    @classmethod
    def of(cls, plain: str) -> "Known":
        """The figures of a text without marks, in lower case."""
        pairs = {
            (number, _unit(plain, *found.span()) or ("other" if len(reading) > 1 or _is_counted(plain, found) else ""))
            for found in _NUMBER.finditer(plain)
            for reading in _readings(found[0])
            for number in reading
        }
        pairs |= {
            (number, _unit(plain, *span)) for *span, readings in _scaled(plain) for reading in readings for number in reading
        }
        words = _WORD.findall(plain)
        pairs |= {(str(number), _unit_of_words(following)) for number, following in in_words(plain)}
        numbers = {number for number, _ in pairs}
        for date in dates(plain):
            day, month = date.numbers
            numbers |= {_canonical(f"{day}.{month}"), _canonical(f"{month}.{day}")}
        for clock in clocks(plain):
            numbers |= {_canonical(f"{hour}.{clock.minute}") for hour in clock.hours}
        units = {_UNIT_OF[word] for word in words if word in _UNIT_OF}
        runs = [re.sub(r"\D", "", found[0]) for found in _RUN.finditer(_TRUNK.sub(" ", plain))]
        own, phones = figures(plain)  # what a sentence of these words would be asked for is known
        numbers |= {number for figure in own for reading in figure.readings for number in reading}
        pairs |= {(number, figure.unit) for figure in own if figure.unit for reading in figure.readings for number in reading}
        runs = [*(run for run in runs if len(run) >= MIN_PHONE), *(phone.removeprefix("+") for phone in phones)]
        return cls(frozenset(numbers), frozenset(units), frozenset(pairs), tuple(runs))

    @classmethod
    def of_moment(cls, plain: str) -> "Known":
        """The date and the time in a text in lower case, each as a whole: they make no number known."""
        keys = {key for date in dates(plain) for key in (*date.keys, date.year_key)} | {clock.key for clock in clocks(plain)}
        return cls(frozenset(keys), frozenset(), frozenset(), ())

    def has(self, figure: Figure) -> bool:
        """Whether a figure occurs here, and its unit too."""
        unit = figure.unit
        found = [reading for reading in figure.readings if reading <= self.numbers]
        if not unit:
            return bool(found)
        beside = any((number, unit) in self.pairs for reading in found for number in reading)
        return beside or (unit in self.units and any((number, "") in self.pairs for reading in found for number in reading))

    def has_phone(self, phone: str) -> bool:
        """Whether a telephone number, digits after `+` or not, occurs here: as it is, or with or without its country."""
        digits = phone.removeprefix("+")
        local, abroad = digits.lstrip("0"), digits != phone or digits.startswith("00")
        return any(
            digits in run or (len(local) >= MIN_PHONE and (local in run or (abroad and _is_abroad(local, run.lstrip("0")))))
            for run in self.runs
        )


def _is_abroad(phone: str, run: str) -> bool:
    """Whether a number is one of these digits with its country before them."""
    return len(run) > MIN_PHONE and phone.endswith(run) and _COUNTRY.fullmatch(phone.removesuffix(run)) is not None


def figures(plain: str) -> tuple[list[Figure], list[str]]:
    """The figures of a sentence without marks, in lower case, and its telephone numbers: digits, after `+` if international."""
    plain = _TRUNK.sub(" ", plain)
    phones = [found for found in _PHONE.finditer(plain) if not _DATE.fullmatch(found[0].strip())]
    whole = plain = _ITEM.sub(_unless_a_day, _without(plain, ((phone.start(), phone.end()) for phone in phones)))
    days = list(dates(plain))
    found = [Figure((frozenset(map(str, date.numbers)), *(frozenset({key}) for key in date.keys))) for date in days]
    found += [Figure((frozenset({str(date.year)}), frozenset({date.year_key}))) for date in days if date.year]
    plain = _without(plain, ((date.start, date.end) for date in days))
    times = list(clocks(plain))
    found += [Figure((*_readings(clock.written), frozenset({clock.key}))) for clock in times]
    plain = _without(plain, ((clock.start, clock.end) for clock in times))
    amounts = list(_scaled(plain))
    found += [Figure(readings, _unit(plain, start, end)) for start, end, readings in amounts]
    plain = _without(plain, ((start, end) for start, end, _ in amounts))
    found += [Figure(_readings(number[0]), _unit(plain, *number.span())) for number in _NUMBER.finditer(plain)]
    found += [Figure((frozenset({str(n)}),), unit) for n, unit in _worded(whole)]
    return found, [_dialled(phone[0]) for phone in phones]


def _without(plain: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with a gap in the place of these parts, which come in their order."""
    kept, at = list[str](), 0
    for start, end in spans:
        kept.append(plain[at:start])
        at = end
    return " ; ".join((*kept, plain[at:]))


def _dialled(phone: str) -> str:
    return ("+" if phone[0] == "+" else "") + re.sub(r"\D", "", phone)


def _scaled(plain: str) -> Iterator[tuple[int, int, tuple[frozenset[str], ...]]]:
    """Numbers with a word that multiplies them, `5 million`, each with its place and its readings."""
    for number in _NUMBER.finditer(plain):
        if (scale := _SCALE.match(plain, number.end())) is None or (scale[1] == "k" and scale[0][0] != "k"):
            continue
        values = [next(iter(reading)) for reading in _readings(number[0]) if len(reading) == 1]
        scaled = tuple(frozenset({_canonical(f"{Decimal(value) * _SCALES[scale[1]]:f}")}) for value in values)
        if scaled:
            yield number.start(), scale.end(), scaled


def _unless_a_day(item: re.Match[str]) -> str:
    return item[0] if item[1] in MONTH_OF else f" ; {item[1]}"


def _readings(token: str) -> tuple[frozenset[str], ...]:
    parts = frozenset(_canonical(part) for part in re.findall(r"\d+", token))
    found = []
    if _GROUPED.fullmatch(token):
        whole, decimals = (token[: match.start()], match[1]) if (match := re.search(r"[.,](\d{1,2})\Z", token)) else (token, "")
        found.append(frozenset({_canonical(f"{re.sub(r'[^0-9]', '', whole)}.{decimals}")}))
    if _DECIMAL.fullmatch(token):
        found.append(frozenset({_canonical(re.sub("[,:]", ".", token))}))
    if not found or " " in token or (len(re.findall(r"\d+", token)) > 2 and not _GROUPED.fullmatch(token)):
        found.append(parts)
    return tuple(found)


def _canonical(number: str) -> str:
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")


def _worded(plain: str) -> Iterator[tuple[int, str]]:
    """Numbers in words that count days, hours, euros and the like; others count what is being said: `two ways`."""
    for number, following in in_words(plain):
        if number > 1 and not _COUNTED.isdisjoint(following):
            yield number, _unit_of_words(following).replace("other", "")


def _unit_of_words(following: list[str]) -> str:
    units = [_UNIT_OF.get(word, "other") for word in following if word in _COUNTED]
    return units[0] if units else ""


def _is_counted(plain: str, number: re.Match[str]) -> bool:
    """Whether days or the like come after a number."""
    after = _THEN.match(plain, number.end())
    return after is not None and not _COUNTED.isdisjoint(after.groups())


def _unit(plain: str, start: int, end: int) -> str:
    """The unit after or before what stands in a place of a text."""
    after = _AFTER.match(plain, end)
    if after and (unit := _UNIT_OF.get(after[1])):
        return unit
    before = _BEFORE.search(plain[max(0, start - 5) : start])
    return _UNIT_OF.get(before[1], "") if before else ""
