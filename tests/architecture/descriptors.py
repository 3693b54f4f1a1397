"""The contracts with all their options (the committed descriptor has no validation rules: Envoy does not need them)."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def full_descriptor_set() -> bytes:
    """A FileDescriptorSet of proto/ with imports and comments."""
    protos = sorted(str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto").rglob("*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "all.binpb")
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", f"-I{ROOT / 'third_party'}"]
        command += [f"--descriptor_set_out={out}", "--include_imports", "--include_source_info", *protos]
        subprocess.run(command, check=True)
        return out.read_bytes()
