"""The mutants fit the code as it is, so that `make fault-mutants` tries what it says."""

from __future__ import annotations

import subprocess

import pytest

from stack.home import REPOSITORY
from tests.fault.checker import INVARIANTS
from tests.fault.mutants import Mutant, all_mutants
from tests.fault.scenarios import BY_NAME

MUTANTS = all_mutants()


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 12


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_and_says_what_has_to_notice_it(mutant: Mutant) -> None:
    assert mutant.about
    assert mutant.scenario in BY_NAME
    assert mutant.invariants <= {*INVARIANTS, "IN VAIN"}
    done = subprocess.run(["git", "apply", "--check", str(mutant.patch)], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
