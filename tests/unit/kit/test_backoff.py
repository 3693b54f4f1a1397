"""Backoff: delays grow, have a maximum, and are spread; a success begins again. A server may name the delay itself."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from kit.backoff import Backoff, retry_after


def test_delays_grow_up_to_the_maximum() -> None:
    backoff = Backoff(first=1, maximum=300, factor=5, jitter=0)
    assert [backoff.delay(attempt) for attempt in range(1, 7)] == [1, 5, 25, 125, 300, 300]
    assert backoff.delay(0) == 1
    assert backoff.delay(1_000_000) == 300


def test_jitter_shortens_a_delay_and_never_makes_it_longer() -> None:
    backoff = Backoff(first=1, maximum=4, jitter=0.25)
    for attempt, whole in ((1, 1), (2, 2), (3, 4), (9, 4)):
        delays = [backoff.delay(attempt) for _ in range(1000)]
        assert 0.75 * whole <= min(delays) < 0.8 * whole
        assert 0.95 * whole < max(delays) <= whole


async def test_pauses_grow_until_an_attempt_succeeds() -> None:
    pauses = Backoff(first=0.001, maximum=0.003, jitter=0).pauses()
    await pauses.wait()
    assert [pauses.next(), pauses.next()] == [0.002, 0.003]
    pauses.reset()
    assert pauses.next() == 0.001


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("7", 7, 7),
        (" 0.5 ", 0.5, 0.5),
        ("0", 0, 0),
        ("Fri, 31 Dec 1999 23:59:59 -0000", 0, 0),
    ],
)
def test_a_moment_is_read_in_seconds_and_as_a_past_date(value: str, least: float, most: float) -> None:
    found = retry_after(value)
    assert found is not None
    assert least <= found <= most


def test_a_date_to_come_is_read_in_seconds() -> None:
    found = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert found is not None
    assert 50 <= found <= 60


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e3", "nan", "inf", "²", "٣", "Fri, 99 Foo 1999", "1.2.3", "\x00"])
def test_no_moment_is_read_from_what_is_none(value: str) -> None:
    assert retry_after(value) is None
