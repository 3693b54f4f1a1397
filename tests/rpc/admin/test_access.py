"""Every RPC of admin × every kind of caller: who gets in and who doesn't."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf import descriptor_pool

from kit import client, errors
from tests.rpc.admin.desk import Admin, Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

CALLERS = ("owner", "admin", "agent", "viewer", "no role", "API key", "customer", "core", "stack", "nobody")

# By hand, so that a slip in the roles shows: RPC → the callers who get in.
PUBLIC = " ".join(caller.replace(" ", "_") for caller in CALLERS)
SERVICES = "core stack"  # a service may call what isn't internal: its own key stands for it
TABLE = {
    "AuthService": {
        "Login": PUBLIC,
        "RefreshToken": PUBLIC,
        "Logout": PUBLIC,
        "ExchangeApiKey": PUBLIC,
        "GetJwks": PUBLIC,
        "VerifySecondFactor": PUBLIC,
        "RequestPasswordReset": PUBLIC,
    },
    "LinkService": {
        "CheckLink": PUBLIC,
        "CreateFirstOrganization": PUBLIC,
        "AcceptInvitation": PUBLIC,
        "ResetPassword": PUBLIC,
    },
    "internal.SetupService": {"CreateSetupLink": "only stack", "CreateResetLink": "only stack"},
    "InvitationService": {
        "CreateInvitation": "owner admin",
        "GetInvitation": "owner admin viewer",
        "ListInvitations": "owner admin viewer",
        "RenewInvitation": "owner admin",
        "RevokeInvitation": "owner admin",
    },
    "SecondFactorService": {
        "GetSecondFactor": "owner admin agent viewer",
        "StartSecondFactor": "owner admin agent viewer",
        "ConfirmSecondFactor": "owner admin agent viewer",
        "RegenerateRecoveryCodes": "owner admin agent viewer",
        "DisableSecondFactor": "owner admin agent viewer",
        "RemoveSecondFactor": "owner admin",
    },
    "UserSessionService": {
        "ListUserSessions": "owner admin agent viewer",
        "EndUserSession": "owner admin agent viewer",
        "EndOtherSessions": "owner admin agent viewer",
        "EndAllSessions": "owner admin",
    },
    "OrganizationService": {
        "GetOrganization": "owner admin agent viewer",
        "UpdateOrganization": "owner",
        "DeleteOrganization": "owner",
    },
    "internal.OrganizationService": {
        "CreateOrganization": "only stack",
        "ListOrganizations": "only stack",
        "SuspendOrganization": "only stack",
        "ResumeOrganization": "only stack",
        "DeleteOrganization": "only stack",
        "RestoreOrganization": "only stack",
        "GetOrganizationErasure": "only stack",
        "ConfirmOrganizationErasure": "only agent-service core",
    },
    "UserService": {
        "CreateUser": "owner admin",
        "GetUser": "owner admin viewer API_key",
        "GetCurrentUser": "owner admin agent viewer",
        "ListUsers": "owner admin viewer API_key",
        "UpdateUser": "owner admin",
        "AssignRoles": "owner admin",
        "DeactivateUser": "owner admin",
        "ActivateUser": "owner admin",
        "SetPassword": "owner admin",
        "ChangePassword": "owner admin agent viewer",
        "CreatePasswordResetLink": "owner admin",
        "DeleteUser": "owner admin",
    },
    "RoleService": {
        "ListRoles": "owner admin viewer",
        "GetRole": "owner admin viewer",
        "ListPermissions": "owner admin viewer",
        "CreateRole": "owner admin",
        "UpdateRole": "owner admin",
        "DeleteRole": "owner admin",
    },
    "ApiKeyService": {
        "CreateApiKey": "owner admin",
        "GetApiKey": "owner admin",
        "ListApiKeys": "owner admin",
        "RevokeApiKey": "owner admin",
        "RotateApiKey": "owner admin",
    },
    "SettingService": {
        "GetSetting": "owner admin viewer",
        "ListSettings": "owner admin viewer",
        "UpdateSetting": "owner admin",
        "PublishSetting": "owner admin",
        "DiscardSettingDraft": "owner admin",
        "RollbackSetting": "owner admin",
        "DiffSetting": "owner admin viewer",
        "GetSettingVersion": "owner admin viewer",
        "ListSettingVersions": "owner admin viewer",
    },
    "CredentialService": {
        "CreateCredential": "owner admin",
        "GetCredential": "owner admin viewer",
        "ListCredentials": "owner admin viewer",
        "UpdateCredential": "owner admin",
        "DeleteCredential": "owner admin",
    },
    "internal.SecretService": {"GetSecret": "only agent-service core"},
    "internal.SettingService": {"GetSettingVersion": "only core"},
    "ExportService": {
        "CreateExport": "owner admin",
        "GetExport": "owner admin",
        "ListExports": "owner admin",
        "CancelExport": "owner admin",
        "DeleteExport": "owner admin",
    },
    "AuditService": {
        "ListAuditEvents": "owner admin",
        "GetAuditEvent": "owner admin",
        "VerifyAuditEvents": "owner admin",
    },
    "ReportService": {
        "GetReportCatalog": "owner admin viewer",
        "QueryReport": "owner admin viewer",
    },
    "internal.EventService": {"WatchEvents": "only agent-service core"},
}


def full_name(service: str) -> str:
    """`frontdesk.admin.internal.v1.EventService` of `internal.EventService`."""
    package, _, name = service.rpartition(".")
    return ".".join(filter(None, ("frontdesk.admin", package, "v1", name)))


def rows() -> Iterator[tuple[str, str, frozenset[str]]]:
    for service, rpcs in TABLE.items():
        for rpc, allowed in rpcs.items():
            words = {word.replace("_", " ") for word in allowed.split()}
            yield service, rpc, frozenset(words - {"only"} if "only" in words else words | {"core", "stack", "agent-service"})


def tokens(shop: Shop) -> dict[str, str]:
    keys = shop.admin.keys
    return {
        **{role: shop.token(role, user="somebody") for role in ("owner", "admin", "agent", "viewer")},
        "no role": shop.token(user="somebody"),
        "API key": keys.signer("admin").sign("apiKeys/k1", shop.id, ["admin.users.read"]),
        "customer": keys.customer_token(shop.id, "k1", ["channel.webChat.use"]),
        "core": keys.service_token("core"),
        "stack": keys.service_token("stack"),
        "agent-service": keys.service_token("agent"),
        "nobody": "",
    }


async def test_the_table_names_every_rpc() -> None:
    pool = descriptor_pool.Default()
    names = (*pb.SERVICES, *internal.SERVICES)
    contract = {name: {m.name for m in pool.FindServiceByName(name).methods} for name in names}
    assert {full_name(service): set(rpcs) for service, rpcs in TABLE.items()} == contract


@pytest.mark.parametrize(("service", "rpc", "allowed"), list(rows()), ids=lambda value: value if isinstance(value, str) else "")
async def test_only_these_callers_get_in(admin: Admin, shop: Shop, service: str, rpc: str, allowed: frozenset[str]) -> None:
    got_in = {caller for caller, token in tokens(shop).items() if await gets_in(admin.channel, service, rpc, token)}
    assert got_in == allowed


async def gets_in(channel: grpc.aio.Channel, service: str, rpc: str, token: str) -> bool:
    """Whether an empty request is refused for what it says (it got in) or for who says it."""
    method = descriptor_pool.Default().FindServiceByName(full_name(service)).methods_by_name[rpc]
    contract = internal if service.startswith("internal.") else pb
    stub = getattr(getattr(contract, f"{method.containing_service.name}Stub")(channel), rpc)
    request = getattr(contract, method.input_type.name)()
    metadata = [("authorization", f"Bearer {token}")] if token else []
    call: Any = stub(request, metadata=metadata, timeout=5)
    try:
        if method.server_streaming:
            async for _ in call:
                break
        else:
            await call
    except grpc.aio.AioRpcError as error:
        told = client.from_status(error)
        if told.reason in ("PERMISSION_MISSING", "CALLER_NOT_ALLOWED", "TOKEN_MISSING", "INVALID_TOKEN"):
            return False
        known = (
            errors.InvalidArgument
            | errors.Unimplemented
            | errors.FailedPrecondition
            | errors.NotFound
            | errors.PermissionDenied
        )
        assert isinstance(told, known | errors.Unauthenticated), told
    finally:
        call.cancel()
    return True


async def test_a_denial_names_the_missing_permission(shop: Shop) -> None:
    request = pb.DeleteUserRequest(name=shop.user("owner"))
    with pytest.raises(errors.PermissionDenied) as denied:
        await shop.admin.call(shop.admin.users.DeleteUser, request, shop.token("agent"))
    assert denied.value.reason == "PERMISSION_MISSING"
    assert denied.value.metadata == {"permission": "admin.users.delete"}


async def test_another_organization_is_out_of_reach_whatever_the_role(admin: Admin, shop: Shop) -> None:
    other = await admin.shop()
    await other.add("victim", "agent")
    token = shop.token("owner")
    requests = [
        (admin.organizations.GetOrganization, pb.GetOrganizationRequest(name=other.name)),
        (admin.organizations.UpdateOrganization, pb.UpdateOrganizationRequest(organization={"name": other.name})),
        (admin.users.GetUser, pb.GetUserRequest(name=other.user("victim"))),
        (admin.users.ListUsers, pb.ListUsersRequest(parent=other.name)),
        (admin.users.UpdateUser, pb.UpdateUserRequest(user={"name": other.user("victim"), "display_name": "Mine"})),
        (admin.users.AssignRoles, pb.AssignRolesRequest(name=other.user("victim"))),
        (admin.users.AssignRoles, pb.AssignRolesRequest(name=shop.user("owner"), roles=[other.role("owner")])),
        (admin.users.DeactivateUser, pb.DeactivateUserRequest(name=other.user("victim"))),
        (admin.users.ActivateUser, pb.ActivateUserRequest(name=other.user("victim"))),
        (admin.users.SetPassword, pb.SetPasswordRequest(name=other.user("victim"), password="mine from now on")),
        (admin.users.DeleteUser, pb.DeleteUserRequest(name=other.user("victim"))),
        (admin.users.CreateUser, pb.CreateUserRequest(parent=other.name, user={"email": "x@y.test", "display_name": "X"})),
        (admin.roles.ListRoles, pb.ListRolesRequest(parent=other.name)),
        (admin.api_keys.ListApiKeys, pb.ListApiKeysRequest(parent=other.name)),
        (
            admin.api_keys.CreateApiKey,
            pb.CreateApiKeyRequest(parent=other.name, api_key={"display_name": "K", "scopes": ["core.messages.read"]}),
        ),
        (admin.settings_service.ListSettings, pb.ListSettingsRequest(parent=other.name)),
        (admin.invitations.ListInvitations, pb.ListInvitationsRequest(parent=other.name)),
        (
            admin.invitations.CreateInvitation,
            pb.CreateInvitationRequest(parent=other.name, invitation={"email": "x@y.test", "roles": [other.role("owner")]}),
        ),
        (admin.users.CreatePasswordResetLink, pb.CreatePasswordResetLinkRequest(name=other.user("victim"))),
        (admin.second_factors.RemoveSecondFactor, pb.RemoveSecondFactorRequest(name=other.user("victim"))),
        (admin.sessions.ListUserSessions, pb.ListUserSessionsRequest(parent=other.user("victim"))),
        (admin.sessions.EndAllSessions, pb.EndAllSessionsRequest(name=other.user("victim"))),
    ]
    for rpc, request in requests:
        with pytest.raises(errors.PermissionDenied) as denied:
            await admin.call(rpc, request, token)
        assert denied.value.reason == "ORGANIZATION_MISMATCH"
    own = pb.GetUserRequest(name=shop.user("victim"))
    with pytest.raises(errors.NotFound) as missing:
        await admin.call(admin.users.GetUser, own, token)
    assert missing.value.reason == "USER_NOT_FOUND"
    assert (await other.login("victim")).user.display_name == "User victim"


async def test_what_is_not_built_yet_says_so(shop: Shop) -> None:
    request = pb.ListExportsRequest(parent=shop.name)
    with pytest.raises(errors.Unimplemented) as unimplemented:
        await shop.admin.call(shop.admin.exports.ListExports, request, shop.token("owner"))
    assert "not built yet" in unimplemented.value.message
