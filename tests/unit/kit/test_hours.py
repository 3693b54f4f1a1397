"""Opening hours: the moment's state and the next change, over nights, special days and the change of the clocks."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.hours import DAY_MINUTES, Hours, Status, Stretch, zone_of

MADRID = ZoneInfo("Europe/Madrid")
WEEK = {day: [Stretch(9 * 60, 18 * 60)] for day in range(1, 6)}
"""Monday to Friday, nine to six."""


def hours(
    openings: Mapping[int, Sequence[Stretch]] = WEEK,
    special: Mapping[date, Sequence[Stretch]] | None = None,
    zone: str = "Europe/Madrid",
) -> Hours:
    return Hours(zone, openings, special or {})


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("now", "open", "changes"),
    [
        ("2026-11-30T08:59:59", False, "2026-11-30T09:00"),
        ("2026-11-30T09:00", True, "2026-11-30T18:00"),
        ("2026-11-30T17:59:59", True, "2026-11-30T18:00"),
        ("2026-11-30T18:00", False, "2026-12-01T09:00"),
        ("2026-11-27T18:00", False, "2026-11-30T09:00"),
        ("2026-11-29T12:00", False, "2026-11-30T09:00"),
    ],
)
def test_an_opening_begins_at_its_start_and_ends_before_its_end(now: str, open: bool, changes: str) -> None:
    status = hours().at(at(now))

    assert status == Status(open, at(changes))
    assert status.changes is not None
    assert status.changes.tzinfo == MADRID


def test_the_moment_may_come_in_any_time_zone() -> None:
    assert hours().at(datetime(2026, 11, 30, 8, 30, tzinfo=UTC)).open, "half past nine in Madrid"
    assert not hours().at(datetime(2026, 11, 30, 17, 30, tzinfo=UTC)).open


def test_without_openings_it_is_always_open() -> None:
    assert Hours().at(at("2026-11-29T03:00")) == Status(open=True)
    assert Hours().always


def test_a_special_day_replaces_its_weekday() -> None:
    christmas = {date(2026, 12, 24): [Stretch(10 * 60, 13 * 60)], date(2026, 12, 25): []}

    assert hours(special=christmas).at(at("2026-12-24T09:30")) == Status(False, at("2026-12-24T10:00"))
    assert hours(special=christmas).at(at("2026-12-24T12:00")) == Status(True, at("2026-12-24T13:00"))
    assert hours(special=christmas).at(at("2026-12-24T13:00")) == Status(False, at("2026-12-28T09:00"))


def test_a_business_that_is_always_open_may_have_a_day_off() -> None:
    closed = Hours("UTC", special_days={date(2027, 1, 1): []})

    assert closed.at(at("2026-11-30T12:00", "UTC")) == Status(True, at("2027-01-01T00:00", "UTC"))
    assert closed.at(at("2027-01-01T12:00", "UTC")) == Status(False, at("2027-01-02T00:00", "UTC"))
    assert closed.at(at("2027-01-02T00:00", "UTC")) == Status(True), "nothing is known to change"
    assert not closed.always


def test_stretches_that_touch_at_midnight_are_one() -> None:
    bar = {5: [Stretch(20 * 60, DAY_MINUTES)], 6: [Stretch(0, 3 * 60), Stretch(2 * 60, 4 * 60)]}

    assert hours(bar).at(at("2026-11-27T23:59")) == Status(True, at("2026-11-28T04:00"))
    assert hours(bar).at(at("2026-11-28T01:00")) == Status(True, at("2026-11-28T04:00"))
    assert hours(bar).of(date(2026, 11, 28)) == (Stretch(0, 4 * 60),)


def test_whole_weeks_never_close() -> None:
    every_day = {day: [Stretch(0, DAY_MINUTES)] for day in range(1, 8)}

    assert hours(every_day).at(at("2026-11-30T12:00")) == Status(open=True)


def test_a_business_whose_days_are_all_closed_never_opens() -> None:
    closed = hours({1: [Stretch(600, 600)]})

    assert closed.at(at("2026-11-30T10:00")) == Status(open=False)


def test_a_special_day_far_ahead_is_found_within_a_year_and_no_further() -> None:
    closed = {day: [Stretch(0, 0)] for day in range(1, 8)}
    now = at("2026-11-30T12:00")

    assert hours(closed, {date(2027, 6, 1): [Stretch(600, 660)]}).at(now).changes == at("2027-06-01T10:00")
    assert hours(closed, {date(2029, 6, 1): [Stretch(600, 660)]}).at(now).changes is None


class TestClockChanges:
    """Madrid's clocks go from 2:00 to 3:00 on 2026-03-29 and from 3:00 to 2:00 on 2026-10-25."""

    def test_an_opening_keeps_the_time_on_the_wall(self) -> None:
        friday, monday = hours().at(at("2026-03-27T18:00")), hours().at(at("2026-03-30T09:00"))

        assert friday.changes is not None
        assert friday.changes.astimezone(UTC) == datetime(2026, 3, 30, 7, tzinfo=UTC), "nine o'clock of summer"
        assert monday.open

    def test_a_night_that_loses_an_hour_is_shorter(self) -> None:
        night = {7: [Stretch(0, 6 * 60)]}
        status = hours(night).at(at("2026-03-29T00:00"))

        assert status.changes is not None
        assert status.changes.astimezone(UTC) - at("2026-03-29T00:00").astimezone(UTC) == timedelta(hours=5)

    def test_an_opening_in_a_skipped_hour_moves_by_it(self) -> None:
        skipped = {7: [Stretch(2 * 60 + 30, 6 * 60)]}

        assert hours(skipped).at(at("2026-03-29T01:00")).changes == at("2026-03-29T03:30")

    def test_an_opening_that_ends_in_an_hour_that_comes_twice_ends_at_the_second(self) -> None:
        status = hours({7: [Stretch(0, 2 * 60 + 30)]}).at(at("2026-10-25T01:00"))

        assert status.changes is not None
        assert status.changes.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    def test_an_opening_that_begins_in_an_hour_that_comes_twice_begins_at_the_first(self) -> None:
        status = hours({7: [Stretch(2 * 60 + 30, 6 * 60)]}).at(at("2026-10-25T01:00"))

        assert status.changes is not None
        assert status.changes.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    @pytest.mark.parametrize("zone", ["America/Santiago", "Asia/Beirut", "Atlantic/Azores"])
    def test_clocks_that_change_at_midnight_leave_no_gap_and_no_overlap(self, zone: str) -> None:
        every = hours({day: [Stretch(0, DAY_MINUTES)] for day in range(1, 8)}, zone=zone)
        weekdays = hours({day: [Stretch(0, DAY_MINUTES)] for day in range(1, 6)}, zone=zone)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        for _ in range(365 * 24):
            now += timedelta(hours=1)
            assert weekdays.at(now).open == (now.astimezone(ZoneInfo(zone)).isoweekday() <= 5), now
        assert every.at(now) == Status(open=True)


def test_a_time_zone_that_this_machine_does_not_know_is_utc() -> None:
    assert zone_of("Mars/Base") is None
    assert zone_of("../../etc/passwd") is None
    assert zone_of("") is None
    assert hours(zone="Mars/Base").at(at("2026-11-30T09:00", "UTC")).open
