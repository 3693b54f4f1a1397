"""How long a stream may live, and how it ends.

Aborted
├── StreamEnded           as planned: open the next one
└── WatcherTooSlow        its reader takes less than happens
OutOfRange
└── ResumeTokenExpired    what follows the token can't be sent any more
"""

import random
import time

from kit import errors
from kit.caller import Caller

SHORTEST_SECONDS = 600.0
LONGEST_SECONDS = 900.0


class StreamEnded(errors.Aborted):
    reason = "STREAM_ENDED"

    def __init__(self, **resume: str) -> None:
        """`resume`: metadata, such as `resume_token`; a follower of a journal knows its positions itself."""
        super().__init__("The stream ended as planned; open it again, after what came last.", **resume)


class WatcherTooSlow(errors.Aborted):
    reason = "WATCHER_TOO_SLOW"

    def __init__(self, resume_token: str) -> None:
        super().__init__("The stream is read too slowly; resume with the token.", resume_token=resume_token)


class ResumeTokenExpired(errors.OutOfRange):
    reason = "RESUME_TOKEN_EXPIRED"

    def __init__(self, **what: str) -> None:
        """`what`: metadata that says which token or stream."""
        super().__init__("The resume token is too old or not one of ours; list again, and watch from there.", **what)


def seconds_left(caller: Caller) -> float:
    """10 to 15 minutes, so that clients spread over replicas again and do not come back all at once; never past the token."""
    return max(0.0, min(random.uniform(SHORTEST_SECONDS, LONGEST_SECONDS), caller.expires - time.time()))
