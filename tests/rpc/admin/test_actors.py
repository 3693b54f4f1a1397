"""A user who lost access changes nothing more: admin looks at the actor in the transaction of each change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from frontdesk.admin import v1 as pb
from google.protobuf import descriptor_pool

from kit import errors
from kit.caller import Verifier
from tests.rpc.admin.desk import PASSWORD, Admin, Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

Change = Callable[["Scene"], tuple[Any, Any]]

TAKE_AWAY = {
    "deactivated": "update organization_user set state = 'DEACTIVATED' where organization = $1 and id = 'actor'",
    "demoted": "update organization_user set roles = '{viewer}' where organization = $1 and id = 'actor'",
    "deleted": "delete from organization_user where organization = $1 and id = 'actor'",
}


@dataclass
class Scene:
    """An organization in which `actor`, another owner, is about to lose access."""

    admin: Admin
    shop: Shop
    token: str
    key: str
    """An API key of the owner's."""
    invitation: str
    session: str
    """Another session of `actor`."""


@pytest_asyncio.fixture(loop_scope="session")
async def scene(admin: Admin, shop: Shop) -> AsyncIterator[Scene]:
    await shop.add("actor", "owner")
    await shop.add("other", "agent")
    wish = {"display_name": "A key", "scopes": ["core.messages.read"]}
    request = pb.CreateApiKeyRequest(parent=shop.name, api_key=wish, request_id="key")
    key = (await admin.call(admin.api_keys.CreateApiKey, request, shop.token("owner"))).api_key.name
    invite = pb.CreateInvitationRequest(parent=shop.name, invitation={"email": "invited@demo.test"})
    invited = await admin.call(admin.invitations.CreateInvitation, invite, shop.token("owner"))
    other = (await shop.login("actor")).tokens.access_token
    session = f"{shop.name}/sessions/{Verifier.load(admin.keys.folder).verify(other).session}"
    token = (await shop.login("actor")).tokens.access_token
    yield Scene(admin, shop, token, key, invited.invitation.name, session)


def _create_user(s: Scene) -> tuple[Any, Any]:
    user = {"email": "new@demo.test", "display_name": "New", "roles": [s.shop.role("admin")]}
    return s.admin.users.CreateUser, pb.CreateUserRequest(parent=s.shop.name, user=user, password=PASSWORD, request_id="u")


def _create_key(s: Scene) -> tuple[Any, Any]:
    wish = {"display_name": "New", "scopes": ["core.messages.read"]}
    return s.admin.api_keys.CreateApiKey, pb.CreateApiKeyRequest(parent=s.shop.name, api_key=wish, request_id="k")


def _invite(s: Scene) -> tuple[Any, Any]:
    invitation = {"email": "new@demo.test", "roles": [s.shop.role("admin")]}
    return s.admin.invitations.CreateInvitation, pb.CreateInvitationRequest(parent=s.shop.name, invitation=invitation)


CHANGES: dict[str, Change] = {
    "CreateUser": _create_user,
    "UpdateUser": lambda s: (
        s.admin.users.UpdateUser,
        pb.UpdateUserRequest(user={"name": s.shop.user("other"), "display_name": "Renamed"}),
    ),
    "AssignRoles": lambda s: (
        s.admin.users.AssignRoles,
        pb.AssignRolesRequest(name=s.shop.user("other"), roles=[s.shop.role("admin")]),
    ),
    "DeactivateUser": lambda s: (s.admin.users.DeactivateUser, pb.DeactivateUserRequest(name=s.shop.user("other"))),
    "ActivateUser": lambda s: (s.admin.users.ActivateUser, pb.ActivateUserRequest(name=s.shop.user("actor"))),
    "SetPassword": lambda s: (
        s.admin.users.SetPassword,
        pb.SetPasswordRequest(name=s.shop.user("other"), password="nine blue bicycles"),
    ),
    "ChangePassword": lambda s: (
        s.admin.users.ChangePassword,
        pb.ChangePasswordRequest(current_password=PASSWORD, new_password="nine blue bicycles"),
    ),
    "DeleteUser": lambda s: (s.admin.users.DeleteUser, pb.DeleteUserRequest(name=s.shop.user("other"))),
    "CreateApiKey": _create_key,
    "RevokeApiKey": lambda s: (s.admin.api_keys.RevokeApiKey, pb.RevokeApiKeyRequest(name=s.key)),
    "RotateApiKey": lambda s: (s.admin.api_keys.RotateApiKey, pb.RotateApiKeyRequest(name=s.key, overlap={"seconds": 60})),
    "CreatePasswordResetLink": lambda s: (
        s.admin.users.CreatePasswordResetLink,
        pb.CreatePasswordResetLinkRequest(name=s.shop.user("other")),
    ),
    "CreateInvitation": _invite,
    "RenewInvitation": lambda s: (s.admin.invitations.RenewInvitation, pb.RenewInvitationRequest(name=s.invitation)),
    "RevokeInvitation": lambda s: (s.admin.invitations.RevokeInvitation, pb.RevokeInvitationRequest(name=s.invitation)),
    "RemoveSecondFactor": lambda s: (
        s.admin.second_factors.RemoveSecondFactor,
        pb.RemoveSecondFactorRequest(name=s.shop.user("other")),
    ),
    "StartSecondFactor": lambda s: (
        s.admin.second_factors.StartSecondFactor,
        pb.StartSecondFactorRequest(current_password=PASSWORD),
    ),
    "EndUserSession": lambda s: (s.admin.sessions.EndUserSession, pb.EndUserSessionRequest(name=s.session)),
    "EndOtherSessions": lambda s: (s.admin.sessions.EndOtherSessions, pb.EndOtherSessionsRequest()),
    "EndAllSessions": lambda s: (s.admin.sessions.EndAllSessions, pb.EndAllSessionsRequest(name=s.shop.user("other"))),
    "UpdateOrganization": lambda s: (
        s.admin.organizations.UpdateOrganization,
        pb.UpdateOrganizationRequest(organization={"name": s.shop.name, "display_name": "Renamed"}),
    ),
    "DeleteOrganization": lambda s: (s.admin.organizations.DeleteOrganization, pb.DeleteOrganizationRequest(name=s.shop.name)),
}
"""Every change that a user may ask admin for."""
BY_CODE = {"ConfirmSecondFactor", "RegenerateRecoveryCodes", "DisableSecondFactor"}
"""Changes in the same transaction as StartSecondFactor, which need a code besides."""


