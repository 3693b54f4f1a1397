"""The vault: what is sealed opens with its key and at its place alone, and keys are rotated while the process runs."""

import base64
import logging
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.vault import CHECK_SECONDS, CredentialsKeyMissing, Vault


@dataclass
class HandClock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def line(id: str) -> str:
    """A line of a key file; the same id has the same key."""
    return f"{id} {base64.b64encode(id.encode().ljust(32)).decode()}\n"


def write(path: Path, *ids: str) -> None:
    """Replaces the key file at once, as a secret that is mounted is."""
    draft = path.with_suffix(".draft")
    draft.write_text("".join(map(line, ids)))
    draft.replace(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "channel.secrets"


def test_a_sealed_value_opens_at_its_place_alone(path: Path) -> None:
    vault = Vault(path)
    sealed = vault.seal(b"secret", "organizations/shop/channels/a")
    assert b"secret" not in sealed
    assert Vault(path).open(sealed, "organizations/shop/channels/a") == b"secret"
    for place in ("organizations/shop/channels/b", "organizations/other/channels/a", "organizations/shop/tools/a", ""):
        with pytest.raises(CredentialsKeyMissing):
            vault.open(sealed, place)


def test_the_key_file_is_made_for_its_owner_alone(path: Path) -> None:
    Vault(path).seal(b"x", "here")
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == ["channel.secrets"]


def test_equal_values_are_sealed_differently(path: Path) -> None:
    vault = Vault(path)
    assert vault.seal(b"x", "here") != vault.seal(b"x", "here")


def test_a_changed_value_does_not_open(path: Path) -> None:
    vault = Vault(path)
    sealed = vault.seal(b"secret", "here")
    for at in (2, 20, 70, len(sealed) - 1):
        with pytest.raises(CredentialsKeyMissing):
            vault.open(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], "here")
    for broken in (b"", b"1:", b"1", b"\xff:" + sealed, sealed[:30]):
        with pytest.raises(CredentialsKeyMissing):
            vault.open(broken, "here")


def test_a_new_key_seals_within_a_second_and_the_old_one_still_opens(path: Path) -> None:
    write(path, "1")
    clock = HandClock()
    vault = Vault(path, clock)
    old = vault.seal(b"one", "here")
    write(path, "2", "1")
    assert vault.seal(b"x", "here").startswith(b"1:"), "the file is looked at once a second, not at each use"
    clock.now += CHECK_SECONDS
    new = vault.seal(b"two", "here")
    assert new.startswith(b"2:")
    assert [vault.open(sealed, "here") for sealed in (old, new)] == [b"one", b"two"]


def test_a_value_of_another_replica_with_a_newer_key_opens_at_once(path: Path) -> None:
    write(path, "1")
    vault = Vault(path, HandClock())
    vault.seal(b"x", "here")
    write(path, "2", "1")
    assert vault.open(Vault(path).seal(b"two", "here"), "here") == b"two"


def test_what_is_resealed_opens_without_the_old_key(path: Path) -> None:
    write(path, "1")
    old = Vault(path).seal(b"one", "here")
    write(path, "2", "1")
    new = Vault(path).reseal(old, "here")
    with pytest.raises(CredentialsKeyMissing):
        Vault(path).reseal(old, "there")
    write(path, "2")
    assert Vault(path).newest() == b"2"
    assert Vault(path).open(new, "here") == b"one"
    with pytest.raises(CredentialsKeyMissing):
        Vault(path).open(old, "here")


def test_without_its_key_file_a_vault_opens_and_seals_nothing(path: Path) -> None:
    write(path, "1")
    clock = HandClock()
    vault = Vault(path, clock)
    sealed = vault.seal(b"x", "here")
    path.unlink()
    clock.now += CHECK_SECONDS
    assert vault.open(sealed, "here") == b"x", "what is in memory still opens"
    assert vault.newest() is None
    with pytest.raises(CredentialsKeyMissing):
        vault.seal(b"x", "here")
    with pytest.raises(CredentialsKeyMissing):
        Vault(path.parent / "missing" / "channel.secrets").seal(b"x", "here")


@pytest.mark.parametrize(
    "content",
    ["", "1\n", "1 c2hvcnQ=\n", "1 ????\n", line("1") + line("1"), line("1:2"), "1 " + "x" * 43 + "\n"],
    ids=["empty", "no key", "short", "no base64", "an id twice", "a colon", "bad padding"],
)
def test_a_broken_key_file_replaces_no_keys_and_is_not_quoted(
    path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(path, "0")
    clock = HandClock()
    vault = Vault(path, clock)
    sealed = vault.seal(b"x", "here")
    path.write_text(content)
    clock.now += CHECK_SECONDS
    caplog.set_level(logging.DEBUG, "frontdesk")
    for refused in (vault, Vault(path)):
        with pytest.raises(CredentialsKeyMissing):
            refused.seal(b"x", "here")
    assert vault.open(sealed, "here") == b"x", "the earlier keys stay in use"
    assert [record.message.partition(":")[0] for record in caplog.records] == ["the key file can't be read"] * 2
    assert not any(word in str(record.__dict__) for record in caplog.records for word in content.split() if len(word) > 3)


def test_keys_are_read_once(path: Path) -> None:
    write(path, "1")
    vault = Vault(path, HandClock())
    sealed = vault.seal(b"x", "here")
    os.truncate(path, 0)
    assert [vault.open(sealed, "here") for _ in range(3)] == [b"x"] * 3
