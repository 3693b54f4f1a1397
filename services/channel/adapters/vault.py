"""Seals credentials at rest: AES-256-GCM, a data key for each value, itself sealed with a key of the key file.

The key file is `channel.secrets` beside the service's other keys: lines of `<id> <32 bytes in base64>`. The first line
seals, every line opens, so a key is replaced by putting a new line on top. It is made at the first need when the folder can
be written.
"""

import base64
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit import errors

_NONCE = 12
_WRAPPED = _NONCE + 32 + 16


class CredentialsKeyMissing(errors.FailedPrecondition):
    reason = "CREDENTIALS_KEY_MISSING"

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no key to keep credentials with: give the channel service a file {path.name}.")


class Vault:
    def __init__(self, path: Path) -> None:
        self._path = path

    def seal(self, plain: bytes, place: str) -> bytes:
        """`plain`, sealed so that it opens at the same `place` alone. Raises CredentialsKeyMissing."""
        id, key = next(iter(self._keys(make=True).items()))
        data_key = AESGCM.generate_key(256)
        return id.encode() + b":" + _seal(key, data_key, place) + _seal(data_key, plain, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed. Raises CredentialsKeyMissing when its key is gone, or is another one."""
        id, _, rest = sealed.partition(b":")
        key = self._keys(make=False).get(id.decode())
        if key is None:
            raise CredentialsKeyMissing(self._path)
        try:
            return _open(_open(key, rest[:_WRAPPED], place), rest[_WRAPPED:], place)
        except InvalidTag as error:
            raise CredentialsKeyMissing(self._path) from error

    def _keys(self, make: bool) -> dict[str, bytes]:
        """The keys by their ids. Read at each use, because credentials are rarely touched and the file may change."""
        if make and not self._path.exists():
            self._make()
        try:
            lines = [line.split() for line in self._path.read_text().splitlines() if line.strip()]
        except OSError as error:
            raise CredentialsKeyMissing(self._path) from error
        return {id: base64.b64decode(key) for id, key in lines}

    def _make(self) -> None:
        line = b"1 " + base64.b64encode(AESGCM.generate_key(256)) + b"\n"
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, self._path)  # the first of several replicas wins, and the file is never half written
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        except OSError as error:
            raise CredentialsKeyMissing(self._path) from error


def _seal(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def _open(key: bytes, sealed: bytes, place: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
