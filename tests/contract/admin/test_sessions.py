"""Sessions keep what the port promises, two at once included."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.ids import OrganizationId
from services.admin.domain import sessions
from services.admin.domain.facts import SessionStarted
from services.admin.domain.sessions import Found, Outcome, Refreshed
from services.admin.domain.users import Change, State
from tests.contract.admin.stores import NOW, OPERATOR, Stores, some_user

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def sign_in(kept: Stores, organization: OrganizationId, user: str = "u0") -> str:
    session, token, secret = sessions.start(some_user(organization, user, "owner"), NOW)
    assert await kept.sessions.start(session, token, f"hash-{user}", [SessionStarted(user, session.id)])
    return secret


async def refresh(kept: Stores, secret: str, seconds: float = 0) -> Refreshed:
    now = NOW + timedelta(seconds=seconds)
    refreshed = await kept.sessions.change(sessions.hash_of(secret), lambda found: sessions.refresh(secret, found, now))
    assert refreshed is not None
    return refreshed


async def test_a_session_notes_the_login_and_its_fact(kept: Stores) -> None:
    organization = await kept.organization()
    await sign_in(kept, organization)
    user = await kept.users.get(organization, "u0")
    assert user is not None
    assert user.login == NOW
    assert await kept.journal(organization) == ["SessionStarted"]


async def test_no_session_starts_for_who_has_been_deactivated_or_has_another_password(kept: Stores) -> None:
    organization = await kept.organization()
    user = some_user(organization, "u0", "owner")
    session, token, _ = sessions.start(user, NOW)
    assert not await kept.sessions.start(session, token, "another hash", [SessionStarted("u0", session.id)])
    await kept.users.change(organization, "u0", OPERATOR, lambda user, _: Change(replace(user, state=State.DEACTIVATED)))
    assert not await kept.sessions.start(session, token, "hash-u0", [SessionStarted("u0", session.id)])
    assert await kept.journal(organization) == []


async def test_tokens_follow_one_another(kept: Stores) -> None:
    first = await sign_in(kept, await kept.organization())
    second = await refresh(kept, first)
    assert second.outcome is Outcome.ROTATED
    third = await refresh(kept, second.secret, 1)
    assert third.outcome is Outcome.ROTATED
    assert (await refresh(kept, second.secret, 2)).secret == third.secret
    assert await kept.sessions.change(sessions.hash_of("fr_unknown"), lambda found: pytest.fail("there is none")) is None


async def test_two_refreshes_at_once_get_one_successor(kept: Stores) -> None:
    first = await sign_in(kept, await kept.organization())
    both = await asyncio.gather(*(refresh(kept, first) for _ in range(4)))
    assert sorted(one.outcome.name for one in both) == ["REPEATED", "REPEATED", "REPEATED", "ROTATED"]
    assert len({one.secret for one in both}) == 1


async def test_using_the_successor_ends_the_grace_and_reuse_ends_the_session(kept: Stores) -> None:
    organization = await kept.organization()
    first = await sign_in(kept, organization)
    second = await refresh(kept, first)
    third = await refresh(kept, second.secret, 1)
    assert (await refresh(kept, first, 2)).outcome is Outcome.REUSED
    assert (await refresh(kept, third.secret, 3)).outcome is Outcome.REFUSED
    assert await kept.journal(organization) == ["SessionStarted", "SessionEnded"]


async def test_signing_out_everywhere_ends_the_sessions_of_one_user(kept: Stores) -> None:
    organization = await kept.organization()
    await kept.users.add(some_user(organization, "u1", "agent"), "hash-u1", "", [], OPERATOR)
    phone, desktop = await sign_in(kept, organization), await sign_in(kept, organization)
    other = await sign_in(kept, organization, "u1")
    await kept.sessions.change(sessions.hash_of(phone), lambda found: sessions.logout(found, True, NOW))
    assert (await refresh(kept, phone)).outcome is Outcome.REFUSED
    assert (await refresh(kept, desktop)).outcome is Outcome.REFUSED
    assert (await refresh(kept, other)).outcome is Outcome.ROTATED


async def test_signing_out_once_leaves_the_other_session(kept: Stores) -> None:
    organization = await kept.organization()
    phone, desktop = await sign_in(kept, organization), await sign_in(kept, organization)
    await kept.sessions.change(sessions.hash_of(phone), lambda found: sessions.logout(found, False, NOW))
    assert (await refresh(kept, phone)).outcome is Outcome.REFUSED
    assert (await refresh(kept, desktop)).outcome is Outcome.ROTATED


async def test_a_user_who_is_deactivated_or_deleted_has_no_session_left(kept: Stores) -> None:
    organization = await kept.organization()
    await kept.users.add(some_user(organization, "u1", "agent"), "hash-u1", "", [], OPERATOR)
    secret = await sign_in(kept, organization, "u1")
    await kept.users.change(
        organization, "u1", OPERATOR, lambda user, _: Change(replace(user, state=State.DEACTIVATED), ends_sessions=NOW)
    )
    await kept.users.change(organization, "u1", OPERATOR, lambda user, _: Change(replace(user, state=State.ACTIVE)))
    assert (await refresh(kept, secret)).outcome is Outcome.REFUSED
    await kept.users.change(organization, "u1", OPERATOR, lambda user, _: Change(user, deletes=True))
    assert await kept.sessions.change(sessions.hash_of(secret), lambda found: pytest.fail("there is none")) is None


async def test_tidying_deletes_what_ended_long_ago(kept: Stores) -> None:
    organization = await kept.organization()
    ended, kept_on = await sign_in(kept, organization), await sign_in(kept, organization)
    await kept.sessions.change(sessions.hash_of(ended), lambda found: sessions.logout(found, False, NOW))
    assert await kept.sessions.tidy(NOW) == 0
    assert await kept.sessions.tidy(NOW + timedelta(days=1, seconds=1)) >= 1

    def found(seen: Found) -> Refreshed:
        return Refreshed(Outcome.REFUSED, seen.session, seen.token)

    assert await kept.sessions.change(sessions.hash_of(ended), found) is None
    assert await kept.sessions.change(sessions.hash_of(kept_on), found) is not None
