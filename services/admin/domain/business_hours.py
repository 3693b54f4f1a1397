"""The rules of business hours that the contract can't state: times exist, end after they begin, and don't overlap."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from services.admin.domain import errors

DAY_MINUTES = 24 * 60


def check(hours: Mapping[str, Any]) -> None:
    """Raises InvalidBusinessHours, which names the field. `hours`: with the contract's JSON names."""
    by_day: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for index, opening in enumerate(hours.get("openings", ())):
        by_day[opening.get("day", "")].append((f"openings[{index}]", opening))
    for openings in by_day.values():
        _check_day(openings)
    seen: set[date] = set()
    for index, special in enumerate(hours.get("specialDays", ())):
        path = f"specialDays[{index}]"
        day = _date(f"{path}.date", special.get("date", {}))
        if day in seen:
            raise errors.InvalidBusinessHours(f"{path}.date", f"{day} is there twice")
        seen.add(day)
        _check_day((f"{path}.openings[{number}]", each) for number, each in enumerate(special.get("openings", ())))


def _check_day(openings: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    stretches = sorted((_minutes(path, opening), path) for path, opening in openings)
    for (before, _), (after, path) in pairwise(stretches):
        if after[0] < before[1]:
            raise errors.InvalidBusinessHours(path, "it overlaps another one of the same day")


def _minutes(path: str, opening: Mapping[str, Any]) -> tuple[int, int]:
    start, end = (_minute(f"{path}.{name}", opening.get(name, {})) for name in ("startTime", "endTime"))
    if end <= start:
        raise errors.InvalidBusinessHours(path, "its endTime must be after its startTime; cut hours over midnight in two")
    return start, end


def _minute(path: str, time: Mapping[str, Any]) -> int:
    hours, minutes = int(time.get("hours", 0)), int(time.get("minutes", 0))
    minute = hours * 60 + minutes
    if not (hours >= 0 and 0 <= minutes < 60 and minute <= DAY_MINUTES):
        raise errors.InvalidBusinessHours(path, "it is a time from 0:00 to 24:00")
    return minute


def _date(path: str, day: Mapping[str, Any]) -> date:
    try:
        return date(int(day.get("year", 0)), int(day.get("month", 0)), int(day.get("day", 0)))
    except (ValueError, OverflowError):
        raise errors.InvalidBusinessHours(path, "year, month and day name a day of the calendar") from None
