"""Signing in over the wire: passwords, tokens, sessions, keys."""

import asyncio
import time
from typing import Any

import grpc
import jwt
import msgspec
import pytest
from frontdesk.admin import v1 as pb
from google.rpc import error_details_pb2, status_pb2

from kit import errors
from kit.caller import Kind, Verifier
from tests.rpc.admin.desk import PASSWORD, Admin, Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def refused(awaitable: Any) -> errors.FrontdeskError:
    with pytest.raises(errors.FrontdeskError) as error:
        await awaitable
    return error.value


async def test_the_token_is_one_that_every_service_accepts(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")
    signed_in = await shop.login("a1")
    caller = Verifier.load(admin.keys.folder).verify(signed_in.tokens.access_token)
    assert (caller.organization, caller.kind, caller.id) == (shop.id, Kind.USER, "a1")
    assert caller.display_name == "User a1"
    assert caller.may("core.conversations.read")
    assert not caller.may("admin.users.delete")
    assert 0 <= caller.expires - signed_in.tokens.access_expire_time.seconds < 2
    assert caller.expires - time.time() <= 600
    me = await admin.call(admin.users.GetCurrentUser, pb.GetCurrentUserRequest(), signed_in.tokens.access_token)
    assert me == signed_in.user
    assert me.login_time.seconds > 0


async def test_the_published_keys_verify_it_and_show_nothing_of_the_services(admin: Admin, shop: Shop) -> None:
    body = await admin.call(admin.auth.GetJwks, pb.GetJwksRequest())
    assert body.content_type == "application/json"
    keys = jwt.PyJWKSet.from_json(body.data.decode())
    token = (await shop.login()).tokens.access_token
    key = keys[jwt.get_unverified_header(token)["kid"]]
    assert jwt.decode(token, key, algorithms=["EdDSA"], audience="frontdesk")["permissions"] == ["*"]
    assert {key["kid"] for key in msgspec.json.decode(body.data)["keys"]} == {"admin-1", "channel-1"}
    assert b'"d"' not in body.data


async def test_wrong_credentials_look_alike_on_the_wire(admin: Admin, shop: Shop) -> None:
    await shop.add("gone", "agent")
    await admin.call(admin.users.DeactivateUser, pb.DeactivateUserRequest(name=shop.user("gone")), shop.token("owner"))
    wrong = [
        pb.LoginRequest(organization=shop.name, email="owner@demo.test", password="wrong password"),
        pb.LoginRequest(organization=shop.name, email="nobody@demo.test", password=PASSWORD),
        pb.LoginRequest(organization="organizations/nowhere", email="owner@demo.test", password=PASSWORD),
        pb.LoginRequest(organization=shop.name, email="gone@demo.test", password=PASSWORD),
    ]
    told = [await refused(admin.call(admin.auth.Login, request)) for request in wrong]
    assert {(type(e), e.reason, e.message, str(e.metadata), e.domain) for e in told} == {
        (errors.Unauthenticated, "INVALID_CREDENTIALS", told[0].message, "{}", "admin.frontdesk")
    }


async def test_too_many_attempts_say_when_to_come_back(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")
    for _ in range(10):
        assert (await refused(shop.login("a1", "wrong password"))).reason == "INVALID_CREDENTIALS"
    request = pb.LoginRequest(organization=shop.name, email="A1@demo.test", password=PASSWORD)
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await admin.auth.Login(request)
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    metadata: Any = dict(raised.value.trailing_metadata() or ())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
    assert status.details[0].Unpack(info)
    assert status.details[1].Unpack(retry)
    assert info.reason == "TOO_MANY_ATTEMPTS"
    assert 80 <= retry.retry_delay.seconds <= 90
    assert (await shop.login()).user.name == shop.user("owner")


async def test_a_device_token_is_no_access_token_and_lets_a_known_browser_through(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")
    device = (await shop.login("a1")).device_token
    not_access = admin.call(admin.users.GetCurrentUser, pb.GetCurrentUserRequest(), device)
    assert (await refused(not_access)).reason == "INVALID_TOKEN"
    for _ in range(10):
        await refused(shop.login("a1", "wrong password"))
    assert (await refused(shop.login("a1"))).reason == "TOO_MANY_ATTEMPTS"
    request = pb.LoginRequest(organization=shop.name, email="a1@demo.test", password=PASSWORD, device_token=device)
    assert (await admin.call(admin.auth.Login, request)).user.name == shop.user("a1")


async def test_attempts_are_counted_by_the_address_that_our_own_proxy_saw(shop: Shop) -> None:
    results = [
        (await refused(shop.login(f"u{n}", "wrong", x_forwarded_for=f"10.0.0.{n}, 198.51.100.7"))).reason for n in range(101)
    ]
    assert results == ["INVALID_CREDENTIALS"] * 100 + ["TOO_MANY_ATTEMPTS"]
    assert (await refused(shop.login("u1", "wrong", x_forwarded_for="198.51.100.8"))).reason == "INVALID_CREDENTIALS"


async def test_a_refresh_token_rotates_and_its_reuse_ends_the_session(shop: Shop) -> None:
    first = (await shop.login()).tokens
    second = (await shop.refresh(first.refresh_token)).tokens
    assert second.refresh_token != first.refresh_token
    third = (await shop.refresh(second.refresh_token)).tokens
    assert (await refused(shop.refresh(first.refresh_token))).reason == "REFRESH_TOKEN_REUSED"
    assert (await refused(shop.refresh(third.refresh_token))).reason == "INVALID_REFRESH_TOKEN"
    assert (await refused(shop.refresh("fr_unknown"))).reason == "INVALID_REFRESH_TOKEN"


async def test_a_lost_reply_and_two_tabs_get_the_same_successor(shop: Shop) -> None:
    first = (await shop.login()).tokens.refresh_token
    replies = await asyncio.gather(*(shop.refresh(first) for _ in range(5)))
    assert len({reply.tokens.refresh_token for reply in replies}) == 1
    assert len({reply.tokens.refresh_expire_time.ToNanoseconds() for reply in replies}) == 1
    await shop.refresh(replies[0].tokens.refresh_token)


async def test_signing_out_ends_this_session_or_all(admin: Admin, shop: Shop) -> None:
    phone, desktop, third = [(await shop.login()).tokens.refresh_token for _ in range(3)]
    await admin.call(admin.auth.Logout, pb.LogoutRequest(refresh_token=phone))
    assert (await refused(shop.refresh(phone))).reason == "INVALID_REFRESH_TOKEN"
    desktop = (await shop.refresh(desktop)).tokens.refresh_token
    await admin.call(admin.auth.Logout, pb.LogoutRequest(refresh_token=desktop, all_sessions=True))
    for token in (desktop, third):
        assert (await refused(shop.refresh(token))).reason == "INVALID_REFRESH_TOKEN"
    await admin.call(admin.auth.Logout, pb.LogoutRequest(refresh_token="fr_unknown"))


async def test_a_deactivated_user_is_out_at_once(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "admin")
    signed_in = await shop.login("a1")
    secret = await _key(shop, signed_in.tokens.access_token, "core.messages.read")
    await admin.call(admin.users.DeactivateUser, pb.DeactivateUserRequest(name=shop.user("a1")), shop.token("owner"))
    assert (await refused(shop.refresh(signed_in.tokens.refresh_token))).reason == "INVALID_REFRESH_TOKEN"
    assert (await refused(shop.login("a1"))).reason == "INVALID_CREDENTIALS"
    exchange = admin.call(admin.auth.ExchangeApiKey, pb.ExchangeApiKeyRequest(api_key=secret))
    assert (await refused(exchange)).reason == "INVALID_API_KEY"
    await admin.call(admin.users.ActivateUser, pb.ActivateUserRequest(name=shop.user("a1")), shop.token("owner"))
    assert (await refused(shop.refresh(signed_in.tokens.refresh_token))).reason == "INVALID_REFRESH_TOKEN"
    await shop.login("a1")


async def test_a_new_password_ends_every_session(admin: Admin, shop: Shop) -> None:
    await shop.add("a1", "agent")
    signed_in = await shop.login("a1")
    same = pb.ChangePasswordRequest(current_password=PASSWORD, new_password=PASSWORD)
    told = await refused(admin.call(admin.users.ChangePassword, same, signed_in.tokens.access_token))
    assert (told.reason, told.metadata) == ("WEAK_PASSWORD", {"rule": "UNCHANGED"})
    change = pb.ChangePasswordRequest(current_password=PASSWORD, new_password="eight red bicycles")
    await admin.call(admin.users.ChangePassword, change, signed_in.tokens.access_token)
    assert (await refused(shop.refresh(signed_in.tokens.refresh_token))).reason == "INVALID_REFRESH_TOKEN"
    assert (await refused(shop.login("a1"))).reason == "INVALID_CREDENTIALS"
    signed_in = await shop.login("a1", "eight red bicycles")
    await shop.add("boss", "admin")
    reset = pb.SetPasswordRequest(name=shop.user("a1"), password="nine blue bicycles")
    await admin.call(admin.users.SetPassword, reset, shop.token("admin", user="boss"))
    assert (await refused(shop.refresh(signed_in.tokens.refresh_token))).reason == "INVALID_REFRESH_TOKEN"
    await shop.login("a1", "nine blue bicycles")


async def test_a_key_is_exchanged_for_its_scopes_alone(admin: Admin, shop: Shop) -> None:
    secret = await _key(shop, shop.token("owner"), "admin.users.read", "core.messages.read")
    reply = await admin.call(admin.auth.ExchangeApiKey, pb.ExchangeApiKeyRequest(api_key=secret))
    caller = Verifier.load(admin.keys.folder).verify(reply.access_token)
    assert (caller.kind, caller.permissions) == (Kind.API_KEY, frozenset({"admin.users.read", "core.messages.read"}))
    assert caller.expires - time.time() <= 300
    listed = await admin.call(admin.users.ListUsers, pb.ListUsersRequest(parent=shop.name), reply.access_token)
    assert [user.name for user in listed.users] == [shop.user("owner")]
    denied = await refused(
        admin.call(admin.users.DeleteUser, pb.DeleteUserRequest(name=shop.user("owner")), reply.access_token)
    )
    assert denied.metadata == {"permission": "admin.users.delete"}
    keys = await admin.call(admin.api_keys.ListApiKeys, pb.ListApiKeysRequest(parent=shop.name), shop.token("owner"))
    assert keys.api_keys[0].last_use_time.seconds > 0
    assert keys.api_keys[0].hint == secret[:8]
    revoke = pb.RevokeApiKeyRequest(name=keys.api_keys[0].name)
    await admin.call(admin.api_keys.RevokeApiKey, revoke, shop.token("owner"))
    exchange = admin.call(admin.auth.ExchangeApiKey, pb.ExchangeApiKeyRequest(api_key=secret))
    assert (await refused(exchange)).reason == "INVALID_API_KEY"


async def _key(shop: Shop, token: str, *scopes: str) -> str:
    request = pb.CreateApiKeyRequest(parent=shop.name, api_key={"display_name": "Some script", "scopes": scopes})
    reply = await shop.admin.call(shop.admin.api_keys.CreateApiKey, request, token)
    assert len(reply.secret) == 46
    return str(reply.secret)
