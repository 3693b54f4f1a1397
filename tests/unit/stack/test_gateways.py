"""Addresses of gateways: what is encrypted, and what is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from stack import cli
from stack.gateways import CA, Gateway
from stack.problems import Problem


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://support.example.com", ("support.example.com", 443, True)),
        ("HTTPS://support.example.com:8443/", ("support.example.com", 8443, True)),
        ("http://127.0.0.1:8080", ("127.0.0.1", 8080, False)),
        ("http://localhost", ("localhost", 80, False)),
        ("http://[::1]:8080", ("::1", 8080, False)),
    ],
)
def test_https_is_encrypted_and_plaintext_stays_on_this_machine(url: str, place: tuple[str, int, bool]) -> None:
    gateway = Gateway.parse(url, {})
    assert (gateway.host, gateway.port, gateway.encrypted) == place


@pytest.mark.parametrize("host", ["support.example.com", "10.0.0.1", "localhost.example.com", "0.0.0.0"])
def test_plaintext_to_another_machine_needs_a_word(host: str) -> None:
    with pytest.raises(Problem, match=r"is not encrypted.*--plain-http"):
        Gateway.parse(f"http://{host}", {})
    assert not Gateway.parse(f"http://{host}", {}, plain_http=True).encrypted


@pytest.mark.parametrize(
    "url",
    [
        *("support.example.com:443", "support.example.com", "ftp://support.example.com", "https://", "https://a:99999"),
        *("https://a:b@c.example", "https://a.example/v1", "https://a.example?x", "https://[::1", "https://a,b", "grpc://a"),
    ],
)
def test_what_is_no_address_of_a_gateway_is_refused_also_in_plaintext(url: str) -> None:
    with pytest.raises(Problem, match="give an address such as https://"):
        Gateway.parse(url, {}, plain_http=True)


def test_a_file_of_authorities_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("gone.pem", "empty.pem"):
        with pytest.raises(Problem, match=name):
            Gateway.parse("https://a.example", {CA: str(tmp_path / name)})


@pytest.mark.parametrize("words", [["import", "help"], ["import", "users", "team.csv"], ["chat", "Hello?"]])
def test_no_command_sends_anything_in_plaintext_to_another_machine(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("FRONTDESK_API_KEY", "fd_secret")
    assert cli.main([*words, "--gateway", "http://support.example.com", "--organization", "acme"]) == 1
    said = capsys.readouterr().err
    assert "is not encrypted" in said
    assert "fd_secret" not in said
