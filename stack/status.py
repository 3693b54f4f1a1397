"""`frontdesk status`: the state of every program, as the processes themselves report it."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict, dataclass

import psutil
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stack import control, state
from stack.console import visible
from stack.health import OK
from stack.home import Home
from stack.problems import NotRunning, Problem
from stack.settings import Settings
from stack.state import Running


@dataclass(frozen=True)
class Line:
    """One program: memory in MB (with its own children), uptime in seconds; None while it is down."""

    name: str
    state: str
    where: str
    pid: int | None
    memory: float | None
    uptime: float | None
    restarts: int
    metrics: str
    """The URL of its metrics for Prometheus, or empty."""


def show(settings: Settings, *, as_json: bool) -> int:
    """Prints a table, or JSON. Returns 0 when everything works, otherwise 1; raises when nothing runs."""
    current = asyncio.run(read(settings.home))
    lines = [_line(each) for each in current.programs]
    if as_json:
        health = asdict(current.health) if current.health else {"status": "starting", "areas": {}}
        about = {"gateway": current.gateway, "ready": current.ready, **health, "broken": current.broken}
        print(json.dumps({**about, "programs": [asdict(line) for line in lines]}))
    else:
        _print(current, lines)
    works = current.health is not None and current.health.status == OK
    return 0 if works and all(line.state in ("up", "external") for line in lines) else 1


async def read(home: Home) -> state.State:
    """The running supervisor's answer, or, while it does not answer, its last file. Raises `NotRunning`."""
    try:
        return state.from_json(await control.ask(home, "status", within=5) or "")
    except NotRunning:
        raise
    except (Problem, ValueError):
        current = state.read(home)
        if current is None:
            raise NotRunning(str(home.path)) from None
        return current


def _line(program: Running) -> Line:
    memory, uptime, word = None, None, program.state
    if program.pid is not None:
        try:
            process = psutil.Process(program.pid)
            everyone = [process, *process.children(recursive=True)]
            memory = sum(each.memory_info().rss - each.memory_info().shared for each in everyone) / 1e6
            memory += process.memory_info().shared / 1e6
            uptime = time.time() - process.create_time()
            word = "hangs" if process.status() == psutil.STATUS_STOPPED else word
        except psutil.NoSuchProcess:
            word = "down"
    elif word == "up":
        word = "down"
    return Line(program.name, word, program.where, program.pid, memory, uptime, program.restarts, program.metrics)


def _print(current: state.State, lines: list[Line]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("program", "state", "where", "pid", "memory", "up for", "restarts"):
        table.add_column(column, justify="right" if column in ("pid", "memory", "restarts") else "left")
    for line in lines:
        colour = "green" if line.state in ("up", "external") else "red"
        table.add_row(
            line.name,
            f"[{colour}]{line.state}[/]",
            line.where,
            str(line.pid or ""),
            f"{line.memory:.0f} MB" if line.memory is not None else "",
            _duration(line.uptime),
            str(line.restarts or ""),
        )
    console = Console()
    console.print(table)
    down = [line.name for line in lines if line.state not in ("up", "external")]
    for name, what in current.broken.items():
        console.print(f"\n[red]{escape(name)}[/] {escape(visible(what))}", end="", soft_wrap=True)
    if not current.ready or current.health is None:
        console.print("\nStill starting.")
    elif current.health.status != OK:
        affected = [f"{name}: {word}" for name, word in current.health.areas.items() if word != OK]
        console.print(f"\n\n[red]{current.health.status.capitalize()}.[/] {'; '.join(affected)}.", end="", soft_wrap=True)
    if down:
        console.print(f"\n[red]Down: {', '.join(down)}.[/] See `frontdesk logs {down[0]}`.")
    elif current.health is not None and current.health.status == OK:
        console.print(f"\nEverything is up at {current.gateway}")
    else:
        console.print()


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
