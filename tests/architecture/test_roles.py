"""The permissions that the contracts ask for and those that admin's roles are made of are the same."""

from __future__ import annotations

from collections import defaultdict

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from services.admin.domain import roles
from tests.architecture.descriptors import full_descriptor_set
from tools.gen.contracts import Contracts, Rpc

CONTRACTS = Contracts(FileDescriptorSet.FromString(full_descriptor_set()))
RPCS = CONTRACTS.rpcs
FOR_CUSTOMERS_ONLY = {"channel.webChat.use"}
FOR_OWNERS_ONLY = {"admin.organizations.delete", "admin.organizations.update"}


def asked() -> dict[str, list[str]]:
    """Permission → the RPCs that ask for it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for rpc in RPCS:
        if rpc.permission:
            found[rpc.permission].append(rpc.path)
    return dict(found)


def test_every_permission_that_an_rpc_asks_for_can_be_granted() -> None:
    unknown = {permission: rpcs for permission, rpcs in asked().items() if permission not in roles.PERMISSIONS}
    assert unknown == {}, "add them to services/admin/domain/roles.py and say which roles have them"


def test_no_permission_is_granted_that_no_rpc_asks_for() -> None:
    assert roles.PERMISSIONS - asked().keys() == frozenset(), "take them out of services/admin/domain/roles.py"


@pytest.mark.parametrize("rpc", [rpc for rpc in RPCS if rpc.permission], ids=lambda rpc: rpc.path)
def test_an_owner_may_call_whatever_is_not_internal(rpc: Rpc) -> None:
    roles.Actor("users", "owner", roles.permissions_of([roles.OWNER])).must_hold(frozenset({rpc.permission}))


@pytest.mark.parametrize("role", sorted(set(roles.BUILT_IN) - {roles.OWNER}))
def test_a_role_has_only_permissions_that_an_rpc_asks_for(role: str) -> None:
    assert roles.BUILT_IN[role].permissions - asked().keys() == frozenset()


def test_an_admin_may_do_all_but_the_owners_and_the_customers_actions() -> None:
    missing = asked().keys() - roles.permissions_of([roles.ADMIN])
    assert missing == FOR_CUSTOMERS_ONLY | FOR_OWNERS_ONLY


def test_an_internal_rpc_is_opened_by_no_permission() -> None:
    assert [rpc.path for rpc in RPCS if rpc.callers and rpc.permission] == []


@pytest.mark.parametrize(("message", "field"), [("ApiKey", "scopes"), ("Role", "permissions")])
def test_all_permissions_fit_into_a_key_and_a_role(message: str, field: str) -> None:
    fields = CONTRACTS.messages[f"frontdesk.admin.v1.{message}"].proto.field
    rules = CONTRACTS.field_rules(next(found for found in fields if found.name == field))
    assert rules.repeated.max_items >= len(roles.PERMISSIONS)
