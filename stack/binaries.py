"""Finds the servers' binaries in the installed packages, and the shared libraries that they miss."""

from __future__ import annotations

import asyncio
import importlib.util
import re
from pathlib import Path

from stack.problems import LibraryMissing, Problem

PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libz.so.1": "zlib1g",
    "libcrypto.so.3": "libssl3",
    "libssl.so.3": "libssl3",
    "libstdc++.so.6": "libstdc++6",
    "liblzma.so.5": "liblzma5",
    "libresolv.so.2": "libc6",
    "libm.so.6": "libc6",
}
"""The Debian and Ubuntu package of each library that a bundled server can miss."""


def package_folder(package: str, program: str) -> Path:
    """The folder of an installed package; a `Problem` names it when it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise Problem(
            f"{program} cannot start: its package {package} is not installed; run `make env`, "
            f"or give the URL of an existing server in FRONTDESK_{program.upper()}_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def only(folder: Path, pattern: str, program: str) -> Path:
    """The one file that matches; raises a `Problem` when the package has none for this platform."""
    found = next(iter(sorted(folder.glob(pattern))), None)
    if found is None:
        raise Problem(f"{program} cannot start: the installed package in {folder} has no binary for this platform.")
    return found


async def check_libraries(program: str, binary: Path) -> None:
    """Raises `LibraryMissing` with the one line that installs what the dynamic linker cannot find."""
    ldd = await asyncio.create_subprocess_exec(
        "ldd", str(binary), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    output, _ = await ldd.communicate()
    missing = tuple(sorted(set(re.findall(r"(\S+) => not found", output.decode()))))
    if missing:
        packages = tuple(sorted({PACKAGES[name] for name in missing if name in PACKAGES}))
        raise LibraryMissing(program, missing, packages)
