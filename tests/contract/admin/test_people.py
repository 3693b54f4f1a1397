"""Organizations and Users keep what the ports promise."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.facts import OrganizationUpdated, UserCreated, UserDeactivated
from services.admin.domain.organizations import Organization
from services.admin.domain.users import Change, Filter, State, User
from tests.contract.admin.stores import NOW, OPERATOR, Stores, some_user

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

NOBODY = OrganizationId("nobody")


async def test_an_organization_comes_back_as_it_was_added(kept: Stores) -> None:
    id = await kept.organization()
    assert await kept.organizations.get(id) == Organization(id, "Demo Shop", "en", "UTC", NOW, NOW)
    assert await kept.organizations.get(NOBODY) is None
    assert (await kept.users.get(id, "u0")) == some_user(id, "u0", "owner")


async def test_adding_an_organization_again_is_once_and_taking_its_id_is_refused(kept: Stores) -> None:
    id = await kept.organization()
    other = Organization(id, "Other Shop", "en", "UTC", NOW, NOW)
    again = await kept.organizations.add(other, some_user(id, "u9", "owner"), "h", "r0", [])
    assert again.display_name == "Demo Shop"
    assert await kept.users.get(id, "u9") is None
    with pytest.raises(errors.OrganizationExists):
        await kept.organizations.add(other, some_user(id, "u9", "owner"), "h", "r1", [])


async def test_organizations_come_page_by_page(kept: Stores) -> None:
    made = sorted([await kept.organization() for _ in range(3)])
    assert [o.id for o in await kept.organizations.page(made[0], 10) if o.id in made] == made[1:]
    assert len(await kept.organizations.page("", 1)) == 1


async def test_a_change_of_an_organization_is_kept_with_its_fact(kept: Stores) -> None:
    id = await kept.organization()

    def rule(before: Organization) -> tuple[Organization, list[OrganizationUpdated]]:
        return replace(before, language="es", revision=2), [OrganizationUpdated("users/u0", "Demo Shop", "es", "UTC")]

    assert await kept.organizations.change(NOBODY, OPERATOR, rule) is None
    after = await kept.organizations.change(id, OPERATOR, rule)
    assert after == await kept.organizations.get(id)
    assert await kept.journal(id) == ["OrganizationUpdated"]


async def test_a_user_comes_back_by_id_and_by_email_in_its_organization_only(kept: Stores) -> None:
    id, other = await kept.organization(), await kept.organization()
    user = some_user(id, "u1", "agent", "viewer")
    await kept.users.add(user, "hash-u1", "", [UserCreated("users/u0", "u1", "User u1", ("agent",))], OPERATOR)
    found = await kept.users.find(id, "u1@demo.test")
    assert found is not None
    assert (found.user, found.password_hash) == (user, "hash-u1")
    assert await kept.users.credentials(id, "u1") == found
    assert await kept.users.get(other, "u1") is None
    assert await kept.users.find(other, "u1@demo.test") is None
    assert await kept.users.credentials(other, "u1") is None
    assert await kept.users.change(other, "u1", OPERATOR, lambda user, _: Change(user)) is None
    assert await kept.journal(id) == ["UserCreated"]


async def test_what_stands_in_the_way_of_a_new_user_has_a_name(kept: Stores) -> None:
    id = await kept.organization()
    user = some_user(id, "u1", "agent")
    await kept.users.add(user, "h", "r1", [], OPERATOR)
    assert await kept.users.add(replace(user, id="u2"), "h", "r1", [], OPERATOR) == user
    with pytest.raises(RequestIdReused):
        await kept.users.add(some_user(id, "u2"), "h", "r1", [], OPERATOR)
    with pytest.raises(errors.EmailTaken):
        await kept.users.add(replace(user, id="u2"), "h", "r2", [], OPERATOR)
    with pytest.raises(errors.UserExists):
        await kept.users.add(replace(user, email="other@demo.test"), "h", "", [], OPERATOR)
    with pytest.raises(errors.OrganizationNotFound):
        await kept.users.add(some_user(NOBODY, "u1"), "h", "", [], OPERATOR)
    assert await kept.journal(id) == []


async def test_a_change_is_kept_with_its_facts_or_not_at_all(kept: Stores) -> None:
    id = await kept.organization()
    await kept.users.add(some_user(id, "u1", "agent"), "old", "", [], OPERATOR)

    def rule(user: User, others: int) -> Change:
        assert others == 1
        after = replace(user, state=State.DEACTIVATED, revision=2)
        return Change(after, [UserDeactivated("users/u0", "u1")], password_hash="new")

    after = await kept.users.change(id, "u1", OPERATOR, rule)
    found = await kept.users.credentials(id, "u1")
    assert found is not None
    assert (found.user, found.password_hash) == (after, "new")

    def broken(user: User, others: int) -> Change:
        raise errors.LastOwner(user.id)

    with pytest.raises(errors.LastOwner):
        await kept.users.change(id, "u1", OPERATOR, broken)
    with pytest.raises(errors.EmailTaken):
        await kept.users.change(id, "u1", OPERATOR, lambda user, _: Change(replace(user, email="u0@demo.test")))
    assert await kept.users.get(id, "u1") == after
    assert await kept.journal(id) == ["UserDeactivated"]


async def test_two_owners_who_end_each_other_leave_one(kept: Stores) -> None:
    id = await kept.organization()
    await kept.users.add(some_user(id, "u1", "owner"), "h", "", [], OPERATOR)

    def rule(user: User, others: int) -> Change:
        if others == 0:
            raise errors.LastOwner(user.id)
        return Change(replace(user, state=State.DEACTIVATED))

    results = await asyncio.gather(
        *(kept.users.change(id, user, OPERATOR, rule) for user in ("u0", "u1")), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["LastOwner", "User"]


async def test_a_hash_is_replaced_only_if_it_is_still_the_old_one(kept: Stores) -> None:
    id = await kept.organization()
    assert await kept.users.rehash(id, "u0", "hash-u0", "fresh")
    assert not await kept.users.rehash(id, "u0", "hash-u0", "late")
    found = await kept.users.credentials(id, "u0")
    assert found is not None
    assert found.password_hash == "fresh"


async def test_users_are_found_by_state_role_and_words_in_order_of_age(kept: Stores) -> None:
    id = await kept.organization()
    for n, roles in enumerate((["agent"], ["agent", "viewer"], ["viewer"]), start=1):
        user = replace(some_user(id, f"u{n}", *roles), created=NOW + timedelta(seconds=n))
        await kept.users.add(replace(user, display_name=f"Ünal {n}% x"), "h", "", [], OPERATOR)
    await kept.users.change(id, "u3", OPERATOR, lambda user, _: Change(replace(user, state=State.DEACTIVATED)))

    async def ids(filter: Filter, after: User | None = None, limit: int = 10) -> list[str]:
        position = (after.created, after.id) if after else None
        return [user.id for user in await kept.users.page(id, filter, position, limit)]

    assert await ids(Filter()) == ["u0", "u1", "u2", "u3"]
    assert await ids(Filter(State.DEACTIVATED)) == ["u3"]
    assert await ids(Filter(role="viewer")) == ["u2", "u3"]
    assert await ids(Filter(words=("ünal", "u2@"))) == ["u2"]
    assert await ids(Filter(words=("%",))) == ["u1", "u2", "u3"]
    assert await ids(Filter(), limit=2) == ["u0", "u1"]
    assert await ids(Filter(), after=await kept.users.get(id, "u1")) == ["u2", "u3"]
