"""Compares proto/ with the contracts committed at a git revision; fails on a change that breaks clients.

python -m tools.breaking [revision]     # default HEAD; CI gives the commit that main stood at
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTOR = "gen/descriptor.binpb"


def main() -> None:
    revision = sys.argv[1] if len(sys.argv) > 1 else "HEAD"
    committed = subprocess.run(["git", "show", f"{revision}:{DESCRIPTOR}"], cwd=ROOT, capture_output=True)
    if committed.returncode:
        sys.exit(f"{revision} has no {DESCRIPTOR}.")
    sys.exit(breaks(ROOT / "proto", committed.stdout))


def breaks(protos: Path, committed: bytes) -> int:
    """Runs `buf breaking` on a folder of protos (inside a folder with our buf.yaml); 0 when nothing breaks."""
    ours = [file for file in FileDescriptorSet.FromString(committed).file if not file.name.startswith("google/rpc/")]
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder, "committed.binpb")
        image.write_bytes(FileDescriptorSet(file=ours).SerializeToString())
        buf = str(Path(sys.executable).parent / "buf")
        return subprocess.run([buf, "breaking", str(protos), "--against", str(image)], cwd=protos.parent).returncode


if __name__ == "__main__":
    main()
