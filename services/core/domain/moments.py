"""Dates and times of day in a text, in the usual ways of writing of seven languages.

Each has keys under which it is the same however it is written: `23/11` for a day, `/2026` for its year, `14:08` for a time. No
number has such a key.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = (
    "january januar jänner janvier enero januari gennaio janeiro jan janv ene",
    "february februar février febrero februari febbraio fevereiro feb févr fév fev",
    "march märz mars marzo maart março mär mrt", "april avril abril aprile apr avr abr", "may mai mayo mei maggio maio",
    "june juni juin junio giugno junho jun giu", "july juli juillet julio luglio julho jul juil lug",
    "august août agosto augustus aug ago", "september septembre septiembre settembre setembro sep sept",
    "october oktober octobre octubre ottobre outubro oct okt ott", "november novembre noviembre novembro nov",
    "december dezember décembre diciembre dicembre dezembro dec dez dic déc",
)  # fmt: skip
MONTH_OF = {word: n for n, words in enumerate(_MONTHS, 1) for word in words.split()}
_MONTH = "|".join(sorted(MONTH_OF, key=len, reverse=True))
_DATE = re.compile(
    rf"""(?<![\d.,:/])(?:
    (?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[º°ª])?\.?\s{{1,3}}(?:(?:de|of)\s{{1,3}})?(?P<month>{_MONTH})\b\.?
        (?:,?\s{{1,3}}(?:del?\s{{1,3}})?(?P<year>\d{{4}})(?!\d))?
    |(?<!\w)(?P<month2>{_MONTH})\b\.?\s{{1,3}}(?:the\s{{1,3}})?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,:]\d|\s?[%€$£])
        (?:,?\s{{1,3}}(?P<year2>\d{{4}})(?!\d))?
    |(?P<year3>\d{{4}})(?P<sep>[-/.])(?P<month3>\d{{1,2}})(?P=sep)(?P<day3>\d{{1,2}})(?!\d|[.,/-]\d)
    |(?P<one>\d{{1,2}})(?P<sep2>[-/.])(?P<two>\d{{1,2}})(?P=sep2)(?P<year4>\d{{4}}|\d{{2}})(?!\d|[.,/-]\d)
    |(?P<one2>\d{{1,2}})/(?P<two2>\d{{1,2}})(?!\d|[.,/]\d)
    )""",
    re.X,
)
_CLOCK = re.compile(
    r"""(?<![\d.,:/])(?P<hour>\d{1,2})
    (?:(?P<gap>[:.]|\s?h\s?|\s?uhr\s)(?P<minute>[0-5]\d)(?!\d)(?::\d{2}(?!\d))?)?
    (?:\s?(?P<half>[ap])\.?\s?m\b\.?|\s?(?P<word>uhr|h|o['’]clock|uur)\b)?""",
    re.X,
)


@dataclass(frozen=True, slots=True)
class Date:
    """A day, and its year if there is one."""

    start: int
    end: int
    numbers: tuple[int, int]
    """As written: day and month, or the reverse."""
    named: bool
    """The month has a name: the numbers are day and month."""
    year: int | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The day's key; two if it is unclear which number is the month."""
        one, two = self.numbers
        return (f"{one}/{two}",) if self.named else (f"{one}/{two}", f"{two}/{one}")

    @property
    def year_key(self) -> str:
        """The year's key; `/` if there is none."""
        return f"/{self.year or ''}"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    start: int
    end: int
    written: str
    """The hour as written, with the minutes if there are any: `5` or `5:30`."""
    key: str
    hours: frozenset[int]
    """As `17` and `5`, which clocks of 24 and of 12 hours show."""
    minute: str


def dates(plain: str) -> Iterator[Date]:
    """The days in a text in lower case."""
    for found in _DATE.finditer(plain):
        year = found["year"] or found["year2"] or found["year3"] or found["year4"]
        if year and len(year) == 2:
            year = f"20{year}"
        if month := found["month"] or found["month2"]:
            numbers = int(found["day"] or found["day2"]), MONTH_OF[month]
        elif found["year3"]:
            numbers = int(found["day3"]), int(found["month3"])
        else:
            numbers = int(found["one"] or found["one2"]), int(found["two"] or found["two2"])
        named = bool(month or found["year3"])
        yield Date(found.start(), found.end(), numbers, named, int(year) if year else None)


def clocks(plain: str) -> Iterator[Clock]:
    """The times of day in a text in lower case."""
    for found in _CLOCK.finditer(plain):
        hour, half, minute = int(found["hour"]), found["half"], found["minute"]
        said = half or found["word"]
        if hour > 24 or not (minute or said) or (found["gap"] == "." and not said):
            continue
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        hours = frozenset((hour, hour - 12 if hour > 12 else 12 if hour == 0 else hour))
        written = f"{found['hour']}:{minute}" if minute else found["hour"]
        yield Clock(found.start(), found.end(), written, f"{hour}:{minute or '00'}", hours, minute or "")
