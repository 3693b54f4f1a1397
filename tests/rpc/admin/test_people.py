"""Organizations, users, roles and keys over the wire."""

from functools import partial
from typing import Any

import pytest
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal

from kit import errors
from tests.rpc.admin.desk import PASSWORD, Admin, Shop
from tests.rpc.lists import in_pages

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def refused(admin: Admin, rpc: Any, request: Any, token: str) -> errors.FrontdeskError:
    with pytest.raises(errors.FrontdeskError) as error:
        await admin.call(rpc, request, token)
    return error.value


async def test_the_operator_makes_an_organization_once(admin: Admin) -> None:
    token = admin.keys.service_token("stack")
    request = internal.CreateOrganizationRequest(
        organization_id="bootstrap",
        organization={"display_name": "First Shop", "language": "es", "time_zone": "Europe/Madrid"},
        owner={"email": "Owner@First.test", "display_name": "First Owner", "password": PASSWORD},
        request_id="r1",
    )
    first = await admin.call(admin.operator.CreateOrganization, request, token)
    assert (first.name, first.language, first.time_zone) == ("organizations/bootstrap", "es", "Europe/Madrid")
    again = internal.CreateOrganizationRequest()
    again.CopyFrom(request)
    again.owner.password = "another long password"
    assert await admin.call(admin.operator.CreateOrganization, again, token) == first
    login = pb.LoginRequest(organization=first.name, email="owner@first.test", password=PASSWORD)
    assert (await admin.call(admin.auth.Login, login)).user.roles == [f"{first.name}/roles/owner"]
    again.request_id = "r2"
    assert (await refused(admin, admin.operator.CreateOrganization, again, token)).reason == "ORGANIZATION_EXISTS"
    page = await admin.call(admin.operator.ListOrganizations, internal.ListOrganizationsRequest(page_size=100), token)
    assert first in page.organizations


async def test_organizations_are_listed_page_by_page(admin: Admin) -> None:
    made = {(await admin.shop()).name for _ in range(3)}
    call = partial(admin.call, admin.operator.ListOrganizations, token=admin.keys.service_token("stack"))
    seen = [organization.name for organization in await in_pages(call, internal.ListOrganizationsRequest())]
    assert made <= set(seen)
    assert len(seen) == len(set(seen))


async def test_an_owner_changes_what_the_mask_names(admin: Admin, shop: Shop) -> None:
    update = pb.UpdateOrganizationRequest(
        organization={"name": shop.name, "display_name": "New", "language": "fr"}, update_mask={"paths": ["language"]}
    )
    changed = await admin.call(admin.organizations.UpdateOrganization, update, shop.token("owner"))
    assert (changed.display_name, changed.language, changed.etag) == ("Demo Shop", "fr", "2")
    for fields, mask, reason in (
        ({"time_zone": "Mars/Base"}, [], "INVALID_TIME_ZONE"),
        ({}, ["create_time"], "UNKNOWN_FIELD"),
        ({"etag": "1", "language": "de"}, [], "ETAG_MISMATCH"),
        ({"display_name": ""}, ["display_name"], "INVALID_DISPLAY_NAME"),
    ):
        update = pb.UpdateOrganizationRequest(organization={"name": shop.name, **fields}, update_mask={"paths": mask})
        error = await refused(admin, admin.organizations.UpdateOrganization, update, shop.token("owner"))
        assert error.reason == reason


async def test_a_user_lives_from_making_to_deleting(admin: Admin, shop: Shop) -> None:
    owner = shop.token("owner")
    user = await shop.add("a1", "agent")
    assert user.state == pb.USER_STATE_ACTIVE
    assert user.roles == [shop.role("agent")]
    update = pb.UpdateUserRequest(user={"name": user.name, "display_name": "Renamed", "etag": user.etag})
    user = await admin.call(admin.users.UpdateUser, update, owner)
    assert (user.display_name, user.email, user.etag) == ("Renamed", "a1@demo.test", "2")
    assign = pb.AssignRolesRequest(name=user.name, roles=[shop.role("viewer"), shop.role("agent")])
    user = await admin.call(admin.users.AssignRoles, assign, owner)
    assert user.roles == [shop.role("agent"), shop.role("viewer")]
    assert await admin.call(admin.users.GetUser, pb.GetUserRequest(name=user.name), owner) == user
    await admin.call(admin.users.DeleteUser, pb.DeleteUserRequest(name=user.name, etag=user.etag), owner)
    gone = await refused(admin, admin.users.GetUser, pb.GetUserRequest(name=user.name), owner)
    assert (gone.reason, gone.metadata) == ("USER_NOT_FOUND", {"user": "a1"})


