"""One-time links, invitations, second factors, sessions and rotated keys over the wire."""

import asyncio
import base64
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal

from kit import errors
from kit.caller import Verifier
from stack.testing import TestStores
from tests.rpc.admin.desk import PASSWORD, Admin, Shop, new_keys, running, settings_for
from tests.rpc.lists import in_pages

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def refused(awaitable: Any) -> errors.FrontdeskError:
    with pytest.raises(errors.FrontdeskError) as error:
        await awaitable
    return error.value


def code(secret: str, steps: int = 0) -> str:
    """The code that an authenticator app shows, so many steps of 30 seconds from now."""
    moment = int(time.time()) + 30 * steps
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(moment).decode()


async def enabled(shop: Shop, id: str = "owner") -> tuple[str, list[str]]:
    """The secret and the recovery codes of a user's second factor. The code of the next step has not been used."""
    admin, token = shop.admin, (await shop.login(id)).tokens.access_token
    start = pb.StartSecondFactorRequest(current_password=PASSWORD)
    secret = (await admin.call(admin.second_factors.StartSecondFactor, start, token)).secret
    confirm = pb.ConfirmSecondFactorRequest(code=code(secret))
    return secret, list((await admin.call(admin.second_factors.ConfirmSecondFactor, confirm, token)).codes)


async def invited(shop: Shop, email: str = "new@demo.test", *roles: str) -> Any:
    request = pb.CreateInvitationRequest(
        parent=shop.name, invitation={"email": email, "roles": map(shop.role, roles)}, request_id=email
    )
    return await shop.admin.call(shop.admin.invitations.CreateInvitation, request, shop.token("owner"))


def token_of(link: str) -> str:
    return link.rpartition("=")[2]


async def test_the_first_organization_by_a_link_of_the_operators_on_any_replica(stores: TestStores, tmp_path: Path) -> None:
    keys = new_keys(tmp_path / "keys")
    settings = settings_for(stores, keys)
    async with running(settings, keys) as one, running(settings, keys) as two:
        make = internal.CreateSetupLinkRequest()
        link = (await one.call(one.setup.CreateSetupLink, make, keys.service_token("stack"))).link
        assert link.startswith("/admin/#setup=fl_")
        shown = await two.call(two.links.CheckLink, pb.CheckLinkRequest(token=token_of(link)))
        assert (shown.kind, shown.organization) == (pb.LINK_KIND_SETUP, "")
        request = pb.CreateFirstOrganizationRequest(
            token=token_of(link),
            organization_id="acme",
            organization={"display_name": "Acme", "language": "de", "time_zone": "Europe/Berlin"},
            owner={"email": "boss@acme.test", "display_name": "The Boss", "password": PASSWORD},
        )
        answer = await two.call(two.links.CreateFirstOrganization, request)
        caller = Verifier.load(keys.folder).verify(answer.tokens.access_token)
        assert (caller.organization, caller.permissions) == ("acme", frozenset({"*"}))
        found = await one.call(one.users.GetCurrentUser, pb.GetCurrentUserRequest(), answer.tokens.access_token)
        assert found.email == "boss@acme.test"
        again = await refused(one.call(one.links.CreateFirstOrganization, request))
        assert (again.reason, type(again)) == ("LINK_USED", errors.FailedPrecondition)
        told = await refused(one.call(one.setup.CreateSetupLink, make, keys.service_token("stack")))
        assert told.reason == "SETUP_COMPLETE"


@pytest.mark.parametrize("service", ["core", "channel"])
async def test_links_of_the_operators_are_made_by_no_one_else(admin: Admin, shop: Shop, service: str) -> None:
    reset = internal.CreateResetLinkRequest(organization=shop.name, email="owner@demo.test")
    for token in (admin.keys.service_token(service), shop.token("owner")):
        for rpc, request in (
            (admin.setup.CreateSetupLink, internal.CreateSetupLinkRequest()),
            (admin.setup.CreateResetLink, reset),
        ):
            assert isinstance(await refused(admin.call(rpc, request, token)), errors.PermissionDenied)


async def test_an_invitation_is_made_listed_renewed_accepted(admin: Admin, shop: Shop) -> None:
    first = await invited(shop, "new@demo.test", "agent")
    assert first.link.startswith("/admin/#invitation=fl_")
    assert not first.mailed
    again = await invited(shop, "new@demo.test", "agent")
    assert (again.invitation, again.link) == (first.invitation, "")
    renew = pb.RenewInvitationRequest(name=first.invitation.name)
    renewed = await admin.call(admin.invitations.RenewInvitation, renew, shop.token("owner"))
    assert (await refused(admin.call(admin.links.CheckLink, pb.CheckLinkRequest(token=token_of(first.link))))).reason == (
        "INVALID_LINK"
    )
    shown = await admin.call(admin.links.CheckLink, pb.CheckLinkRequest(token=token_of(renewed.link)))
    assert (shown.kind, shown.organization, shown.organization_display_name) == (
        pb.LINK_KIND_INVITATION,
        shop.name,
        "Demo Shop",
    )
    assert (shown.email, shown.inviter_display_name) == ("new@demo.test", "Demo Owner")
    accept = pb.AcceptInvitationRequest(token=token_of(renewed.link), display_name="New Colleague", password=PASSWORD)
    answer = await admin.call(admin.links.AcceptInvitation, accept)
    assert list(answer.user.roles) == [shop.role("agent")]
    get = pb.GetInvitationRequest(name=first.invitation.name)
    kept = await admin.call(admin.invitations.GetInvitation, get, answer.tokens.access_token and shop.token("owner"))
    assert (kept.state, kept.user) == (pb.INVITATION_STATE_ACCEPTED, answer.user.name)
    assert (await refused(admin.call(admin.links.AcceptInvitation, accept))).reason == "LINK_USED"


