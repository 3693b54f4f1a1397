"""A passage, or the moment, makes some things evident: dates, times, amounts and telephone numbers in seven languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.hours import Hours
from services.core.domain import Passage
from services.core.domain.business import Business, facts
from services.core.domain.figures import Known, figures
from services.core.domain.grounds import Grounds
from tests.support.budgets import assert_quick

NOW = datetime(2026, 11, 23, 14, 8, tzinfo=UTC)


def grounds(passage: str = "", now: datetime | None = None) -> Grounds:
    """Of one passage, or of the moment alone."""
    passages = [Passage("documents/d1/passages/1-0", "documents/d1", 1, "", "", "", passage)] if passage else []
    return Grounds(passages, moment=facts(Business(), Hours(), now) if now else "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ouvert de 9h à 17h30.", "Open 9:00-17:30."),
        ("Aberto das 9h às 17h30.", "Open 9 am to 5:30 pm."),
        ("9h30", "9:30 am"),
        ("17 Uhr 30", "17:30 Uhr"),
        ("17.30 Uhr", "5:30 pm"),
        ("0:30", "12:30 am"),
        ("until 24 December", "Dec 24"),
        ("24 December 2026", "24. Dez. 2026"),
        ("5 September", "Sept. 5"),
        ("03/03/2026", "3. März 2026"),
        ("03/03/26", "3. März 2026"),
        ("2026/11/05", "le 5 novembre 2026"),
        ("the 5th of November", "November the 5th"),
        ("5 de novembro de 2026", "2026-11-05"),
        ("deux cents euros", "200 euros"),
        ("quatre-vingts euros", "80 €"),
        ("quatre-vingt-dix euros", "90 €"),
        ("duecento euro", "200 €"),
        ("duemilacinquecento euro", "2.500 €"),
        ("doscientos cincuenta euros", "250 euros"),
        ("quinhentos euros", "500 €"),
        ("einhundertfünfzig Euro", "150 EUR"),
        ("zweitausend Euro", "€2,000"),
        ("vijfhonderd euro", "€ 500"),
        ("a million euros", "€1,000,000"),
        ("eine Million Euro", "1.000.000 €"),
        ("un millón de euros", "1 000 000 €"),
        ("€5 million", "5 Mio. Euro"),
        ("5k subscribers", "5,000 subscribers"),
        ("5 PLN", "5 złoty"),
        ("50 cents", "50 ct"),
        ("call 030 1234567", "+49 (0)30 1234567"),
        ("call +49 30 1234567", "call 0049 (0)30 / 1234567"),
    ],
)
def test_the_same_in_another_way_of_writing_is_evident_both_ways(one: str, other: str) -> None:
    assert grounds(other).supports(one)
    assert grounds(one).supports(other)


def test_a_local_number_makes_the_international_one_evident() -> None:
    assert grounds("Call 030 1234567").supports("Call +49 30 1234567")
    assert not grounds("Call 030 1234567").supports("Call 0900 49301234567")


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("duecento euro", "x"),
        ("cinquecento euro", "5 euro"),
        ("doscientos euros", "2 euros"),
        ("zweihundert Euro", "2 Euro, 100 Stück"),
        ("vijfhonderd euro", "5 euro"),
        ("a million euros", "1 euro"),
        ("eine Million Euro", "1 Euro"),
        ("€5 million", "€5"),
        ("€5k", "€5"),
        ("5 Mio. Euro", "5 Euro"),
        ("5 złoty", "€5"),
        ("₹5", "€5"),
        ("5 CAD", "5 €"),
        ("5 cents", "5 euros"),
        ("5‰", "5%"),
        ("17h45", "17:30, 45 km"),
        ("call 0000000", "+49 30 1234567"),
        ("ring 0900 49301234567", "+49 30 1234567"),
        ("call +1 900 1234567", "Order number 1234567"),
        ("call 0190 20261123", "20261123"),
    ],
)
def test_another_amount_date_or_number_is_not_evident(sentence: str, passage: str) -> None:
    assert not grounds(passage).supports(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Now it is 14:08 on Monday, 23 November 2026 (UTC).",
        "Today is Nov 23, 2026.",
        "It is 23 Nov 2026.",
        "Heute ist der 23. Nov. 2026.",
        "Today is 23/11/26.",
        "Today is 23/11.",
        "Today is 2026/11/23.",
        "It is November the 23rd.",
        "Il est 14h08.",
        "Son las 14:08.",
        "It is 2:08 p.m.",
    ],
)
def test_the_date_and_the_time_may_be_said_in_any_way(sentence: str) -> None:
    assert grounds(now=NOW).supports(sentence)


@pytest.mark.parametrize("hour", [0, 10, 12, 14])
def test_a_full_hour_may_be_said(hour: int) -> None:
    known = grounds(now=NOW.replace(hour=hour, minute=0))
    half = f"{hour % 12 or 12}:00 {'pm' if hour > 11 else 'am'}"
    assert known.supports(f"It is {hour:02}:00 on Monday, 23 November 2026, {half}, {hour} Uhr.")
    assert not known.supports(f"It takes {hour or 24} days.")


@pytest.mark.parametrize(
    "sentence",
    [
        "We have 2026 shops.",
        "Returns take 2026 days.",
        "We shipped 2,026 orders.",
        "It costs 2026.",
        "Version 23.11 is out.",
        "Delivery takes 23.11 days.",
        "The weight is 2.08 kg.",
        "It takes 23 days.",
        "It takes 14 days.",
        "It takes eight days, and 11 hours.",
        "It is 24 November 2026.",
        "It is 23 November 2027.",
        "It is 14:09.",
        "It is 2:08 am.",
    ],
)
def test_the_date_and_the_time_make_no_number_evident(sentence: str) -> None:
    assert not grounds(now=NOW).supports(sentence)


_PARTS = [
    "0",
    "1",
    "5",
    "12",
    "23",
    "24",
    "30",
    "2026",
    "1000",
    "004911",
    " ",
    " ",
    ".",
    ",",
    ":",
    "/",
    "-",
    "+",
    "(0)",
    "h",
    "am",
]
_PARTS += [
    "pm",
    "uhr",
    "€",
    "%",
    "eur",
    "cents",
    "k",
    "million",
    "mil",
    "nov",
    "november",
    "de",
    "two",
    "cent",
    "hundert",
    "n-",
    "e",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_PARTS), max_size=12).map("".join))
def test_a_text_makes_itself_evident(text: str) -> None:
    known = Known.of(text)
    found, phones = figures(text)
    assert [figure for figure in found if not known.has(figure)] == []
    assert [phone for phone in phones if not known.has_phone(phone)] == []


@pytest.mark.parametrize("filling", ["+1", "1/1/", "5 nov ", "1h", "nov ", "cent", "hundert", "5 mil ", "1  ", "de "])
def test_no_sentence_takes_long_to_judge(filling: str) -> None:
    text = filling * (16_000 // len(filling))
    assert_quick(0.3, lambda: Grounds((), [text]).supports(text[:2_000]))
