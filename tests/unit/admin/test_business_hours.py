"""Business hours that can't be, are refused by the field."""

from __future__ import annotations

from typing import Any

import pytest

from services.admin.domain import business_hours, settings
from services.admin.domain.errors import InvalidBusinessHours

ORGANIZATION: Any = "acme"
DATE = {"year": 2026, "month": 12, "day": 24}


def opening(start: object, end: object, day: str = "MONDAY") -> dict[str, Any]:
    return {"day": day, "startTime": start, "endTime": end}


def test_hours_that_can_be_are_accepted() -> None:
    value = {
        "timeZone": "Europe/Madrid",
        "openings": [
            opening({"hours": 14}, {"hours": 24}),
            opening({}, {"hours": 14}),
            opening({"hours": 9, "minutes": 30}, {"hours": 18}, "TUESDAY"),
        ],
        "specialDays": [
            {"date": DATE, "displayName": "Christmas Eve"},
            {"date": {**DATE, "day": 31}, "openings": [{"startTime": {"hours": 9}, "endTime": {"hours": 12}}]},
        ],
    }
    settings.check({"businessHours": value}, ORGANIZATION, ())
    settings.check({"businessHours": {}}, ORGANIZATION, ())


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"openings": [opening({"hours": 18}, {"hours": 9})]}, "openings[0]"),
        ({"openings": [opening({"hours": 9}, {"hours": 25})]}, "openings[0].endTime"),
        ({"openings": [opening({"hours": 9, "minutes": 75}, {"hours": 12})]}, "openings[0].startTime"),
        ({"openings": [opening({"hours": 9}, {"hours": 12}), opening({"hours": 11}, {"hours": 13})]}, "openings[1]"),
        ({"specialDays": [{"date": {"year": 2026, "month": 2, "day": 30}}]}, "specialDays[0].date"),
        ({"specialDays": [{"date": DATE}, {"date": DATE}]}, "specialDays[1].date"),
    ],
)
def test_hours_that_can_not_be_are_refused(value: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidBusinessHours) as caught:
        business_hours.check(value)
    assert caught.value.metadata["field"] == f"businessHours.{field}"
