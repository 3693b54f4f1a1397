"""`frontdesk verify` and `frontdesk rebuild transcripts`: the services do the work, this tells what they say.

Each service recounts its own stores, since no other may read them. The calls are internal, so they go to the services
themselves and not through the gateway, with a token that the operator's key signs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from frontdesk.agent import v1 as agent
from frontdesk.channel import v1 as channel
from frontdesk.core import v1 as core

from kit import client, errors
from kit.caller import Signer
from stack.console import BOLD, Console
from stack.problems import Problem
from stack.settings import Settings

Result = core.VerifyStoresResponse | agent.VerifyStoresResponse | channel.VerifyStoresResponse

_VERIFIERS: Mapping[str, tuple[Callable[[grpc.aio.Channel], Any], Any]] = {
    "core": (core.VerificationServiceStub, core.VerifyStoresRequest),
    "agent": (agent.VerificationServiceStub, agent.VerifyStoresRequest),
    "channel": (channel.VerificationServiceStub, channel.VerifyStoresRequest),
}


@dataclass(frozen=True)
class Upkeep:
    """Where the services are, and the key that they let in."""

    addresses: Mapping[str, str]
    signer: Signer

    @classmethod
    def load(cls, settings: Settings, options: Mapping[str, Any]) -> Upkeep:
        """This machine's, but for what the options name."""
        ports = settings.ports.model_dump()
        addresses = {name: options.get(name) or f"127.0.0.1:{ports[name]}" for name in _VERIFIERS}
        keys = Path(options["keys"] or settings.home.keys)
        try:
            return cls(addresses, Signer.load(keys, "stack"))
        except FileNotFoundError as error:
            raise Problem(f"{error.filename} is not there; start Frontdesk once, or name a folder with --keys.") from None

    async def verify(self, service: str) -> AsyncIterator[Result]:
        """What one service's recount finds, store by store."""
        stub, request = _VERIFIERS[service]
        async with client.dial(self.addresses[service]) as connection:
            call = stub(connection).VerifyStores
            async for result in client.stream(call, request(), token=self.signer.service_token()):
                yield result

    async def rebuild_transcripts(self) -> AsyncIterator[core.RebuildTranscriptsResponse]:
        """How far core has come."""
        async with client.dial(self.addresses["core"]) as connection:
            call = core.TranscriptServiceStub(connection).RebuildTranscripts
            request = core.RebuildTranscriptsRequest()
            async for progress in client.stream(call, request, token=self.signer.service_token()):
                yield progress


async def verify(upkeep: Upkeep, console: Console) -> int:
    """Tells a line per store, and what differs. Returns 0 when every store is what the journal says."""
    right = True
    for service in _VERIFIERS:
        try:
            async for result in upkeep.verify(service):
                right &= not result.different
                _tell(service, result, console)
        except errors.FrontdeskError as error:
            right = False
            console.line(f"{service:<9}{error.message} ({error.detail or error.reason})")
    return 0 if right else 1


def _tell(service: str, result: Result, console: Console) -> None:
    verdict = f"{result.different} DIFFER" if result.different else "OK"
    console.line(f"{service:<9}{result.store:<28}{console.paint(verdict, BOLD):<4}  {result.counted:,} counted")
    for difference in result.differences:
        console.line(f"         - {difference}")
    if (more := result.different - len(result.differences)) > 0:
        console.line(f"         - and {more:,} more")


async def rebuild_transcripts(upkeep: Upkeep, console: Console) -> int:
    """Tells how far it is until it is done. Returns 0."""
    told = -1
    try:
        async for progress in upkeep.rebuild_transcripts():
            percent = 100 * progress.done // progress.total if progress.total else 100
            if percent != told:
                told = percent
                console.line(f"transcripts  {percent:>3} %  {progress.done:,} of {progress.total:,} facts")
    except errors.FrontdeskError as error:
        raise Problem(f"The transcripts can't be rebuilt: {error.message} ({error.detail or error.reason})") from None
    console.line("The transcripts are what the journal says.")
    return 0
