"""Permissions, and who may give what."""

import pytest

from services.admin.domain import roles
from services.admin.domain.errors import PermissionNotHeld, RoleNotFound
from services.admin.domain.roles import Actor


def test_each_role_has_all_that_the_one_below_has() -> None:
    assert roles.permissions_of(["viewer"]) & roles.permissions_of(["agent"])
    assert roles.permissions_of(["agent"]) < roles.permissions_of(["admin"])
    assert roles.permissions_of(["viewer"]) < roles.permissions_of(["admin"])
    assert roles.permissions_of(["owner"]) == {"*"}


def test_several_roles_add_up_and_everything_swallows_the_rest() -> None:
    both = roles.permissions_of(["agent", "viewer"])
    assert both == roles.permissions_of(["agent"]) | roles.permissions_of(["viewer"])
    assert roles.permissions_of(["viewer", "owner"]) == {"*"}
    assert roles.permissions_of([]) == frozenset()
    with pytest.raises(RoleNotFound):
        roles.permissions_of(["viewer", "emperor"])


def test_a_viewer_changes_nothing_but_the_own_profile() -> None:
    reading = {"read", "list", "watch", "search"}
    others = {p for p in roles.permissions_of(["viewer"]) if p.rpartition(".")[2] not in reading}
    assert others == {"admin.profile.update"}


def test_no_one_gives_what_they_do_not_have() -> None:
    admin = Actor("users", "a", roles.permissions_of(["admin"]))
    admin.must_hold(roles.permissions_of(["agent"]))
    with pytest.raises(PermissionNotHeld) as refused:
        admin.must_hold(frozenset({"*"}))
    assert refused.value.metadata == {"permission": "*"}
    Actor("users", "o", frozenset({"*"})).must_hold(frozenset({"*", "admin.users.delete"}))


def test_a_key_of_someone_who_lost_a_permission_loses_it_too() -> None:
    wanted = frozenset({"core.messages.read", "admin.users.delete"})
    assert roles.intersection(wanted, frozenset({"*"})) == wanted
    assert roles.intersection(wanted, roles.permissions_of(["agent"])) == {"core.messages.read"}
