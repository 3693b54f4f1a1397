"""The `frontdesk` command's own words; what it does is tested on a running stack."""

import subprocess
import sys
from pathlib import Path

import pytest

from stack import cli
from stack.home import REPOSITORY, Home


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert all(f"    {command} " in said for command in ("up", "down", "status", "logs", "chat", "stop", "start", "restart"))
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


def test_an_empty_question_gets_an_example(
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


@pytest.mark.parametrize(("option", "value"), [("--since", "yesterday"), ("--level", "loud")])
def test_a_wrong_filter_is_answered_with_what_may_be_given(
    option: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    assert cli.main(["logs", option, value]) == 1
    assert f"{option} is '{value}'; give " in capsys.readouterr().err


def test_data_is_deleted_after_a_yes_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "a home"
    monkeypatch.setenv("FRONTDESK_HOME", str(home))
    Home(home).make()
    assert cli.main(["clean-data"]) == 1, "no one is there to answer"
    assert "make clean-data YES=1" in capsys.readouterr().err
    assert home.is_dir()
    assert cli.main(["clean-data", "--yes"]) == 0
    assert not home.exists()
    assert cli.main(["clean-data"]) == 0


def test_a_home_that_cannot_be_written_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", "/proc/frontdesk")
    for arguments in (["up"], ["up", "--detach"]):
        assert cli.main(arguments) == 1
        assert "/proc/frontdesk cannot be written (" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "shop.example.com"])
def test_the_public_passwords_are_not_served_to_other_machines(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("FRONTDESK_GATEWAY_HOST", host)
    assert cli.main(["up"]) == 1
    said = capsys.readouterr().out
    assert f"the gateway would listen on {host}" in said
    assert "set FRONTDESK_DEMO_PASSWORD" in said
    assert not (tmp_path / "run" / "envoy.yaml").exists()


def test_a_console_that_cannot_show_a_character_shows_another(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "core.log"
    log.parent.mkdir()
    log.write_text('{"level": "INFO", "message": "Zürich – 日本"}\n')
    env = {"PATH": "/bin", "FRONTDESK_HOME": str(tmp_path), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-m", "stack", "logs"], env=env, cwd=REPOSITORY, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Z?rich ? ??" in done.stdout
