"""Passwords: the slow hasher and the one of the tests."""

import asyncio
from collections.abc import Iterator

import pytest

from services.admin.adapters.argon2id import Argon2idPasswords, Cost
from services.admin.ports import Passwords
from tests.fakes.admin import PlainPasswords

CHEAP = Cost(memory_kib=64, iterations=1)


@pytest.fixture(params=["plain", "argon2id"])
def passwords(request: pytest.FixtureRequest) -> Iterator[Passwords]:
    if request.param == "plain":
        yield PlainPasswords()
    else:
        hasher = Argon2idPasswords(CHEAP)
        yield hasher
        hasher.close()


async def test_only_the_right_password_fits(passwords: Passwords) -> None:
    hash = await passwords.hash("seven green bicycles")
    assert await passwords.verify(hash, "seven green bicycles")
    assert not await passwords.verify(hash, "seven green bicycle")
    assert not await passwords.verify(None, "seven green bicycles")
    assert not passwords.is_outdated(hash)


async def test_a_hash_of_other_parameters_is_outdated_and_still_fits() -> None:
    old, new = Argon2idPasswords(CHEAP), Argon2idPasswords(Cost(memory_kib=128, iterations=1))
    hash = await old.hash("seven green bicycles")
    assert new.is_outdated(hash)
    assert await new.verify(hash, "seven green bicycles")


async def test_a_broken_hash_fits_nothing() -> None:
    assert not await Argon2idPasswords(CHEAP).verify("no hash at all", "seven green bicycles")


async def test_the_default_is_argon2id_with_owasp_parameters_and_its_own_salt() -> None:
    hasher = Argon2idPasswords(Cost())
    first, second = await asyncio.gather(hasher.hash("same password"), hasher.hash("same password"))
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


async def test_hashing_holds_up_nothing_else() -> None:
    hasher = Argon2idPasswords(Cost(memory_kib=19 * 1024, iterations=20), threads=1)
    running = asyncio.ensure_future(hasher.hash("seven green bicycles"))
    turns = 0
    while not running.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns >= 5  # it would be 1 at most
