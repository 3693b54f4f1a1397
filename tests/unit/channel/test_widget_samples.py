"""The samples of docs/widget.md that sign an identity: each token is one that the channel service accepts."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import jwt
import pytest

from stack.home import REPOSITORY

SECRET = "a secret that the shop shares with Frontdesk"
CALLS = {
    "python": f'\nprint(identity_token("{SECRET}", "customer-7", "Ada Löwe"))',
    "js": f'\nconsole.log(identityToken("{SECRET}", "customer-7", "Ada Löwe"));',
}


def sample(language: str) -> str:
    """The code of a sample."""
    text = (REPOSITORY / "docs" / "widget.md").read_text(encoding="utf-8")
    found = re.search(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, language
    return found[1] + CALLS[language]


@pytest.mark.parametrize("language", ["python", "js"])
def test_a_sample_signs_an_identity(language: str) -> None:
    program = {"python": [sys.executable, "-"], "js": [shutil.which("node") or "node", "-"]}[language]
    made = subprocess.run(program, input=sample(language), capture_output=True, text=True, timeout=30, check=True)
    claims = jwt.decode(made.stdout.strip(), SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    assert (claims["sub"], claims["name"]) == ("customer-7", "Ada Löwe")
