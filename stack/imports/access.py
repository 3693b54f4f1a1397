"""Whose rights an import has: the operator's, at the services' addresses; or those of an API key, at a gateway."""

from __future__ import annotations

import argparse
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from frontdesk.admin import v1 as admin_pb
from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.memory import v1 as memory_pb

from kit import client, errors
from kit.caller import Signer
from stack import operator
from stack.gateways import CA, Gateway
from stack.problems import Problem
from stack.settings import Settings

SECONDS = 15.0
API_KEY = "FRONTDESK_API_KEY"
RENEW_SECONDS = 300.0
"""A token of an API key is good for ten minutes."""


@dataclass
class Access:
    """Calls services for one organization."""

    admin: grpc.aio.Channel
    memory: grpc.aio.Channel
    organization: str
    signer: Signer | None = None
    api_key: str = field(default="", repr=False)
    _token: str = field(default="", repr=False)
    _renew: float = 0.0

    @property
    def name(self) -> str:
        """The organization's resource name."""
        return f"organizations/{self.organization}"

    async def token(self) -> str:
        """A token that is good for minutes."""
        if self.signer is not None:
            return self.signer.service_token(self.organization)
        if time.monotonic() >= self._renew:
            stub, request = admin_pb.AuthServiceStub(self.admin), admin_pb.ExchangeApiKeyRequest(api_key=self.api_key)
            self._token = (await client.call(stub.ExchangeApiKey, request, token="", timeout=SECONDS)).access_token
            self._renew = time.monotonic() + RENEW_SECONDS
        return self._token

    async def call(self, rpc: Any, request: Any) -> Any:
        """Calls an RPC."""
        return await client.call(rpc, request, token=await self.token(), timeout=SECONDS)


@asynccontextmanager
async def connected(settings: Settings, options: argparse.Namespace) -> AsyncIterator[Access]:
    """Dials what the options name. Raises Problem, with a remedy, also for what fails meanwhile."""
    try:
        async with AsyncExitStack() as stack:
            yield await _open(stack, settings, options)
    except errors.Unavailable as error:
        if options.gateway:
            raise Problem(
                f"no Frontdesk answers at {options.gateway} ({error.detail or error.message}); check the address, and name the "
                f"file of its certificate authority by {CA} if it has one of its own."
            ) from error
        raise Problem(
            f"a service does not answer ({error.message}); see `frontdesk status`, and run the import again."
        ) from error
    except errors.Unauthenticated as error:
        raise Problem(f"the API key in {API_KEY} is not accepted ({error.message})") from error
    except errors.FrontdeskError as error:
        raise Problem(f"{error.message} ({error.reason})") from error


async def _open(stack: AsyncExitStack, settings: Settings, options: argparse.Namespace) -> Access:
    if options.gateway:
        key = settings.environment.get(API_KEY, "")
        if not key:
            raise Problem(f"with --gateway an API key is needed: create one, and set {API_KEY}.")
        if not options.organization:
            raise Problem("with --gateway, name the organization by --organization.")
        gateway = Gateway.parse(options.gateway, settings.environment, options.plain_http)
        channel = await stack.enter_async_context(gateway.dial())
        return Access(channel, channel, options.organization, api_key=key)
    signer = operator.signer(settings, options.keys)
    places = [operator.address(settings, name, getattr(options, name)) for name in ("admin", "memory")]
    admin = await stack.enter_async_context(client.dial(places[0], (*admin_pb.SERVICES, *admin_internal.SERVICES)))
    memory = await stack.enter_async_context(client.dial(places[1], memory_pb.SERVICES))
    return Access(admin, memory, options.organization or await _only_one(admin, signer), signer)


async def _only_one(admin: grpc.aio.Channel, signer: Signer) -> str:
    """The organization, where there is one."""
    stub = admin_internal.OrganizationServiceStub(admin)
    request = admin_internal.ListOrganizationsRequest(page_size=20)
    found = await client.call(stub.ListOrganizations, request, token=signer.service_token(), timeout=SECONDS)
    ids = [organization.name.rpartition("/")[2] for organization in found.organizations]
    if not ids:
        raise Problem("there is no organization yet; create one with `frontdesk organization create`.")
    if len(ids) > 1:
        raise Problem(f"there are several organizations ({', '.join(ids)}); name one by --organization.")
    (only,) = ids
    return str(only)
