"""Runs the simulator until it is stopped; `server` has its control calls."""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

from tests.twilio import Account, Faults, Twilio


async def run(arguments: argparse.Namespace) -> None:
    """Serves until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    account = Account(
        sid=arguments.account,
        token=arguments.token,
        number=arguments.number,
        webhook=arguments.webhook,
        journal=arguments.journal,
    )
    async with Twilio(account, Faults(seed=arguments.seed)).running(arguments.port) as twilio:
        print(f"Twilio stands on {twilio.url}: account {account.sid}, auth token {account.token}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.twilio", description="A simulator of Twilio.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account", default=Account.sid)
    parser.add_argument("--token", default="simulated-auth-token")
    parser.add_argument("--number", default=Account.number)
    parser.add_argument("--webhook", required=True, help="address of the webhook for customers' messages")
    parser.add_argument("--journal", type=Path, help="a file for what was accepted, a line of JSON each")
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(run(parser.parse_args()))