async def test_invitations_come_in_pages_by_state(admin: Admin, shop: Shop) -> None:
    names = [(await invited(shop, f"n{number}@demo.test")).invitation.name for number in range(5)]
    revoke = pb.RevokeInvitationRequest(name=names[2])
    await admin.call(admin.invitations.RevokeInvitation, revoke, shop.token("owner"))
    token = shop.token("owner")

    async def names_of(**wanted: Any) -> list[str]:
        request = pb.ListInvitationsRequest(parent=shop.name, **wanted)
        found = await in_pages(lambda page: admin.call(admin.invitations.ListInvitations, page, token), request, 2)
        return [each.name for each in found]

    assert await names_of() == names[::-1]
    assert await names_of(state="INVITATION_STATE_REVOKED") == [names[2]]
    assert await names_of(state="INVITATION_STATE_PENDING") == [names[4], names[3], names[1], names[0]]
    strange = pb.RenewInvitationRequest(name=f"{shop.name}/invitations/nothing")
    assert (await refused(admin.call(admin.invitations.RenewInvitation, strange, token))).reason == "INVITATION_NOT_FOUND"


async def test_a_second_factor_is_asked_for_on_every_replica(admin: Admin, shop: Shop) -> None:
    async with running(admin.settings.model_copy(update={"listen": "127.0.0.1:0"}), admin.keys) as other:
        secret, codes = await enabled(shop)
        asked = await shop.login()
        assert not asked.HasField("tokens")
        assert not asked.HasField("user")
        assert not asked.device_token
        not_access = admin.call(admin.users.GetCurrentUser, pb.GetCurrentUserRequest(), asked.second_factor.challenge_token)
        assert (await refused(not_access)).reason == "INVALID_TOKEN"
        verify = pb.VerifySecondFactorRequest(challenge_token=asked.second_factor.challenge_token, code=code(secret, 1))
        answer = await other.call(other.auth.VerifySecondFactor, verify)
        assert answer.login.user.second_factor
        assert answer.recovery_codes_left == 10
        assert (await refused(admin.call(admin.auth.VerifySecondFactor, verify))).reason == "INVALID_CODE"
        verify.code = codes[3].upper()
        assert (await other.call(other.auth.VerifySecondFactor, verify)).recovery_codes_left == 9
        for n in range(9):  # one was wrong above
            replica = (admin, other)[n % 2]
            verify.code = "no code"
            assert (await refused(replica.call(replica.auth.VerifySecondFactor, verify))).reason == "INVALID_CODE"
        verify.code = codes[4]
        for replica in (admin, other):
            told = await refused(replica.call(replica.auth.VerifySecondFactor, verify))
            assert told.reason == "TOO_MANY_ATTEMPTS"


async def test_the_owner_has_a_second_factor_and_an_admin_can_not_take_it(admin: Admin, shop: Shop) -> None:
    await shop.add("boss", "admin")
    await enabled(shop)
    listed = await admin.call(admin.users.ListUsers, pb.ListUsersRequest(parent=shop.name), shop.token("owner"))
    assert {user.name: user.second_factor for user in listed.users} == {shop.user("owner"): True, shop.user("boss"): False}
    remove = pb.RemoveSecondFactorRequest(name=shop.user("owner"))
    told = await refused(admin.call(admin.second_factors.RemoveSecondFactor, remove, shop.token("admin", user="boss")))
    assert told.reason == "PERMISSION_NOT_HELD"
    owner = await admin.call(admin.second_factors.RemoveSecondFactor, remove, shop.token("owner"))
    assert not owner.second_factor


