"""Tools that an operator runs beside a new installation: secrets, the health check, the first organization."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from frontdesk.admin import v1 as pb
from pydantic import SecretStr

from deploy import make_secrets
from deploy.contracts import ROOT
from kit import client
from kit.vault import Vault
from services.admin.main import build
from services.admin.settings import Settings
from stack.testing import TestStores
from tests.support.serving import serve

pytestmark = pytest.mark.servers
PASSWORD = "nine blue kettles"


async def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    """Runs `python -m …` and gives its exit code and all it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate(typed.encode())
    assert process.returncode is not None
    return process.returncode, output.decode()


def test_channel_can_keep_credentials_in_a_new_installation(tmp_path: Path) -> None:
    make_secrets.make(tmp_path)
    vault = Vault(tmp_path / "channel.secrets")
    assert vault.open(vault.seal(b"a token", "here"), "here") == b"a token"
    before = (tmp_path / "channel.secrets").read_text()
    make_secrets.make(tmp_path)
    assert (tmp_path / "channel.secrets").read_text() == before


async def test_the_first_owner_of_a_new_installation_signs_in(stores: TestStores, tmp_path: Path) -> None:
    keys = tmp_path / "secrets"
    make_secrets.make(keys)
    cheap: dict[str, Any] = {"password_memory_kib": 64, "password_iterations": 1, "drain_seconds": 1.0}
    settings = Settings(keys_dir=keys, postgres_url=SecretStr(stores.postgres_url("admin")), **cheap)
    async with serve(settings, build) as admin:
        assert await run("deploy.healthy", admin.url) == (0, "")
        command = ["stack", "organization", "create", "shop", "--display-name", "My Shop", "--owner", "me@example.com"]
        command += ["--admin", admin.url, "--keys", str(keys)]
        assert await run(*command, typed=PASSWORD + "\n") == (0, "organizations/shop\n")
        assert await run(*command, typed=PASSWORD + "\n") == (0, "organizations/shop\n"), "repeating changes nothing"
        code, said = await run(*[argument.replace("shop", "other") for argument in command], typed="short\n")
        assert code == 1
        assert "(WEAK_PASSWORD)" in said
        request = pb.LoginRequest(organization="organizations/shop", email="me@example.com", password=PASSWORD)
        login = await client.call(pb.AuthServiceStub(admin.channel).Login, request, token="")
        assert login.user.email == "me@example.com"
        url = admin.url
    assert (await run("deploy.healthy", url))[0] == 1
    code, said = await run(*command, typed=PASSWORD + "\n")
    assert (code, "admin does not answer at" in said, "Traceback" in said) == (1, True, False)
    code, said = await run(*command[:-1], str(tmp_path / "nowhere"), typed=PASSWORD + "\n")
    assert (code, "stack.pem cannot be read" in said, "Traceback" in said) == (1, True, False)


async def test_links_of_the_operators_let_in_the_first_owner_and_back_the_last(stores: TestStores, tmp_path: Path) -> None:
    keys = tmp_path / "secrets"
    make_secrets.make(keys)
    cheap: dict[str, Any] = {"password_memory_kib": 64, "password_iterations": 1, "drain_seconds": 1.0}
    settings = Settings(keys_dir=keys, postgres_url=SecretStr(stores.postgres_url("admin")), **cheap)
    async with serve(settings, build) as admin:
        at = ["--admin", admin.url, "--keys", str(keys)]
        links, auth = pb.LinkServiceStub(admin.channel), pb.AuthServiceStub(admin.channel)
        token = await printed("#setup=", "stack", "setup-link", *at)
        create = pb.CreateFirstOrganizationRequest(
            token=token,
            organization_id="shop",
            organization={"display_name": "My Shop"},
            owner={"email": "me@example.com", "display_name": "Me", "password": PASSWORD},
        )
        assert (await client.call(links.CreateFirstOrganization, create, token="")).tokens.access_token
        code, said = await run("stack", "setup-link", *at)
        assert (code, "sign in at" in said, "#setup=" in said) == (1, True, False)
        of_owner = ["--organization", "shop", "--email", "Me@example.com", "--clear-second-factor"]
        token = await printed("#reset=", "stack", "user", "reset", *of_owner, *at)
        reset = pb.ResetPasswordRequest(token=token, new_password="ten yellow kettles")
        await client.call(links.ResetPassword, reset, token="")
        login = pb.LoginRequest(organization="organizations/shop", email="me@example.com", password="ten yellow kettles")
        assert (await client.call(auth.Login, login, token="")).tokens.access_token
        code, said = await run("stack", "user", "reset", "--organization", "shop", "--email", "no@example.com", *at)
        assert (code, "(USER_NOT_FOUND)" in said, "Traceback" in said) == (1, True, False)


async def printed(fragment: str, *command: str) -> str:
    """The token of the link that a command prints."""
    code, said = await run(*command)
    assert code == 0, said
    link = said.splitlines()[0]
    assert f"/admin/{fragment}fl_" in link
    return link.rpartition("=")[2]
