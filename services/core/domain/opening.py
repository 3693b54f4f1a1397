"""When the team is there: questions about it, and the sentences that say it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from kit.hours import DAY_MINUTES, Hours, Stretch
from kit.text import without_accents
from services.core.domain.opening_words import ASKS, OpeningWords, opening_words

MAX_QUESTION = 200
"""Characters of a question that may be about opening hours."""
MAX_SPECIAL_DAYS = 14
"""Days ahead of which special ones are named."""
_NEAR = 7
"""Days ahead that a weekday names."""


def asks_for_hours(question: str) -> bool:
    """Whether a customer asks when the team is there."""
    if len(question) > MAX_QUESTION:
        return False
    plain = " ".join(without_accents(question.casefold().replace("’", "'").replace("ß", "ss")).split()).rstrip(" ?!.")
    return ASKS.search(plain) is not None


def now_said(hours: Hours, now: datetime, language: str) -> str:
    """One or two sentences: whether the team is there, and until when or from when on."""
    words, status = opening_words(language), hours.at(now)
    if status.changes is None:
        return words.open if status.open else words.closed
    said = words.open_until if status.open else words.closed_until
    return said.format(when=_when(status.changes, now, words))


def away_said(hours: Hours, now: datetime, language: str) -> str:
    """The notice that agents were asked to take over, outside of business hours."""
    words, status = opening_words(language), hours.at(now)
    return words.away_until.format(when=_when(status.changes, now, words)) if status.changes else words.away


def week_said(hours: Hours, now: datetime, language: str) -> list[str]:
    """The hours of the weekdays, those of special days that are near, and the time zone: a line each."""
    words, today = opening_words(language), now.astimezone(hours.zone).date()
    lines = [f"{name}: {times}" for name, times in _weekdays(hours, words)]
    for day in sorted(hours.special_days):
        if today <= day <= today + timedelta(days=MAX_SPECIAL_DAYS):
            date_said = words.date.format(day=day.day, month=words.months[day.month - 1])
            name = f" ({hours.names[day]})" if day in hours.names else ""
            lines.append(f"{words.weekdays[day.weekday()]}, {date_said}{name}: {_times(hours.of(day), words)}")
    return [*lines, words.times_in.format(zone=hours.zone.key)]


def answer(hours: Hours, now: datetime, language: str) -> str:
    """The answer to a question about opening hours, as Markdown."""
    *days, zone = week_said(hours, now, language)
    return "\n".join([now_said(hours, now, language), "", *(f"- {day}" for day in days), "", zone])


def _weekdays(hours: Hours, words: OpeningWords) -> Iterator[tuple[str, str]]:
    """The weekdays with their times; days in a row that have the same times are one."""
    days = [(day, tuple(_usual(hours, day))) for day in range(7)]
    for times, group in groupby(days, key=lambda one: one[1]):
        first, *others = [words.weekdays[day] for day, _ in group]
        name = words.days.format(first=first, last=others[-1]) if others else first
        yield name[0].upper() + name[1:], _times(times, words)


def _usual(hours: Hours, weekday: int) -> Sequence[Stretch]:
    """The stretches of a weekday, 0 for Monday, as if no day were special."""
    day = date(2024, 1, 1) + timedelta(days=weekday)  # a Monday
    return Hours(hours.time_zone, hours.openings).of(day)


def _times(stretches: Sequence[Stretch], words: OpeningWords) -> str:
    return ", ".join(f"{_clock(one.start)}–{_clock(one.end)}" for one in stretches) or words.day_off


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}" if minutes < DAY_MINUTES else "24:00"


def _when(moment: datetime, now: datetime, words: OpeningWords) -> str:
    """A moment to come, as it is said at another one."""
    days = (moment.date() - now.astimezone(moment.tzinfo or UTC).date()).days
    said = words.at if days < 1 else words.tomorrow if days == 1 else words.on_day if days < _NEAR else words.on_date
    date_said = words.date.format(day=moment.day, month=words.months[moment.month - 1])
    return said.format(weekday=words.weekdays[moment.weekday()], date=date_said, time=f"{moment:%H:%M}")
