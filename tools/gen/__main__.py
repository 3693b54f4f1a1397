"""`python -m tools.gen` writes gen/ and docs/api.md; with `--check` it writes nothing and fails on a difference."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from tools.gen import edge, openapi, python, reference, typescript
from tools.gen.contracts import ERROR_PROTOS, Contracts, edge_descriptor, events_descriptor

ROOT = Path(__file__).resolve().parent.parent.parent

# Folders that `make gen` owns: other files here are stale and are removed.
OWNED = (
    "gen/python/frontdesk",
    "gen/ts",
    "gen/openapi",
    "gen/descriptor.binpb",
    "gen/events.binpb",
    "gen/edge.json",
    "docs/api.md",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.gen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file would change")
    check = parser.parse_args().check
    made = make()
    stale = sorted(_owned_files() - made.keys())
    changed = sorted(path for path, data in made.items() if not _same(ROOT / path, data))
    if check:
        for path in changed + stale:
            print(f"differs from proto/: {path}")
        if changed or stale:
            sys.exit("Generated files are out of date: run `make gen` and commit the result.")
        return
    for path in changed:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(made[path])
    for path in stale:
        (ROOT / path).unlink()
    print(f"{len(made)} files made, {len(changed)} changed, {len(stale)} removed.")


def make() -> dict[str, bytes]:
    """All generated files, by their path from the root."""
    protos = sorted(str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto").rglob("*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        _protoc(protos, out)
        made = {f"gen/{p.relative_to(out)}": p.read_bytes() for p in out.glob("python/**/*") if p.is_file()}
        full = _descriptors([*protos, *ERROR_PROTOS], out / "full.binpb")
    ours = [file for file in full.file if file.name in protos]
    owners = {f"{file.package}.{message.name}": file for file in full.file for message in file.message_type}
    for file in ours:
        if file.service:
            made[f"gen/python/{file.name.removesuffix('.proto')}_pb2_grpc.pyi"] = python.aio_stubs(file, owners).encode()
        else:
            # grpcio-tools writes one for every file; it holds nothing when the file has no service.
            del made[f"gen/python/{file.name.removesuffix('.proto')}_pb2_grpc.py"]
    for package, text in python.packages(ours).items():
        made[f"gen/python/{package}/__init__.py"] = text.encode()
    made["gen/python/frontdesk/py.typed"] = b""
    for path, text in typescript.files(full, [proto for proto in protos if "/internal/" not in proto]).items():
        made[f"gen/ts/{path}"] = text.encode()
    contracts = Contracts(full)
    made["gen/descriptor.binpb"] = edge_descriptor(full)
    made["gen/events.binpb"] = events_descriptor(made["gen/descriptor.binpb"])
    made["gen/edge.json"] = edge.document(contracts).encode()
    made["gen/openapi/openapi.json"] = (json.dumps(openapi.document(contracts), indent=1) + "\n").encode()
    made["docs/api.md"] = reference.document(contracts).encode()
    return made


def _protoc(protos: list[str], out: Path) -> None:
    (out / "python").mkdir()
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", f"-I{ROOT / 'third_party'}"]
    command += [f"--{kind}_out={out / 'python'}" for kind in ("python", "pyi", "grpc_python")]
    if subprocess.run([*command, *protos]).returncode:
        sys.exit("The contracts do not compile (see above).")


def _descriptors(protos: list[str], out: Path) -> FileDescriptorSet:
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", f"-I{ROOT / 'third_party'}"]
    command += [f"--descriptor_set_out={out}", "--include_imports", "--include_source_info", *protos]
    subprocess.run(command, check=True)
    return FileDescriptorSet.FromString(out.read_bytes())


def _owned_files() -> set[str]:
    found: set[Path] = set()
    for path in (ROOT / owned for owned in OWNED):
        found |= {path} if path.is_file() else {p for p in path.rglob("*") if p.is_file()}
    return {str(p.relative_to(ROOT)) for p in found if "__pycache__" not in p.parts}


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


if __name__ == "__main__":
    main()