async def test_a_reset_link_works_once(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")
    make = pb.CreatePasswordResetLinkRequest(name=shop.user("a1"))
    made = await admin.call(admin.users.CreatePasswordResetLink, make, shop.token("owner"))
    assert made.link.startswith("/admin/#reset=fl_")
    reset = pb.ResetPasswordRequest(token=token_of(made.link), new_password="eight red bicycles")
    await admin.call(admin.links.ResetPassword, reset)
    await shop.login("a1", "eight red bicycles")
    assert (await refused(admin.call(admin.links.ResetPassword, reset))).reason == "LINK_USED"
    asking = pb.RequestPasswordResetRequest(organization=shop.name, email="a1@demo.test")
    unknown = pb.RequestPasswordResetRequest(organization="organizations/nowhere", email="a1@demo.test")
    for request in (asking, unknown):
        for _ in range(3):
            await admin.call(admin.auth.RequestPasswordReset, request)
        assert (await refused(admin.call(admin.auth.RequestPasswordReset, request))).reason == "TOO_MANY_ATTEMPTS"


async def test_sessions_are_listed_and_ended_within_two_seconds(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")
    phone = (await shop.login("a1", x_forwarded_for="198.51.100.7")).tokens
    desktop = (await shop.login("a1")).tokens
    mine = pb.ListUserSessionsRequest(parent=f"{shop.name}/users/me")
    call = partial(admin.call, admin.sessions.ListUserSessions, token=desktop.access_token)
    listed = await in_pages(call, mine)
    assert [(each.current, each.address) for each in listed][1] == (False, "198.51.100.7")
    assert listed[0].current
    assert listed[0].user_agent.startswith("grpc-python")
    others = pb.ListUserSessionsRequest(parent=shop.user("a1"))
    assert len((await admin.call(admin.sessions.ListUserSessions, others, shop.token("owner"))).user_sessions) == 2
    end = pb.EndUserSessionRequest(name=listed[1].name)
    told = await refused(admin.call(admin.sessions.EndUserSession, end, shop.token("owner")))
    assert told.reason == "SESSION_NOT_FOUND"
    await admin.call(admin.sessions.EndUserSession, end, desktop.access_token)
    await _until_revoked(admin, phone.access_token)
    await admin.call(admin.users.GetCurrentUser, pb.GetCurrentUserRequest(), desktop.access_token)
    ended = await admin.call(admin.sessions.EndOtherSessions, pb.EndOtherSessionsRequest(), desktop.access_token)
    assert ended.ended == 0
    await admin.call(admin.sessions.EndAllSessions, pb.EndAllSessionsRequest(name=shop.user("a1")), shop.token("owner"))
    await _until_revoked(admin, desktop.access_token)


async def test_a_rotated_key_has_two_good_secrets_for_a_while(admin: Admin, shop: Shop) -> None:
    owner = (await shop.login()).tokens.access_token
    wish = pb.CreateApiKeyRequest(parent=shop.name, api_key={"display_name": "K", "scopes": ["admin.users.read"]})
    made = await admin.call(admin.api_keys.CreateApiKey, wish, owner)

    async def exchange(secret: str) -> Any:
        return await admin.call(admin.auth.ExchangeApiKey, pb.ExchangeApiKeyRequest(api_key=secret))

    async def rotate(days: int) -> Any:
        request = pb.RotateApiKeyRequest(name=made.api_key.name, overlap={"seconds": days * 86400})
        return await admin.call(admin.api_keys.RotateApiKey, request, owner)

    second = await rotate(7)
    assert second.api_key.hint == second.secret[:8]
    assert second.api_key.previous_expire_time.seconds - second.api_key.rotate_time.seconds == 7 * 86400
    third = await rotate(1)  # as if the reply had been lost
    tokens = [(await exchange(secret)).access_token for secret in (made.secret, second.secret, third.secret)]
    assert (await refused(rotate(8))).reason == "INVALID_REQUEST"
    last = await rotate(0)
    await _until_revoked(admin, tokens[0], admin.users.ListUsers, pb.ListUsersRequest(parent=shop.name))
    for secret in (made.secret, second.secret, third.secret):
        assert (await refused(exchange(secret))).reason == "INVALID_API_KEY"
    await exchange(last.secret)
    for _ in range(5):
        await rotate(1)
    assert (await refused(rotate(1))).reason == "TOO_MANY_SECRETS"
    await rotate(0)


async def test_an_exchange_never_fails_while_a_key_is_rotated(admin: Admin, shop: Shop) -> None:
    owner = (await shop.login()).tokens.access_token
    wish = pb.CreateApiKeyRequest(parent=shop.name, api_key={"display_name": "K", "scopes": ["admin.users.read"]})
    made = await admin.call(admin.api_keys.CreateApiKey, wish, owner)
    rotate = pb.RotateApiKeyRequest(name=made.api_key.name, overlap={"seconds": 3600})
    exchange = pb.ExchangeApiKeyRequest(api_key=made.secret)
    for _ in range(5):
        exchanges = [admin.call(admin.auth.ExchangeApiKey, exchange) for _ in range(4)]
        await asyncio.gather(*exchanges, admin.call(admin.api_keys.RotateApiKey, rotate, owner))


async def _until_revoked(admin: Admin, token: str, rpc: Any = None, request: Any = None) -> None:
    async def reason() -> str:
        try:
            await admin.call(rpc or admin.users.GetCurrentUser, request or pb.GetCurrentUserRequest(), token)
        except errors.Unauthenticated as error:
            return error.reason
        return ""

    async with asyncio.timeout(2):
        while not (told := await reason()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert told == "TOKEN_REVOKED"
