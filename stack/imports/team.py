"""The users in a CSV file: e-mail, name, roles. All lines are checked before anything is done."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stack.problems import Problem

MAX_BYTES = 1 << 20
MAX_LINES = 1000
MAX_NAME = 100
_EMAIL = re.compile(r"[^@\s<>,;\"\x00-\x1f\x7f]{1,64}@[^@\s<>,;\"\x00-\x1f\x7f]+\.[^@\s<>,;\".\x00-\x1f\x7f]+")
_COLUMNS = {
    "email": frozenset(("email", "e-mail", "mail", "e-mail address", "email address")),
    "name": frozenset(("name", "display name", "full name")),
    "roles": frozenset(("roles", "role")),
}


@dataclass(frozen=True)
class Person:
    """A line of the file."""

    line: int
    email: str
    name: str
    roles: tuple[str, ...]
    """The ids of roles."""


@dataclass(frozen=True)
class Wrong:
    """A line that can't be used."""

    line: int
    why: str


def read(path: Path) -> str:
    """The text of a file, as UTF-8 or, from older programs, Windows-1252. Raises Problem."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Problem(f"{path} can't be read ({error.strerror}).") from None
    if len(content) > MAX_BYTES:
        raise Problem(f"{path} has more than {MAX_BYTES >> 20} MiB; split it into several files.")
    if b"\0" in content:
        raise Problem(f"{path} is no CSV file; save the sheet as CSV (UTF-8).")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def parse(text: str, roles: Collection[str]) -> tuple[list[Person], list[Wrong]]:
    """The people in a file, and the lines that are wrong. `roles`: the ids that the organization has."""
    people: list[Person] = []
    wrong: list[Wrong] = []
    first: dict[str, int] = {}
    for line, values in _rows(text):
        if len(people) + len(wrong) >= MAX_LINES:
            wrong.append(Wrong(line, f"the file has more than {MAX_LINES:,} people; split it."))
            break
        person = Person(line, values["email"].lower(), values["name"], _roles(values["roles"]))
        if why := _problem(person, roles, first):
            wrong.append(Wrong(line, why))
        else:
            first[person.email] = line
            people.append(person)
    return people, wrong


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines with something in them, by column. Raises Problem."""
    lines = text.splitlines()
    delimiter = max(",;\t", key=(lines[0] if lines else "").count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True, skipinitialspace=True)
    order: Sequence[str] | None = None
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if order is None:
                order = _header(cells)
                if order:
                    continue
                order = ("email", "name", "roles")
            values = dict.fromkeys(_COLUMNS, "")
            values.update({column: cell for column, cell in zip(order, cells, strict=False) if column})
            yield reader.line_num, values
    except csv.Error as error:
        raise Problem(f"line {reader.line_num} is no CSV ({error}); check its quotation marks.") from None


def _header(cells: Sequence[str]) -> Sequence[str]:
    """The columns of a first line that names them; empty when it holds a person."""
    found = [next((name for name, words in _COLUMNS.items() if cell.lower() in words), "") for cell in cells]
    return found if "email" in found else ()


def _roles(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, re.split(r"[;,|\s]+", text.lower()))))


def _problem(person: Person, roles: Collection[str], first: dict[str, int]) -> str:
    if not _EMAIL.fullmatch(person.email) or len(person.email) > 254:
        return f"{person.email or 'nothing'!r} is no e-mail address; the columns are: e-mail, name, roles."
    if person.email in first:
        return f"{person.email} is also on line {first[person.email]}; remove one of them."
    if len(person.name) > MAX_NAME or not person.name.isprintable():
        return f"the name has more than {MAX_NAME} characters, or some that can't be printed; shorten it."
    if not person.roles:
        return f"it names no role; use one of {', '.join(sorted(roles))}."
    if unknown := [role for role in person.roles if role not in roles]:
        return f"there is no role {', '.join(unknown)}; use one of {', '.join(sorted(roles))}."
    return ""
