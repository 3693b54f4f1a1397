"""The facts about the business in a prompt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kit.hours import Hours, Stretch
from services.core.domain.business import Business, facts, without_the_moment

NOW = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("business", "said"),
    [
        (Business(), "Now it is 23:30 on Thursday, 31 December 2026 (UTC)."),
        (Business("Acme"), "The business is Acme.\nNow it is 23:30 on Thursday, 31 December 2026 (UTC)."),
        (Business("", "Europe/Berlin"), "Now it is 00:30 on Friday, 1 January 2027 (Europe/Berlin)."),
        (Business("", "America/New_York"), "Now it is 18:30 on Thursday, 31 December 2026 (America/New_York)."),
        (Business("", "Nowhere/At_All"), "Now it is 23:30 on Thursday, 31 December 2026 (UTC)."),
        (Business("", "../etc/passwd"), "Now it is 23:30 on Thursday, 31 December 2026 (UTC)."),
    ],
)
def test_the_date_is_that_of_the_organizations_time_zone(business: Business, said: str) -> None:
    assert facts(business, Hours(), NOW) == said


def test_the_model_learns_when_agents_are_there() -> None:
    hours = Hours("Europe/Berlin", {day: [Stretch(540, 1080)] for day in range(1, 6)})
    told = facts(Business("Acme", "Europe/Berlin"), hours, datetime(2026, 11, 30, 12, tzinfo=UTC)).splitlines()
    assert told[2:] == [
        "When human agents are there (Europe/Berlin): Monday to Friday: 09:00–18:00; Saturday to Sunday: closed.",
        "Our team is here now. We close at 18:00.",
    ]
    assert facts(Business(), hours, datetime(2026, 11, 28, tzinfo=UTC)).endswith("We are back on Monday at 09:00.")


def test_the_moment_stands_apart_from_what_lasts() -> None:
    business = Business("Acme")
    lasting, moment = without_the_moment(facts(business, Hours("UTC", {1: [Stretch(540, 1080)]}), NOW))
    assert moment == facts(Business(), Hours(), NOW)
    assert [lasting[0], len(lasting)] == ["The business is Acme.", 3]
    assert without_the_moment("") == ([], "")
