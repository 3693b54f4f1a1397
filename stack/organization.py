"""`frontdesk organization`: creates, suspends and deletes organizations. Only the operator can; the edge has no route."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from datetime import UTC, timedelta
from typing import Any

from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf.message import Message

from kit import client, errors
from kit.caller import Signer
from stack import operator
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
    console.line(_run(settings, options, "CreateOrganization", request).name)
    return 0


def change_state(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Suspends, resumes, deletes or restores an organization, and prints its name and state. Safe to repeat."""
    action = options.action.title()
    request = getattr(internal, f"{action}OrganizationRequest")(name=f"organizations/{options.id}")
    if action == "Delete" and options.grace_hours is not None:
        request.grace.FromTimedelta(timedelta(hours=options.grace_hours))
    changed = _run(settings, options, f"{action}Organization", request)
    console.line(f"{changed.name} is {pb.OrganizationState.Name(changed.state).rpartition('_')[2]}")
    if changed.HasField("purge_time"):
        until = changed.purge_time.ToDatetime(UTC)
        console.line(f"Until {until:%Y-%m-%d %H:%M} UTC it can be restored; then all its data is erased.")
    return 0


def receipt(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Prints how far the erasure of an organization is. Returns 1 while it is not finished."""
    request = internal.GetOrganizationErasureRequest(organization_id=options.id)
    found = _run(settings, options, "GetOrganizationErasure", request)
    for each in found.confirmations:
        finished = f"{each.finish_time.ToDatetime(UTC):%Y-%m-%d %H:%M:%S} UTC" if each.HasField("finish_time") else "not yet"
        console.line(f"{each.service:<8} {finished:<24} {each.item_count} erased")
    return 0 if found.HasField("finish_time") else 1


def _run(settings: Settings, options: argparse.Namespace, rpc: str, request: Message) -> Any:
    address, signer = operator.address(settings, "admin", options.admin), operator.signer(settings, options.keys)
    try:
        return asyncio.run(_call(address, signer, rpc, request))
    except errors.Unavailable as error:
        raise Problem(
            f"admin does not answer at {address} ({error}); start Frontdesk, or name its address by --admin."
        ) from error
    except errors.FrontdeskError as error:
        raise Problem(f"{error} ({error.reason})") from error


async def _call(address: str, signer: Signer, rpc: str, request: Message) -> Any:
    async with client.dial(address, internal.SERVICES) as channel:
        stub = internal.OrganizationServiceStub(channel)
        return await client.call(getattr(stub, rpc), request, token=signer.service_token(), timeout=15)
