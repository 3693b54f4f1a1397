"""`frontdesk up` on stacks of their own: full disks, an ordinary user, given stores, restarts and kills.

A start costs about as much as fifty tests of a running stack, so each of these three proves several things.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from stack import seed
from stack.keys import SERVICES
from stack.problems import PublicDemo
from stack.settings import Settings
from stack.testing import TestStores
from stack.testing_stack import TestStack
from tests.e2e import other_user
from tests.fault.disk import small_disk
from tests.support.processes import eventually

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

QUESTION = "How long does shipping take?"


def children(stack: TestStack) -> list[psutil.Process]:
    return [psutil.Process(each["pid"]) for each in stack.status().values()]


def gone(processes: list[psutil.Process]) -> bool:
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system and become another user")
async def test_an_ordinary_user_sees_a_full_disk_reported_and_everything_resumes_when_there_is_room() -> None:
    uid = 65534
    home = Path("/tmp") / f"frontdesk-user-{os.getpid()}"
    home.mkdir()
    os.chown(home, uid, uid)
    async with small_disk(700) as disk:
        stack = TestStack({"FRONTDESK_DEMO": "false", "HOME": str(home)}, other_user.launcher(uid), uid, within=disk)
        try:
            stack.wait()
            assert {each["state"] for each in stack.status().values()} == {"up"}
            assert {process.uids().real for process in children(stack)} == {uid}
            with (disk / "ballast").open("wb") as ballast, suppress(OSError):
                while True:
                    ballast.write(b"0" * 1_000_000)
            eventually(lambda: "disk is full: free some space" in stack.run("status").stdout)
            for name in ("postgres", "mongo"):  # the programs that a full disk ends
                if pid := stack.status()[name]["pid"]:
                    os.kill(pid, signal.SIGKILL)
            eventually(lambda: stack.status()["postgres"]["restarts"] > 0)
            assert stack.run("status").returncode == 1
            (disk / "ballast").unlink()
            eventually(lambda: stack.run("status").returncode == 0)
        finally:
            stack.close()
    home.rmdir()  # nothing was left in it


def check_public_passwords(stack: TestStack) -> None:
    """Before other machines get in, the demo has no password that everybody knows; from then on that one is refused."""
    settings = Settings.load(stack.environment, Path("/nowhere"))
    with pytest.raises(PublicDemo):
        asyncio.run(seed.close_public_passwords(settings))
    own = replace(settings, demo_password="nine blue kettles")
    asyncio.run(seed.close_public_passwords(own))
    asyncio.run(seed.close_public_passwords(settings))  # none is left
    body = {"organization": seed.NAME, "email": "owner@example.com", "password": own.demo_password}
    request = urllib.request.Request(
        f"{stack.gateway}/v1/auth:login", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["tokens"]["accessToken"]


def test_every_store_can_be_one_that_runs_already_and_a_demo_can_close_its_public_passwords() -> None:
    stores = TestStores()  # not the session's: Frontdesk sets the passwords of its roles there
    given = {
        "FRONTDESK_POSTGRES_URL": stores.postgres_admin_url(),
        "FRONTDESK_MONGO_URL": stores.mongo_url(),
        "FRONTDESK_REDIS_URL": stores.redis_url(),
        "FRONTDESK_CHROMA_URL": stores.chroma_url(),
    }
    stack = TestStack(given)
    try:
        stack.wait()
        status = stack.status()
        assert {name for name, each in status.items() if each["state"] == "external"} == {
            *("postgres", "mongo", "redis", "chroma")
        }
        assert "[1]" in stack.run("chat", QUESTION).stdout
        assert not any(file.name.startswith(("mongo", "chroma")) for file in stack.home.logs.iterdir())
        check_public_passwords(stack)
    finally:
        stack.close()
        stores.close()


@pytest.fixture(scope="module")
def own_stack() -> Iterator[TestStack]:
    """A stack that tests may stop and kill. Without the demo it starts faster."""
    stack = TestStack({"FRONTDESK_DEMO": "false"})
    yield stack.wait()
    stack.close()


def test_a_second_start_takes_seconds_and_finds_its_data(own_stack: TestStack) -> None:
    secret = own_stack.home.secret("postgres")
    before = children(own_stack)
    started = time.monotonic()
    own_stack.restart()
    assert time.monotonic() - started < 40  # four to seven seconds on an idle machine
    assert gone(before)
    assert own_stack.home.secret("postgres") == secret
    eventually(lambda: own_stack.run("status").returncode == 0)


def test_secrets_are_for_their_owner_alone(own_stack: TestStack) -> None:
    keys = [file for file in own_stack.home.keys.rglob("*") if file.is_file()]
    assert {file.stem for file in keys} == {"stack", "jwks", *SERVICES}
    private = [*keys, *own_stack.home.secrets.iterdir(), own_stack.home.run / "envoy.yaml"]
    assert {file.stat().st_mode & 0o777 for file in private} == {0o600}
    secrets = [file.read_text().strip() for file in own_stack.home.secrets.iterdir()]
    lines = [" ".join(each.cmdline()) for each in children(own_stack)]
    assert not [line for line in lines if any(secret in line for secret in secrets)]


def test_nothing_outlives_a_killed_supervisor(own_stack: TestStack) -> None:
    before = children(own_stack)
    own_stack.kill()
    own_stack.restart()
    assert gone(before)
    assert "The last run was killed; waiting for" in own_stack.output.read_text()
    eventually(lambda: own_stack.run("status").returncode == 0)


def test_down_stops_everything_in_order_and_keeps_the_data(own_stack: TestStack) -> None:
    before = children(own_stack)
    assert own_stack.run("down").returncode == 0
    assert gone(before)
    assert (own_stack.home.data / "mongo").is_dir()
    assert own_stack.output.read_text().rstrip().endswith("Stopped.")
