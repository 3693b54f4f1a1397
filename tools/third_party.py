"""Puts third-party protos into `third_party/` and their missing Python stubs into `gen/python/buf/`.

Both folders are ignored by git. `google/**` comes from the installed googleapis-common-protos; `buf/validate/validate.proto`
from the sdist of protovalidate 1.2.0, pinned by hash (the wheels leave it out). Quick when there is nothing to do.

    python -m tools.third_party
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THIRD_PARTY = ROOT / "third_party"
GEN_PYTHON = ROOT / "gen" / "python"
STAMP = THIRD_PARTY / ".stamp"

SDIST = "protovalidate==1.2.0"
SDIST_SHA256 = "4cb9a5065f32abc9baf2cf25c5bd09a139f7dffb7b8692f636a8e3e6883bb9a2"
SDIST_MEMBER = "protovalidate-1.2.0/upstream/proto/buf/validate/validate.proto"
VALIDATE = "buf/validate/validate.proto"
GOOGLE = (
    "google/api/annotations.proto",
    "google/api/client.proto",
    "google/api/field_behavior.proto",
    "google/api/http.proto",
    "google/api/httpbody.proto",
    "google/api/launch_stage.proto",
    "google/api/resource.proto",
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "google/rpc/status.proto",
    "google/type/date.proto",
    "google/type/dayofweek.proto",
    "google/type/interval.proto",
    "google/type/money.proto",
    "google/type/timeofday.proto",
)


def main() -> None:
    """Makes both folders, unless the stamp says that they are up to date."""
    versions = [importlib.metadata.version(name) for name in ("googleapis-common-protos", "grpcio-tools", "protobuf")]
    want = "\n".join([SDIST_SHA256, *versions, hashlib.sha256(Path(__file__).read_bytes()).hexdigest()])
    stubs = GEN_PYTHON / "buf" / "validate" / "validate_pb2.py"
    if STAMP.is_file() and STAMP.read_text() == want and stubs.is_file():
        return
    site = Path(sysconfig.get_paths()["purelib"])
    for path in GOOGLE:
        _write(THIRD_PARTY / path, (site / path).read_text())
    _write(THIRD_PARTY / VALIDATE, _validate_proto())
    _generate_stubs()
    STAMP.write_text(want)


def _validate_proto() -> str:
    """The text of validate.proto, without the lines that name a package registry."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text(f"{SDIST} --hash=sha256:{SDIST_SHA256}\n")
        # No build isolation: pip asks the sdist for its metadata, and its build backend (hatchling) is ours too.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation"]
        command += ["--no-binary", "protovalidate", "--require-hashes", "-r", str(requirements), "-d", folder]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"Could not download {SDIST}; is a package index reachable?\n{done.stderr}")
        with tarfile.open(next(Path(folder).glob("*.tar.gz"))) as archive:
            member = archive.extractfile(SDIST_MEMBER)
            assert member is not None, SDIST_MEMBER
            text = member.read().decode()
    return "".join(line for line in text.splitlines(keepends=True) if "buf.build" not in line)


def _generate_stubs() -> None:
    shutil.rmtree(GEN_PYTHON / "buf", ignore_errors=True)
    GEN_PYTHON.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{THIRD_PARTY}"]
    subprocess.run([*command, f"--python_out={GEN_PYTHON}", f"--pyi_out={GEN_PYTHON}", VALIDATE], check=True)
    for package in ("buf", "buf/validate"):
        _write(GEN_PYTHON / package / "__init__.py", "")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    main()
