"""The disk that holds FRONTDESK_HOME: checks the free space and reports a full disk."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from stack.problems import DiskFull

ROOM = 24_000_000
"""Below this the disk counts as full: PostgreSQL's next log segment takes 16 MB."""
ROOM_AT_FIRST = 300_000_000
"""Space for the stores' empty folders and the demo, with some reserve."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def free(folder: Path) -> int:
    """Bytes that we may still write; 0 when no further file can be made."""
    found = os.statvfs(folder)
    return 0 if found.f_files and not found.f_favail else shutil.disk_usage(folder).free


def is_full(folder: Path) -> bool:
    """Whether PostgreSQL can hardly write any more."""
    return free(folder) < ROOM


def require_room(folder: Path, needed: int = ROOM) -> None:
    """Raises `DiskFull`."""
    if (left := free(folder)) < needed:
        raise DiskFull(str(folder), left, needed)
