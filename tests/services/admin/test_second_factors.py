"""Second factors and sessions as use cases."""

import asyncio
import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kit.vault import Vault
from services.admin.adapters.postgres import PostgresSecondFactors
from services.admin.app.sign_in import Challenged, SignedIn, Verified
from services.admin.domain.errors import (
    InvalidChallenge,
    InvalidCode,
    InvalidCredentials,
    InvalidRefreshToken,
    PermissionNotHeld,
    SecondFactorRequired,
    SessionNotFound,
    TooManyAttempts,
    UserRequired,
)
from services.admin.domain.roles import Actor
from services.admin.domain.second_factors import text_of
from services.admin.domain.sessions import Origin
from services.admin.domain.users import User
from tests.services.admin.desk import DEMO, PASSWORD, Desk, acting

ORIGIN = Origin("192.0.2.1", "Firefox\n\x1b[31m" + "x" * 400)
OPERATOR = Actor("services", "stack", frozenset({"*"}))


def code_of(desk: Desk, secret: str) -> str:
    """The code that an authenticator app shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return TOTP(key, 6, SHA1(), 30).generate(int(desk.clock().timestamp())).decode()


async def enabled(desk: Desk, user: User) -> tuple[str, Sequence[str]]:
    """The secret and the recovery codes of a user's new second factor."""
    by = acting(user)
    enrollment = await desk.app.second_factors.start(DEMO, PASSWORD, by)
    codes = await desk.app.second_factors.confirm(DEMO, code_of(desk, enrollment.secret), by)
    desk.clock.move(seconds=60)
    return enrollment.secret, codes


async def challenge(desk: Desk, user: User) -> Challenged:
    answer = await desk.app.sign_in.login(DEMO, user.email, PASSWORD, ORIGIN)
    assert isinstance(answer, Challenged)
    return answer


async def require(desk: Desk) -> None:
    """Publishes that the organization requires a second factor."""
    value = {"signIn": {"requireSecondFactor": True}}
    await desk.app.settings.save(DEMO, "sign-in", lambda _: value, "", OPERATOR)
    await desk.app.settings.publish(DEMO, "sign-in", "", "", OPERATOR)


