"""`frontdesk setup-link` and `frontdesk user reset`: one-time links that only the operator can make."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC
from typing import Any

from frontdesk.admin.internal import v1 as internal
from google.protobuf.message import Message

from kit import client, errors
from kit.caller import Signer
from stack import operator
from stack.console import Console
from stack.problems import Problem
from stack.settings import Settings

COMPLETE = "SETUP_COMPLETE"


def set_up(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Prints a link whose holder creates the first organization, or where to sign in if there is one."""
    try:
        made = asyncio.run(make(settings, "CreateSetupLink", internal.CreateSetupLinkRequest(), options.admin, options.keys))
    except errors.FrontdeskError as error:
        if error.reason != COMPLETE:
            raise _problem(error) from error
        console.line(f"There is an organization already; sign in at {page(settings)}")
        return 1
    _show(settings, console, made)
    return 0


def reset(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Prints a link with which a user chooses a new password."""
    request = internal.CreateResetLinkRequest(
        organization=f"organizations/{options.organization}",
        email=options.email,
        clear_second_factor=options.clear_second_factor,
    )
    try:
        made = asyncio.run(make(settings, "CreateResetLink", request, options.admin, options.keys))
    except errors.FrontdeskError as error:
        raise _problem(error) from error
    _show(settings, console, made)
    return 0


async def make(settings: Settings, rpc: str, request: Message, admin: str | None = None, keys: str | None = None) -> Any:
    """Has admin make a link. Raises `kit.errors`, and Problem if the operator's key or admin is missing."""
    address, signer = operator.address(settings, "admin", admin), operator.signer(settings, keys)
    try:
        return await _call(address, signer, rpc, request)
    except errors.Unavailable as error:
        raise Problem(
            f"admin does not answer at {address} ({error}); start Frontdesk, or name its address by --admin."
        ) from error


def page(settings: Settings) -> str:
    """Where users sign in."""
    return f"{public(settings)}/admin/"


def public(settings: Settings) -> str:
    """The gateway's address for people: FRONTDESK_PUBLIC_URL, or that on this machine."""
    return (settings.environment.get("FRONTDESK_PUBLIC_URL") or settings.gateway).rstrip("/")


def _show(settings: Settings, console: Console, made: Any) -> None:
    console.line(f"{public(settings)}{made.link}")
    expires = made.expire_time.ToDatetime(UTC)
    console.line(f"It works once, until {expires:%Y-%m-%d %H:%M} UTC. Anyone with the link can use it.")


async def _call(address: str, signer: Signer, rpc: str, request: Message) -> Any:
    async with client.dial(address, internal.SERVICES) as channel:
        stub = internal.SetupServiceStub(channel)
        return await client.call(getattr(stub, rpc), request, token=signer.service_token(), timeout=15)


def _problem(error: errors.FrontdeskError) -> Problem:
    return Problem(f"{error} ({error.reason})")
