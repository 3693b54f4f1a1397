"""One list of the dead letters of three services, each with its own PostgreSQL, of which the first asks the next."""

from __future__ import annotations

import argparse
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
import pytest_asyncio
from frontdesk.channel import v1 as pb
from frontdesk.core.internal import v1 as core
from frontdesk.memory.internal import v1 as memory
from pydantic import SecretStr

from kit import client, errors, migrations, postgres, service
from kit.ids import OrganizationId
from kit.jobs import Queue
from kit.jobs.dead_letters import Below, add_dead_letter_service
from kit.jobs.table import Jobs
from kit.settings import ServiceSettings
from stack import dead_letters
from stack.console import Console
from stack.problems import Problem
from tests.rpc.lists import in_pages
from tests.support.serving import Keys, serve

if TYPE_CHECKING:
    from stack.testing import TestStores

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]
ACME = OrganizationId("acme")
PARENT = f"organizations/{ACME}"
ALL = ("channel", "core", "memory")
PERMISSIONS = [f"channel.deadLetters.{verb}" for verb in ("read", "retry", "delete")]


@dataclass
class World:
    """Three services that have nothing but jobs."""

    keys: Keys
    jobs: dict[str, Jobs]
    stacks: dict[str, AsyncExitStack]
    channel: grpc.aio.Channel

    def __post_init__(self) -> None:
        self.public = pb.DeadLetterServiceStub(self.channel)

    async def give_up(self, name: str, subject: str) -> None:
        jobs = self.jobs[name]
        async with jobs._pool.acquire() as connection, connection.transaction():
            await jobs.give_up(connection, Queue(f"{name}-queue"), ACME, subject, "", f"{name} can't")

    async def call(self, method: str, request: Any, *permissions: str, organization: str = ACME) -> Any:
        token = self.keys.user_token(organization, list(permissions or PERMISSIONS))
        return await client.call(getattr(self.public, method), request, token=token)

    async def listed(self, **more: Any) -> pb.ListDeadLettersResponse:
        found: pb.ListDeadLettersResponse = await self.call("ListDeadLetters", pb.ListDeadLettersRequest(parent=PARENT, **more))
        return found

    async def subjects(self, **more: Any) -> list[str]:
        return [letter.subject.removeprefix(f"{PARENT}/") for letter in (await self.listed(**more)).dead_letters]


@pytest_asyncio.fixture(loop_scope="session")
async def world(stores: TestStores, tmp_path: Path) -> AsyncIterator[World]:
    keys, jobs, stacks = Keys(tmp_path), {}, {}
    below: Below | None = None
    dialled: Any = None
    async with AsyncExitStack() as whole:
        for name, contract in (("memory", memory), ("core", core), ("channel", pb)):
            stack = stacks[name] = await whole.enter_async_context(AsyncExitStack())
            pool = await whole.enter_async_context(postgres.open_pool(SecretStr(stores.postgres_url(name))))
            await migrations.apply(pool, name)
            jobs[name] = Jobs(pool, name)
            running = await stack.enter_async_context(serve(_settings(keys), _build(name, contract, jobs[name], below)))
            services = [name, *(below.services if below else ())]
            dialled = await whole.enter_async_context(client.dial(running.url))
            below = Below(services, contract, dialled, keys.signer(ALL[max(0, ALL.index(name) - 1)]))
        yield World(keys, jobs, stacks, dialled)


def _settings(keys: Keys) -> ServiceSettings:
    return ServiceSettings(listen="127.0.0.1:0", keys_dir=keys.folder, drain_seconds=0.1)


def _build(name: str, contract: Any, jobs: Jobs, below: Below | None) -> Any:
    def register(server: grpc.aio.Server) -> None:
        add_dead_letter_service(server, contract, jobs, below)

    class Build:
        async def __aenter__(self) -> service.Service:
            return service.Service(name=name, register=register, services=())

        async def __aexit__(self, *error: object) -> None: ...

    return lambda settings: Build()


async def test_dead_letters_of_all_services_are_one_list_newest_first(world: World) -> None:
    order = ["core", "memory", "channel", "memory", "core"]
    for number, name in enumerate(order):
        await world.give_up(name, f"things/{number}")
    newest_first = [f"things/{number}" for number in reversed(range(len(order)))]
    assert await world.subjects() == newest_first

    async def call(request: Any) -> Any:
        return await world.call("ListDeadLetters", request)

    letters = await in_pages(call, pb.ListDeadLettersRequest(parent=PARENT), size=2)
    assert [letter.subject for letter in letters] == [f"{PARENT}/{subject}" for subject in newest_first]
    assert [letter.name.rpartition("/")[2].partition("-")[0] for letter in letters] == order[::-1]
    assert await world.subjects(queue="memory-queue") == ["things/3", "things/1"]


