"""The offer of a human beside "I don't know", and the notices of a handover: stronger with each such answer in a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kit.hours import Hours
from services.core.domain.opening import away_said, now_said
from services.core.domain.phrases import phrases
from services.core.domain.policy import ALWAYS, Policy
from services.core.domain.values import Message, MessageKind, Role


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer that goes with "I don't know"."""

    again: bool = False
    """The answer before was one, too."""
    hands_over: bool = False
    """Agents take over after it: there is nothing to offer."""
    hours: Hours = ALWAYS
    now: datetime | None = None


FIRST = Offer()


def unknown_in_a_row(said: Sequence[Message]) -> int:
    """How many of the assistant's last answers say that it doesn't know."""
    count = 0
    for message in reversed(said):
        if message.role is Role.CUSTOMER or message.kind is MessageKind.HOLDING:
            continue
        if message.role is not Role.ASSISTANT or message.kind is not MessageKind.UNKNOWN:
            break
        count += 1
    return count


def offer_of(said: Sequence[Message], policy: Policy, now: datetime) -> Offer:
    """The offer in a conversation, should its next answer be that the assistant doesn't know."""
    count, most = unknown_in_a_row(said), policy.max_unknown(now)
    return Offer(again=count > 0, hands_over=0 < most <= count + 1, hours=policy.opening, now=now)


def not_known(language: str, offer: Offer = FIRST) -> str:
    """The sentence that the assistant doesn't know, with the offer."""
    own = phrases(language)
    if not offer.again:
        return own.not_known if offer.hands_over else f"{own.not_known} {own.offer}"
    return own.not_known_again if offer.hands_over else f"{own.not_known_again} {_asked(language, offer)}"


def not_settled(language: str, offer: Offer = FIRST) -> str:
    """The answer to a complaint that no page answers, with the offer."""
    own = phrases(language)
    said = f"{own.sorry} {own.not_settled}"
    return said if offer.hands_over else f"{said} {_asked(language, offer)}"


def _asked(language: str, offer: Offer) -> str:
    """The stronger offer. While no one is there, with the time when someone is."""
    ask = phrases(language).ask
    if offer.now is None or offer.hours.at(offer.now).open:
        return ask
    return f"{now_said(offer.hours, offer.now, language)} {ask}"


def notice_of(policy: Policy, now: datetime, language: str) -> str:
    """The notice of a handover, as the organization has written it, or that no one is there; "" where neither applies."""
    if policy.opening.at(now).open:
        return policy.handover_notice
    return policy.closed_notice or away_said(policy.opening, now, language)
