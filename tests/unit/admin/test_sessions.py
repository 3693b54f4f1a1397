"""Refresh tokens: rotation, a lost reply, and a thief."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.ids import OrganizationId
from services.admin.domain import sessions
from services.admin.domain.facts import EndReason, SessionEnded
from services.admin.domain.sessions import Found, Outcome, Refreshed
from services.admin.domain.users import State, User

DEMO = OrganizationId("demo")

NOW = datetime(2026, 3, 1, tzinfo=UTC)
USER = User(DEMO, "u1", "u1@demo.test", "Some User", ("agent",), State.ACTIVE, NOW, NOW)


def started() -> tuple[str, Found]:
    session, token, secret = sessions.start(USER, NOW)
    return secret, Found(token, session, USER)


def after(refreshed: Refreshed) -> Found:
    return Found(refreshed.token, refreshed.session, USER)


def test_a_token_has_256_random_bits_and_is_kept_as_a_hash() -> None:
    secret, found = started()
    assert len(secret) == 3 + 43
    assert found.token.hash == sessions.hash_of(secret)
    assert secret not in repr(found)


def test_a_refresh_replaces_the_token_by_its_successor() -> None:
    secret, found = started()
    refreshed = sessions.refresh(secret, found, NOW)
    assert refreshed.outcome is Outcome.ROTATED
    assert refreshed.successor is not None
    assert refreshed.successor.hash == sessions.hash_of(refreshed.secret)
    assert refreshed.successor.number == 2
    assert refreshed.secret != secret
    assert refreshed.token.replaced == NOW


@pytest.mark.parametrize("seconds", [0, 5, 10])
def test_a_lost_reply_gets_the_same_successor_within_ten_seconds(seconds: int) -> None:
    secret, found = started()
    first = sessions.refresh(secret, found, NOW)
    again = sessions.refresh(secret, after(first), NOW + timedelta(seconds=seconds))
    assert again.outcome is Outcome.REPEATED
    assert again.secret == first.secret
    assert again.successor is None
    assert sessions.token_end(again, NOW + timedelta(seconds=seconds)) == sessions.token_end(first, NOW)


def test_a_used_token_ends_the_session_after_ten_seconds() -> None:
    secret, found = started()
    first = sessions.refresh(secret, found, NOW)
    late = NOW + timedelta(seconds=10, milliseconds=1)
    reused = sessions.refresh(secret, after(first), late)
    assert reused.outcome is Outcome.REUSED
    assert reused.session.ended == late
    assert reused.secret == ""
    assert reused.facts == (SessionEnded("u1", found.session.id, EndReason.TOKEN_REUSED),)


def test_a_used_token_ends_the_session_at_once_when_its_successor_has_been_used() -> None:
    secret, found = started()
    first = sessions.refresh(secret, found, NOW)
    predecessor = replace(first.token, nonce=b"")  # what using the successor leaves behind
    assert sessions.refresh(secret, Found(predecessor, found.session, USER), NOW).outcome is Outcome.REUSED


def test_the_successor_can_not_be_made_from_the_old_token_alone() -> None:
    secret, found = started()
    assert sessions.refresh(secret, found, NOW).secret != sessions.refresh(secret, found, NOW).secret


@pytest.mark.parametrize(
    "change",
    [
        lambda found: replace(found, user=replace(USER, state=State.DEACTIVATED)),
        lambda found: replace(found, session=replace(found.session, ended=NOW)),
        lambda found: replace(found, session=replace(found.session, expires=NOW)),
        lambda found: replace(found, token=replace(found.token, expires=NOW)),
    ],
)
def test_nothing_refreshes_once_it_has_ended(change: object) -> None:
    secret, found = started()
    assert callable(change)
    refreshed = sessions.refresh(secret, change(found), NOW)
    assert refreshed.outcome is Outcome.REFUSED
    assert refreshed.facts == ()


def test_a_session_lives_while_it_is_used_but_not_past_ninety_days() -> None:
    _, found = started()
    assert found.token.expires == NOW + timedelta(days=14)
    late = NOW + timedelta(days=85)
    secret, token = "fr_x", replace(found.token, expires=late + timedelta(days=1))
    refreshed = sessions.refresh(secret, Found(token, found.session, USER), late)
    assert refreshed.successor is not None
    assert refreshed.successor.expires == NOW + timedelta(days=90)


def test_signing_out_says_whether_one_or_all_sessions_ended() -> None:
    _, found = started()
    one, every = sessions.logout(found, False, NOW), sessions.logout(found, True, NOW)
    assert one.facts == (SessionEnded("u1", found.session.id, EndReason.LOGOUT),)
    assert every.facts == (SessionEnded("u1", "", EndReason.LOGOUT),)
    assert every.ends_all
    assert sessions.logout(after(one), True, NOW).facts == ()
