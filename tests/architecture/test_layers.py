"""Each contract of .importlinter is broken once, so that a contract that checks nothing is noticed."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Contract → a file of a copy, and the import that must break it.
OFFENCES = {
    "layers": ("services/core/domain/offence.py", "import services.core.main"),
    "purity": ("services/core/domain/offence.py", "import grpc"),
    "composition": ("services/core/edge_offence.py", "import services.core.adapters"),
    "independence": ("services/core/settings_offence.py", "import services.memory"),
    "kit": ("kit/offence.py", "import frontdesk.core.v1"),
    "topology": ("kit/offence.py", "import stack.ports"),
}


def contracts() -> dict[str, str]:
    """Id → name of every contract."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {s.removeprefix(prefix): parser[s]["name"] for s in parser.sections() if s.startswith(prefix)}


def lint(folder: Path) -> dict[str, bool]:
    """Contract → whether it is kept, by its name."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'gen/python'}", "COLUMNS": "300"}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    verdicts = {}
    for name in contracts().values():
        line = next((line for line in done.stdout.splitlines() if line.startswith(name)), None)
        assert line is not None, done.stdout + done.stderr
        verdicts[name] = line.rstrip().endswith("KEPT")
    return verdicts


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for package in ("kit", "services", "stack", "gateway", "embedder", "demo", "gen/python"):
        if (ROOT / package).is_dir():
            shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_the_code_keeps_every_contract(copy: Path) -> None:
    assert [name for name, kept in lint(copy).items() if not kept] == []


def test_every_contract_can_fail(copy: Path) -> None:
    assert OFFENCES.keys() == contracts().keys()
    files = {copy / path for path, _ in OFFENCES.values()}
    try:
        for path, statement in OFFENCES.values():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            with (copy / path).open("a") as offence:
                offence.write(statement + "\n")
        assert [name for name, kept in lint(copy).items() if kept] == []
    finally:
        for file in files:
            file.unlink()
