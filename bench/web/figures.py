"""Times with their median and 95th percentile, and single figures, each with its aim; the table, and the results file."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench import report
from bench.__main__ import RESULTS, ROOT

FILE = RESULTS / "web.json"


@dataclass(frozen=True)
class Figure:
    """A measurement in `unit`; of several rounds `p95` is the one to compare with the `aim`, which it must not exceed."""

    what: str
    p50: float
    p95: float
    unit: str = "ms"
    aim: float | None = None
    rounds: int = 1

    @property
    def held(self) -> bool | None:
        """Whether the aim was met; None without one."""
        return None if self.aim is None else self.p95 <= self.aim

    def as_json(self) -> dict[str, Any]:
        """For the results file: what is known of it."""
        found = {"what": self.what, "p50": self.p50, "p95": self.p95, "unit": self.unit, "rounds": self.rounds}
        return found if self.aim is None else {**found, "aim": self.aim, "held": self.held}


def times(what: str, values: Sequence[float], aim: float | None = None, unit: str = "ms") -> Figure:
    """The figure of several rounds. The 95th percentile is one of them: of fewer than 20 it is the greatest."""
    ordered = sorted(values)
    nth = max(0, math.ceil(0.95 * len(ordered)) - 1)
    return Figure(what, ordered[(len(ordered) - 1) // 2], ordered[nth], unit, aim, len(ordered))


def single(what: str, value: float, unit: str, aim: float | None = None) -> Figure:
    """A figure that has one value."""
    return Figure(what, value, value, unit, aim)


def table(parts: Mapping[str, Sequence[Figure]]) -> str:
    """The figures for a person."""
    lines = ["     p50       p95  unit  aim"]
    for part, figures in parts.items():
        lines += ["", part, *map(_line, figures)]
    return "\n".join(lines)


def _line(figure: Figure) -> str:
    digits = 3 if figure.unit == "shift" else 1 if figure.unit == "KB" else 0
    aim = "" if figure.aim is None else f"≤ {figure.aim:g}"
    verdict = {True: "held", False: "MISSED", None: ""}[figure.held]
    return f"{figure.p50:8.{digits}f}  {figure.p95:8.{digits}f}  {figure.unit:5} {aim:>7} {verdict:6}  {figure.what}"


def keep(parts: Mapping[str, Sequence[Figure]]) -> None:
    """Replaces these parts of the results."""
    results = json.loads(FILE.read_text()) if FILE.exists() else {}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    about = {
        "command": " ".join(["python -m bench.web", *sys.argv[1:]]),
        "commit": commit.stdout.strip(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"cpu": report.cpu_name(), "cores": os.cpu_count(), "load": os.getloadavg()[1]},
    }
    for part, figures in parts.items():
        results[part] = {**about, "figures": [report.rounded(figure.as_json()) for figure in figures]}
    FILE.write_text(json.dumps(results, indent=2) + "\n")
