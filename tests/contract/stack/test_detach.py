"""`frontdesk up --detach`: the process in the background reads the settings itself, so that a restart reads them again."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from stack.console import Console
from stack.settings import Settings
from stack.up import detach


def test_settings_of_the_file_are_left_to_the_process_in_the_background(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("FRONTDESK_OPENAI_MODEL=of-the-file\n")
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path / "home"))
    settings = Settings.load(dotenv=file)
    assert settings.environment["FRONTDESK_OPENAI_MODEL"] == "of-the-file"
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nenv\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    output = io.StringIO()
    assert detach(settings, Console(output)) == 3
    assert "FRONTDESK_HOME=" in output.getvalue()
    assert "of-the-file" not in output.getvalue()
