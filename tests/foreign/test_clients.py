"""Clients that foreign tools generate from the OpenAPI document sign in, open a session, send, page and watch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stack.testing_stack import TestStack

pytestmark = pytest.mark.servers

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OPENAPI = ROOT / "gen" / "openapi" / "openapi.json"
PYTHON = HERE / ".venv" / "bin" / "python"
NODE = Path(sys.executable).parent / "node"
MODULES = HERE / "node_modules"
TYPESCRIPT = ["--strict", "--noEmit", "--skipLibCheck", "--target", "es2023", "--module", "nodenext"]
TYPESCRIPT += ["--lib", "es2023,dom,dom.asynciterable", "--allowImportingTsExtensions"]


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a foreign program, which has no network except loopback, and none of our packages."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def saw(printed: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return report


def check(report: dict[str, Any]) -> None:
    """Either client must have seen the same."""
    assert report["email"] == "agent@example.com"
    mine = ["And what does a return cost?", "Do you ship to Norway?", "Hello"]
    assert sorted(text for text in report["texts"] if text in mine) == mine, "each on one page, once"
    assert report["said"] in report["texts"]
    assert {"messageCreated", "turnUpdated"} <= set(report["frames"])
    assert report["conversations"] == 1
    assert report["missing"][0] == "CONVERSATION_NOT_FOUND"
    assert report["refused"] == [401, "Status"]


def test_a_client_made_by_openapi_python_client(running_stack: TestStack, tmp_path: Path) -> None:
    assert PYTHON.exists(), "run `make foreign` first"
    (tmp_path / "config.yaml").write_text("post_hooks: []\n")
    generate: list[str | Path] = [
        "-m",
        "openapi_python_client",
        "generate",
        "--path",
        OPENAPI,
        "--meta",
        "none",
        "--config",
        "config.yaml",
    ]
    printed = run(PYTHON, *generate, "--output-path", "frontdesk_client", cwd=tmp_path)
    # It knows no media types but JSON, text and bytes; these are for Twilio, and for files of the knowledge.
    warned = [line.split()[3] for line in printed.splitlines() if line.startswith("WARNING")]
    assert [path.rpartition("/")[2] for path in warned] == ["{channel}:setLogo", "webhook", "webhooks:twilio", "uploads"], (
        printed
    )
    shutil.copy(HERE / "client.py", tmp_path)
    check(saw(run(PYTHON, "client.py", running_stack.gateway, cwd=tmp_path)))


def test_a_client_made_by_openapi_typescript(running_stack: TestStack, tmp_path: Path) -> None:
    assert MODULES.exists(), "run `make foreign` first"
    (tmp_path / "node_modules").symlink_to(MODULES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    run(NODE, MODULES / "openapi-typescript" / "bin" / "cli.js", OPENAPI, "-o", "frontdesk.ts", cwd=tmp_path)
    shutil.copy(HERE / "client.ts", tmp_path)
    (tmp_path / "node.d.ts").write_text("declare const process: { argv: string[]; exit(code: number): never };\n")
    run(NODE, MODULES / "typescript" / "bin" / "tsc", *TYPESCRIPT, "node.d.ts", "client.ts", cwd=tmp_path)
    check(saw(run(NODE, "client.ts", running_stack.gateway, cwd=tmp_path)))
