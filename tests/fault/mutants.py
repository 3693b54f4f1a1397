"""Mutants: the harness must turn red on each. `python -m tests.fault.mutants [--all] [NAME...]` (`make fault-mutants`).

A mutant is a patch in `mutants/` that removes one guard. Its first lines name the guard, the scenario that has to notice, and
the invariants that may break; `INSUFFICIENT` stands for a guard of the scenario, such as a program that does not end on
request.

Each is tried five times, because a kill hits a window by luck. Every try is recorded at once, so an interrupted run
resumes where it stopped. A mutant whose patch, touched files and harness are unchanged is not tried again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from stack.home import REPOSITORY
from tests.fault import report

PATCHES = Path(__file__).with_name("mutants")
TRIES = report.RESULTS.with_name("mutants.jsonl")
APPLY = ("git", "apply", "-C1")
WITHIN = 300.0
BUILT = ("web/dist", "gen/descriptor.binpb", "gen/python/buf")
"""Files that runs need and that git does not track."""


@dataclass(frozen=True)
class Mutant:
    """A patch, and the scenario and invariants that have to notice it."""

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


def all_mutants() -> list[Mutant]:
    """The mutants in the order of their names."""
    return [Mutant.read(path) for path in sorted(PATCHES.glob("*.patch"))]


def copy_tree(folder: Path) -> None:
    """The present files that git tracks, and the files built from them."""
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
    """Applies a patch; raises where it no longer fits. A line around a change has to be as it was, not all three."""
    subprocess.run([*APPLY, str(patch)], cwd=folder, check=True, capture_output=True, text=True)


def sum_of(mutant: Mutant) -> str:
    """The inputs of a result: the patch, the files that it touches, and this harness."""
    touched = sorted(set(re.findall(r"^--- a/(\S+)$", mutant.patch.read_text(), re.M)))
    files = [mutant.patch, *(REPOSITORY / name for name in touched), *sorted(PATCHES.parent.glob("*.py"))]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def try_out(mutant: Mutant, seed: int) -> frozenset[str]:
    """Runs the scenario on a mutated copy of the tree; what noticed it."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-mutant-") as name:
        folder = Path(name)
        copy_tree(folder)
        apply(mutant.patch, folder)
        command = [sys.executable, "-m", "tests.fault", "--quick", "--only", mutant.scenario, "--seed", str(seed)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WITHIN, check=False)
    names = frozenset(one or two for one, two in re.findall(r"^  (?:RED (I\d+)|(INSUFFICIENT))", done.stdout, re.M))
    if not re.search(r"^1 runs, [01] red", done.stdout, re.M):  # the harness itself broke: that is no verdict
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return names


@dataclass(frozen=True)
class Try:
    """One run of a mutant: `of` is the sum of what it depends on."""

    mutant: str
    seed: int
    commit: str
    of: str
    broken: list[str]
    caught: bool


def kept() -> list[Try]:
    """The tries so far; half a line at the end of a killed runner's file is left out."""
    lines = TRIES.read_text().splitlines() if TRIES.exists() else []
    return [Try(**json.loads(line)) for line in lines if line.endswith("}")]


def missing(mutant: Mutant, tries: list[Try], runs: int, commit: str = "") -> list[int]:
    """The seeds with which a mutant was not tried as it is now, or, with a commit, not at that commit."""
    of = sum_of(mutant)
    done = {each.seed for each in tries if (each.mutant, each.of) == (mutant.name, of) and commit in ("", each.commit)}
    return [seed for seed in range(1, runs + 1) if seed not in done]


def rates(tries: list[Try], mutants: list[Mutant]) -> dict[str, dict[str, object]]:
    """For each mutant how often it was tried as it is now, how often it was caught, and by what."""
    found: dict[str, dict[str, object]] = {}
    for mutant in mutants:
        of = sum_of(mutant)
        mine = {each.seed: each for each in tries if (each.mutant, each.of) == (mutant.name, of)}.values()
        broken = sorted({name for each in mine for name in each.broken})
        found[mutant.name] = {
            "scenario": mutant.scenario,
            "tried": len(mine),
            "caught": sum(each.caught for each in mine),
            "broken": broken,
        }
    return found


def main() -> int:
    """Tries out what has not been tried as it is now; prints the rates; returns 1 when a mutant was never caught."""
    parser = argparse.ArgumentParser("python -m tests.fault.mutants", description="Removes one guard at a time.")
    parser.add_argument("names", nargs="*", help="these mutants; all when none is given")
    parser.add_argument("--runs", type=int, default=5, help="the number of tries of each, with seeds from 1 on")
    parser.add_argument("--all", action="store_true", help="also those that were tried at another commit with the same files")
    options = parser.parse_args()
    chosen = [mutant for mutant in all_mutants() if not options.names or mutant.name in options.names]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    at = commit.stdout.strip()
    for mutant in chosen:
        for seed in missing(mutant, kept(), options.runs, at if options.all else ""):
            broken = try_out(mutant, seed)
            caught = bool(broken & mutant.invariants)
            how = ", ".join(sorted(broken)) or "nothing"
            print(f"{'caught' if caught else 'MISSED'}  {mutant.name}, seed {seed}, in {mutant.scenario}: {how}", flush=True)
            with TRIES.open("a") as file:
                file.write(json.dumps(asdict(Try(mutant.name, seed, at, sum_of(mutant), sorted(broken), caught))) + "\n")
    found = rates(kept(), chosen)
    report.keep("mutants", dict(sorted((report.known()["mutants"] | rates(kept(), all_mutants())).items())))
    for name, rate in found.items():
        print(f"{rate['caught']} of {rate['tried']}  {name}")
    never = [name for name, rate in found.items() if not rate["caught"]]
    print(f"{len(chosen) - len(never)} of {len(chosen)} mutants caught at least once")
    return int(bool(never))


if __name__ == "__main__":
    sys.exit(main())
