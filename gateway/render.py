"""Fills in `envoy.yaml`: `python -m gateway.render > envoy.filled.yaml` (Envoy reads no environment variables itself).

Standard library only: it runs in the gateway's image too. The top of `envoy.yaml` lists the placeholders.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from gateway import contract
from gateway.replies import mappers

TEMPLATE = Path(__file__).resolve().parent / "envoy.yaml"
DESCRIPTOR = TEMPLATE.parent.parent / "gen" / "descriptor.binpb"


class Missing(Exception):
    """A missing requirement of the gateway; the message names it."""


def render(environment: Mapping[str, str], template: str | None = None) -> str:
    """The configuration for an environment. Raises Missing when the keys cannot be read."""
    values = {"FRONTDESK_DESCRIPTOR": str(DESCRIPTOR), **{name: value for name, value in environment.items() if value}}
    values.setdefault("FRONTDESK_EVENTS_DESCRIPTOR", str(Path(values["FRONTDESK_DESCRIPTOR"]).with_name("events.binpb")))
    text = TEMPLATE.read_text() if template is None else template
    text = re.sub(r"^#.*\n", "", text, flags=re.M)  # the explanation at the top names placeholders too
    text = re.sub(r"^ *#@if (\w+)\n(.*?)^ *#@end\n", lambda m: m[2] if m[1] in values else "", text, flags=re.M | re.S)
    text = re.sub(r"\$\{jwks (\w+)\}", lambda m: _jwks(m[1], values), text)
    inline = {"replies": mappers(), "transcoded": contract.transcoded(), "retries": contract.RETRIES}
    for name, value in inline.items():
        text = text.replace(f"${{{name}}}", json.dumps(value))
    text = _spliced(_spliced(text, "routes", contract.routes()), "without_token", contract.without_token())
    text = re.sub(r"\$\{endpoints (\w+):-([^}]*)\}", lambda m: _endpoints(values.get(m[1], m[2])), text)
    return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: values.get(m[1], m[2]), text)


def rate_limits() -> list[str]:
    """The variables of the rate limits per address and in total: for loads that all come from one address."""
    return re.findall(r"\$\{(FRONTDESK_RATE_\w+):-", TEMPLATE.read_text())


def _spliced(text: str, name: str, items: Sequence[object]) -> str:
    """The items of a list on lines of their own, where `${name}` stands."""
    return re.sub(
        rf"^( *)\$\{{{name}\}}\n", lambda m: "".join(f"{m[1]}- {json.dumps(item)}\n" for item in items), text, flags=re.M
    )


def _endpoints(addresses: str) -> str:
    """`core-1:7102,core-2:7102` as a list of Envoy endpoints; a scheme in front is ignored."""
    endpoints = []
    for address in addresses.split(","):
        host, _, port = re.sub(r"^\w+://", "", address.strip()).rstrip("/").rpartition(":")
        if not host or not port.isdigit():
            raise Missing(f"{address!r} is not an address: write host:port.")
        socket = {"address": host.strip("[]"), "port_value": int(port)}
        endpoints.append({"endpoint": {"address": {"socket_address": socket}}})
    return json.dumps(endpoints)


def _jwks(issuer: str, values: Mapping[str, str]) -> str:
    """The issuer's public keys as a JWK set; a key's `kid` starts with its issuer."""
    folder = values.get("FRONTDESK_KEYS_DIR")
    if folder is None:
        raise Missing("FRONTDESK_KEYS_DIR is not set: it is the folder with jwks.json.")
    try:
        keys = json.loads(Path(folder, "jwks.json").read_text())["keys"]
    except OSError as error:
        raise Missing(f"{folder}/jwks.json cannot be read: {error.strerror}.") from error
    own = [key for key in keys if key["kid"].rpartition("-")[0] == issuer]
    if not own:
        raise Missing(f"{folder}/jwks.json holds no key of {issuer}.")
    return json.dumps({"keys": own})


def main() -> None:
    """Writes the configuration for this process's environment to standard output."""
    try:
        sys.stdout.write(render(os.environ))
    except Missing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
