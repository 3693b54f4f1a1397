"""Each contract of .importlinter is broken once, and the layers once per module: a rule that checks nothing is noticed."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SERVICES = ("admin", "agent", "channel", "core", "memory")
# From the top; those of one line must not import each other.
LAYERS = (
    ("__main__",),
    ("main",),
    ("rpc", "followers", "settings"),
    ("convert",),
    ("adapters", "app"),
    ("ports",),
    ("domain",),
)

# Contract → a file of a copy, and the import that must break it.
OFFENCES = {
    "layers": ("services/core/domain/offence.py", "services.core.main"),
    "purity": ("services/core/domain/offence.py", "grpc"),
    "composition": ("services/core/rpc/__init__.py", "services.core.adapters"),
    "independence": ("services/core/settings.py", "services.memory"),
    "kit": ("kit/offence.py", "frontdesk.core.v1"),
    "topology": ("kit/offence.py", "stack.ports"),
}


def contracts() -> dict[str, str]:
    """Id → name of every contract."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {s.removeprefix(prefix): parser[s]["name"] for s in parser.sections() if s.startswith(prefix)}


def output(folder: Path) -> str:
    """The output of import-linter, in wide lines."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'gen/python'}", "COLUMNS": "300"}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def lint(folder: Path) -> dict[str, bool]:
    """Contract → whether it is kept, by its name."""
    said, verdicts = output(folder), {}
    for name in contracts().values():
        line = next((line for line in said.splitlines() if line.startswith(name)), None)
        assert line is not None, said
        verdicts[name] = line.rstrip().endswith("KEPT")
    return verdicts


def forbidden(folder: Path) -> set[tuple[str, str]]:
    """The forbidden direct imports that import-linter reports."""
    return set(re.findall(r"^-\s+([\w.]+) -> ([\w.]+) \([^)]*\)\n\n", output(folder), re.MULTILINE))  # a chain continues below


@contextmanager
def added(folder: Path, lines: dict[str, list[str]]) -> Iterator[None]:
    """Imports at the end of files: path → modules."""
    before = {path: (folder / path).read_text() if (folder / path).exists() else None for path in lines}
    try:
        for path, modules in lines.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            with (folder / path).open("a") as file:
                file.writelines(f"import {module}\n" for module in modules)
        yield
    finally:
        for path, text in before.items():
            (folder / path).unlink() if text is None else (folder / path).write_text(text)


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
    offences: dict[str, list[str]] = {}
    for path, module in OFFENCES.values():
        offences.setdefault(path, []).append(module)
    with added(copy, offences):
        assert [name for name, kept in lint(copy).items() if kept] == []


def test_a_module_in_no_layer_is_refused(copy: Path) -> None:
    with added(copy, {f"services/{service}/loose.py": ["asyncio"] for service in SERVICES}):
        said = output(copy)
    assert all(f"services.{service}.loose" in said for service in SERVICES)


def test_every_pure_module_is_checked(copy: Path) -> None:
    pure = [path for service in SERVICES for name in ("domain", "ports", "app") for path in modules(copy, service, name)]
    with added(copy, {path: ["grpc"] for path in pure}):
        found = forbidden(copy)
    assert [path for path in pure if (dotted(path), "grpc") not in found] == []


def test_every_layer_of_every_service_is_below_the_next(copy: Path) -> None:
    wanted, lines = set(), dict[str, list[str]]()
    for service in SERVICES:
        layers = [[found for name in layer if (found := modules(copy, service, name))] for layer in LAYERS]
        for above, layer in enumerate(layers):
            for group in layer:
                upper = dotted(group[0])
                siblings = [other for other in layer if other is not group]
                for lower in [*siblings, *(below for rest in layers[above + 1 :] for below in rest)]:
                    lines.setdefault(lower[-1], []).append(upper)
                    wanted.add((dotted(lower[-1]), upper))
    with added(copy, lines):
        assert wanted - forbidden(copy) == set()


def test_only_main_chooses_adapters_in_every_service(copy: Path) -> None:
    parts = ("__main__", "rpc", "followers", "settings", "convert", "app", "ports", "domain")
    others = {path: service for service in SERVICES for name in parts for path in modules(copy, service, name)}
    with added(copy, {path: [f"services.{service}.adapters"] for path, service in others.items()}):
        found = forbidden(copy)
    assert [path for path, service in others.items() if (dotted(path), f"services.{service}.adapters") not in found] == []


def test_every_service_is_independent_of_each_other(copy: Path) -> None:
    pairs = [(one, other) for one in SERVICES for other in SERVICES if one != other]
    with added(
        copy, {f"services/{one}/settings.py": [f"services.{other}" for other in SERVICES if other != one] for one in SERVICES}
    ):
        said = output(copy)
    assert [pair for pair in pairs if f"services.{pair[0]} is not allowed to import services.{pair[1]}" not in said] == []


def test_every_module_of_the_kit_is_checked(copy: Path) -> None:
    files = [str(file.relative_to(copy)) for file in sorted((copy / "kit").rglob("*.py"))]
    above = ("services.core.domain", "frontdesk.core.v1", "stack.ports")
    with added(copy, {path: list(above) for path in files}):
        found = forbidden(copy)
    assert [(path, module) for path in files for module in above if (dotted(path), module) not in found] == []


def modules(folder: Path, service: str, name: str) -> list[str]:
    """The files of one part of a service: `<name>.py`, or those of the package of that name."""
    home = folder / "services" / service
    files = [home / f"{name}.py"] if (home / f"{name}.py").exists() else sorted((home / name).rglob("*.py"))
    return [str(file.relative_to(folder)) for file in files]


def dotted(path: str) -> str:
    """A module's name by its file."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