async def test_the_password_alone_gives_a_challenge_and_no_token(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    secret, _ = await enabled(desk, user)
    asked = await challenge(desk, user)
    assert asked.enrollment is None
    assert desk.tokens.issued == []
    assert await desk.rows("select * from session") == []
    verified = await desk.app.sign_in.verify(asked.token, code_of(desk, secret), ORIGIN)
    assert verified.signed_in.user.second_factor
    assert (list(verified.recovery_codes), verified.recovery_codes_left) == ([], 10)
    assert (await desk.facts())[-2:] == ["SecondFactorEnabled", "SessionStarted"]


async def test_the_secret_is_sealed_and_recovery_codes_are_hashes(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    secret, codes = await enabled(desk, user)
    (row,) = await desk.rows("select * from second_factor")
    key = base64.b32decode(secret)
    assert key not in row["sealed"]
    assert not any(code.replace("-", "").encode() in b"".join(row["recovery"]) for code in codes)


async def test_a_rotated_key_reseals_the_secret(desk: Desk, tmp_path: Path) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    secret, _ = await enabled(desk, user)
    keys = tmp_path / "admin.secrets"
    old = keys.read_text()
    new = "2 " + base64.b64encode(AESGCM.generate_key(256)).decode() + "\n"
    keys.write_text(new + old)
    rotated = PostgresSecondFactors(desk.database, Vault(keys))
    assert [await rotated.reseal() for _ in range(2)] == [1, 0]
    keys.write_text(new)
    found = await PostgresSecondFactors(desk.database, Vault(keys)).get(DEMO, user.id)
    assert found is not None
    assert text_of(found.secret) == secret


async def test_a_code_works_once_however_many_try_at_once(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    secret, codes = await enabled(desk, user)
    for text in (code_of(desk, secret), codes[0]):
        tokens = [(await challenge(desk, user)).token for _ in range(4)]
        tries = (desk.app.sign_in.verify(token, text, ORIGIN) for token in tokens)
        made: list[Any] = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(each).__name__ for each in made) == ["InvalidCode"] * 3 + ["Verified"]


async def test_guesses_are_limited_by_user_whatever_the_challenge_and_address(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    secret, codes = await enabled(desk, user)
    wrong = "000000" if code_of(desk, secret) != "000000" else "111111"
    for n in range(10):
        with pytest.raises(InvalidCode):
            await desk.app.sign_in.verify((await challenge(desk, user)).token, wrong, Origin(f"198.51.100.{n}"))
    for right in (code_of(desk, secret), codes[0]):
        with pytest.raises(TooManyAttempts):
            await desk.app.sign_in.verify((await challenge(desk, user)).token, right, ORIGIN)
    with pytest.raises(TooManyAttempts):  # nor by a session that was stolen
        await desk.app.second_factors.disable(DEMO, codes[0], acting(user))
    desk.clock.move(minutes=15)
    await desk.app.sign_in.verify((await challenge(desk, user)).token, code_of(desk, secret), ORIGIN)


async def test_fifty_guesses_a_day_is_all(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    await enabled(desk, user)
    guesses = 0
    for _ in range(95):
        try:
            await desk.app.sign_in.verify((await challenge(desk, user)).token, "not-a-code", ORIGIN)
        except InvalidCode:
            guesses += 1
        except TooManyAttempts:
            pass
        desk.clock.move(minutes=3)
    assert 50 <= guesses <= 60  # 4.75 hours: what a day allows, and what has refilled


async def test_a_challenge_ends_with_its_time_and_with_the_password(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    secret, _ = await enabled(desk, user)
    for token in ("", "garbage", desk.app.sign_in.devices.issue("d", DEMO, user.email)):
        with pytest.raises(InvalidChallenge):
            await desk.app.sign_in.verify(token, code_of(desk, secret), ORIGIN)
    asked = await challenge(desk, user)
    await desk.app.set_password(DEMO, user.id, "eight red bicycles", OPERATOR)
    with pytest.raises(InvalidChallenge):
        await desk.app.sign_in.verify(asked.token, code_of(desk, secret), ORIGIN)


async def test_a_wrong_password_is_never_asked_for_a_code(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    await enabled(desk, user)
    with pytest.raises(InvalidCredentials):
        await desk.app.sign_in.login(DEMO, user.email, "wrong password", ORIGIN)


async def test_an_organization_that_requires_one_has_it_set_up_at_sign_in(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    before = await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address)
    await require(desk)
    with pytest.raises(InvalidRefreshToken):
        await desk.app.sign_in.refresh(before.refresh_token)
    asked = await challenge(desk, user)
    assert asked.enrollment is not None
    verified = await desk.app.sign_in.verify(asked.token, code_of(desk, asked.enrollment.secret), ORIGIN)
    assert isinstance(verified, Verified)
    assert len(verified.recovery_codes) == 10
    await desk.app.sign_in.refresh(verified.signed_in.refresh_token)
    with pytest.raises(SecondFactorRequired):
        await desk.app.second_factors.disable(DEMO, verified.recovery_codes[0], acting(user))


async def test_an_admin_removes_a_lost_one_and_an_operators_link_does(desk: Desk) -> None:
    owner = await desk.organization()
    user = await desk.user("agent", id="a1")
    await enabled(desk, user)
    await enabled(desk, owner)
    admin = acting(await desk.user("admin"))
    with pytest.raises(PermissionNotHeld):
        await desk.app.remove_second_factor(DEMO, owner.id, admin)
    assert not (await desk.app.remove_second_factor(DEMO, user.id, admin)).second_factor
    assert (await desk.facts())[-1] == "SecondFactorDisabled"
    count = len(await desk.facts())
    await desk.app.remove_second_factor(DEMO, user.id, admin)
    assert len(await desk.facts()) == count
    await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address)
    for clears in (False, True):
        made = await desk.app.links.create_reset_for_operator(DEMO, owner.email, clears, OPERATOR)
        await desk.app.links.reset_password(made.link.rpartition("=")[2], PASSWORD, ORIGIN.address)
        answer = await desk.app.sign_in.login(DEMO, owner.email, PASSWORD, ORIGIN)
        assert isinstance(answer, SignedIn if clears else Challenged)


async def test_starting_takes_the_password(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    with pytest.raises(InvalidCredentials):
        await desk.app.second_factors.start(DEMO, "wrong password", acting(user))
    with pytest.raises(UserRequired):
        await desk.app.second_factors.start(DEMO, PASSWORD, Actor("apiKeys", "k1", frozenset({"*"})))


async def test_sessions_are_listed_with_where_they_are_from(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    first = await desk.app.sign_in.login(DEMO, user.email, PASSWORD, ORIGIN)
    assert isinstance(first, SignedIn)
    desk.clock.move(minutes=5)
    await desk.app.sign_in.refresh(first.refresh_token)
    await desk.login(DEMO, user.email, PASSWORD, "2001:db8::1")
    second, oldest = await desk.app.list_sessions(DEMO, "me", acting(user), None, 10)
    assert oldest.user_agent == "Firefox[31m" + "x" * 289
    assert (oldest.address, oldest.used, second.used) == ("192.0.2.1", desk.clock(), None)
    assert second.address == "2001:db8::1"
    with pytest.raises(PermissionNotHeld):
        await desk.app.list_sessions(DEMO, "demo-owner", acting(user), None, 10)
    desk.clock.move(days=14)
    assert await desk.app.list_sessions(DEMO, "me", acting(user), None, 10) == []


async def test_a_user_ends_a_session_or_all_others(desk: Desk) -> None:
    await desk.organization()
    user, other = await desk.user("agent", id="a1"), await desk.user("agent", id="a2")
    signed = [await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address) for _ in range(4)]
    sessions = [issued.claims["session"] for issued in desk.tokens.issued]
    by = Actor("users", user.id, user.permissions, sessions[3])
    with pytest.raises(SessionNotFound):
        await desk.app.end_session(DEMO, sessions[0], acting(other))
    with pytest.raises(SessionNotFound):
        await desk.app.end_session(DEMO, "nothing", by)
    for _ in range(2):
        await desk.app.end_session(DEMO, sessions[0], by)
    assert (await desk.facts()).count("SessionEnded") == 1
    assert await desk.app.end_other_sessions(DEMO, by) == 2
    assert (await desk.facts()).count("SessionEnded") == 3
    for gone in signed[:3]:
        with pytest.raises(InvalidRefreshToken):
            await desk.app.sign_in.refresh(gone.refresh_token)
    await desk.app.sign_in.refresh(signed[3].refresh_token)


async def test_an_admin_ends_a_users_sessions(desk: Desk) -> None:
    owner = await desk.organization()
    user, admin = await desk.user("agent", id="a1"), acting(await desk.user("admin"))
    signed_in = await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address)
    await desk.app.end_all_sessions(DEMO, user.id, admin)
    with pytest.raises(InvalidRefreshToken):
        await desk.app.sign_in.refresh(signed_in.refresh_token)
    with pytest.raises(PermissionNotHeld):
        await desk.app.end_all_sessions(DEMO, owner.id, admin)
