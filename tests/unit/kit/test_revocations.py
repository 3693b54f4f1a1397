"""Whose tokens are void, and from when on new ones are good."""

from __future__ import annotations

import pytest
from frontdesk.admin import v1 as admin

from kit.caller import Caller, Kind
from kit.revocations import KEPT_SECONDS, MARGIN_SECONDS, Revocations, TokenRevoked, subject_of

T = 1_000_000.0


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
    except TokenRevoked:
        return True
    return False


def test_tokens_made_before_are_void_and_later_ones_are_good() -> None:
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


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (admin.Event(user_roles_assigned=admin.UserRolesAssigned(user="u1")), "users/u1"),
        (admin.Event(session_ended=admin.SessionEnded(user="u1", session="s1")), "sessions/s1"),
        (admin.Event(session_ended=admin.SessionEnded(user="u1")), "users/u1"),
        (admin.Event(api_key_revoked=admin.ApiKeyRevoked(api_key="k1")), "apiKeys/k1"),
    ],
)
def test_each_fact_names_whose_tokens_it_voids(event: admin.Event, subject: str) -> None:
    assert subject_of(event) == subject