async def test_what_is_wrong_with_a_new_user_is_reported(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")

    async def error(token: str = "", **changes: Any) -> errors.FrontdeskError:
        user = {"email": "new@demo.test", "display_name": "New", "roles": [shop.role("agent")]} | changes.pop("user", {})
        request = pb.CreateUserRequest(**{"parent": shop.name, "password": PASSWORD, **changes, "user": user})
        return await refused(admin, admin.users.CreateUser, request, token or shop.token("owner"))

    for problem, reason in (
        (error(user={"email": "A1@demo.test"}), "EMAIL_TAKEN"),
        (error(user_id="a1"), "USER_EXISTS"),
        (error(password="short"), "WEAK_PASSWORD"),
        (error(password="new@demo.test!"), "WEAK_PASSWORD"),
        (error(user={"display_name": " "}), "INVALID_DISPLAY_NAME"),
        (error(user={"email": ""}), "INVALID_REQUEST"),
        (error(user={"email": "no address"}), "INVALID_REQUEST"),
        (error(user={"roles": [shop.role("emperor")]}), "ROLE_NOT_FOUND"),
        (error(user={"roles": ["owner"]}), "INVALID_REQUEST"),
        (error(user_id="../a1"), "INVALID_REQUEST"),
        (error(parent="organizations/../x"), "INVALID_REQUEST"),
        (error(shop.token("admin"), user={"roles": [shop.role("owner")]}), "PERMISSION_NOT_HELD"),
        (error("not a token"), "INVALID_TOKEN"),
    ):
        assert (await problem).reason == reason


async def test_making_a_user_may_be_repeated(admin: Admin, shop: Shop) -> None:
    request = pb.CreateUserRequest(
        parent=shop.name, user={"email": "n@demo.test", "display_name": "N"}, password=PASSWORD, request_id="r1"
    )
    first = await admin.call(admin.users.CreateUser, request, shop.token("owner"))
    assert await admin.call(admin.users.CreateUser, request, shop.token("owner")) == first
    request.user.email = "other@demo.test"
    assert (await refused(admin, admin.users.CreateUser, request, shop.token("owner"))).reason == "REQUEST_ID_REUSED"


async def test_an_admin_does_not_become_an_owner_and_the_last_owner_stays(admin: Admin, shop: Shop) -> None:
    await shop.add("boss", "admin")
    boss, owner = (await shop.login("boss")).tokens.access_token, (await shop.login()).tokens.access_token
    name = shop.user("owner")
    for rpc, request in (
        (admin.users.AssignRoles, pb.AssignRolesRequest(name=shop.user("boss"), roles=[shop.role("owner")])),
        (admin.users.SetPassword, pb.SetPasswordRequest(name=name, password="mine from now on")),
        (admin.users.UpdateUser, pb.UpdateUserRequest(user={"name": name, "email": "mine@demo.test"})),
        (admin.users.DeactivateUser, pb.DeactivateUserRequest(name=name)),
        (admin.users.DeleteUser, pb.DeleteUserRequest(name=name)),
    ):
        assert (await refused(admin, rpc, request, boss)).reason == "PERMISSION_NOT_HELD"
    for rpc, request in (
        (admin.users.AssignRoles, pb.AssignRolesRequest(name=name, roles=[shop.role("admin")])),
        (admin.users.DeactivateUser, pb.DeactivateUserRequest(name=name)),
        (admin.users.DeleteUser, pb.DeleteUserRequest(name=name)),
    ):
        assert (await refused(admin, rpc, request, owner)).reason == "LAST_OWNER"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *(
            ("Zoë Ångström", "angs"),
            ("Zoë Ångström", " zoe  ANG "),
            ("Zoe", "ZOË"),
            ("Łukasz हिन्दी", "हिन्दी"),
            ("Straße", "strasse"),
        ),
        *(("Łukasz", "lukasz"), ("Işık", "IŞIK"), ("Acme™ №5", "no5"), ("مُحَمَّد", "محمد")),
    ],
)
async def test_a_user_is_found_without_accents_and_capitals(admin: Admin, shop: Shop, name: str, word: str) -> None:
    await shop.add("robin", "agent")
    update = pb.UpdateUserRequest(user=pb.User(name=shop.user("robin"), display_name=name))
    await admin.call(admin.users.UpdateUser, update, shop.token("owner"))
    found = await admin.call(admin.users.ListUsers, pb.ListUsersRequest(parent=shop.name, filter=word), shop.token("owner"))
    assert [user.name for user in found.users] == [shop.user("robin")]


@pytest.mark.parametrize("word", ["\u0301", "\u064b\u0308", "´"])
async def test_no_user_is_found_by_marks_alone(admin: Admin, shop: Shop, word: str) -> None:
    for filter, some in ((word, False), (f"state:active {word}", False), ("", True)):
        request = pb.ListUsersRequest(parent=shop.name, filter=filter)
        found = await admin.call(admin.users.ListUsers, request, shop.token("owner"))
        assert bool(found.users) is some


