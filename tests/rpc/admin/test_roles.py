"""Roles of an organization's own on a real admin."""

from typing import Any

import jwt
import pytest
from frontdesk.admin import v1 as pb

from kit import errors
from tests.rpc.admin.desk import Admin, Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
READS = ["core.conversations.read", "core.messages.read"]


async def create(shop: Shop, id: str, permissions: list[str], token: str = "", request_id: str = "") -> pb.Role:
    role = {"display_name": f"Role {id}", "permissions": permissions}
    request = pb.CreateRoleRequest(parent=shop.name, role_id=id, role=role, request_id=request_id)
    made: pb.Role = await shop.admin.call(shop.admin.roles.CreateRole, request, token or shop.token("owner"))
    return made


async def update(shop: Shop, id: str, token: str = "", **values: Any) -> Any:
    request = pb.UpdateRoleRequest(role={"name": shop.role(id), **values})
    return await shop.admin.call(shop.admin.roles.UpdateRole, request, token or shop.token("owner"))


async def delete(shop: Shop, id: str, etag: str = "", token: str = "") -> None:
    request = pb.DeleteRoleRequest(name=shop.role(id), etag=etag)
    await shop.admin.call(shop.admin.roles.DeleteRole, request, token or shop.token("owner"))


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


async def test_a_user_s_token_carries_what_the_role_allows(shop: Shop) -> None:
    role = await create(shop, "reader", READS)
    assert (list(role.permissions), role.built_in, role.etag) == (READS, False, "1")
    await shop.add("r1", "reader")
    found = claims((await shop.login("r1")).tokens.access_token)
    assert (found["permissions"], found["roles"]) == (READS, "reader")
    listed = await shop.admin.call(shop.admin.roles.ListRoles, pb.ListRolesRequest(parent=shop.name), shop.token("owner"))
    assert [each.name.rpartition("/")[2] for each in listed.roles] == ["owner", "admin", "agent", "viewer", "reader"]


async def test_a_changed_role_changes_what_a_refresh_gives(shop: Shop) -> None:
    await create(shop, "reader", READS)
    await shop.add("r1", "reader")
    signed_in = await shop.login("r1")
    role = await update(shop, "reader", permissions=READS[:1])
    assert (list(role.permissions), role.etag) == (READS[:1], "2")
    refreshed = await shop.refresh(signed_in.tokens.refresh_token)
    assert claims(refreshed.tokens.access_token)["permissions"] == READS[:1]


async def test_a_deleted_role_is_taken_from_its_users_who_may_still_sign_in(shop: Shop) -> None:
    await create(shop, "reader", READS)
    await shop.add("r1", "reader")
    await delete(shop, "reader")
    signed_in = await shop.login("r1")
    assert (list(signed_in.user.roles), claims(signed_in.tokens.access_token)["permissions"]) == ([], [])
    with pytest.raises(errors.NotFound):
        await delete(shop, "reader")


async def test_no_one_grants_what_they_do_not_hold(shop: Shop) -> None:
    await create(shop, "lead", ["admin.roles.create", "admin.roles.update", "admin.roles.delete", *READS])
    await create(shop, "boss", ["core.tools.create"])
    await shop.add("lead", "lead")
    lead = (await shop.login("lead")).tokens.access_token
    await create(shop, "reader", READS, lead)
    attempts = (
        create(shop, "maker", ["core.tools.create"], lead),
        update(shop, "reader", lead, permissions=["core.tools.create"]),
        update(shop, "boss", lead, permissions=READS),
        delete(shop, "boss", token=lead),
    )
    for attempt in attempts:
        with pytest.raises(errors.PermissionDenied) as refused:
            await attempt
        assert refused.value.reason == "PERMISSION_NOT_HELD"
        assert refused.value.metadata["permission"] == "core.tools.create"


async def test_an_actor_whose_role_was_changed_meanwhile_is_refused(shop: Shop) -> None:
    await create(shop, "lead", ["admin.roles.create", *READS])
    await shop.add("lead", "lead")
    before = (await shop.login("lead")).tokens.access_token
    await update(shop, "lead", permissions=READS)
    with pytest.raises(errors.Unauthenticated) as refused:
        await create(shop, "reader", READS, before)
    assert refused.value.reason == "TOKEN_REVOKED"


@pytest.mark.parametrize("permission", ["core.conversation.read", "channel.webChat.use"])
async def test_what_no_role_can_have_is_refused(shop: Shop, permission: str) -> None:
    with pytest.raises(errors.InvalidArgument) as refused:
        await create(shop, "odd", [permission])
    assert refused.value.reason == "UNKNOWN_PERMISSION"


async def test_everything_is_for_owners_alone(shop: Shop) -> None:
    with pytest.raises(errors.InvalidArgument):
        await create(shop, "odd", ["*"])


async def test_built_in_roles_stay_as_they_are(shop: Shop) -> None:
    with pytest.raises(errors.AlreadyExists) as exists:
        await create(shop, "agent", READS)
    assert exists.value.reason == "ROLE_EXISTS"
    for attempt in (update(shop, "agent", permissions=READS), delete(shop, "agent")):
        with pytest.raises(errors.FailedPrecondition) as refused:
            await attempt
        assert refused.value.reason == "BUILT_IN_ROLE"


async def test_a_repeated_request_makes_one_role_and_an_old_etag_is_refused(shop: Shop) -> None:
    first = await create(shop, "reader", READS, request_id="one")
    assert await create(shop, "reader", READS, request_id="one") == first
    with pytest.raises(errors.AlreadyExists) as reused:
        await create(shop, "other", READS, request_id="one")
    assert reused.value.reason == "REQUEST_ID_REUSED"
    with pytest.raises(errors.AlreadyExists):
        await create(shop, "reader", READS, request_id="two")
    await update(shop, "reader", etag="1", display_name="Reads")
    for attempt in (update(shop, "reader", etag="1", description="x"), delete(shop, "reader", etag="1")):
        with pytest.raises(errors.Aborted) as stale:
            await attempt
        assert stale.value.metadata["etag"] == "2"


async def test_a_role_of_another_organization_can_not_be_given(admin: Admin, shop: Shop) -> None:
    other = await admin.shop()
    await create(other, "theirs", READS)
    with pytest.raises(errors.NotFound) as refused:
        await shop.add("r1", "theirs")
    assert refused.value.reason == "ROLE_NOT_FOUND"


async def test_permissions_say_what_asks_for_them(shop: Shop) -> None:
    request = pb.ListPermissionsRequest(parent=shop.name)
    found = (await shop.admin.call(shop.admin.roles.ListPermissions, request, shop.token("viewer"))).permissions
    by_id = {permission.id: permission for permission in found}
    read = by_id["core.messages.read"]
    assert "frontdesk.core.v1.MessageService/ListMessages" in read.methods
    assert (list(read.roles), read.assignable) == (["admin", "agent", "viewer"], True)
    assert not by_id["channel.webChat.use"].assignable
    assert all(permission.methods for permission in found)
