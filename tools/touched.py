"""The tests that a change touches, for `make check`: `python -m tools.touched [revision]` prints their paths.

It compares the working tree with where the branch left `origin/main` (else with HEAD). A service's files lead to the tests of
that service, a module of the kit to the tests with its name. The unit level is not among them: it always runs.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ("services", "contract", "rpc")
"""Of a service's tests; slower ones (`e2e`, `fault`) run in `make test`."""
AREAS = (
    (r"(gateway/|gen/edge\.json|tests/gateway/)", ("tests/gateway",)),
    (r"(proto/|tools/gen/|buf\.yaml)", ("tests/architecture/test_contracts.py", "tests/architecture/test_generation.py")),
    (r"(deploy/|requirements)", ("tests/architecture",)),
    (r"(docs/|\w+\.md$)", ("tests/architecture/test_documents.py", "tests/architecture/test_prose.py")),
    (r"(services|kit)/", ("tests/architecture/test_layers.py", "tests/architecture/test_documents.py")),
    (r"stack/", ("tests/contract/stack",)),
)
TEST = re.compile(r"tests/(architecture|contract|gateway|rpc|services)/(.*/)?test_\w+\.py")


def touched(changed: Iterable[str]) -> set[str]:
    """Test files and folders for changed files; a file in a folder that is in it too is left out."""
    found = {path for name in changed for path in _of(name) if (ROOT / path).exists()}
    return {path for path in found if not any(path.startswith(f"{other}/") for other in found)}


def _of(name: str) -> Iterator[str]:
    if TEST.fullmatch(name):
        yield name
    if match := re.match(r"services/(\w+)/", name):
        yield from (f"tests/{level}/{match[1]}" for level in LEVELS)
    if match := re.match(r"kit/(\w+)", name):
        yield from (str(p.relative_to(ROOT)) for level in LEVELS for p in ROOT.glob(f"tests/{level}/kit/test_{match[1]}*.py"))
    if match := re.match(r"tests/(?!unit|e2e|fault|foreign)(\w+/\w+)/(?!test_)", name):
        yield f"tests/{match[1]}"  # a fixture of all tests in its folder
    yield from (path for pattern, paths in AREAS if re.match(pattern, name) for path in paths)


def changed(against: str) -> list[str]:
    """Files that differ from a revision, and those that git does not know yet."""
    known = _git("diff", "--name-only", "--diff-filter=d", against)
    return sorted({*known, *_git("ls-files", "--others", "--exclude-standard")})


def _git(*arguments: str) -> list[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def base() -> str:
    """Where this branch left the shared one."""
    done = subprocess.run(["git", "merge-base", "HEAD", "origin/main"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "HEAD"


def main() -> None:
    print("\n".join(sorted(touched(changed(sys.argv[1] if len(sys.argv) > 1 else base())))))


if __name__ == "__main__":
    main()
