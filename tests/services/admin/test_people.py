"""Users, roles and keys: who may change whom."""

from datetime import timedelta

import pytest

from kit.errors import EtagMismatch, RequestIdReused
from services.admin.domain import users
from services.admin.domain.api_keys import ApiKeyDraft, Tier
from services.admin.domain.errors import (
    EmailTaken,
    InvalidDisplayName,
    InvalidExpiry,
    InvalidFilter,
    InvalidTimeZone,
    LastOwner,
    OrganizationExists,
    PermissionNotHeld,
    RoleNotFound,
    ScopesRequired,
    UnknownPermission,
    UserExists,
    UserNotFound,
    UserRequired,
    WeakPassword,
)
from services.admin.domain.organizations import OrganizationUpdate
from services.admin.domain.roles import Actor
from services.admin.domain.users import Draft, State, UserUpdate
from tests.services.admin.desk import DEMO, PASSWORD, Desk, acting


async def test_an_organization_starts_with_its_owner_and_starting_it_again_changes_nothing(desk: Desk) -> None:
    owner = await desk.organization()
    assert owner.roles == ("owner",)
    assert await desk.facts() == ["OrganizationCreated", "UserCreated"]
    await desk.organization()
    assert len(await desk.facts()) == 2
    organization = await desk.app.get_organization(DEMO)
    stack = Actor("services", "stack", frozenset({"*"}))
    with pytest.raises(OrganizationExists):
        await desk.app.create_organization(organization, Draft("x@y.test", "X", []), PASSWORD, "another", stack)


async def test_an_organization_keeps_what_an_update_does_not_name(desk: Desk) -> None:
    owner = await desk.organization()
    changed = await desk.app.update_organization(DEMO, OrganizationUpdate(time_zone="Europe/Madrid"), acting(owner))
    assert (changed.display_name, changed.time_zone, changed.revision) == ("Demo Shop", "Europe/Madrid", 2)
    for change, error in (
        (OrganizationUpdate(time_zone="Mars/Base"), InvalidTimeZone),
        (OrganizationUpdate(time_zone="../../etc/passwd"), InvalidTimeZone),
        (OrganizationUpdate(display_name=" "), InvalidDisplayName),
        (OrganizationUpdate(display_name="two\nlines"), InvalidDisplayName),
        (OrganizationUpdate(display_name="Other", etag="1"), EtagMismatch),
    ):
        with pytest.raises(error):
            await desk.app.update_organization(DEMO, change, acting(owner))


async def test_the_same_request_makes_one_user(desk: Desk) -> None:
    owner = acting(await desk.organization())
    draft = Draft("New@Demo.test", " New User ", ["agent", "agent"])
    first = await desk.app.create_user(DEMO, draft, PASSWORD, "r1", owner)
    assert (first.email, first.display_name, first.roles) == ("new@demo.test", "New User", ("agent",))
    assert await desk.app.create_user(DEMO, draft, PASSWORD, "r1", owner) == first
    with pytest.raises(RequestIdReused):
        await desk.app.create_user(DEMO, Draft("other@demo.test", "Other", []), PASSWORD, "r1", owner)
    with pytest.raises(EmailTaken):
        await desk.app.create_user(DEMO, draft, PASSWORD, "r2", owner)
    with pytest.raises(UserExists):
        await desk.app.create_user(DEMO, Draft("other@demo.test", "Other", [], first.id), PASSWORD, "", owner)
    with pytest.raises(WeakPassword):
        await desk.app.create_user(DEMO, Draft("other@demo.test", "Other", []), "short", "", owner)
    with pytest.raises(RoleNotFound):
        await desk.app.create_user(DEMO, Draft("other@demo.test", "Other", ["emperor"]), PASSWORD, "", owner)


async def test_an_admin_can_neither_make_nor_take_over_an_owner(desk: Desk) -> None:
    owner = await desk.organization()
    admin = acting(await desk.user("admin", id="a1"))
    app = desk.app
    attempts = (
        lambda: app.create_user(DEMO, Draft("x@demo.test", "X", ["owner"]), PASSWORD, "", admin),
        lambda: app.assign_roles(DEMO, "a1", ["owner"], "", admin),
        lambda: app.assign_roles(DEMO, owner.id, ["viewer"], "", admin),
        lambda: app.set_password(DEMO, owner.id, "mine from now on", admin),
        lambda: app.update_user(DEMO, owner.id, UserUpdate(email="mine@demo.test"), admin),
        lambda: app.deactivate_user(DEMO, owner.id, admin),
        lambda: app.delete_user(DEMO, owner.id, "", admin),
    )
    before = await desk.facts()
    for attempt in attempts:
        with pytest.raises(PermissionNotHeld):
            await attempt()
    assert await desk.facts() == before
    assert await app.get_user(DEMO, owner.id) == owner


