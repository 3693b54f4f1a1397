"""Creates an organization and its first owner in a running installation. The operator's work: the edge has no route there.

    python -m deploy.create_organization acme --display-name "Acme Outdoor" --owner owner@example.com

asks for the owner's password, and needs admin's address (FRONTDESK_ADMIN_URL) and the operator's key (FRONTDESK_KEYS_DIR, with
`stack.pem` and `jwks.json`). docs/deployment.md says how to reach admin in a cluster. Safe to repeat.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from pathlib import Path

from frontdesk.admin import v1 as pb

from kit import client, errors
from kit.caller import Signer


async def create(address: str, keys: Path, request: pb.CreateOrganizationRequest) -> str:
    """Makes the call and returns the organization's name. Raises `kit.errors`."""
    async with client.dial(address, pb.SERVICES) as channel:
        stub = pb.OrganizationServiceStub(channel)
        token = Signer.load(keys, "stack").service_token()
        made: pb.Organization = await client.call(stub.CreateOrganization, request, token=token, timeout=15)
    return made.name


def main() -> None:
    """Reads the command line and the password, and says what was made."""
    parser = argparse.ArgumentParser(prog="python -m deploy.create_organization", description="Creates an organization.")
    parser.add_argument("id", help="part of every name in the organization; never changes")
    parser.add_argument("--display-name", required=True)
    parser.add_argument("--owner", required=True, metavar="EMAIL", help="what the first owner signs in with")
    parser.add_argument("--owner-name", default="Owner", help="what others read")
    parser.add_argument("--admin", default=os.environ.get("FRONTDESK_ADMIN_URL", "127.0.0.1:7105"), metavar="HOST:PORT")
    parser.add_argument("--keys", default=os.environ.get("FRONTDESK_KEYS_DIR", "deploy/secrets"), type=Path)
    options = parser.parse_args()
    password = getpass.getpass("Password of the owner: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    request = pb.CreateOrganizationRequest(
        organization_id=options.id,
        organization=pb.Organization(display_name=options.display_name),
        owner=pb.CreateOrganizationRequest.Owner(email=options.owner, display_name=options.owner_name, password=password),
        request_id=f"operator-{options.id}",
    )
    try:
        print(asyncio.run(create(options.admin, options.keys, request)))
    except errors.FrontdeskError as error:
        sys.exit(f"{error.reason}: {error}")


if __name__ == "__main__":
    main()
