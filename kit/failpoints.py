"""Named places at which a process can be made to fail, so that tests strike exactly between a commit and its acknowledgement.

`FRONTDESK_FAILPOINT=core.finish.after_commit:kill` arms one; several are separated by commas. An action may have a limit:

    kill                   SIGKILL of this process
    stop                   SIGSTOP; the test sends SIGCONT
    error                  raises FailpointReached, which counts as a store that is unavailable
    delay=250              continues 250 ms later
    kill*1, error%20       at most once in this process; in 20 of 100 cases

`FRONTDESK_FAILPOINT=@folder` reads the same text from `folder/armed`, again whenever that changes, and appends each first
reach to `folder/reached` and each action to `folder/acted` (`<name> <pid>`); a limit then counts for all processes together.

Unset, which is how everybody runs, `reach` returns at once: 0.2 µs, about a dozen times a message.
"""

import asyncio
import fcntl
import os
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path

CHANGES = ("receive", "finish", "retry", "hold", "handover", "take", "return", "post", "change")
"""The kinds of change that core commits; the last stands for all that have no name of their own."""

NAMES = (
    *(f"core.{change}.{place}" for change in CHANGES for place in ("before_commit", "after_commit")),
    *("core.open.before_commit", "core.open.after_commit", "core.claim.before_commit", "core.claim.after_commit"),
    *("core.merge.before_commit", "core.merge.after_commit"),
    *("core.erase.before_commit", "core.erase.after_commit", "core.erase.after_batch"),
    *("core.lease.before_commit", "core.recall.before_call", "core.model.before_call", "core.model.after_piece"),
    *("core.watch.before_send", "core.dispatch.before_commit", "core.dispatch.after_commit"),
    *("channel.session.before_commit", "channel.session.after_commit"),
    *("channel.open.before_call", "channel.open.after_call", "channel.create_conversation.before_reply"),
    *("channel.add.before_commit", "channel.add.after_commit", "channel.forward.before_call", "channel.forward.after_call"),
    *("channel.mark.before_commit", "channel.mark.after_commit", "channel.claim.before_commit", "channel.claim.after_commit"),
    *("channel.postpone.before_commit", "channel.send.before_reply"),
    *("channel.delivery.before_commit", "channel.delivery.after_commit"),
    *("channel.provider.before_call", "channel.provider.after_call"),
    *("kit.claim.before_commit", "kit.claim.after_commit"),
    *("kit.settle.before_commit", "kit.settle.after_commit"),
    *("memory.create.before_commit", "memory.create.after_commit", "memory.update.before_commit", "memory.update.after_commit"),
    *("memory.delete.before_commit", "memory.delete.after_commit", "memory.index.before_commit", "memory.index.after_commit"),
    "memory.sweep.before_commit",
    *("kit.hint.before_send", "kit.events.before_send", "kit.follow.before_commit", "kit.follow.after_commit"),
    *("kit.feed.before_apply", "kit.feed.before_store", "kit.feed.after_store"),
)
"""Every failpoint, `<service>.<what>.<where>`: before and after a commit, a call, and what is sent or acknowledged."""


class FailpointReached(ConnectionError):
    """The exception of `error`."""


@dataclass(frozen=True, slots=True)
class Action:
    """The action at a failpoint."""

    what: str
    milliseconds: int = 0
    most: int | None = None
    percent: int = 100


@dataclass
class Failpoints:
    """The failpoints that are armed in this process."""

    armed: dict[str, Action]
    folder: Path | None = None
    _acted: dict[str, int] = field(default_factory=dict)
    _reached: set[str] = field(default_factory=set)
    _read: int = -1

    async def reach(self, name: str) -> None:
        """Does what is armed for a name. Raises FailpointReached, and KeyError for a name that is not declared."""
        if name not in NAMES:
            raise KeyError(name)
        if self.folder is not None:
            self._look(self.folder, name)
        action = self.armed.get(name)
        if action is None or random.randrange(100) >= action.percent or not self._may(name, action):
            return
        match action.what:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "error":
                raise FailpointReached(name)
            case "delay":
                await asyncio.sleep(action.milliseconds / 1000)

    def _may(self, name: str, action: Action) -> bool:
        """Counts an action, if it is not one too many."""
        if self.folder is None:
            done = self._acted[name] = self._acted.get(name, 0) + 1
            return action.most is None or done <= action.most
        with (self.folder / "acted").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if action.most is not None and sum(line.split()[0] == name for line in file) >= action.most:
                return False
            file.write(f"{name} {os.getpid()}\n")
        return True

    def _look(self, folder: Path, name: str) -> None:
        if name not in self._reached:
            self._reached.add(name)
            with (folder / "reached").open("a") as file:
                file.write(f"{name} {os.getpid()}\n")
        file_now = folder / "armed"
        changed = file_now.stat().st_mtime_ns
        if changed != self._read:
            self._read, self.armed = changed, parse(file_now.read_text())


def parse(text: str) -> dict[str, Action]:
    """The failpoints that a setting arms, by name. Raises ValueError for an unknown action."""
    armed = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, _, action = item.partition(":")
        action, _, percent = action.partition("%")
        action, _, most = action.partition("*")
        what, _, milliseconds = action.partition("=")
        if name not in NAMES or what not in ("kill", "stop", "error", "delay") or (what == "delay") != bool(milliseconds):
            raise ValueError(f"{item!r} is no failpoint: write <name>:kill, stop, error or delay=<ms>.")
        armed[name] = Action(what, int(milliseconds or 0), int(most) if most else None, int(percent or 100))
    return armed


_armed: Failpoints | None = None


def arm(setting: str) -> None:
    """Arms the failpoints of a setting in this process; an empty one disarms. Raises ValueError."""
    global _armed
    if setting.startswith("@"):
        _armed = Failpoints({}, Path(setting[1:]))
    else:
        actions = parse(setting)
        _armed = Failpoints(actions) if actions else None


def armed() -> bool:
    """Whether anything is armed: for a place whose name costs something to find."""
    return _armed is not None


async def reach(name: str) -> None:
    """The place `name` is reached."""
    if _armed is not None:
        await _armed.reach(name)
