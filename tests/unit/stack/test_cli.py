"""The `frontdesk` command's own words; what it does is tested on a running stack."""

from pathlib import Path

import pytest

from stack import cli


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert all(f"    {command} " in said for command in ("up", "down", "status", "logs", "chat", "stop", "start"))
    assert "FRONTDESK_HOME" in said


@pytest.mark.parametrize("arguments", [["status"], ["down"], ["stop", "redis"]], ids=" ".join)
def test_without_a_running_stack_the_remedy_is_said(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    assert cli.main(arguments) == 1
    assert "start it with `frontdesk up`" in capsys.readouterr().err


def test_down_if_running_is_silent_when_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    assert cli.main(["down", "--if-running"]) == 0


def test_an_empty_question_is_told_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    assert cli.main(["chat", " "]) == 1
    assert "the question is empty: frontdesk chat" in capsys.readouterr().err


def test_logs_names_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "core.log").write_text('{"level": "INFO", "message": "serving"}\n')
    assert cli.main(["logs"]) == 0
    assert "serving" in capsys.readouterr().out
    assert cli.main(["logs", "kore"]) == 1
    assert "there is no log of kore; there are: core." in capsys.readouterr().err
