"""What lies where under FRONTDESK_HOME, and who may read it."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
NOBODY = 65534
LONGEST_SOCKET_PATH = 100
OUTSIDE = Path("/var/lib/frontdesk")


@dataclass(frozen=True)
class Home:
    """The folder that holds data, keys, secrets and logs of one stack; deleting it starts from nothing."""

    path: Path

    @property
    def data(self) -> Path:
        """A folder per store."""
        return self.path / "data"

    @property
    def keys(self) -> Path:
        """The services' signing keys and `jwks.json`."""
        return self.path / "keys"

    @property
    def secrets(self) -> Path:
        """One file per password, readable by its owner alone."""
        return self.path / "secrets"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """What the running supervisor writes: its lock, its state, the rendered gateway configuration."""
        return self.path / "run"

    @property
    def control(self) -> Path:
        """The running supervisor's socket; elsewhere when its path is longer than a socket's may be."""
        inside = self.run / "control.sock"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.path.resolve())).hexdigest()[:16]
        return Path(tempfile.gettempdir(), f"frontdesk-{os.geteuid()}-{digest}.sock")

    def make(self) -> None:
        """Creates what is missing. As root the folder may be passed through, since Postgres runs as another user."""
        for folder in (self.path, self.data, self.keys, self.secrets, self.logs, self.run):
            folder.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.data.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for folder in (self.keys, self.secrets, self.logs, self.run):
            folder.chmod(0o700)

    def secret(self, name: str) -> str:
        """A random password, made at first use and kept."""
        file = self.secrets / name
        if not file.exists():
            write_private(file, secrets.token_hex(24))
        return file.read_text().strip()

    def folder_for_nobody(self, name: str) -> Path:
        """A folder the unprivileged user can reach: in `data`, or outside when a parent (as /root) bars the way."""
        inside = self.data / name
        if all(parent.stat().st_mode & stat.S_IXOTH for parent in self.data.resolve().parents):
            folder = inside
        else:
            folder = OUTSIDE / hashlib.sha256(str(self.path.resolve()).encode()).hexdigest()[:12] / name
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.parent.chmod(0o711)
            if not inside.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)  # of a home that was deleted: its passwords are gone
                inside.symlink_to(folder)
        folder.mkdir(exist_ok=True)
        os.chown(folder, NOBODY, NOBODY)
        return folder


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner can read, at no moment otherwise, and never half of it."""
    part = file.with_name(file.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    part.chmod(0o600)
    part.replace(file)
