"""Revoked tokens, and from when on new ones are good."""

from __future__ import annotations

from typing import Any

import pytest
from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.channel import v1 as channel
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.event.v1 import Envelope

from kit import errors
from kit.caller import Caller, Kind
from kit.revocations import KEPT_SECONDS, MARGIN_SECONDS, USERS, Revocations, RevocationsUnknown, feed, subject_of

T = 1_000_000.0
WEB = "organizations/acme/channels/web"


class Clock:
    def __init__(self) -> None:
        self.now = T

    def __call__(self) -> float:
        return self.now


def who(issued: float, id: str = "u1", session: str = "s1", organization: str = "acme", kind: Kind = Kind.USER) -> Caller:
    return Caller(organization, kind, id, frozenset({"*"}), issued + 600, session=session, issued=issued)


def is_void(known: Revocations, caller: Caller) -> bool:
    try:
        known.check(caller)
    except errors.TokenRevoked:
        return True
    return False


def test_tokens_made_before_are_revoked_and_later_ones_are_good() -> None:
    known = Revocations(Clock())
    known.revoke("acme", "users/u1", T)
    assert is_void(known, who(T - 500))
    assert is_void(known, who(T + MARGIN_SECONDS)), "its roles may have been read before"
    assert not is_void(known, who(T + MARGIN_SECONDS + 0.001))
    for other in (who(T - 1, id="u2"), who(T - 1, organization="globex"), who(T - 1, kind=Kind.API_KEY)):
        assert not is_void(known, other)


def test_an_ended_session_leaves_the_users_others_alone() -> None:
    known = Revocations(Clock())
    known.revoke("acme", "sessions/s1", T)
    assert is_void(known, who(T - 1))
    assert not is_void(known, who(T - 1, session="s2"))
    assert not is_void(known, who(T - 1, kind=Kind.CUSTOMER)), "a customer's session is channel's"


def test_the_latest_moment_counts_whatever_comes_last() -> None:
    known = Revocations(Clock())
    known.revoke("acme", "users/u1", T)
    known.revoke("acme", "users/u1", T - 100)
    assert is_void(known, who(T - 1))


def test_what_no_token_can_outlive_is_forgotten() -> None:
    clock = Clock()
    known = Revocations(clock)
    known.revoke("acme", "users/u1", T)
    clock.now += KEPT_SECONDS + 1
    known.revoke("acme", "users/u2", clock.now)
    assert list(known._until) == ["acme/users/u2"]


def customer(issued: float, session: str = "web/s1") -> Caller:
    return Caller("acme", Kind.CUSTOMER, "c1", frozenset(), issued + 600, session=session, issued=issued)


@pytest.mark.parametrize("subject", ["customers/c1", "channels/web", "channels/web/sessions/s1"])
def test_a_customers_token_ends_with_the_customer_the_channel_or_the_session(subject: str) -> None:
    known = Revocations(Clock())
    known.revoke("acme", subject, T)
    assert is_void(known, customer(T - 1))
    assert not is_void(known, customer(T + 1)), "a resumed channel works with a refreshed token"
    assert is_void(known, customer(T - 1, "web/s2")) == (subject != "channels/web/sessions/s1")
    assert is_void(known, customer(T - 1, "shop/s1")) == (subject == "customers/c1")


def test_a_stream_is_ended_at_once_and_only_if_its_token_is_revoked() -> None:
    known, ended = Revocations(Clock()), list[str]()
    with (
        known.watching(who(T - 1), lambda: ended.append("old")),
        known.watching(who(T + 9), lambda: ended.append("refreshed")),
        known.watching(who(T - 1, id="u2", session="s2"), lambda: ended.append("another's")),
        known.watching(customer(T - 1), lambda: ended.append("customer's")),
    ):
        known.revoke("acme", "users/u1", T)
        known.revoke("acme", "sessions/s1", T)
        assert ended == ["old"]
        known.revoke("acme", "customers/c1", T)
    assert ended == ["old", "customer's"]
    assert not known._streams, "a stream that ended costs nothing more"


def test_who_can_not_be_checked_yet_is_refused_and_no_one_else() -> None:
    known = Revocations(Clock())
    opened: Any = None
    read = feed(known, "admin", admin_internal, opened, USERS, None)
    with pytest.raises(RevocationsUnknown):
        known.check(who(T))
    known.check(customer(T))
    read.caught_up = True
    known.check(who(T))


def of(subject: str) -> Envelope:
    return Envelope(subject=f"organizations/acme/{subject}")


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (admin_internal.Event(envelope=of("users/u1"), user_roles_assigned={}), "users/u1"),
        (admin_internal.Event(envelope=of("sessions/s1"), session_ended={}), "sessions/s1"),
        (admin_internal.Event(envelope=of("apiKeys/k1"), api_key_revoked={}), "apiKeys/k1"),
        (admin_internal.Event(envelope=of("roles/lead"), role_updated={}), "roles/lead"),
        (admin_internal.Event(envelope=of("users/u1"), user_created={}), ""),
        (channel_internal.Event(envelope=of("channels/web/sessions/s1"), session_ended={}), "channels/web/sessions/s1"),
        (channel_internal.Event(envelope=of("channels/web"), channel_deleted={}), "channels/web"),
        (
            channel_internal.Event(envelope=of("channels/web"), channel_updated={"state": channel.CHANNEL_STATE_PAUSED}),
            "channels/web",
        ),
        (channel_internal.Event(envelope=of("channels/web"), channel_updated={"state": channel.CHANNEL_STATE_ACTIVE}), ""),
    ],
)
def test_each_fact_names_whose_tokens_it_revokes(event: admin_internal.Event | channel_internal.Event, subject: str) -> None:
    assert subject_of(event) == subject
