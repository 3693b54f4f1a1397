"""The problems that can stop the stack: one sentence each, with the cause and the remedy."""

from __future__ import annotations

from collections.abc import Sequence


class Problem(Exception):
    """A problem for the user: one sentence that names the failed part and the remedy."""


def why(error: BaseException) -> str:
    """A client error's text in one line. gRPC has it in `details`; its own text form is a block of several lines."""
    details = getattr(error, "details", None)
    lines = str(details() if callable(details) else error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:160]


class PortInUse(Problem):
    """Another process listens where a program of ours should."""

    def __init__(self, program: str, host: str, port: int, owner: str | None) -> None:
        by = f" by {owner}" if owner else ""
        self.short = f"{port} on {host} ({program}{f', used{by}' if owner else ''})"
        super().__init__(
            f"{program} cannot start: port {port} on {host} is already used{by}; stop that process, or set "
            f"FRONTDESK_{program.upper().replace('-', '_')}_PORT to a free port (FRONTDESK_PORT_BASE moves all of them)."
        )


class PortsInUse(Problem):
    """Several at once, as beside another stack."""

    def __init__(self, taken: Sequence[PortInUse]) -> None:
        super().__init__(
            f"Frontdesk cannot start: {len(taken)} ports are already used: {'; '.join(each.short for each in taken)}. "
            "Stop those processes, or set FRONTDESK_PORT_BASE to move all ports (for example FRONTDESK_PORT_BASE=18080)."
        )


class LibraryMissing(Problem):
    """A shared library that a server binary needs is not on this machine."""

    def __init__(self, program: str, libraries: tuple[str, ...], packages: tuple[str, ...]) -> None:
        names = " and ".join(libraries)
        remedy = (
            f"install it with: sudo apt-get install -y {' '.join(packages)}"
            if packages
            else f"install the package that carries {names}"
        )
        super().__init__(f"{program} cannot start: the library {names} is missing; {remedy}")


class ProgramDied(Problem):
    """A program ended before it was ready."""

    def __init__(self, program: str, code: int, last_line: str, log: str) -> None:
        said = f", saying {last_line!r}" if last_line else ""
        super().__init__(f"{program} stopped with {_ending(code)} before it was ready{said}; its log is {log}.")


class ProgramNotReady(Problem):
    """A program runs but does not answer."""

    def __init__(self, program: str, seconds: float, reason: str, log: str) -> None:
        super().__init__(
            f"{program} runs but did not become healthy within {seconds:.0f} s ({reason}); its log is {log}. "
            "On a slow machine, give it more seconds with FRONTDESK_READY_SECONDS."
        )


class StoreUnreachable(Problem):
    """A store given by its URL does not answer."""

    def __init__(self, program: str, variable: str, where: str, reason: str) -> None:
        super().__init__(
            f"{program} at {where} does not answer ({reason}); start it, correct {variable}, "
            f"or unset {variable} to use the bundled one."
        )


class AlreadyRunning(Problem):
    """A second supervisor on the same home."""

    def __init__(self, home: str, pid: int | None) -> None:
        who = f" (process {pid})" if pid else ""
        super().__init__(
            f"Frontdesk already runs from {home}{who}; use `frontdesk status`, stop it with `frontdesk down`, "
            "or set FRONTDESK_HOME to run a second one."
        )


class DiskFull(Problem):
    """The disk has no room for data or logs."""

    def __init__(self, path: str, free: int, needed: int) -> None:
        super().__init__(
            f"the disk that holds {path} is full ({free // 1_000_000} MB free, Frontdesk needs {needed // 1_000_000} MB); "
            "free some space, or set FRONTDESK_HOME to a folder on another disk."
        )


class HomeNotWritable(Problem):
    """The folder cannot be made or written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be written ({reason}); set FRONTDESK_HOME to a folder that you may write.")


class PublicDemo(Problem):
    """Strangers could sign in as the demo's users, whose password is in the documentation."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"the gateway would listen on {host} while the demo's users have a public password; set "
            "FRONTDESK_DEMO_PASSWORD to your own, or FRONTDESK_DEMO=false to start without the demo, or leave out "
            "FRONTDESK_GATEWAY_HOST to serve this machine alone."
        )


class NotRunning(Problem):
    """A command needs a running stack."""

    def __init__(self, home: str) -> None:
        super().__init__(f"Frontdesk isn't running from {home}; start it with `frontdesk up` (or `make up`).")


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
