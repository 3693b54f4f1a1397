"""`frontdesk up` and the commands beside it, as a person uses them, on the stack that the tests share."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

import pytest

import demo
from stack.home import REPOSITORY
from stack.keys import SERVICES
from stack.testing_stack import TestStack
from tests.support.processes import eventually

pytestmark = pytest.mark.servers

QUESTION = "How long does shipping take?"


def test_everything_is_up_and_named_with_port_memory_and_uptime(running_stack: TestStack) -> None:
    status = running_stack.status()
    stores = {"postgres", "mongo", "redis", "chroma", "embedder"}
    assert set(status) == stores | {"channel", "core", "memory", "agent", "admin", "web", "gateway"}
    assert {each["state"] for each in status.values()} == {"up"}
    assert all(each["pid"] and each["memory"] > 1 and each["uptime"] > 0 for each in status.values())
    eventually(lambda: "Everything is up at" in running_stack.run("status").stdout)


def test_the_printed_commands_work_unchanged(running_stack: TestStack) -> None:
    said = running_stack.output.read_text()
    command = re.search(r"curl .*", said)
    assert command is not None
    answer = json.loads(subprocess.run(["sh", "-c", command[0]], capture_output=True, text=True, check=True).stdout)
    assert answer["token"]
    assert "Quillmere" in answer["greeting"]
    login = re.search(r"Sign in as +(\S+) +with password (\S+) +\(organization (\S+)\)", said)
    assert login is not None
    body = {"organization": f"organizations/{login[3]}", "email": login[1], "password": login[2]}
    request = urllib.request.Request(
        f"{running_stack.gateway}/v1/auth:login", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["tokens"]["accessToken"]


def test_one_question_prints_one_answer_with_numbered_sources(running_stack: TestStack) -> None:
    done = running_stack.run("chat", "What does a return cost?")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1]" in done.stdout
    assert re.search(r"^  \[1\] Returning goods", done.stdout, re.M)


def test_each_service_shows_its_metrics_where_status_says(running_stack: TestStack) -> None:
    assert "[1]" in running_stack.run("chat", QUESTION).stdout
    status = running_stack.status()
    shown = {}
    for name in SERVICES:
        assert status[name]["metrics"] == f"http://127.0.0.1:{getattr(running_stack.ports, f'{name}_metrics')}/metrics"
        with urllib.request.urlopen(status[name]["metrics"]) as response:
            shown[name] = response.read().decode()
        assert "rpc_server_call_duration_seconds_count{" in shown[name] or name == "agent"
    assert re.search(r'^frontdesk_turns_total{state="done"} [1-9]', shown["core"], re.M)
    assert 'frontdesk_queue_depth{queue="inbound"} ' in shown["channel"]
    assert [name for name in shown if demo.ORGANIZATION.id in shown[name]] == []
    assert (status["gateway"]["metrics"], status["redis"]["metrics"]) == ("", "")


def test_a_chat_answers_each_line_and_calls_a_human(running_stack: TestStack) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "stack", "chat"],
        input=f"{QUESTION}\n/human\n/quit\n",
        capture_output=True,
        text=True,
        env=running_stack.environment,
        cwd=REPOSITORY,
        timeout=60,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert "Ask me about orders" in process.stdout
    assert "  [1] " in process.stdout
    assert "in the queue for a human" in process.stdout


def test_one_request_for_a_human_enters_the_queue(running_stack: TestStack) -> None:
    done = running_stack.run("chat", "I want to talk to a human")
    assert (done.returncode, done.stderr) == (0, "")
    assert "in the queue for a human" in done.stdout


def test_a_gateway_that_is_not_there_is_said(running_stack: TestStack) -> None:
    done = running_stack.run("chat", "--gateway", "http://127.0.0.1:1", QUESTION)
    assert done.returncode == 1
    assert "frontdesk: no Frontdesk answers at http://127.0.0.1:1" in done.stderr


def test_a_second_start_on_the_same_home_is_refused(running_stack: TestStack) -> None:
    done = running_stack.run("up")
    assert done.returncode == 1
    assert "already runs from" in done.stdout + done.stderr


def test_logs_are_readable(running_stack: TestStack) -> None:
    done = running_stack.run("logs", "core", "-n", "5000")
    assert re.search(r"^core +\d\d:\d\d:\d\d\.\d{3} INFO +serving port=\d+", done.stdout, re.M)


@pytest.mark.parametrize("name", ["core", "redis", "gateway"])
def test_a_crashed_program_restarts_and_the_chat_continues(running_stack: TestStack, name: str) -> None:
    pid = running_stack.status()[name]["pid"]
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: f"{name}: is up again" in running_stack.output.read_text())
    assert f"{name}: stopped with signal 9" in running_stack.output.read_text()
    again = running_stack.status()[name]
    assert again["pid"] != pid
    assert again["restarts"] >= 1
    assert "[1]" in running_stack.run("chat", QUESTION).stdout


def test_a_program_that_hangs_is_said_and_shown(running_stack: TestStack) -> None:
    pid = running_stack.status()["redis"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: "redis: does not answer" in running_stack.output.read_text())
        assert running_stack.status()["redis"]["state"] == "hangs"
    finally:
        os.kill(pid, signal.SIGCONT)
    eventually(lambda: "redis: answers again" in running_stack.output.read_text())


def test_an_open_chat_continues_after_the_gateway_crashed(running_stack: TestStack) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "stack", "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=running_stack.environment,
        cwd=REPOSITORY,
    ) as chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        said = iter(chat.stdout.readline, "")
        chat.stdin.write(f"{QUESTION}\n")
        assert any("[1]" in line for line in said)
        status = running_stack.status()["gateway"]
        os.kill(status["pid"], signal.SIGKILL)
        eventually(lambda: running_stack.status()["gateway"]["restarts"] > status["restarts"])
        chat.stdin.write("What does a return cost?\n")
        assert any("Returning goods" in line for line in said)
        chat.stdin.close()
        assert chat.wait(20) == 0


def test_a_stopped_program_is_named_and_the_others_stay_up(running_stack: TestStack) -> None:
    running_stack.stop("agent")
    try:
        status = running_stack.run("status")
        assert status.returncode == 1
        assert "Down: agent" in status.stdout
        assert "[1]" in running_stack.run("chat", QUESTION).stdout
    finally:
        running_stack.start("agent")
    eventually(lambda: running_stack.run("status").returncode == 0)


def health(stack: TestStack) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"{stack.gateway}/status") as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_without_mongodb_status_says_that_answers_do_not_work(running_stack: TestStack) -> None:
    eventually(lambda: health(running_stack)[0] == 200)
    running_stack.stop("mongo")
    try:
        code, page = health(running_stack)
        assert (code, page["status"], page["areas"]["Assistant's answers"]) == (503, "degraded", "down")
        said = running_stack.run("status")
        assert said.returncode == 1
        assert "mongo was stopped on request" in said.stdout
        # Messages are accepted and passed on. A busy machine may be late with that for some seconds, with or without MongoDB.
        eventually(lambda: health(running_stack)[1]["areas"]["Messages"] == "ok")
        eventually(lambda: "Degraded. Assistant's answers: down" in running_stack.run("status").stdout)
        with urllib.request.urlopen(f"{running_stack.gateway}/healthz") as response:
            assert response.status == 200
    finally:
        running_stack.start("mongo")
    eventually(lambda: health(running_stack)[0] == 200)


def test_a_program_is_restarted_by_its_name(running_stack: TestStack) -> None:
    before = running_stack.status()["agent"]["pid"]
    assert running_stack.run("restart", "agent").returncode == 0
    assert running_stack.status()["agent"]["pid"] != before


def test_a_program_that_could_not_start_can_be_started_later(running_stack: TestStack) -> None:
    running_stack.stop("agent")
    with socket.create_server(("127.0.0.1", running_stack.ports.agent)):
        refused = running_stack.run("start", "agent")
        assert refused.returncode == 1
        assert str(running_stack.ports.agent) in refused.stderr
        assert running_stack.status()["agent"]["state"] == "stopped"
    running_stack.start("agent")
    assert running_stack.status()["agent"]["state"] == "up"


def test_an_organization_is_created_in_the_running_stack(running_stack: TestStack) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stack", "organization", "create", "made-here", "--owner", "owner@example.com"],
        input="nine blue kettles\n",
        capture_output=True,
        text=True,
        env=running_stack.environment,
        cwd=REPOSITORY,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "organizations/made-here\n", "")
