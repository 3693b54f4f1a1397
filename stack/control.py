"""The supervisor's control socket: another process sends a line of JSON to get the state or to run an action."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import cast

from stack.home import Home
from stack.problems import NotRunning, Problem

Action = Callable[[str], Awaitable[str | None]]
"""Runs an action on the named program; may return an answer."""
ANSWER_WITHIN = 90.0
MAX_ANSWER_BYTES = 1 << 20


@asynccontextmanager
async def listen(home: Home, actions: Mapping[str, Action]) -> AsyncIterator[None]:
    """Serves `{"action": "stop", "name": "redis"}`; answers `{"problem": null, "answer": null}`, or names the problem."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await reader.readline())
            said = {"problem": None, "answer": await actions[asked["action"]](asked["name"])}
        except (Problem, OSError) as problem:
            said = {"problem": str(problem)}
        except (ValueError, KeyError, TypeError):
            said = {"problem": "not understood"}
        with suppress(ConnectionError):
            writer.write(json.dumps(said).encode() + b"\n")
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


async def ask(home: Home, action: str, name: str = "", within: float = ANSWER_WITHIN) -> str | None:
    """Sends an action to the running supervisor and returns its answer; raises the `Problem` that it reports."""
    try:
        reader, writer = await asyncio.open_unix_connection(home.control, limit=MAX_ANSWER_BYTES)
    except OSError:
        raise NotRunning(str(home.path)) from None
    try:
        writer.write(json.dumps({"action": action, "name": name}).encode() + b"\n")
        line = await asyncio.wait_for(reader.readline(), within)
    except TimeoutError:
        raise Problem(f"the supervisor did not answer within {within:.0f} s; see `frontdesk logs supervisor`.") from None
    except ConnectionError:
        line = b""
    finally:
        writer.close()
    said = json.loads(line or b'{"problem": "it stopped meanwhile"}')
    if said["problem"]:
        raise Problem(said["problem"])
    return cast(str | None, said["answer"])
