"""The mutants fit the present code, so that `make fault-mutants` can apply them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stack.home import REPOSITORY
from tests.fault.checker import INVARIANTS
from tests.fault.mutants import APPLY, Mutant, Try, all_mutants, missing, rates, sum_of
from tests.fault.scenarios import BY_NAME

MUTANTS = all_mutants()


def test_a_try_is_kept_and_repeated_when_its_inputs_have_changed() -> None:
    mutant = MUTANTS[0]
    tries = [Try(mutant.name, seed, "abc", sum_of(mutant), ["I1"], seed < 3) for seed in (1, 2, 3)]
    assert missing(mutant, tries, 5) == [4, 5]
    assert missing(mutant, tries, 5, commit="abc") == [4, 5]
    assert missing(mutant, tries, 5, commit="def") == [1, 2, 3, 4, 5]
    assert missing(mutant, [replace(each, of="another") for each in tries], 5) == [1, 2, 3, 4, 5]
    assert rates(tries, [mutant])[mutant.name] == {"scenario": mutant.scenario, "tried": 3, "caught": 2, "broken": ["I1"]}


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 12


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_and_names_its_scenario_and_invariants(mutant: Mutant) -> None:
    assert mutant.about
    assert mutant.scenario in BY_NAME
    assert mutant.invariants <= {*INVARIANTS, "INSUFFICIENT"}
    done = subprocess.run([*APPLY, "--check", str(mutant.patch)], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_knows_every_name_that_it_uses(mutant: Mutant, tmp_path: Path) -> None:
    """Otherwise it would break the code in another way, which any scenario notices or none."""
    touched = re.findall(r"^--- a/(\S+)$", mutant.patch.read_text(), re.M)
    for name in touched:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    subprocess.run([*APPLY, str(mutant.patch)], cwd=tmp_path, check=True, capture_output=True)
    code = [name for name in touched if name.endswith(".py")]
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--isolated", "--no-cache", "--select", "E9,F821", *code]
    done = subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True) if code else None
    assert done is None or done.returncode == 0, done.stdout
