"""Opening hours: whether a business is open at a moment, and when that changes next.

Openings are written as a clock on the wall shows them, so the length of a stretch may differ on the days on which the clocks
change. A stretch that begins or ends in an hour that is skipped moves by the skipped time. In an hour that comes twice, a
stretch begins at the first time and ends at the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_MINUTES = 24 * 60
MAX_DAYS = 370
"""How far ahead a change is looked for."""
_WEEK = 8
"""Days after which nothing new comes, where no special day does."""


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A part of a day."""

    start: int
    """Minutes after midnight, inclusive."""
    end: int
    """Minutes after midnight, exclusive; `DAY_MINUTES` for the day's end."""


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a business is open at a moment."""

    open: bool
    changes: datetime | None = None
    """When it closes or opens next, in its time zone. None: not within a year, as far as is known."""


@dataclass(frozen=True)
class Hours:
    """The opening hours of a business."""

    time_zone: str = ""
    """An IANA name; empty, or not known on this machine: UTC."""
    openings: Mapping[int, Sequence[Stretch]] = field(default_factory=lambda: MappingProxyType({}))
    """The stretches of each weekday, of which Monday is 1 and Sunday 7. Empty: it is always open."""
    special_days: Mapping[date, Sequence[Stretch]] = field(default_factory=lambda: MappingProxyType({}))
    """The stretches of days that differ from their weekday; none: it is closed."""
    names: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    """Names of special days: "Christmas"."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return zone_of(self.time_zone) or _UTC

    @property
    def always(self) -> bool:
        """Whether it is open at all times."""
        return not self.openings and not self.special_days

    def of(self, day: date) -> tuple[Stretch, ...]:
        """The stretches of a day, in order; those that touch are one."""
        given = self.special_days.get(day)
        if given is None:
            given = self.openings.get(day.isoweekday(), ()) if self.openings else (Stretch(0, DAY_MINUTES),)
        joined: list[Stretch] = []
        for stretch in sorted(given):
            if joined and stretch.start <= joined[-1].end:
                joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, stretch.end))
            elif stretch.start < stretch.end:
                joined.append(stretch)
        return tuple(joined)

    def at(self, now: datetime) -> Status:
        """Whether it is open at a moment, which must be aware, and when that changes next."""
        if self.always:
            return Status(open=True)
        zone, closes = self.zone, None
        now = now.astimezone(UTC)
        for start, end in self._stretches(now.astimezone(zone).date()):
            if closes is not None and start > closes:
                break
            if closes is not None:
                closes = max(closes, end)
            elif start > now:
                return Status(open=False, changes=start.astimezone(zone))
            elif end > now:
                closes = end
        else:
            if closes is None or closes >= self._until(now):
                return Status(open=closes is not None)
        return Status(open=True, changes=closes.astimezone(zone))

    def _stretches(self, today: date) -> Iterator[tuple[datetime, datetime]]:
        """The stretches from yesterday on as moments in UTC, as far ahead as something new can come."""
        zone = self.zone
        day, last = today - timedelta(days=1), self._last(today)
        while day <= last:
            for stretch in self.of(day):
                yield _moment(day, stretch.start, zone, second=False), _moment(day, stretch.end, zone, second=True)
            day += timedelta(days=1)

    def _last(self, today: date) -> date:
        ahead = [day for day in self.special_days if today <= day]
        return min(max([today, *ahead]) + timedelta(days=_WEEK), today + timedelta(days=MAX_DAYS))

    def _until(self, now: datetime) -> datetime:
        last = self._last(now.astimezone(self.zone).date())
        return _moment(last, DAY_MINUTES, self.zone, second=True)


@lru_cache(maxsize=1_000)
def zone_of(name: str) -> ZoneInfo | None:
    """A time zone by its IANA name; None where this machine doesn't know it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


_UTC = ZoneInfo("UTC")


def _moment(day: date, minutes: int, zone: ZoneInfo, *, second: bool) -> datetime:
    """The moment, in UTC, at which the clock shows a time of a day. `second`: the later one, where it shows it twice."""
    there = datetime.combine(day, time()) + timedelta(minutes=minutes)
    moment = there.replace(tzinfo=zone).astimezone(UTC)
    if second and minutes < DAY_MINUTES:  # a day ends where the next one first begins
        moment = max(moment, there.replace(tzinfo=zone, fold=1).astimezone(UTC))
    return moment
