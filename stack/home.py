"""The files under FRONTDESK_HOME, and their permissions."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stack import disk
from stack.problems import HomeNotWritable

REPOSITORY = Path(__file__).resolve().parents[1]
NOBODY = 65534
MAX_SOCKET_PATH = 100
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
        """The operator's signing key and `jwks.json`; below it a folder for each service."""
        return self.path / "keys"

    def keys_of(self, service: str) -> Path:
        """The folder that one service gets: its own private key, and everybody's public ones."""
        return self.keys / service

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
        """The running supervisor's files: its lock, its state, the rendered gateway configuration."""
        return self.path / "run"

    @property
    def control(self) -> Path:
        """The running supervisor's socket; elsewhere when its path is longer than a socket's may be."""
        inside = self.run / "control.sock"
        if len(os.fsencode(inside)) <= MAX_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.path.resolve())).hexdigest()[:16]
        return Path(tempfile.gettempdir(), f"frontdesk-{os.geteuid()}-{digest}.sock")

    def make(self) -> None:
        """Creates missing folders. As root, other users may traverse the folder, since Postgres runs as another user.

        Raises `DiskFull` or `HomeNotWritable`.
        """
        try:
            is_new = not (self.run / "envoy.yaml").exists()  # written when everything else was up
            for folder in (self.path, self.data, self.keys, self.secrets, self.logs, self.run):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o711 if os.geteuid() == 0 and folder in (self.path, self.data) else 0o700)
            disk.require_room(self.path, disk.ROOM_AT_FIRST if is_new else disk.ROOM)
        except OSError as error:
            raise HomeNotWritable(str(self.path), error.strerror or str(error)) from None

    def secret(self, name: str) -> str:
        """A random password, made at first use and kept."""
        file = self.secrets / name
        if not file.exists():
            write_private(file, secrets.token_hex(24))
        return file.read_text().strip()

    def folder_for_nobody(self, name: str) -> Path:
        """A folder that the unprivileged user can reach: in `data`, or outside when a parent such as /root is closed."""
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

    def delete(self) -> None:
        """Deletes the folder, and the folders outside of it that `folder_for_nobody` created."""
        for link in (each for each in self.data.glob("*") if each.is_symlink()):
            if link.resolve().is_relative_to(OUTSIDE):
                shutil.rmtree(link.resolve().parent)
        shutil.rmtree(self.path)


def write_private(file: Path, text: str) -> None:
    """Writes a file atomically, readable by its owner alone from its creation on."""
    part = file.with_name(file.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
        part.chmod(0o600)
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
