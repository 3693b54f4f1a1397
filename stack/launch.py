"""Becomes another program that dies with its parent: `python -I -S launch.py PARENT SIGNAL UID CWD -- ARGV...`.

A supervisor killed with SIGKILL cannot stop its children, so the kernel does it: PR_SET_PDEATHSIG. It has to be set
after the change of user (which clears it), so this step runs between fork and exec. Standard library only: it runs with -S.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Drops to UID (-1: stays), asks for SIGNAL at the parent's death, changes to CWD, executes ARGV."""
    parent, signal, uid = (int(value) for value in sys.argv[1:4])
    cwd, argv = sys.argv[4], sys.argv[6:]
    os.setsid()  # the terminal's Ctrl-C is for the supervisor alone: it stops the children in order
    if uid >= 0:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    os.chdir(cwd)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before prctl took effect
            sys.exit(1)
    os.execv(argv[0], argv)


if __name__ == "__main__":
    main()
