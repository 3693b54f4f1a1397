"""How another `frontdesk` command asks the running supervisor to stop or start one program: a line of JSON over a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from stack.home import Home
from stack.problems import NotRunning, Problem

Action = Callable[[str], Awaitable[None]]
ANSWER_WITHIN = 90.0


@asynccontextmanager
async def listen(home: Home, actions: Mapping[str, Action]) -> AsyncIterator[None]:
    """Serves `{"action": "stop", "name": "redis"}`; the answer is `{"problem": null}` or what was wrong."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await reader.readline())
            await actions[asked["action"]](asked["name"])
            answer = None
        except Problem as problem:
            answer = str(problem)
        except (ValueError, KeyError):
            answer = "not understood"
        writer.write(json.dumps({"problem": answer}).encode() + b"\n")
        await writer.drain()
        writer.close()

    path = home.control
    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(serve, path)
    path.chmod(0o600)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def ask(home: Home, action: str, name: str) -> None:
    """Has the running supervisor do it; raises the `Problem` that it answers."""
    try:
        reader, writer = await asyncio.open_unix_connection(home.control)
    except OSError:
        raise NotRunning(str(home.path)) from None
    try:
        writer.write(json.dumps({"action": action, "name": name}).encode() + b"\n")
        line = await asyncio.wait_for(reader.readline(), ANSWER_WITHIN)
    finally:
        writer.close()
    if problem := json.loads(line or b'{"problem": "it stopped meanwhile"}')["problem"]:
        raise Problem(problem)
