"""A service whose clock is wrong: `python -m tests.fault.skewed SECONDS core` runs it that far ahead of all others."""

from __future__ import annotations

import runpy
import sys
import time
from datetime import timedelta

from kit import clock

ahead = float(sys.argv[1])
_time, _now = time.time, clock.utc_now
time.time = lambda: _time() + ahead
clock.utc_now = lambda: _now() + timedelta(seconds=ahead)  # before any module has imported it by name
runpy.run_module(f"services.{sys.argv[2]}", run_name="__main__")
