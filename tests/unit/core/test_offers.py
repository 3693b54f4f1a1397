"""The offer of a human: once, then stronger, then agents take over; outside of business hours it says when they are back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kit.hours import Hours, Stretch
from services.core.app.replies import answer_to_offer, handover_after
from services.core.domain import Message, MessageKind, Reply, Role
from services.core.domain.languages import LANGUAGES, language_of
from services.core.domain.offers import not_known, not_settled, notice_of, offer_of
from services.core.domain.policy import Policy
from tests.unit.core.making import message

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 30, 23, tzinfo=UTC)
OFFICE = Policy(hours=Hours("UTC", {day: [Stretch(540, 1080)] for day in range(1, 6)}))
UNKNOWN = Reply("I don't know.", MessageKind.UNKNOWN, (), "rules")


def talk(*kinds: MessageKind) -> list[Message]:
    """A question before each of the assistant's answers, and one more."""
    said = [message(1, "Do you sell zebras?")]
    for kind in kinds:
        answer = replace(message(len(said) + 1, "…", Role.ASSISTANT), kind=kind)
        said += [answer, message(len(said) + 2, "And lions?")]
    return said


def test_the_first_offer_is_a_question_and_the_second_is_stronger() -> None:
    first = not_known("en", offer_of(talk(), Policy(), NOON))
    second = not_known("en", offer_of(talk(MessageKind.UNKNOWN), Policy(), NOON))

    assert first.endswith("Would you like to talk to a human?")
    assert second == "I don't know that either. Our team can help you with it: shall I ask them to take over?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ما هي مدة الإرجاع؟", "ar"),
        ("كم سعر Frontdesk Premium Edition?", "ar"),
        ("Where is قهوة sold in your shop?", "en"),
        ("چطور می‌توانم سفارش را پس بدهم؟", ""),  # Persian, in the same script
    ],
)
def test_arabic_is_recognized_by_its_script(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(("text", "hands_over"), [("نعم، من فضلك", True), ("لا شكراً", False)])
def test_a_yes_or_no_to_an_arabic_offer_is_understood(text: str, hands_over: bool) -> None:
    offer = replace(message(2, not_known("ar"), Role.ASSISTANT), kind=MessageKind.UNKNOWN)
    answered = answer_to_offer([message(1, "هل تبيعون الحمير؟"), offer, message(3, text)], Policy(), NOON)

    assert answered is not None
    reply, hand_over = answered
    assert language_of(reply.text) == "ar"
    assert (hand_over is not None) is hands_over


def test_after_the_third_in_a_row_agents_take_over() -> None:
    said = talk(MessageKind.UNKNOWN, MessageKind.UNKNOWN)
    hand_over = handover_after(said, UNKNOWN, Policy(), NOON)

    assert not_known("en", offer_of(said, Policy(), NOON)) == "I don't know that either."
    assert hand_over is not None
    assert hand_over.notice == "I've asked our team to take over: they will answer you here."
    assert handover_after(said, replace(UNKNOWN, kind=MessageKind.ANSWER), Policy(), NOON) is None


def test_an_answer_between_them_starts_over() -> None:
    said = talk(MessageKind.UNKNOWN, MessageKind.UNKNOWN, MessageKind.ANSWER)

    assert not offer_of(said, Policy(), NOON).again
    assert handover_after(said, UNKNOWN, Policy(), NOON) is None


def test_a_notice_between_them_counts_for_nothing() -> None:
    assert handover_after(talk(MessageKind.UNKNOWN, MessageKind.HOLDING, MessageKind.UNKNOWN), UNKNOWN, Policy(), NOON)


def test_outside_of_business_hours_no_one_is_there_to_take_over() -> None:
    said = talk(*[MessageKind.UNKNOWN] * 5)

    assert handover_after(said, UNKNOWN, OFFICE, NIGHT) is None
    assert handover_after(said, UNKNOWN, OFFICE, NOON) is not None
    told = not_known("en", offer_of(said, OFFICE, NIGHT))
    assert "We are back tomorrow at 09:00." in told
    assert told.endswith("shall I ask them to take over?")


def test_an_organizations_own_number_holds_at_any_hour() -> None:
    assert handover_after(talk(), UNKNOWN, replace(OFFICE, unknown_answers=1), NIGHT) is not None
    assert handover_after(talk(*[MessageKind.UNKNOWN] * 9), UNKNOWN, Policy(unknown_answers=0), NOON) is None


def test_the_notice_says_when_the_team_is_back_unless_the_business_has_its_own_words() -> None:
    own = replace(OFFICE, handover_notice="Alex answers soon.", closed_notice="We sleep.")

    assert notice_of(OFFICE, NOON, "en") == ""
    assert "back tomorrow at 09:00" in notice_of(OFFICE, NIGHT, "en")
    assert "morgen um 09:00 Uhr" in notice_of(OFFICE, NIGHT, "de")
    assert (notice_of(own, NOON, "en"), notice_of(own, NIGHT, "en")) == ("Alex answers soon.", "We sleep.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_to_any_offer_is_understood_in_each_language(language: str) -> None:
    for said in ([], [MessageKind.UNKNOWN]):
        for make in (not_known, not_settled):
            offer = replace(
                message(2, make(language, offer_of(talk(*said), OFFICE, NIGHT)), Role.ASSISTANT), kind=MessageKind.UNKNOWN
            )
            settled = answer_to_offer([message(1, "?"), offer, message(3, "ok")], OFFICE, NIGHT)
            assert settled is not None
            assert settled[1] is not None
            assert "09:00" in settled[0].text
