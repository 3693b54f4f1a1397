"""Figures with their aims: ratios of pairs, what limited a rate, and the table."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

BUSY = 0.85
"""Of a core, or of all of them: from here on it is the limit."""


@dataclass(frozen=True)
class Figure:
    """A figure. With `aim`, the value must be at most that."""

    what: str
    value: float
    aim: float | None = None
    least: float | None = None
    greatest: float | None = None
    """Of the ratios whose median `value` is."""
    small: float | None = None
    large: float | None = None
    """The medians that were compared."""

    @property
    def held(self) -> bool | None:
        """Whether the aim was met; None without one."""
        return None if self.aim is None else self.value <= self.aim

    def as_json(self) -> dict[str, Any]:
        """For the results file: what is known of it."""
        return {name: value for name, value in {**asdict(self), "held": self.held}.items() if value is not None}


def ratio(what: str, pairs: Sequence[tuple[float, float]], aim: float | None = None) -> Figure:
    """The median of large / small over the pairs (small, large), with the least and the greatest."""
    each = [large / small for small, large in pairs]
    small, large = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return Figure(what, statistics.median(each), aim, min(each), max(each), small, large)


def limit(shares: Mapping[str, float], cores: int) -> str:
    """The limit of a rate, by the cores that each program used; one of ours can use no more than one."""
    name = max(shares, key=lambda each: shares[each])
    used = sum(shares.values())
    if shares[name] >= BUSY:
        return f"{name}: {shares[name]:.2f} cores"
    most = f"{used:.2f} of {cores} cores, most of it {name} ({shares[name]:.2f})"
    return f"the machine: {most}" if used >= BUSY * cores else f"no processor: {most}; the disk, or waiting for each other"


def table(parts: Mapping[str, Sequence[Figure]]) -> str:
    """The figures for a person."""
    lines = ["   value  least–greatest      small      large     aim          what"]
    for part, figures in parts.items():
        lines += ["", part, *map(_line, figures)]
    return "\n".join(lines)


def _line(figure: Figure) -> str:
    interval = "" if figure.least is None else f"{figure.least:.2f}–{figure.greatest:.2f}"
    small, large = ("" if value is None else f"{value:.1f}" for value in (figure.small, figure.large))
    aim = "" if figure.aim is None else f"≤ {figure.aim:g}"
    verdict = {True: "held", False: "MISSED", None: ""}[figure.held]
    return f"{figure.value:8.2f}  {interval:14} {small:>10} {large:>10}  {aim:>6} {verdict:6}  {figure.what}"
