"""Signing in, refreshing, signing out and exchanging keys, as use cases."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.caller import Signer
from kit.ids import OrganizationId
from services.admin.adapters.keys import SignedDevices
from services.admin.domain.api_keys import ApiKeyDraft, Tier
from services.admin.domain.errors import (
    InvalidApiKey,
    InvalidCredentials,
    InvalidRefreshToken,
    RefreshTokenReused,
    TooManyAttempts,
)
from services.admin.domain.roles import permissions_of
from tests.fakes.admin import PlainPasswords
from tests.services.admin.desk import DEMO, PASSWORD, Desk, acting

ADDRESS = "192.0.2.1"


async def test_a_user_signs_in_and_the_token_says_who_and_what(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    signed_in = await desk.login(DEMO, "A1@demo.TEST ", PASSWORD, ADDRESS)
    issued = desk.tokens.issued[0]
    assert (issued.subject, issued.organization, issued.life) == ("users/a1", DEMO, timedelta(minutes=10))
    assert issued.permissions == permissions_of(["agent"])
    assert issued.claims["name"] == "Some User"
    assert signed_in.user.id == user.id
    assert signed_in.user.login == desk.clock()
    assert (await desk.facts())[-1] == "SessionStarted"


@pytest.mark.parametrize(
    ("organization", "email", "password"),
    [
        ("other", "a1@demo.test", PASSWORD),
        (DEMO, "nobody@demo.test", PASSWORD),
        (DEMO, "a1@demo.test", "seven green bicycle"),
        (DEMO, "gone@demo.test", PASSWORD),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same_after_the_same_work(
    desk: Desk, organization: OrganizationId, email: str, password: str
) -> None:
    owner = await desk.organization()
    await desk.user("agent", id="a1")
    gone = await desk.user("agent", id="gone")
    await desk.app.deactivate_user(DEMO, gone.id, acting(owner))
    with pytest.raises(InvalidCredentials) as refused:
        await desk.login(organization, email, password, ADDRESS)
    assert refused.value.metadata == {}
    assert str(refused.value) == str(InvalidCredentials())
    assert len(desk.passwords.verified) == 1
    assert await desk.rows("select * from session") == []


async def test_the_eleventh_failure_waits_and_the_right_password_does_not_help(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    for _ in range(10):
        with pytest.raises(InvalidCredentials):
            await desk.login(DEMO, "a1@demo.test", "wrong password", ADDRESS)
    with pytest.raises(TooManyAttempts) as refused:
        await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    assert refused.value.metadata == {"retry_seconds": "90"}
    desk.clock.move(seconds=90)
    await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)


async def guess(desk: Desk, count: int, address: str, email: str = "a1@demo.test", device: str = "") -> list[type[Exception]]:
    """The errors that wrong passwords get."""
    answers: list[type[Exception]] = []
    for _ in range(count):
        try:
            await desk.login(DEMO, email, "wrong password", address, device)
        except (InvalidCredentials, TooManyAttempts) as error:
            answers.append(type(error))
    return answers


async def test_failures_from_one_address_lock_no_one_out_elsewhere(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    assert await guess(desk, 1000, "198.51.100.66") == [InvalidCredentials] * 10 + [TooManyAttempts] * 990
    await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)


@pytest.mark.parametrize("email", ["a1@demo.test", "nobody@demo.test"])
async def test_failures_from_many_addresses_lock_the_email_address_before_any_hashing(desk: Desk, email: str) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    for n in range(10):
        assert await guess(desk, 10, f"198.51.100.{n}", email) == [InvalidCredentials] * 10
    hashed = len(desk.passwords.verified)
    assert await guess(desk, 1, ADDRESS, email) == [TooManyAttempts]
    assert len(desk.passwords.verified) == hashed


async def test_a_browser_that_has_signed_in_before_gets_through_with_a_limit_of_its_own(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    device = (await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)).device_token
    for n in range(10):
        await guess(desk, 10, f"198.51.100.{n}")
    with pytest.raises(TooManyAttempts):
        await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    again = await desk.login(DEMO, "A1@demo.test", PASSWORD, ADDRESS, device)
    assert await guess(desk, 11, ADDRESS, device=again.device_token) == [InvalidCredentials] * 10 + [TooManyAttempts]
    with pytest.raises(TooManyAttempts):  # the successor names the same device
        await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS, device)


async def test_a_device_token_helps_its_own_user_alone(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    await desk.user("agent", id="a2")
    other = (await desk.login(DEMO, "a2@demo.test", PASSWORD, ADDRESS)).device_token
    stranger = SignedDevices(Signer("admin", Ed25519PrivateKey.generate())).issue("d1", DEMO, "a1@demo.test")
    await guess(desk, 10, ADDRESS)
    for device in (other, stranger, "garbage", "", "\udcff", desk.tokens.issued[-1].subject):
        with pytest.raises(TooManyAttempts):
            await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS, device)


async def test_the_addresses_of_one_ipv6_network_count_as_one(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    answers = [(await guess(desk, 1, f"2001:db8:1:2::{n:x}"))[0] for n in range(11)]
    assert answers == [InvalidCredentials] * 10 + [TooManyAttempts]
    await desk.login(DEMO, "a1@demo.test", PASSWORD, "2001:db8:1:3::1")


async def test_others_failures_do_not_keep_a_user_from_changing_the_password(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    for n in range(10):
        await guess(desk, 10, f"198.51.100.{n}")
    await desk.app.change_password(DEMO, PASSWORD, "eight red bicycles", acting(user))
    for _ in range(10):
        with pytest.raises(InvalidCredentials):
            await desk.app.change_password(DEMO, "wrong password", "nine blue bicycles", acting(user))
    with pytest.raises(TooManyAttempts):
        await desk.app.change_password(DEMO, "eight red bicycles", "nine blue bicycles", acting(user))


async def test_an_address_may_not_try_many_users_either(desk: Desk) -> None:
    await desk.organization()
    for n in range(100):
        with pytest.raises(InvalidCredentials):
            await desk.login(DEMO, f"u{n}@demo.test", "wrong password", ADDRESS)
    with pytest.raises(TooManyAttempts):
        await desk.login(DEMO, "another@demo.test", "wrong password", ADDRESS)
    with pytest.raises(InvalidCredentials):
        await desk.login(DEMO, "another@demo.test", "wrong password", "192.0.2.2")


async def test_signing_in_rightly_costs_no_attempts(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    for _ in range(150):
        await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)


async def test_a_hash_of_other_parameters_is_made_again_at_the_next_sign_in(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    desk.passwords.cost = 2
    await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    known = await desk.app.users.credentials(DEMO, "a1")
    assert known is not None
    assert known.password_hash == await PlainPasswords(2).hash(PASSWORD)


async def test_a_refresh_carries_the_permissions_of_now(desk: Desk) -> None:
    owner = await desk.organization()
    await desk.user("agent", id="a1")
    signed_in = await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    await desk.app.assign_roles(DEMO, "a1", ["viewer"], "", acting(owner))
    await desk.app.sign_in.refresh(signed_in.refresh_token)
    assert desk.tokens.issued[-1].permissions == permissions_of(["viewer"])


def first(action: Callable[[], Awaitable[object]], port: object, method: str) -> None:
    """Lets something happen right before a method of a port does its work."""
    work = getattr(port, method)

    async def meanwhile(*args: Any) -> Any:
        setattr(port, method, work)
        await action()
        return await work(*args)

    setattr(port, method, meanwhile)


async def test_a_role_lost_while_the_password_is_checked_is_not_in_the_token(desk: Desk) -> None:
    owner = await desk.organization()
    await desk.user("admin", id="a1")
    first(lambda: desk.app.assign_roles(DEMO, "a1", ["viewer"], "", acting(owner)), desk.passwords, "verify")
    await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    assert desk.tokens.issued[-1].permissions == permissions_of(["viewer"])


async def test_a_token_bears_a_moment_before_its_user_was_read(desk: Desk) -> None:
    """A revocation that comes while a token is made is later than this moment, so it revokes the token."""
    owner = await desk.organization()
    await desk.user("agent", id="a1")
    _, secret = await desk.app.create_api_key(
        DEMO, ApiKeyDraft("K", ["core.messages.read"], Tier.STANDARD, None), "", acting(owner)
    )

    signed_in = await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)

    async def pass_time() -> None:
        desk.clock.move(seconds=1)

    for port, method, call in (
        (desk.app.sessions, "start", lambda: desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)),
        (desk.app.sessions, "change", lambda: desk.app.sign_in.refresh(signed_in.refresh_token)),
        (desk.app.api_keys, "find", lambda: desk.app.exchange_api_key(secret)),
    ):
        before = desk.clock()
        first(pass_time, port, method)
        await call()
        assert desk.tokens.issued[-1].known == before
        assert desk.clock() > before


async def test_a_stolen_token_ends_the_session_for_both(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    first = await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    second = await desk.app.sign_in.refresh(first.refresh_token)
    third = await desk.app.sign_in.refresh(second.refresh_token)
    with pytest.raises(RefreshTokenReused):
        await desk.app.sign_in.refresh(first.refresh_token)
    with pytest.raises(InvalidRefreshToken):
        await desk.app.sign_in.refresh(third.refresh_token)
    assert (await desk.facts())[-1] == "SessionEnded"


async def test_deactivating_ends_sessions_at_once(desk: Desk) -> None:
    owner = await desk.organization()
    await desk.user("agent", id="a1")
    signed_in = await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    await desk.app.deactivate_user(DEMO, "a1", acting(owner))
    with pytest.raises(InvalidRefreshToken):
        await desk.app.sign_in.refresh(signed_in.refresh_token)
    await desk.app.activate_user(DEMO, "a1", acting(owner))
    with pytest.raises(InvalidRefreshToken):
        await desk.app.sign_in.refresh(signed_in.refresh_token)


async def test_signing_out_everywhere_ends_every_session_of_the_user_alone(desk: Desk) -> None:
    await desk.organization()
    await desk.user("agent", id="a1")
    phone = await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    desktop = await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    owner = await desk.login(DEMO, "owner@demo.test", PASSWORD, ADDRESS)
    await desk.app.sign_in.logout(phone.refresh_token, all_sessions=True)
    for ended in (phone, desktop):
        with pytest.raises(InvalidRefreshToken):
            await desk.app.sign_in.refresh(ended.refresh_token)
    await desk.app.sign_in.refresh(owner.refresh_token)
    await desk.app.sign_in.logout("fr_unknown", all_sessions=False)


async def test_changing_the_password_needs_the_old_one_and_ends_sessions(desk: Desk) -> None:
    await desk.organization()
    user = await desk.user("agent", id="a1")
    signed_in = await desk.login(DEMO, "a1@demo.test", PASSWORD, ADDRESS)
    with pytest.raises(InvalidCredentials):
        await desk.app.change_password(DEMO, "wrong password", "eight red bicycles", acting(user))
    await desk.app.change_password(DEMO, PASSWORD, "eight red bicycles", acting(user))
    with pytest.raises(InvalidRefreshToken):
        await desk.app.sign_in.refresh(signed_in.refresh_token)
    await desk.login(DEMO, "a1@demo.test", "eight red bicycles", ADDRESS)


async def test_a_key_may_do_its_scopes_less_what_its_maker_lost(desk: Desk) -> None:
    owner = await desk.organization()
    maker = await desk.user("admin", id="m1")
    wish = ApiKeyDraft("Nightly export", ["core.messages.read", "admin.users.read"], Tier.PREMIUM, None)
    key, secret = await desk.app.create_api_key(DEMO, wish, "", acting(maker))
    await desk.app.exchange_api_key(secret)
    issued = desk.tokens.issued[-1]
    assert (issued.subject, issued.life) == (f"apiKeys/{key.id}", timedelta(minutes=5))
    assert issued.permissions == {"core.messages.read", "admin.users.read"}
    assert issued.claims["tier"] == "PREMIUM"
    await desk.app.assign_roles(DEMO, "m1", ["agent"], "", acting(owner))
    await desk.app.exchange_api_key(secret)
    assert desk.tokens.issued[-1].permissions == {"core.messages.read"}
    await desk.app.deactivate_user(DEMO, "m1", acting(owner))
    with pytest.raises(InvalidApiKey):
        await desk.app.exchange_api_key(secret)


async def test_a_key_ends_when_it_expires_or_is_revoked(desk: Desk) -> None:
    owner = await desk.organization()
    expires = desk.clock() + timedelta(days=1)
    wish = ApiKeyDraft("Script", ["core.messages.read"], Tier.STANDARD, expires)
    _, first = await desk.app.create_api_key(DEMO, wish, "", acting(owner))
    key, second = await desk.app.create_api_key(DEMO, wish, "", acting(owner))
    await desk.app.exchange_api_key(second)
    assert (await desk.app.get_api_key(DEMO, key.id)).used == desk.clock()
    revoked = await desk.app.revoke_api_key(DEMO, key.id, acting(owner))
    assert await desk.app.revoke_api_key(DEMO, key.id, acting(owner)) == revoked
    with pytest.raises(InvalidApiKey):
        await desk.app.exchange_api_key(second)
    await desk.app.exchange_api_key(first)
    desk.clock.move(days=1)
    for secret in (first, "fd_unknown", "something else"):
        with pytest.raises(InvalidApiKey):
            await desk.app.exchange_api_key(secret)
