"""`frontdesk dead-letters`: work that services gave up, of all queues: to list, show, retry or delete."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from frontdesk.admin.internal import v1 as admin
from frontdesk.channel import v1 as pb

from kit import client, errors
from kit.caller import Signer
from stack import operator
from stack.console import BOLD, DIM, Console
from stack.problems import Problem
from stack.settings import Settings

PAGE = 100
SECONDS = 15.0
_METHODS = {"retry": "RetryDeadLetter", "delete": "DeleteDeadLetter"}
_DONE = {"retry": "runs again", "delete": "deleted"}


@dataclass(frozen=True)
class DeadLetters:
    """Channel's `DeadLetterService`, called with the operator's key."""

    channel: Any
    admin: Any
    signer: Signer

    async def organizations(self) -> AsyncIterator[str]:
        """The ids of all organizations."""
        stub, request = admin.OrganizationServiceStub(self.admin), admin.ListOrganizationsRequest(page_size=PAGE)
        while True:
            found = await client.call(stub.ListOrganizations, request, token=self.signer.service_token(), timeout=SECONDS)
            for organization in found.organizations:
                yield organization.name.rpartition("/")[2]
            if not found.next_page_token:
                return
            request.page_token = found.next_page_token

    async def of(self, organization: str, queue: str = "") -> AsyncIterator[pb.ListDeadLettersResponse]:
        """The dead letters of an organization, the newest first, in pages."""
        request = pb.ListDeadLettersRequest(parent=f"organizations/{organization}", queue=queue, page_size=PAGE)
        while True:
            found = await self._call("ListDeadLetters", request, organization)
            yield found
            if not found.next_page_token:
                return
            request.page_token = found.next_page_token

    async def act(self, action: str, name: str) -> None:
        """Retries or deletes one."""
        method = _METHODS[action]
        await self._call(method, getattr(pb, f"{method}Request")(name=name), name.split("/")[1])

    async def _call(self, method: str, request: Any, organization: str) -> Any:
        rpc = getattr(pb.DeadLetterServiceStub(self.channel), method)
        return await client.call(rpc, request, token=self.signer.service_token(organization), timeout=SECONDS)


def run(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Runs one of the commands. Returns 1 when something is missing in a list, or could not be done."""
    return asyncio.run(_run(settings, console, options))


async def _run(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    async with _connected(settings, options) as letters:
        return await perform(letters, console, options)


async def perform(letters: DeadLetters, console: Console, options: argparse.Namespace) -> int:
    """Runs one of the commands at services that are connected."""
    try:
        if options.action == "list":
            return await _list(letters, console, options)
        if options.action == "show":
            return await _show(letters, console, _name(options.name, options.organization))
        return await _act(letters, console, options)
    except errors.Unavailable as error:
        hint = "see `frontdesk status`, or name addresses by --channel and --admin."
        raise Problem(f"a service does not answer ({error.message}); {hint}") from error
    except errors.FrontdeskError as error:
        raise Problem(f"{error.message} ({error.reason})") from error


@asynccontextmanager
async def _connected(settings: Settings, options: argparse.Namespace) -> AsyncIterator[DeadLetters]:
    signer = operator.signer(settings, options.keys)
    addresses = [operator.address(settings, name, getattr(options, name)) for name in ("channel", "admin")]
    async with client.dial(addresses[0]) as channel, client.dial(addresses[1]) as of_admin:
        yield DeadLetters(channel, of_admin, signer)


async def _list(letters: DeadLetters, console: Console, options: argparse.Namespace) -> int:
    count, silent = 0, set[str]()
    async for organization in _chosen(letters, options):
        async for page in letters.of(organization, options.queue):
            silent.update(page.unreachable)
            for letter in page.dead_letters:
                count += 1
                name, when = console.paint(letter.name, BOLD), _time(letter.death_time)
                console.line(f"{name}  {letter.queue}  {when}  {letter.problem}")
    console.line(f"{count:,} dead letter{'s' * (count != 1)}." if count else "No dead letters.")
    return _warn(console, silent)


async def _show(letters: DeadLetters, console: Console, name: str) -> int:
    silent = set[str]()
    async for page in letters.of(name.split("/")[1]):
        silent.update(page.unreachable)
        for letter in page.dead_letters:
            if letter.name == name:
                for title, value in (
                    ("name", letter.name),
                    ("queue", letter.queue),
                    ("subject", letter.subject),
                    ("problem", letter.problem),
                    ("attempts", letter.attempts),
                    ("first due", _time(letter.create_time)),
                    ("given up", _time(letter.death_time)),
                ):
                    console.line(f"{title:<10}{value}")
                return 0
    if _warn(console, silent):
        return 1
    hint = "it was retried or deleted, or never was; see `frontdesk dead-letters list`."
    raise Problem(f"there is no dead letter {name}: {hint}")


async def _act(letters: DeadLetters, console: Console, options: argparse.Namespace) -> int:
    """Retries or deletes those that are named, or all of a queue, and says after each how far it has come."""
    silent = set[str]()
    if options.name:
        names: Sequence[str] = [_name(name, options.organization) for name in options.name]
    elif not options.all:
        raise Problem("name dead letters, or say --all (and --queue, --organization) for all of them.")
    else:
        names = []
        async for organization in _chosen(letters, options):
            async for page in letters.of(organization, options.queue):
                silent.update(page.unreachable)
                names += [letter.name for letter in page.dead_letters]
    failed = 0
    for number, name in enumerate(names, 1):
        try:
            await letters.act(options.action, name)
        except errors.FrontdeskError as error:
            failed += 1
            result = f"failed: {error.message} ({error.reason})"
        else:
            result = _DONE[options.action]
        console.line(f"{console.paint(f'{number:,} of {len(names):,}', DIM)}  {name}  {result}")
    if not names:
        console.line("No dead letters.")
    return _warn(console, silent) or (1 if failed else 0)


async def _chosen(letters: DeadLetters, options: argparse.Namespace) -> AsyncIterator[str]:
    if options.organization:
        yield options.organization
        return
    async for organization in letters.organizations():
        yield organization


def _name(given: str, organization: str) -> str:
    """The resource name of a dead letter that is named in full, or by its id and the organization."""
    parts = given.split("/")
    if len(parts) == 4 and (parts[0], parts[2]) == ("organizations", "deadLetters"):
        return given
    if len(parts) == 1 and organization:
        return f"organizations/{organization}/deadLetters/{given}"
    hint = "write organizations/ORGANIZATION/deadLetters/ID as in the list, or the id and --organization."
    raise Problem(f"{given} names no dead letter; {hint}")


def _warn(console: Console, silent: set[str]) -> int:
    if not silent:
        return 0
    console.line(f"Those of {' and '.join(sorted(silent))} are missing, because it does not answer; see `frontdesk status`.")
    return 1


def _time(moment: Any) -> str:
    return moment.ToDatetime(UTC).strftime("%Y-%m-%d %H:%M:%S")  # type: ignore[no-any-return]
