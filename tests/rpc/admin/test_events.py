"""Admin's journal, followed."""

import pytest
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from frontdesk.event.v1 import ACTOR_KIND_USER

from kit import client
from kit.journal import shard_of
from tests.rpc.admin.desk import PASSWORD, Admin, Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def follow(shop: Shop, count: int, kinds: list[str] | None = None) -> list[internal.Event]:
    """The first facts of an organization."""
    admin, found = shop.admin, []
    request = internal.WatchEventsRequest(shards=[shard_of(shop.id)], filters=[{"kinds": kinds}])
    token = admin.keys.service_token("agent")
    async for response in client.stream(admin.events.WatchEvents, request, token=token, timeout=10):
        if response.WhichOneof("item") == "event" and response.event.envelope.organization == shop.id:
            found.append(response.event)
            if len(found) == count:
                break
    return found


async def test_every_change_is_in_the_journal_in_order_and_without_gaps(admin: Admin, shop: Shop) -> None:
    owner = shop.token("owner")
    await shop.add("a1", "agent")
    name = shop.user("a1")
    signed_in = await shop.login("a1")
    update = pb.UpdateOrganizationRequest(organization={"name": shop.name, "language": "fr"})
    await admin.call(admin.organizations.UpdateOrganization, update, owner)
    await admin.call(admin.users.UpdateUser, pb.UpdateUserRequest(user={"name": name, "display_name": "B"}), owner)
    await admin.call(admin.users.AssignRoles, pb.AssignRolesRequest(name=name, roles=[shop.role("viewer")]), owner)
    await admin.call(admin.auth.Logout, pb.LogoutRequest(refresh_token=signed_in.tokens.refresh_token))
    await admin.call(admin.users.SetPassword, pb.SetPasswordRequest(name=name, password="eight red bicycles"), owner)
    key = pb.CreateApiKeyRequest(parent=shop.name, api_key={"display_name": "K", "scopes": ["core.messages.read"]})
    made = await admin.call(admin.api_keys.CreateApiKey, key, owner)
    await admin.call(admin.api_keys.RevokeApiKey, pb.RevokeApiKeyRequest(name=made.api_key.name), owner)
    for _ in range(2):  # the second changes nothing and writes nothing
        await admin.call(admin.users.DeactivateUser, pb.DeactivateUserRequest(name=name), owner)
    await admin.call(admin.users.ActivateUser, pb.ActivateUserRequest(name=name), owner)
    await admin.call(admin.users.DeleteUser, pb.DeleteUserRequest(name=name), owner)
    events = await follow(shop, 14)
    assert [event.WhichOneof("fact") for event in events] == [
        "organization_created",
        "user_created",
        "user_created",
        "session_started",
        "organization_updated",
        "user_updated",
        "user_roles_assigned",
        "session_ended",
        "user_password_changed",
        "api_key_created",
        "api_key_revoked",
        "user_deactivated",
        "user_activated",
        "user_deleted",
    ]
    facts = {event.WhichOneof("fact"): event for event in events}
    assert facts["user_roles_assigned"].user_roles_assigned == internal.UserRolesAssigned(
        roles=["viewer"], previous_roles=["agent"]
    )
    envelope = facts["user_roles_assigned"].envelope
    assert (envelope.actor.kind, envelope.actor.id) == (ACTOR_KIND_USER, "owner")
    assert envelope.subject == f"organizations/{shop.id}/users/a1"
    assert facts["session_ended"].session_ended.reason == internal.SESSION_END_REASON_LOGOUT
    assert facts["api_key_created"].api_key_created.expire_time == made.api_key.expire_time
    assert facts["user_deactivated"].envelope.trace_id


async def test_a_follower_gets_the_kinds_it_asks_for(shop: Shop) -> None:
    await shop.add("a1", "agent")
    await shop.login("a1")
    (event,) = await follow(shop, 1, ["SessionStarted"])
    assert event.session_started.user == f"organizations/{shop.id}/users/a1"


async def test_a_reused_token_is_reported(shop: Shop) -> None:
    first = (await shop.login()).tokens.refresh_token
    second = (await shop.refresh(first)).tokens.refresh_token
    await shop.refresh(second)
    with pytest.raises(Exception, match="used before"):
        await shop.refresh(first)
    (event,) = await follow(shop, 1, ["SessionEnded"])
    assert event.session_ended.reason == internal.SESSION_END_REASON_TOKEN_REUSED


async def test_facts_carry_no_address_and_no_secret(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")
    signed_in = await shop.login("a1")
    for event in await follow(shop, 4):
        text = str(event)
        assert "@demo.test" not in text
        assert PASSWORD not in text
        assert signed_in.tokens.refresh_token not in text
        assert "argon2" not in text
