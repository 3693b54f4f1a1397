"""Starts a program as another user, even if its files are in a folder that only root can read."""

import sys
from collections.abc import Sequence
from pathlib import Path

from stack.home import REPOSITORY

_OPEN = """
closed=$1 kept=$2 at=$(mktemp -d)
shift 2
IFS=:
for path in $kept; do mkdir -p "$at$path"; mount --bind "$path" "$at$path"; done
mount -t tmpfs -o mode=755 none "$closed"
for path in $kept; do mkdir -p "$path"; mount --move "$at$path" "$path"; done
rm -r --one-file-system "$at"
exec "$@"
"""
"""Mounts a folder that all users may enter over a closed one, with only the kept entries of it."""


def launcher(uid: int) -> Sequence[str]:
    """The prefix of a command that runs it as a user. Needs root; other programs see no change."""
    become = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    needed = [Path(sys.base_prefix).resolve(), REPOSITORY]
    closed = next((folder for path in needed for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)
    if closed is None:
        return become
    kept = ":".join(str(path) for path in needed if path.is_relative_to(closed))
    return ["unshare", "--mount", "sh", "-ec", _OPEN, "sh", str(closed), kept, *become]
