"""The documents' links, commands, folders and enforcing tests exist, and the list of unbuilt RPCs is right."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from gateway.replies import REPLIES
from tests.architecture.descriptors import full_descriptor_set
from tools.gen.contracts import Contracts

ROOT = Path(__file__).resolve().parents[2]
RECORDS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
PARTS = ("Context", "Decision", "Consequences", "Alternatives", "What enforces it")


def tracked() -> list[Path]:
    """Every file of the repository, by its path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).exists()]


DOCUMENTS = [path for path in tracked() if path.suffix == ".md" and path.parts[:2] != ("demo", "articles")]


def prose(text: str) -> str:
    """A document without its code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S))


@functools.cache
def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)", document.read_text(), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose((ROOT / document).read_text())):
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = (ROOT / document.parent / path).resolve() if path else ROOT / document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_commands_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    text = (ROOT / document).read_text()
    code = "\n".join(re.findall(r"^ *```sh\n(.*?)^ *```", text, flags=re.M | re.S) + re.findall(r"`([^`\n]+)`", text))
    assert set(re.findall(r"(?:^ *|[;&] |=\S* )make ([a-z][a-z-]*)", code, flags=re.M)) - targets == set()
    modules = {name.replace(".", "/") for name in re.findall(r"python3? -m ([a-z_]+\.[a-z_.]*[a-z_])", code)}
    missing = {m for m in modules if not (ROOT / f"{m}.py").is_file() and not (ROOT / m / "__main__.py").is_file()}
    assert missing == set()


def test_the_readme_has_the_two_commands_and_ci_runs_the_second() -> None:
    readme = (ROOT / "README.md").read_text()
    assert re.findall(r"^make (\w+)", readme, flags=re.M) == ["up", "test"]
    assert re.search(r"^make test\b", (ROOT / ".ci" / "run").read_text(), flags=re.M)


def test_the_readme_maps_every_folder() -> None:
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1 and not path.parts[0].startswith(".")}
    mapped = re.findall(r"^\| \[(\w+)\]\((\w+)/\)", (ROOT / "README.md").read_text(), flags=re.M)
    assert {name for name, _ in mapped} == {target for _, target in mapped} == folders


def test_each_limit_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/[^`]+)`", (ROOT / "docs" / "limits.md").read_text())
    assert named
    assert [name for name in named if not exists(name)] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_decision_record_has_all_its_parts_on_one_screen(record: Path) -> None:
    text = record.read_text()
    assert text.startswith(f"# {record.stem[:4]}: ")
    assert tuple(re.findall(r"^## (.*)", text, flags=re.M)) == PARTS
    assert len(text.splitlines()) <= 60


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_the_tests_that_enforce_a_decision_exist(record: Path) -> None:
    enforcing = record.read_text().partition("## What enforces it")[2]
    named = re.findall(r"`((?:tests|web/src)/[^`]+)`", enforcing)
    assert named, "a decision needs a test that enforces it"
    assert [name for name in named if not exists(name)] == []


def exists(name: str) -> bool:
    """Whether there is a folder, a file, or `file::test` of this name."""
    path, _, test = name.partition("::")
    if not (ROOT / path).exists():
        return False
    return not test or re.search(rf"^(async )?def {test}\(", (ROOT / path).read_text(), flags=re.M) is not None


def test_the_guide_names_the_reasons_that_any_call_may_get() -> None:
    guide = (ROOT / "docs" / "api.md").read_text()
    source = "".join(path.read_text() for path in (ROOT / "kit").glob("*.py"))
    reasons = {*re.findall(r'reason ?= ?"([A-Z_]+)"', source), *(reply.reason for reply in REPLIES)}
    assert len(reasons) > 20
    assert [reason for reason in sorted(reasons) if f"`{reason}`" not in guide] == []


def test_decision_records_are_numbered_and_listed() -> None:
    numbers = [int(record.stem[:4]) for record in RECORDS]
    assert numbers == sorted(set(numbers))
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    assert [record.name for record in RECORDS] == re.findall(r"^\| \[\d{4}\]\(([^)]+)\)", index, flags=re.M)


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_packages_that_were_decided_against_are_not_installed(lock: str) -> None:
    names = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(), flags=re.M))
    assert names & {"motor", "envoy", "sqlalchemy"} == set()


DEAD_LETTER_RPCS = ("ListDeadLetters", "RetryDeadLetter", "DeleteDeadLetter")
KITS = {
    "add_event_service": ["EventService.WatchEvents"],
    "add_verification_service": ["VerificationService.VerifyStores"],
    "add_dead_letter_service": [f"DeadLetterService.{name}" for name in DEAD_LETTER_RPCS],
}
"""The RPCs that a function of the kit adds to a service."""


def built() -> set[str]:
    """`core.v1.TurnService.GetTurn` of every RPC that a servicer of ours answers."""
    found = set()
    for path in (ROOT / "services").glob("*/rpc*"):
        service = path.relative_to(ROOT / "services").parts[0]
        for module in [path] if path.is_file() else path.glob("*.py"):
            for node in ast.walk(ast.parse(module.read_text())):
                if isinstance(node, ast.ClassDef):
                    bases = [ast.unparse(base).rpartition(".") for base in node.bases]
                    methods = {item.name for item in node.body if isinstance(item, ast.AsyncFunctionDef)}
                    methods |= {"WatchEvents"} if ("servicers", ".", "EventServicer") in bases else set()
                    names = {
                        f"{'internal.' * contract.endswith('internal')}v1.{name.removesuffix('Servicer')}"
                        for contract, _, name in bases
                        if name.endswith("ServiceServicer")
                    }
                    found |= {f"{service}.{name}.{method}" for name in names for method in methods}
                    if ("servicers", ".", "EventServicer") in bases:
                        found |= {f"{service}.internal.v1.{name}" for name in KITS["add_event_service"]}
                elif isinstance(node, ast.Call) and (added := KITS.get(ast.unparse(node.func).rpartition(".")[2])):
                    contract = "internal." * (ast.unparse(node.args[1]) == "internal")
                    found |= {f"{service}.{contract}v1.{name}" for name in added}
    return found


def test_the_list_of_unbuilt_rpcs_is_right() -> None:
    contracts = Contracts(FileDescriptorSet.FromString(full_descriptor_set()))
    promised = {f"{rpc.package.removeprefix('frontdesk.')}.{rpc.service}.{rpc.name}" for rpc in contracts.rpcs}
    listed = set()
    architecture = (ROOT / "docs" / "architecture.md").read_text()
    for service, rpcs in re.findall(r"^\| `(\w+\.(?:internal\.)?v1\.\w+)` \| (.*) \|$", architecture, flags=re.M):
        listed |= {f"{service}.{name}" for name in re.findall(r"`(\w+)`", rpcs)}
    assert listed == promised - built()
