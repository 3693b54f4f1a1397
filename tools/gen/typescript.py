"""TypeScript stubs, by @bufbuild/protoc-gen-es (pinned in tools/es/package-lock.json)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from google.protobuf.compiler.plugin_pb2 import CodeGeneratorRequest, CodeGeneratorResponse
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from tools.gen.contracts import without_options

PLUGIN = Path(__file__).resolve().parent.parent / "es" / "node_modules" / "@bufbuild" / "protoc-gen-es" / "bin"

# Options that a browser has no use for: leaving them out keeps some 200 KB of descriptors out of the page.
SERVER_ONLY = {
    "buf/validate/validate.proto",
    "frontdesk/access/v1/access.proto",
    "google/api/annotations.proto",
    "google/api/client.proto",
    "google/api/field_behavior.proto",
    "google/api/resource.proto",
}


def files(full: FileDescriptorSet, ours: list[str]) -> dict[str, str]:
    """Path under gen/ts → text."""
    lean = without_options(full, SERVER_ONLY)
    imported = {name for file in lean.file if file.name in ours for name in file.dependency}
    # `google/protobuf/` comes with the runtime.
    shared = {name for name in imported if name.startswith("google/") and not name.startswith("google/protobuf/")}
    wanted = [file.name for file in lean.file if file.name in ours or file.name in shared]
    request = CodeGeneratorRequest(file_to_generate=wanted, parameter="target=ts", proto_file=lean.file)
    plugin = PLUGIN / "protoc-gen-es"
    if not plugin.is_file():
        sys.exit("The TypeScript generator is missing: run `make gen` (or `npm ci --prefix tools/es`).")
    done = subprocess.run([_node(), str(plugin)], input=request.SerializeToString(), capture_output=True)
    if done.returncode:
        sys.exit(done.stderr.decode())
    response = CodeGeneratorResponse.FromString(done.stdout)
    if response.error:
        sys.exit(response.error)
    return {file.name: file.content for file in response.file}


def _node() -> str:
    """Node of this environment (from a wheel) if there is one, or the one on PATH."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    node = shutil.which("node", path=search)
    if node is None:
        sys.exit("No node found: run `make setup`.")
    return node