async def test_a_page_token_belongs_to_its_filter(admin: Admin, shop: Shop) -> None:
    for n in range(3):
        await shop.add(f"a{n}", "agent")
    token = shop.token("viewer")
    request = pb.ListUsersRequest(parent=shop.name, page_size=2, filter="role:agent")
    first = await admin.call(admin.users.ListUsers, request, token)
    request.page_token = first.next_page_token
    second = await admin.call(admin.users.ListUsers, request, token)
    assert [user.name for page in (first, second) for user in page.users] == [shop.user(f"a{n}") for n in range(3)]
    assert second.next_page_token == ""
    all_of_them = await in_pages(partial(admin.call, admin.users.ListUsers, token=token), pb.ListUsersRequest(parent=shop.name))
    assert len(all_of_them) == 4
    request.filter = "role:viewer"
    assert (await refused(admin, admin.users.ListUsers, request, token)).reason == "INVALID_PAGE_TOKEN"
    request.page_token, request.filter = "garbage", ""
    assert (await refused(admin, admin.users.ListUsers, request, token)).reason == "INVALID_PAGE_TOKEN"
    request.page_token, request.filter = "", "colour:blue"
    assert (await refused(admin, admin.users.ListUsers, request, token)).reason == "INVALID_FILTER"
    request.page_size = 101
    assert (await refused(admin, admin.users.ListUsers, request, token)).reason == "INVALID_REQUEST"


async def test_roles_are_listed_with_their_permissions(admin: Admin, shop: Shop) -> None:
    call = partial(admin.call, admin.roles.ListRoles, token=shop.token("viewer"))
    roles = await in_pages(call, pb.ListRolesRequest(parent=shop.name))
    assert [role.name for role in roles] == [shop.role(id) for id in ("owner", "admin", "agent", "viewer")]
    assert roles[0].permissions == ["*"]
    assert all(role.built_in for role in roles)
    got = await admin.call(admin.roles.GetRole, pb.GetRoleRequest(name=shop.role("agent")), shop.token("viewer"))
    assert got == roles[2]
    missing = await refused(admin, admin.roles.GetRole, pb.GetRoleRequest(name=shop.role("x")), shop.token("viewer"))
    assert missing.reason == "ROLE_NOT_FOUND"


async def test_keys_are_listed_page_by_page_the_newest_first(admin: Admin, shop: Shop) -> None:
    for n in range(3):
        key = {"display_name": f"K{n}", "scopes": ["core.messages.read"]}
        await admin.call(
            admin.api_keys.CreateApiKey, pb.CreateApiKeyRequest(parent=shop.name, api_key=key), shop.token("owner")
        )
    call = partial(admin.call, admin.api_keys.ListApiKeys, token=shop.token("owner"))
    keys = await in_pages(call, pb.ListApiKeysRequest(parent=shop.name))
    assert [key.display_name for key in keys] == ["K2", "K1", "K0"]


async def test_what_is_wrong_with_a_new_key_is_reported(admin: Admin, shop: Shop) -> None:
    async def error(token: str = "", **key: Any) -> str:
        wanted = {"display_name": "K", "scopes": ["core.messages.read"], **key}
        request = pb.CreateApiKeyRequest(parent=shop.name, api_key=wanted)
        return (await refused(admin, admin.api_keys.CreateApiKey, request, token or shop.token("owner"))).reason

    key_token = admin.keys.signer("admin").sign("apiKeys/k1", shop.id, ["*"])
    assert await error(scopes=[]) == "INVALID_REQUEST"
    assert await error(scopes=["core.messages.reed"]) == "UNKNOWN_PERMISSION"
    assert await error(scopes=["*"]) == "INVALID_REQUEST"
    assert await error(display_name="") == "INVALID_REQUEST"
    assert await error(display_name=" ") == "INVALID_DISPLAY_NAME"
    assert await error(expire_time={"seconds": 1}) == "INVALID_EXPIRY"
    assert await error(expire_time={"seconds": 4_000_000_000}) == "INVALID_EXPIRY"
    assert await error(expire_time={"seconds": 10**15}) == "INVALID_REQUEST"
    assert await error(tier=9) == "INVALID_REQUEST"
    assert await error(key_token) == "USER_REQUIRED"
    assert await error(shop.token("admin"), scopes=["admin.organizations.update"]) == "PERMISSION_NOT_HELD"


async def test_a_repeated_request_does_not_show_the_key_again(admin: Admin, shop: Shop) -> None:
    request = pb.CreateApiKeyRequest(
        parent=shop.name, api_key={"display_name": "K", "scopes": ["core.messages.read"]}, request_id="r1"
    )
    first = await admin.call(admin.api_keys.CreateApiKey, request, shop.token("owner"))
    again = await admin.call(admin.api_keys.CreateApiKey, request, shop.token("owner"))
    assert again.api_key == first.api_key
    assert (first.secret[:3], again.secret) == ("fd_", "")
    assert first.api_key.tier == pb.API_KEY_TIER_STANDARD
    days = (first.api_key.expire_time.seconds - first.api_key.create_time.seconds) / 86400
    assert days == 90
    got = await admin.call(admin.api_keys.GetApiKey, pb.GetApiKeyRequest(name=first.api_key.name), shop.token("owner"))
    assert got == first.api_key
