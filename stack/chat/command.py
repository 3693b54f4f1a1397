"""The two ways to chat: a single question, or a conversation until /quit."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from frontdesk.channel import v1 as channel

import demo
from kit import errors
from stack.chat.session import ChatSession
from stack.chat.transcript import Transcript
from stack.console import BOLD, DIM, Console
from stack.gateways import Gateway
from stack.problems import Problem
from stack.settings import Settings

ANSWER_WITHIN = 120.0
ERASE = "\r\033[K"
"""Goes to the start of the line and empties it."""
HELP = "Type a message and press Enter. /human asks for a human, /quit ends."


def run(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Runs the command. Returns 0, or 1 when no answer came."""
    own = not options.gateway
    gateway = Gateway.parse(options.gateway or settings.gateway, settings.environment, own or options.plain_http)
    name = f"organizations/{options.organization}/channels/{options.channel or demo.CHANNEL.id}"
    if options.question is not None and not options.question.strip():
        raise Problem('the question is empty: frontdesk chat "Do you ship to Norway?", or `frontdesk chat` to talk.')
    try:
        return asyncio.run(_chat(gateway, name, console, options.question))
    except errors.Unavailable as error:
        why = error.detail or error.message
        raise Problem(f"no Frontdesk answers at {gateway.url} ({why}); check `frontdesk status`.") from error
    except errors.NotFound as error:
        raise Problem(
            f"there is no organization {options.organization}, or it has no web chat {name.rpartition('/')[2]}; "
            "name another one with --organization or --channel."
        ) from error
    except errors.FrontdeskError as error:
        raise Problem(str(error)) from error


@dataclass
class Screen:
    """Writes text, and a prompt that moves down when a message arrives while the user types."""

    console: Console
    interactive: bool
    _prompted: bool = False

    def write(self, text: str) -> None:
        """Writes at once, over the prompt if it is shown."""
        if self._prompted and text:
            text, self._prompted = f"{self.console.control(ERASE)}{text}", False
        self.console.write(text)

    def prompt(self) -> None:
        """Shows the prompt: the user can type."""
        if self.interactive and not self._prompted:
            self.write(self.console.paint("> ", DIM))
            self._prompted = True

    def entered(self) -> None:
        """The user pressed Enter: the prompt's line is done."""
        self._prompted = False


async def _chat(gateway: Gateway, name: str, console: Console, question: str | None) -> int:
    screen = Screen(console, interactive=question is None and sys.stdin.isatty() and console.stream.isatty())
    async with ChatSession.open(gateway, name) as session:
        transcript = Transcript(
            write=screen.write,
            assistant=session.assistant,
            dim=lambda text: console.paint(text, DIM),
            bold=lambda text: console.paint(text, BOLD),
        )
        if question is not None:
            return await _ask(session, transcript, question)
        return await _talk(session, transcript, screen)


async def _ask(session: ChatSession, transcript: Transcript, question: str) -> int:
    """One answer, without the speaker's name in front."""
    transcript.assistant = ""
    news = asyncio.Event()
    watching = asyncio.create_task(_watch(session, transcript, news))
    watching.add_done_callback(lambda _: news.set())
    try:
        await session.send(question)
        await _until(lambda: _answered(transcript, 0, watching), news)
        if watching.done():
            watching.result()
    except TimeoutError:
        raise Problem(f"no answer came within {ANSWER_WITHIN:.0f} s; see `frontdesk logs core`.") from None
    finally:
        watching.cancel()
    return 0


async def _watch(session: ChatSession, transcript: Transcript, news: asyncio.Event, screen: Screen | None = None) -> None:
    async for frame in session.watch():
        transcript.event(frame)
        news.set()
        if screen is not None and transcript.turn_of_customer(frame):
            screen.prompt()


async def _talk(session: ChatSession, transcript: Transcript, screen: Screen) -> int:
    screen.write(transcript.dim(HELP) + "\n")
    if session.greeting:
        screen.write(f"{transcript.bold(session.assistant + ':')} {session.greeting}\n")
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=_read, args=(lambda line: loop.call_soon_threadsafe(lines.put_nowait, line),), daemon=True).start()
    news = asyncio.Event()
    watching = asyncio.create_task(_watch(session, transcript, news, screen))
    watching.add_done_callback(lambda _: news.set())
    screen.prompt()
    try:
        while (line := await _next(lines, watching)) is not None:
            screen.entered()
            before = transcript.answered
            match await _say(session, transcript, line):
                case After.QUIT:
                    return 0
                case After.PROMPT:
                    screen.prompt()
                case After.ANSWER if not screen.interactive:  # a script's next line waits for the answer to this one
                    await _until(partial(_answered, transcript, before, watching), news)
    finally:
        watching.cancel()
    return 0


class After(Enum):
    """The effect of a line."""

    QUIT = "quit"
    PROMPT = "prompt"
    ANSWER = "answer"


async def _say(session: ChatSession, transcript: Transcript, line: str) -> After:
    """Sends a line, or runs a /command."""
    match line.strip():
        case "":
            return After.PROMPT
        case "/quit" | "/exit":
            return After.QUIT
        case "/help":
            transcript.write(HELP + "\n")
            return After.PROMPT
        case "/human":
            await session.request_human()
        case text:
            try:
                sent = await session.send(text)
            except errors.ResourceExhausted as error:
                transcript.write(transcript.dim(f"({error})") + "\n")
                return After.PROMPT
            if sent.state == channel.SEND_STATE_QUEUED:
                transcript.write(transcript.dim("(stored; you'll get an answer when the core service is back)") + "\n")
    return After.ANSWER


def _answered(transcript: Transcript, before: int, watching: asyncio.Task[None]) -> bool:
    return transcript.answered > before or transcript.waiting or watching.done()


async def _next(lines: asyncio.Queue[str | None], watching: asyncio.Task[None]) -> str | None:
    """The next line typed, None at the end of input; raises what ended the watch, if it ended."""
    line = asyncio.create_task(lines.get())
    await asyncio.wait({line, watching}, return_when=asyncio.FIRST_COMPLETED)
    if watching.done():
        line.cancel()
        watching.result()
    return await line


async def _until(holds: Callable[[], bool], news: asyncio.Event) -> None:
    async with asyncio.timeout(ANSWER_WITHIN):
        while not holds():
            news.clear()
            await news.wait()


def _read(give: Callable[[str | None], object]) -> None:
    try:
        for line in sys.stdin:
            give(line)
        give(None)
    except RuntimeError:  # the loop has ended meanwhile
        return
