"""The numbers of the last accepted run, to see what a change does to answers."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).resolve().parent.parent / "results" / "answers.json"
NOISE = 0.03
"""A number may get worse by as much, and always by `FEW` questions: the vectors' last bits may change an order, on another
processor.
"""
FEW = 3
SECONDS, COST, TOKENS, WITHHELD = "s: ", "cost", "tokens ", "sentences withheld"
"""How names of numbers begin that are only shown: machines, prices and models change them."""
_ONLY_SHOWN = (SECONDS, COST, TOKENS, WITHHELD)
_LESS_IS_BETTER = ("irrelevant second quotes, English", "answerable, yet not answered", "answerable, answered wrongly")


class Number(NamedTuple):
    """A mean or share."""

    value: float
    asked: int
    """Of how many questions."""


def load(name: str) -> Mapping[str, float]:
    """The numbers of a set; none where it was never accepted."""
    stored: dict[str, dict[str, float]] = json.loads(FILE.read_text()) if FILE.is_file() else {}
    return stored.get(name, {})


def accept(name: str, numbers: Mapping[str, Number]) -> None:
    """Makes these numbers the ones that later runs are compared with."""
    stored = json.loads(FILE.read_text()) if FILE.is_file() else {}
    stored[name] = {key: round(number.value, 4) for key, number in numbers.items()}
    FILE.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n")


def compared(name: str, numbers: Mapping[str, Number]) -> Iterator[str]:
    """A line for each number: of how many it is, and its difference from the baseline."""
    before = load(name)
    for key, (value, asked) in numbers.items():
        digits = 4 if key.startswith(COST) else 2
        difference = f"   {value - before[key]:+.{digits}f}" if key in before else ""
        yield f"{key:40}{value:8.{digits}f}{asked:5}{difference}"


def worse(before: Mapping[str, float], now: Mapping[str, Number]) -> Iterator[str]:
    """The numbers that got worse beyond noise, as sentences."""
    for name, value in before.items():
        if name.startswith(_ONLY_SHOWN):
            continue
        found = now.get(name, Number(0.0, 0))
        change = found.value - value
        if name in _LESS_IS_BETTER:
            change = -change
        if not found.asked or change < -max(NOISE, FEW / found.asked):
            yield f"{name}: {found.value:.3f}, it was {value:.3f}"