async def test_one_name_retries_or_deletes_a_dead_letter_wherever_it_is(world: World) -> None:
    for name in ALL:
        await world.give_up(name, f"{name}/1")
        await world.give_up(name, f"{name}/2")
    for letter in (await world.listed()).dead_letters:
        if letter.subject.endswith("/1"):
            answer = await world.call("RetryDeadLetter", pb.RetryDeadLetterRequest(name=letter.name))
            assert answer.subject == letter.subject
            with pytest.raises(errors.NotFound) as gone:
                await world.call("RetryDeadLetter", pb.RetryDeadLetterRequest(name=letter.name))
            assert gone.value.reason == "DEAD_LETTER_NOT_FOUND"
        else:
            for _ in range(2):
                await world.call("DeleteDeadLetter", pb.DeleteDeadLetterRequest(name=letter.name))
    assert await world.subjects() == []
    for name in ALL:
        waiting = await world.jobs[name]._pool.fetch("select subject, attempts, state from job")
        assert [tuple(row) for row in waiting] == [(f"{name}/1", 0, 0)]


async def test_a_service_that_does_not_answer_is_named_and_the_others_are_listed(world: World) -> None:
    for name in ALL:
        await world.give_up(name, f"{name}/1")
    await world.stacks["memory"].aclose()
    listed = await world.listed()
    assert [letter.subject for letter in listed.dead_letters] == [f"{PARENT}/core/1", f"{PARENT}/channel/1"]
    assert list(listed.unreachable) == ["memory"]
    with pytest.raises(errors.Unavailable):
        await world.call("DeleteDeadLetter", pb.DeleteDeadLetterRequest(name=f"{PARENT}/deadLetters/memory-1"))
    await world.stacks["core"].aclose()
    listed = await world.listed()
    assert [letter.subject for letter in listed.dead_letters] == [f"{PARENT}/channel/1"]
    assert list(listed.unreachable) == ["core", "memory"]


async def test_only_admins_of_the_organization_see_and_change_dead_letters(world: World) -> None:
    await world.give_up("memory", "things/1")
    name = f"{PARENT}/deadLetters/memory-1"
    requests = {
        "ListDeadLetters": pb.ListDeadLettersRequest(parent=PARENT),
        "RetryDeadLetter": pb.RetryDeadLetterRequest(name=name),
        "DeleteDeadLetter": pb.DeleteDeadLetterRequest(name=name),
    }
    for method, request in requests.items():
        with pytest.raises(errors.PermissionDenied) as refused:
            await world.call(method, request, "channel.deliveries.retry")
        assert refused.value.reason == "PERMISSION_MISSING"
        with pytest.raises(errors.PermissionDenied) as refused:
            await world.call(method, request, organization="other")
        assert refused.value.reason == "ORGANIZATION_MISMATCH"
    assert await world.subjects() == ["things/1"]
    for id in ("7", "memory-", "memory-x", "other-7", "memory-" + "9" * 19, "memory-7-7"):
        with pytest.raises(errors.NotFound):
            await world.call("RetryDeadLetter", pb.RetryDeadLetterRequest(name=f"{PARENT}/deadLetters/{id}"))


async def command(world: World, action: str, *names: str, queue: str = "", all: bool = False) -> tuple[int, list[str]]:
    """`frontdesk dead-letters` for acme: its exit code, and the lines that it prints."""
    letters = dead_letters.DeadLetters(world.channel, None, world.keys.signer("stack"))
    printed = io.StringIO()
    name = names[0] if action == "show" else list(names)
    options = argparse.Namespace(action=action, name=name, organization=str(ACME), queue=queue, all=all)
    code = await dead_letters.perform(letters, Console(printed), options)
    return code, printed.getvalue().splitlines()


async def test_the_command_lists_shows_retries_and_deletes(world: World) -> None:
    assert await command(world, "list") == (0, ["No dead letters."])
    for number in range(3):
        await world.give_up("memory", f"documents/{number}")
    await world.give_up("core", "customers/1")
    code, lines = await command(world, "list", queue="memory-queue")
    assert (code, lines[-1], len(lines)) == (0, "3 dead letters.", 4)
    name = lines[0].split()[0]
    assert lines[0].endswith("memory can't")
    code, lines = await command(world, "show", name)
    assert code == 0
    assert [line.split()[-1] for line in lines[:3]] == [name, "memory-queue", f"{PARENT}/documents/2"]
    assert await command(world, "retry", name) == (0, [f"1 of 1  {name}  runs again"])
    code, lines = await command(world, "retry", name, name.rpartition("/")[2])
    assert code == 1
    assert all("(DEAD_LETTER_NOT_FOUND)" in line for line in lines)
    code, lines = await command(world, "delete", all=True, queue="memory-queue")
    assert (code, [line.split("  ")[0] for line in lines]) == (0, ["1 of 2", "2 of 2"])
    assert await world.subjects() == ["customers/1"]
    await world.stacks["memory"].aclose()
    code, lines = await command(world, "list")
    assert (code, lines[-1]) == (1, "Those of memory are missing, because it does not answer; see `frontdesk status`.")


@pytest.mark.parametrize(("action", "names"), [("retry", ()), ("delete", ("no/name",)), ("show", ("memory-99",))])
async def test_the_command_says_what_to_do_instead(world: World, action: str, names: tuple[str, ...]) -> None:
    with pytest.raises(Problem, match=r"name dead letters|names no dead letter|there is no dead letter"):
        await command(world, action, *names)
