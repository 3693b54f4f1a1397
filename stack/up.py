"""`frontdesk up`: starts the stack, loads the demo, prints the addresses, and runs until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from stack import control, state, variables
from stack.console import BOLD, DIM, YELLOW, Console
from stack.problems import NotRunning, Problem
from stack.settings import Settings
from stack.supervisor import Supervisor

if TYPE_CHECKING:
    from stack.seed import Seeded

STILL_WAITING_EVERY = 5.0
ENDING_WITHIN = 30.0
DETACHED = "--detached"
"""The option of the process that `frontdesk up --detach` leaves in the background."""


async def run(settings: Settings, console: Console, *, detached: bool = False) -> int:
    """Runs in the foreground until Ctrl-C or SIGTERM. Returns the exit code.

    `detached`: what it prints goes to a log, so it prints no set-up link.
    """
    for warning in variables.unknown(settings.environment):
        console.line(console.paint(warning, YELLOW))
    settings.home.make()
    stop, restart = asyncio.Event(), asyncio.Event()
    with state.lock(settings.home) as left:
        await _let_end(left, console)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, _asked_to_stop, stop)
        supervisor = Supervisor(settings, console.say, console.up)
        try:
            actions = _actions(supervisor, stop, restart)
            async with control.listen(settings.home, actions):
                work = asyncio.create_task(_start_and_watch(supervisor, settings, console, detached))
                await _either(work, stop)
        except Problem as problem:
            console.problem(str(problem))
            return 1
        finally:
            await _down(supervisor, console)
    if restart.is_set():  # the same process id with the present code and settings: a waiting parent does not notice
        os.execv(sys.executable, [sys.executable, "-m", "stack", "up", *([DETACHED] if detached else [])])
    return 0


def _actions(supervisor: Supervisor, stop: asyncio.Event, restart: asyncio.Event) -> dict[str, control.Action]:
    """The actions that other commands may request."""

    async def status(_: str) -> str:
        return state.to_json(supervisor.state())

    async def stop_one(name: str) -> None:
        await supervisor.stop_one(name)

    async def start_one(name: str) -> None:
        await supervisor.start_one(name)

    async def restart_one(name: str) -> None:
        if name:
            await supervisor.restart_one(name)
        else:
            restart.set()
            stop.set()

    return {"status": status, "stop": stop_one, "start": start_one, "restart": restart_one}


def detach(settings: Settings, console: Console) -> int:
    """Starts `frontdesk up` in the background and returns when everything is up."""
    settings.home.make()
    if state.locked(settings.home):
        console.line("Frontdesk is already up.")
        return 0
    log = settings.home.logs / "supervisor.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "stack", "up", DETACHED],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # no `env`: the process reads `.env` itself, again at each restart
        )
    with log.open() as lines:
        while True:
            code = child.poll()
            console.stream.write(lines.read())
            console.stream.flush()
            if code is not None:
                return code or 1
            current = state.read(settings.home)
            if current is not None and current.ready:
                console.stream.write(lines.read())
                if not settings.demo and (link := asyncio.run(_setup_link(settings))):
                    _print_setup_link(settings, console, link)
                return 0
            time.sleep(0.1)


def down(settings: Settings, console: Console, *, if_running: bool = False) -> int:
    """Stops the stack that runs from this home and waits until it has ended."""
    current = state.read(settings.home)
    if current is None:
        if if_running:
            return 0
        raise NotRunning(str(settings.home.path))
    with suppress(ProcessLookupError):
        os.kill(current.pid, signal.SIGTERM)
    while state.locked(settings.home):
        time.sleep(0.1)
    console.line("Frontdesk is down; its data is kept.")
    return 0


def restart(settings: Settings, console: Console) -> int:
    """Restarts the running stack in its process, with the present code and `.env`; waits until everything is up."""
    before = state.read(settings.home)
    asyncio.run(control.ask(settings.home, "restart"))
    assert before is not None  # or there was no answer
    while psutil.pid_exists(before.pid):
        now = state.read(settings.home)
        if now is not None and now.ready and now.started != before.started:
            console.line("Frontdesk is up again.")
            return 0
        time.sleep(0.1)
    raise Problem(f"Frontdesk did not come back; see {settings.home.logs / 'supervisor.log'}, or where `frontdesk up` ran.")


def delete_data(settings: Settings, console: Console, *, confirmed: bool) -> int:
    """Deletes the home after a question; stops what runs from it."""
    home = settings.home
    if not home.path.exists():
        console.line(f"There is nothing to delete: {home.path} does not exist.")
        return 0
    if not confirmed:
        if not sys.stdin.isatty():
            raise Problem(f"this deletes all data, keys and logs in {home.path}; confirm with --yes (make clean-data YES=1).")
        if input(f"Delete all data, keys and logs in {home.path}? Type yes: ").strip() != "yes":
            console.line("Nothing was deleted.")
            return 1
    down(settings, console, if_running=True)
    home.delete()
    console.line(f"{home.path} is deleted.")
    return 0


async def _let_end(left: tuple[int, ...], console: Console) -> None:
    """Waits for the programs of a killed supervisor: the kernel has signalled them, but they still hold ports and files."""
    if left:
        console.line("The last run was killed; waiting for its programs to end.")
    deadline = time.monotonic() + ENDING_WITHIN
    while any(map(psutil.pid_exists, left)) and time.monotonic() < deadline:  # noqa: ASYNC110 - they are not our children
        await asyncio.sleep(0.1)


async def _start_and_watch(supervisor: Supervisor, settings: Settings, console: Console, detached: bool) -> None:
    started = time.monotonic()
    console.line(f"Starting Frontdesk {console.paint(f'(data and logs in {settings.home.path})', DIM)}")
    reminder = asyncio.create_task(_remind(supervisor, console))
    try:
        await supervisor.up()
    finally:
        reminder.cancel()
    seeded = await _seed(settings, console) if settings.demo else None
    link = "" if settings.demo or detached else await _setup_link(settings)
    supervisor.complete()
    console.line(f"Everything is up after {time.monotonic() - started:.1f} s.")
    _print_addresses(settings, console, seeded)
    if link:
        _print_setup_link(settings, console, link)
    await supervisor.watch()


async def _seed(settings: Settings, console: Console) -> Seeded:
    from stack import seed  # loads all contracts, half a second: not before the start

    return await seed.load(settings, console)


async def _setup_link(settings: Settings) -> str:
    """The path of a link to the first organization; empty if there is one already."""
    from frontdesk.admin.internal import v1 as internal  # loads contracts: not before the start

    from kit import errors
    from stack import links

    try:
        return str((await links.make(settings, "CreateSetupLink", internal.CreateSetupLinkRequest())).link)
    except errors.FrontdeskError as error:
        if error.reason == links.COMPLETE:
            return ""
        raise Problem(f"the set-up link cannot be made: {error} (`frontdesk setup-link` makes one)") from error


async def _remind(supervisor: Supervisor, console: Console) -> None:
    while True:
        await asyncio.sleep(STILL_WAITING_EVERY)
        if supervisor.waiting_for:
            console.line(console.paint(f"      still waiting for {', '.join(sorted(supervisor.waiting_for))}", DIM))


async def _either(work: asyncio.Task[None], stop: asyncio.Event) -> None:
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if work.done():
        work.result()
        return
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def _down(supervisor: Supervisor, console: Console) -> None:
    console.line("Stopping; your data is kept (press Ctrl-C again to stop at once)")
    await supervisor.down()
    console.line("Stopped.")


def _asked_to_stop(stop: asyncio.Event) -> None:
    if stop.is_set():  # the second time: the kernel ends the children too
        os._exit(1)
    stop.set()


def _print_addresses(settings: Settings, console: Console, seeded: Seeded | None) -> None:
    line = console.line

    def bold(text: str) -> str:
        return console.paint(text, BOLD)

    line()
    if settings.demo:
        line(f"  Chat          {bold(settings.gateway + '/')}")
    line(f"  Agents        {bold(settings.gateway + '/agent/')}")
    line(f"  Admin         {bold(settings.gateway + '/admin/')}")
    if seeded is not None:
        password = f"password {bold(seeded.password)}" if seeded.password else "the password of FRONTDESK_DEMO_PASSWORD"
        line(f"  Sign in as    {bold(seeded.email)}  with {password}  (organization {seeded.organization})")
    line(f"  Terminal      {bold('.venv/bin/frontdesk chat')}")
    if seeded is not None:
        line(f"  Try           {seeded.curl}")
    line()
    line(
        console.paint(
            "  Ctrl-C stops everything and keeps the data. In another terminal: frontdesk status | logs -f | restart", DIM
        )
    )


def _print_setup_link(settings: Settings, console: Console, link: str) -> None:
    console.line(f"  Set up at     {console.paint(settings.gateway + link, BOLD)}")
    console.line(console.paint("                once, within an hour; `frontdesk setup-link` prints another link", DIM))
    console.line()
