"""The business that the assistant works for, as the prompt describes it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from kit.hours import Hours, zone_of
from services.core.domain.opening import now_said, week_said
from services.core.domain.opening_words import opening_words

_ENGLISH = opening_words("en")
_NOW = "Now it is "


@dataclass(frozen=True, slots=True)
class Business:
    """An organization as its customers know it."""

    name: str = ""
    time_zone: str = ""
    """An IANA name; empty means UTC."""


def facts(business: Business, hours: Hours, now: datetime) -> str:
    """Facts about the business at a moment, one a line: its name, the date there, and when its agents are there."""
    zone = zone_of(business.time_zone)
    there = now.astimezone(zone or UTC)
    day = f"{_ENGLISH.weekdays[there.weekday()]}, {there.day} {_ENGLISH.months[there.month - 1]} {there.year}"
    lines = [f"The business is {business.name}."] if business.name else []
    lines.append(f"{_NOW}{there:%H:%M} on {day} ({business.time_zone if zone else 'UTC'}).")
    if not hours.always:
        *days, _ = week_said(hours, now, "en")
        lines.append(f"When human agents are there ({hours.zone.key}): {'; '.join(days)}.")
        lines.append(now_said(hours, now, "en"))
    return "\n".join(lines)


def without_the_moment(listed: str) -> tuple[list[str], str]:
    """The lines of `facts`, and apart from them the one with the time and the date."""
    lines = [line for line in listed.splitlines() if line]
    return [line for line in lines if not line.startswith(_NOW)], "".join(line for line in lines if line.startswith(_NOW))