async def test_the_last_owner_stays(desk: Desk) -> None:
    owner = await desk.organization()
    by = acting(owner)
    for attempt in (
        lambda: desk.app.deactivate_user(DEMO, owner.id, by),
        lambda: desk.app.delete_user(DEMO, owner.id, "", by),
        lambda: desk.app.assign_roles(DEMO, owner.id, ["admin"], "", by),
    ):
        with pytest.raises(LastOwner):
            await attempt()
    second = await desk.user("owner", id="o2")
    await desk.app.deactivate_user(DEMO, second.id, by)
    with pytest.raises(LastOwner):
        await desk.app.assign_roles(DEMO, owner.id, [], "", by)
    await desk.app.activate_user(DEMO, second.id, by)
    await desk.app.assign_roles(DEMO, owner.id, ["viewer"], "", by)
    assert (await desk.facts())[-1] == "UserRolesAssigned"


async def test_an_update_says_what_changed_and_nothing_if_nothing_did(desk: Desk) -> None:
    owner = acting(await desk.organization())
    user = await desk.user("agent", id="a1")
    changed = await desk.app.update_user(DEMO, "a1", UserUpdate(display_name="Renamed", etag="1"), owner)
    assert (changed.display_name, changed.email, changed.revision) == ("Renamed", user.email, 2)
    facts = await desk.facts()
    assert facts[-1] == "UserUpdated"
    assert await desk.app.update_user(DEMO, "a1", UserUpdate(display_name="Renamed"), owner) == changed
    assert await desk.facts() == facts
    with pytest.raises(EtagMismatch):
        await desk.app.update_user(DEMO, "a1", UserUpdate(display_name="Again", etag="1"), owner)
    with pytest.raises(EmailTaken):
        await desk.app.update_user(DEMO, "a1", UserUpdate(email="owner@demo.test"), owner)


async def test_a_deleted_user_is_gone_with_sessions_and_keys(desk: Desk) -> None:
    owner = acting(await desk.organization())
    maker = acting(await desk.user("admin", id="m1"))
    await desk.login(DEMO, "m1@demo.test", PASSWORD, "")
    await desk.app.create_api_key(DEMO, ApiKeyDraft("K", ["core.messages.read"], Tier.BASIC, None), "", maker)
    await desk.app.delete_user(DEMO, "m1", "", owner)
    for table in ("session", "refresh_token", "api_key"):
        assert await desk.rows(f"select * from {table}") == []
    with pytest.raises(UserNotFound):
        await desk.app.delete_user(DEMO, "m1", "", owner)


async def test_users_are_listed_in_order_under_a_filter(desk: Desk) -> None:
    await desk.organization()
    for n in range(5):
        desk.clock.move(seconds=1)
        await desk.user("agent", id=f"a{n}")
    first = await desk.app.list_users(DEMO, "role:agent state:active demo.test", None, 3)
    assert [user.id for user in first] == ["a0", "a1", "a2"]
    last = first[-1]
    rest = await desk.app.list_users(DEMO, "role:agent state:active demo.test", (last.created, last.id), 3)
    assert [user.id for user in rest] == ["a3", "a4"]


def test_a_filter_is_read_or_refused() -> None:
    parsed = users.parse_filter("state:deactivated role:agent Anna")
    assert (parsed.state, parsed.role, parsed.words) == (State.DEACTIVATED, "agent", ("anna",))
    for text in ("state:gone", "role:", "email:x"):
        with pytest.raises(InvalidFilter):
            users.parse_filter(text)


async def test_a_key_holds_no_more_than_its_maker_and_is_made_by_users_only(desk: Desk) -> None:
    await desk.organization()
    agent = acting(await desk.user("agent", id="a1"))
    good = ApiKeyDraft("K", ["core.messages.read"], Tier.STANDARD, None)

    async def make(by: Actor, scopes: list[str], days: float = 90) -> None:
        await desk.app.create_api_key(
            DEMO, ApiKeyDraft("K", scopes, Tier.STANDARD, desk.clock() + timedelta(days=days)), "", by
        )

    for scopes, days, error in (
        (["admin.users.delete"], 1, PermissionNotHeld),
        (["core.message.read"], 1, UnknownPermission),
        (["*"], 1, UnknownPermission),
        ([], 1, ScopesRequired),
        (["core.messages.read"], 367, InvalidExpiry),
        (["core.messages.read"], 0, InvalidExpiry),
    ):
        with pytest.raises(error):
            await make(agent, scopes, days)
    with pytest.raises(UserRequired):
        await make(Actor("apiKeys", "k1", frozenset({"*"})), ["core.messages.read"])
    key, secret = await desk.app.create_api_key(DEMO, good, "r1", agent)
    assert secret.startswith("fd_")
    assert len(secret) == 46
    assert key.hint == secret[:8]
    assert await desk.app.create_api_key(DEMO, good, "r1", agent) == (key, "")
    with pytest.raises(RequestIdReused):
        await desk.app.create_api_key(DEMO, ApiKeyDraft("K", ["core.turns.read"], Tier.STANDARD, None), "r1", agent)


async def test_only_users_have_a_profile(desk: Desk) -> None:
    await desk.organization()
    with pytest.raises(UserRequired):
        await desk.app.get_current_user(DEMO, Actor("apiKeys", "k1", frozenset({"*"})))
