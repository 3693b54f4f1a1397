"""`frontdesk organization`: creates, suspends and resumes an organization. Only the operator can; the edge has no route."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from pathlib import Path

from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf.message import Message

from kit import client, errors
from kit.caller import Signer
from stack.console import Console
from stack.problems import Problem
from stack.settings import Settings


def create(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Reads the owner's password, creates both and prints the organization's name. Safe to repeat."""
    password = getpass.getpass("Password of the owner: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    request = internal.CreateOrganizationRequest(
        organization_id=options.id,
        organization=pb.Organization(display_name=options.display_name or options.id),
        owner=internal.CreateOrganizationRequest.Owner(email=options.owner, display_name=options.owner_name, password=password),
        request_id=f"operator-{options.id}",
    )
    return _run(settings, console, options, "CreateOrganization", request)


def change_state(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Suspends an organization, or resumes it, and prints its name. Safe to repeat."""
    action = options.action.title()
    request = getattr(internal, f"{action}OrganizationRequest")(name=f"organizations/{options.id}")
    return _run(settings, console, options, f"{action}Organization", request)


def _run(settings: Settings, console: Console, options: argparse.Namespace, rpc: str, request: Message) -> int:
    address = options.admin or settings.environment.get("FRONTDESK_ADMIN_URL") or f"127.0.0.1:{settings.ports.admin}"
    keys = Path(options.keys or settings.environment.get("FRONTDESK_KEYS_DIR") or settings.home.keys)
    try:
        signer = Signer.load(keys, "stack")
    except OSError as error:
        raise Problem(
            f"the operator's key {error.filename} cannot be read ({error.strerror}); start Frontdesk once with `frontdesk up`, "
            "or name the folder with stack.pem and jwks.json by --keys."
        ) from None
    try:
        console.line(asyncio.run(_call(address, signer, rpc, request)))
    except errors.Unavailable as error:
        raise Problem(
            f"admin does not answer at {address} ({error}); start Frontdesk, or name its address by --admin."
        ) from error
    except errors.FrontdeskError as error:
        raise Problem(f"{error} ({error.reason})") from error
    return 0


async def _call(address: str, signer: Signer, rpc: str, request: Message) -> str:
    async with client.dial(address, internal.SERVICES) as channel:
        stub = internal.OrganizationServiceStub(channel)
        made: pb.Organization = await client.call(getattr(stub, rpc), request, token=signer.service_token(), timeout=15)
    return made.name
