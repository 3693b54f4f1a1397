"""How long a stream may live."""

import random
import time

from kit.caller import Caller

SHORTEST_SECONDS = 600.0
LONGEST_SECONDS = 900.0


def seconds_left(caller: Caller) -> float:
    """10 to 15 minutes, so that clients spread over replicas again and do not come back all at once; never past the token."""
    return max(0.0, min(random.uniform(SHORTEST_SECONDS, LONGEST_SECONDS), caller.expires - time.time()))
