"""Resource names: `organizations/{organization}/conversations/{conversation}` and the like (AIP-122)."""

import re
from functools import lru_cache

from kit import errors

ID = "[a-z0-9][a-z0-9-]{0,62}"


class InvalidName(errors.InvalidArgument):
    reason = "INVALID_NAME"


@lru_cache(maxsize=256)
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", rf"(?P<\1>{ID})", template))


def parse(template: str, name: str) -> dict[str, str]:
    """The ids in `name` by the words in braces of `template`. Raises InvalidName."""
    match = _pattern(template).fullmatch(name)
    if match is None:
        raise InvalidName(f"{name[:200]!r} is not a name of the form {template}.", template=template)
    return match.groupdict()


def last(name: str) -> str:
    """The id at the end of a name, such as `c1` of `organizations/o/conversations/c1`. The name must have been checked."""
    return name.rpartition("/")[2]
