"""ApiKeys keep what the port promises."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kit import ids
from kit.errors import RequestIdReused
from kit.ids import OrganizationId
from services.admin.domain.api_keys import ApiKey, Tier
from services.admin.domain.facts import ApiKeyCreated, ApiKeyRevoked
from services.admin.domain.sessions import hash_of
from services.admin.domain.users import Change
from tests.contract.admin.stores import NOW, OPERATOR, Stores, some_user

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]

SCOPES = ("admin.users.read", "core.messages.read")


def some_key(organization: OrganizationId, created: datetime = NOW, creator: str = "u0") -> ApiKey:
    expires = created + timedelta(days=90)
    return ApiKey(organization, ids.new(), "K", SCOPES, Tier.PREMIUM, "fd_abcde", creator, created, expires)


async def test_a_key_is_found_by_its_secret_with_its_maker(kept: Stores) -> None:
    organization, other = await kept.organization(), await kept.organization()
    key, secret_hash = some_key(organization), hash_of(ids.new())
    fact = ApiKeyCreated("users/u0", key.id, "K", SCOPES, key.expires)
    assert await kept.api_keys.add(key, secret_hash, "", [fact], OPERATOR) == key
    assert await kept.api_keys.find(secret_hash, NOW) == (key, some_user(organization, "u0", "owner"))
    assert await kept.api_keys.find(hash_of("other"), NOW) is None
    assert await kept.api_keys.get(organization, key.id) == key
    assert await kept.api_keys.get(other, key.id) is None
    assert await kept.api_keys.change(other, key.id, OPERATOR, lambda key: (key, ())) is None
    assert await kept.journal(organization) == ["ApiKeyCreated"]


async def test_the_same_request_makes_one_key(kept: Stores) -> None:
    organization = await kept.organization()
    key = some_key(organization)
    await kept.api_keys.add(key, hash_of(ids.new()), "r1", [], OPERATOR)
    assert await kept.api_keys.add(some_key(organization), hash_of(ids.new()), "r1", [], OPERATOR) == key
    with pytest.raises(RequestIdReused):
        await kept.api_keys.add(replace(some_key(organization), scopes=()), hash_of(ids.new()), "r1", [], OPERATOR)


async def test_revoking_is_kept_with_its_fact(kept: Stores) -> None:
    organization = await kept.organization()
    key = await kept.api_keys.add(some_key(organization), hash_of(ids.new()), "", [], OPERATOR)
    revoked = await kept.api_keys.change(
        organization, key.id, OPERATOR, lambda key: (replace(key, revoked=NOW), [ApiKeyRevoked("users/u0", key.id)])
    )
    assert await kept.api_keys.get(organization, key.id) == revoked == replace(key, revoked=NOW)
    assert await kept.journal(organization) == ["ApiKeyRevoked"]


async def test_the_last_use_is_noted_to_the_minute(kept: Stores) -> None:
    organization = await kept.organization()
    key = await kept.api_keys.add(some_key(organization), hash_of(ids.new()), "", [], OPERATOR)
    minute = timedelta(minutes=1)
    for seconds, noted in ((0, 0), (59, 0), (61, 61)):
        now = NOW + timedelta(seconds=seconds)
        await kept.api_keys.note_use(organization, key.id, now, now - minute)
        seen = await kept.api_keys.get(organization, key.id)
        assert seen is not None
        assert seen.used == NOW + timedelta(seconds=noted)


async def test_keys_are_listed_newest_first_and_go_with_their_maker(kept: Stores) -> None:
    organization = await kept.organization()
    await kept.users.add(some_user(organization, "u1", "admin"), "h", "", [], OPERATOR)
    made = [some_key(organization, NOW + timedelta(seconds=n), "u1") for n in range(3)]
    for key in made:
        await kept.api_keys.add(key, hash_of(ids.new()), "", [], OPERATOR)
    assert await kept.api_keys.page(organization, None, 2) == [made[2], made[1]]
    assert await kept.api_keys.page(organization, (made[1].created, made[1].id), 2) == [made[0]]
    await kept.users.change(organization, "u1", OPERATOR, lambda user, _: Change(user, deletes=True))
    assert await kept.api_keys.page(organization, None, 2) == []
