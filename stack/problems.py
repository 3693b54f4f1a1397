"""What can stop the stack, said in one sentence that names the culprit and the remedy."""

from __future__ import annotations


class Problem(Exception):
    """Something a person has to know: one sentence with the name of what failed and what to do about it."""


def why(error: BaseException) -> str:
    """What a client's error says, in a line. gRPC tells it by `details`, and as text in a block of several lines."""
    details = getattr(error, "details", None)
    lines = str(details() if callable(details) else error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:160]


class PortInUse(Problem):
    """Another process listens where a program of ours should."""

    def __init__(self, program: str, host: str, port: int, owner: str | None) -> None:
        by = f" by {owner}" if owner else ""
        super().__init__(
            f"{program} cannot start: port {port} on {host} is already used{by}; "
            f"stop that process or set FRONTDESK_{program.upper().replace('-', '_')}_PORT to a free port."
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
        super().__init__(f"{program} runs but did not become healthy within {seconds:.0f} s ({reason}); its log is {log}.")


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


class NotRunning(Problem):
    """A command needs a running stack."""

    def __init__(self, home: str) -> None:
        super().__init__(f"Frontdesk does not run from {home}; start it with `frontdesk up` (or `make up`).")


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