async def test_no_change_is_left_out() -> None:
    """The RPCs that are not built, read, or take no user's token aside, all are here."""
    exempt = {"CreateOrganization", "Login", "RefreshToken", "Logout", "ExchangeApiKey", "VerifySecondFactor"}
    exempt |= {"RequestPasswordReset", *BY_CODE}
    services = ["OrganizationService", "UserService", "ApiKeyService", "AuthService"]
    services += ("InvitationService", "SecondFactorService", "UserSessionService")
    found = (descriptor_pool.Default().FindServiceByName(f"frontdesk.admin.v1.{name}") for name in services)
    names = {method.name for service in found for method in service.methods}
    assert {name for name in names if not name.startswith(("Get", "List"))} - exempt == set(CHANGES)


@pytest.mark.parametrize("what", TAKE_AWAY)
@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_waits_for_what_is_taken_away_and_then_does_not_happen(scene: Scene, change: str, what: str) -> None:
    rpc, request = CHANGES[change](scene)
    url = scene.admin.settings.postgres_url.get_secret_value()
    connection = await asyncpg.connect(url)
    watching = await asyncpg.connect(url)
    try:
        await connection.execute("select set_config('frontdesk.organization', $1, false)", scene.shop.id)
        before = await _events(watching, scene)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(TAKE_AWAY[what], scene.shop.id)
        calling = asyncio.ensure_future(scene.admin.call(rpc, request, scene.token))
        await _until(lambda: _somebody_waits(watching))
        assert not calling.done()
        await transaction.commit()
        with pytest.raises(errors.FrontdeskError) as refused:
            await calling
        assert refused.value.reason in ("TOKEN_REVOKED", "USER_NOT_FOUND"), (change, what)
        assert await _events(watching, scene) == before, "nothing was changed"
    finally:
        await connection.close()
        await watching.close()


@pytest.mark.parametrize("change", CHANGES)
async def test_the_change_happens_for_who_may(scene: Scene, change: str) -> None:
    await scene.admin.call(*CHANGES[change](scene), scene.token)


async def test_who_was_deactivated_is_refused_at_once_and_can_not_come_back(scene: Scene) -> None:
    s = scene
    await s.admin.call(s.admin.users.DeactivateUser, pb.DeactivateUserRequest(name=s.shop.user("actor")), s.shop.token("owner"))
    activate = pb.ActivateUserRequest(name=s.shop.user("actor"))
    with pytest.raises(errors.Unauthenticated) as refused:
        await s.admin.call(s.admin.users.ActivateUser, activate, s.token)
    assert refused.value.reason == "TOKEN_REVOKED"


async def test_reads_are_refused_within_two_seconds(scene: Scene) -> None:
    s = scene
    get = pb.GetUserRequest(name=s.shop.user("other"))
    await s.admin.call(s.admin.users.GetUser, get, s.token)
    assign = pb.AssignRolesRequest(name=s.shop.user("actor"), roles=[s.shop.role("viewer")])
    await s.admin.call(s.admin.users.AssignRoles, assign, s.shop.token("owner"))

    async def is_refused() -> bool:
        try:
            await s.admin.call(s.admin.users.GetUser, get, s.token)
        except errors.Unauthenticated as error:
            return error.reason == "TOKEN_REVOKED"
        return False

    await _until(is_refused)


async def _events(connection: Any, scene: Scene) -> int:
    query = "select count(*) from event where organization = $1"
    return int(await connection.fetchval(query, scene.shop.id))


async def _somebody_waits(connection: Any) -> bool:
    return bool(await connection.fetchval("select count(*) from pg_locks where not granted"))


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(2):
        while not await look():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
