"""The vault that credentials lie in."""

from pathlib import Path

import pytest

from services.channel.adapters.vault import CredentialsKeyMissing, Vault


def test_a_sealed_value_opens_at_its_place_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "channel.secrets")
    sealed = vault.seal(b"secret", "here")
    assert b"secret" not in sealed
    assert Vault(tmp_path / "channel.secrets").open(sealed, "here") == b"secret"
    with pytest.raises(CredentialsKeyMissing):
        vault.open(sealed, "there")
    assert (tmp_path / "channel.secrets").stat().st_mode & 0o077 == 0


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "channel.secrets"
    old = Vault(path).seal(b"one", "here")
    other = tmp_path / "other.secrets"
    Vault(other).seal(b"", "")
    path.write_text(other.read_text().replace("1 ", "2 ", 1) + path.read_text())
    new = Vault(path).seal(b"two", "here")
    assert new.startswith(b"2:")
    assert [Vault(path).open(sealed, "here") for sealed in (old, new)] == [b"one", b"two"]


def test_a_folder_without_a_key_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    with pytest.raises(CredentialsKeyMissing):
        Vault(tmp_path / "missing" / "channel.secrets").seal(b"x", "here")
