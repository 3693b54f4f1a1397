"""Credentials on a real admin: written, used by one service, and never read."""

from typing import Any

import asyncpg
import pytest
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal

from kit import errors
from tests.rpc.admin.desk import Admin, Shop
from tests.rpc.lists import in_pages

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
SECRET = "sk-very-secret-key"
URL = "https://8.8.8.8/v1"


def named(shop: Shop, id: str = "openai") -> str:
    return f"{shop.name}/credentials/{id}"


async def create(shop: Shop, id: str = "openai", request_id: str = "", **values: Any) -> Any:
    given = {"display_name": "A key", "user": "CREDENTIAL_USER_CORE", "base_url": URL, "api_key": {"key": SECRET}} | values
    request = pb.CreateCredentialRequest(parent=shop.name, credential_id=id, credential=given, request_id=request_id)
    return await shop.admin.call(shop.admin.credentials.CreateCredential, request, shop.token("owner"))


async def update(shop: Shop, *paths: str, **values: Any) -> Any:
    request = pb.UpdateCredentialRequest(credential={"name": named(shop), **values}, update_mask={"paths": paths})
    return await shop.admin.call(shop.admin.credentials.UpdateCredential, request, shop.token("owner"))


async def secret(shop: Shop, service: str = "core") -> Any:
    token = shop.admin.keys.service_token(service)
    return await shop.admin.call(shop.admin.secrets.GetSecret, internal.GetSecretRequest(name=named(shop)), token)


async def test_a_secret_reaches_the_one_service_that_uses_it_and_no_answer(shop: Shop) -> None:
    made = await create(shop, api_key={"key": SECRET, "header": "x-api-key"})
    assert (made.revision, made.api_key.header, made.api_key.HasField("key")) == (1, "x-api-key", False)
    get = pb.GetCredentialRequest(name=named(shop))
    listed = pb.ListCredentialsRequest(parent=shop.name)
    credentials, owner = shop.admin.credentials, shop.token("owner")
    assert await shop.admin.call(credentials.GetCredential, get, owner) == made
    assert await in_pages(lambda request: shop.admin.call(credentials.ListCredentials, request, owner), listed) == [made]
    assert await secret(shop) == internal.Secret(revision=1, value=SECRET, credential=made)
    with pytest.raises(errors.NotFound) as another:
        await secret(shop, "channel")
    assert another.value.reason == "CREDENTIAL_NOT_FOUND"
    with pytest.raises(errors.PermissionDenied):
        await shop.admin.call(shop.admin.secrets.GetSecret, internal.GetSecretRequest(name=named(shop)), owner)


async def test_it_is_sealed_at_rest(shop: Shop) -> None:
    await create(shop)
    connection = await asyncpg.connect(shop.admin.settings.postgres_url.get_secret_value())
    try:
        await connection.execute("select set_config('frontdesk.organization', '*', false)")
        rows = await connection.fetch("select to_jsonb(c) as row, sealed from credential c where organization = $1", shop.id)
        events = await connection.fetch("select e::text from event e where organization = $1", shop.id)
    finally:
        await connection.close()
    assert SECRET not in str(rows) + str(events)
    assert SECRET.encode() not in rows[0]["sealed"]


async def test_another_base_url_needs_the_key_again(shop: Shop) -> None:
    await create(shop)
    with pytest.raises(errors.InvalidArgument) as refused:
        await update(shop, base_url="https://9.9.9.9/v1")
    assert (refused.value.reason, refused.value.metadata["field"]) == ("SECRET_REQUIRED", "apiKey.key")
    assert (await secret(shop)).revision == 1
    moved = await update(shop, base_url="https://9.9.9.9/v1", api_key={"key": "another"})
    assert (moved.base_url, moved.revision) == ("https://9.9.9.9/v1", 2)
    assert await secret(shop) == internal.Secret(revision=2, value="another", credential=moved)


async def test_a_secret_that_is_left_out_stays(shop: Shop) -> None:
    await create(shop)
    renamed = await update(shop, "display_name", display_name="Another name", api_key={"key": "ignored"})
    assert (renamed.display_name, renamed.revision, renamed.etag) == ("Another name", 1, "2")
    assert (await secret(shop)).value == SECRET
    with pytest.raises(errors.Aborted):
        await update(shop, display_name="Late", etag="1")
    with pytest.raises(errors.InvalidArgument) as unknown:
        await update(shop, "user", user="CREDENTIAL_USER_CHANNEL")
    assert unknown.value.reason == "UNKNOWN_FIELD"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/v1",
        "https://localhost/v1",
        "https://10.0.0.1/v1",
        "https://169.254.169.254/latest",
        "https://[::1]/v1",
        "https://[::ffff:127.0.0.1]/v1",
        "http://8.8.8.8/v1",
        "ftp://8.8.8.8/v1",
        "https://user:word@8.8.8.8/v1",
    ],
)
async def test_urls_that_lead_to_us_or_into_private_networks_are_refused(shop: Shop, url: str) -> None:
    with pytest.raises(errors.InvalidArgument) as refused:
        await create(shop, base_url=url)
    assert (refused.value.reason, refused.value.metadata["field"]) == ("URL_NOT_ALLOWED", "credential.baseUrl")


async def test_a_credential_needs_its_secret_and_what_its_kind_asks_for(shop: Shop) -> None:
    for kind, field in (
        ({"api_key": {}}, "apiKey.key"),
        ({"password": {"password": "x"}, "api_key": None}, "password.user"),
        ({"oauth_client": {"client_secret": "x", "client_id": "y"}, "api_key": None}, "oauthClient.tokenUrl"),
    ):
        with pytest.raises(errors.InvalidArgument) as refused:
            await create(shop, **kind)
        assert (refused.value.reason, refused.value.metadata["field"]) == ("SECRET_REQUIRED", field)


async def test_a_repetition_makes_one_and_a_deleted_one_is_gone_with_its_secret(admin: Admin, shop: Shop) -> None:
    made = await create(shop, request_id="one")
    assert await create(shop, request_id="one") == made
    with pytest.raises(errors.AlreadyExists) as exists:
        await create(shop)
    assert exists.value.reason == "CREDENTIAL_EXISTS"
    delete = pb.DeleteCredentialRequest(name=named(shop))
    await admin.call(admin.credentials.DeleteCredential, delete, shop.token("owner"))
    for gone in (secret(shop), admin.call(admin.credentials.DeleteCredential, delete, shop.token("owner"))):
        with pytest.raises(errors.NotFound):
            await gone
