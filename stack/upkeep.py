"""`frontdesk verify` and `frontdesk rebuild transcripts`: the services do the work, this prints their results.

Each service recounts its own stores, since no other may read them. The calls are internal, so they go directly to the services
and not through the gateway, with a token that the operator's key signs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from frontdesk.agent.internal import v1 as agent_internal
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core.internal import v1 as core_internal
from frontdesk.memory.internal import v1 as memory_internal

from kit import client, errors
from kit.caller import Signer
from stack.console import BOLD, Console
from stack.problems import Problem
from stack.settings import Settings

Result = (
    core_internal.VerifyStoresResponse
    | agent_internal.VerifyStoresResponse
    | channel_internal.VerifyStoresResponse
    | memory_internal.VerifyStoresResponse
)

_VERIFIERS: Mapping[str, tuple[Callable[[grpc.aio.Channel], Any], Any]] = {
    "core": (core_internal.VerificationServiceStub, core_internal.VerifyStoresRequest),
    "agent": (agent_internal.VerificationServiceStub, agent_internal.VerifyStoresRequest),
    "channel": (channel_internal.VerificationServiceStub, channel_internal.VerifyStoresRequest),
    "memory": (memory_internal.VerificationServiceStub, memory_internal.VerifyStoresRequest),
}


@dataclass(frozen=True)
class Upkeep:
    """The services' addresses, and the operator's key."""

    addresses: Mapping[str, str]
    signer: Signer

    @classmethod
    def load(cls, settings: Settings, options: Mapping[str, Any]) -> Upkeep:
        """This machine's, except where options name others."""
        ports = settings.ports.model_dump()
        addresses = {name: options.get(name) or f"127.0.0.1:{ports[name]}" for name in _VERIFIERS}
        keys = Path(options["keys"] or settings.home.keys)
        try:
            return cls(addresses, Signer.load(keys, "stack"))
        except FileNotFoundError as error:
            raise Problem(
                f"{error.filename} doesn't exist; start Frontdesk once, or name the keys' folder with --keys."
            ) from None

    async def verify(self, service: str, full: bool) -> AsyncIterator[Result]:
        """The result of one service's recount, store by store."""
        stub, request = _VERIFIERS[service]
        async with client.dial(self.addresses[service]) as connection:
            call = stub(connection).VerifyStores
            async for result in client.stream(call, request(full=full), token=self.signer.service_token()):
                yield result

    async def rebuild_transcripts(self) -> AsyncIterator[core_internal.RebuildTranscriptsResponse]:
        """The progress of core."""
        async with client.dial(self.addresses["core"]) as connection:
            call = core_internal.TranscriptServiceStub(connection).RebuildTranscripts
            request = core_internal.RebuildTranscriptsRequest()
            async for progress in client.stream(call, request, token=self.signer.service_token()):
                yield progress


async def verify(upkeep: Upkeep, console: Console, full: bool = False) -> int:
    """Prints a line per store, and the differences. Returns 0 when every store matches the journal."""
    right = True
    for service in _VERIFIERS:
        try:
            async for result in upkeep.verify(service, full):
                right &= not result.different
                _print_result(service, result, console)
        except errors.FrontdeskError as error:
            right = False
            console.line(f"{service:<9}{error.message} ({error.detail or error.reason})")
    return 0 if right else 1


def _print_result(service: str, result: Result, console: Console) -> None:
    verdict = f"{result.different} DIFFER" if result.different else "OK"
    console.line(f"{service:<9}{result.store:<28}{console.paint(verdict, BOLD):<4}  {result.counted:,} counted")
    for difference in result.differences:
        console.line(f"         - {difference}")
    if (more := result.different - len(result.differences)) > 0:
        console.line(f"         - and {more:,} more")


async def rebuild_transcripts(upkeep: Upkeep, console: Console) -> int:
    """Prints the progress until it is done. Returns 0."""
    printed = -1
    try:
        async for progress in upkeep.rebuild_transcripts():
            percent = 100 * progress.done // progress.total if progress.total else 100
            if percent != printed:
                printed = percent
                console.line(f"transcripts  {percent:>3} %  {progress.done:,} of {progress.total:,} facts")
    except errors.FrontdeskError as error:
        raise Problem(f"The transcripts can't be rebuilt: {error.message} ({error.detail or error.reason})") from None
    console.line("The transcripts match the journal.")
    return 0
