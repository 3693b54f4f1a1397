"""Mutants: the harness must turn red on each. `python -m tests.fault.mutants [NAME...]` (`make fault-mutants`).

A mutant is a patch in `mutants/` that takes one guard away. Its first lines say what, which scenario has to notice, and which
invariants may be the ones to break; `IN VAIN` stands for a guard of the scenario, as a program that does not end when asked.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stack.home import REPOSITORY
from tests.fault import report

PATCHES = Path(__file__).with_name("mutants")
WITHIN = 300.0
BUILT = ("web/dist", "gen/descriptor.binpb", "gen/python/buf")
"""What runs need and git does not know."""


@dataclass(frozen=True)
class Mutant:
    """A patch, and what has to notice it."""

    name: str
    about: str
    scenario: str
    invariants: frozenset[str]
    patch: Path

    @classmethod
    def read(cls, patch: Path) -> Mutant:
        """Reads the lines before the patch."""
        head = patch.read_text().partition("\n--- ")[0]
        said = dict(re.findall(r"^(scenario|breaks): (.+)$", head, re.M))
        about = " ".join(line for line in head.splitlines() if line and not line.startswith(("scenario:", "breaks:", "diff ")))
        return cls(patch.stem, about, said["scenario"], frozenset(said["breaks"].split(", ")), patch)


@dataclass(frozen=True)
class Outcome:
    """Whether a mutant was noticed, and by what."""

    mutant: Mutant
    broken: frozenset[str]

    @property
    def caught(self) -> bool:
        """An invariant broke that was to break."""
        return bool(self.broken & self.mutant.invariants)


def all_mutants() -> list[Mutant]:
    """The mutants in the order of their names."""
    return [Mutant.read(path) for path in sorted(PATCHES.glob("*.patch"))]


def copy_tree(folder: Path) -> None:
    """The files that git knows, as they are now, and what was built from them."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        source, target = REPOSITORY / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for name in BUILT:
        source, target = REPOSITORY / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy2(source, target)


def apply(patch: Path, folder: Path) -> None:
    """Applies a patch; raises where it no longer fits."""
    subprocess.run(["git", "apply", str(patch)], cwd=folder, check=True)


def try_out(mutant: Mutant) -> Outcome:
    """Runs the scenario on a mutated copy of the tree."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-mutant-") as name:
        folder = Path(name)
        copy_tree(folder)
        apply(mutant.patch, folder)
        command = [sys.executable, "-m", "tests.fault", "--quick", "--only", mutant.scenario]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WITHIN, check=False)
    broken = frozenset(re.findall(r"^  (?:RED (I\d+)|(IN VAIN))", done.stdout, re.M))
    names = frozenset(one or two for one, two in broken)
    if not names and done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    return Outcome(mutant, names)


def main(names: list[str]) -> int:
    """Tries out mutants, prints what noticed them, and returns 1 when one was not noticed."""
    chosen = [mutant for mutant in all_mutants() if not names or mutant.name in names]
    missed = 0
    for mutant in chosen:
        outcome = try_out(mutant)
        missed += not outcome.caught
        how = ", ".join(sorted(outcome.broken)) or "nothing"
        print(
            f"{'caught' if outcome.caught else 'MISSED'}  {mutant.name} in {mutant.scenario}: {how}. {mutant.about}", flush=True
        )
        _write(outcome)
    print(f"{len(chosen) - missed} of {len(chosen)} mutants caught")
    return int(missed > 0)


def _write(outcome: Outcome) -> None:
    told = {"scenario": outcome.mutant.scenario, "caught": outcome.caught, "broken": sorted(outcome.broken)}
    report.keep("mutants", dict(sorted((report.known()["mutants"] | {outcome.mutant.name: told}).items())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
