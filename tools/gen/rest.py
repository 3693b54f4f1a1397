"""REST paths: google.api.http templates written out as a client writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """One variable of a written-out path. `field` is the request field it fills, in part: segment `index` of `length`."""

    name: str
    field: str
    index: int
    length: int


def expand(template: str) -> tuple[str, list[Parameter]]:
    """`/v1/{name=organizations/*/users/*}:lock` → `/v1/organizations/{organization}/users/{user}:lock` and its parameters."""
    parameters: list[Parameter] = []

    def written_out(match: re.Match[str]) -> str:
        field, _, pattern = match[1].partition("=")
        if not pattern:
            parameters.append(Parameter(field, field, 0, 1))
            return f"{{{field}}}"
        segments = pattern.split("/")
        for i, segment in enumerate(segments):
            if segment in ("*", "**"):
                name = _unused(singular(segments[i - 1]) if i else field, parameters)
                parameters.append(Parameter(name, field, i, len(segments)))
                segments[i] = f"{{{name}}}"
        return "/".join(segments)

    return re.sub(r"\{([^}]*)\}", written_out, template), parameters


def singular(collection: str) -> str:
    """`cannedReplies` → `cannedReply`, `addresses` → `address`, `users` → `user`."""
    if collection.endswith("ies"):
        return collection[:-3] + "y"
    if collection.endswith(("sses", "xes", "ches")):
        return collection[:-2]
    return collection.removesuffix("s")


def _unused(name: str, parameters: list[Parameter]) -> str:
    taken = {parameter.name for parameter in parameters}
    return name if name not in taken else _unused(f"{name}_", parameters)
