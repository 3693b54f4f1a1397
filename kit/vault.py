"""Seals credentials at rest: AES-256-GCM, a data key for each value, itself sealed with a key of the key file.

The key file has lines of `<id> <32 bytes in base64>`. The first line seals, every line opens: docs/deployment.md says how an
operator rotates them. The keys are kept in memory; a changed file is noticed within a second, and at once when a value names
a key that isn't known. The file is made at the first need when its folder can be written.
"""

import base64
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit import errors

CHECK_SECONDS = 1.0
"""How long the key file is not looked at again."""
_NONCE = 12
_WRAPPED = _NONCE + 32 + 16

_log = logging.getLogger("frontdesk")


class CredentialsKeyMissing(errors.FailedPrecondition):
    reason = "CREDENTIALS_KEY_MISSING"

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no key for these credentials: {path.name} is missing, or lacks the key that sealed them.")


class Vault:
    """Seals and opens values. Each is bound to its `place`, the resource name of its owner, and opens there alone."""

    def __init__(self, path: Path, seconds: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._seconds = seconds
        self._check_at = float("-inf")
        self._seen: tuple[int, ...] | None = None
        self._keys: dict[bytes, AESGCM] = {}
        self._newest: bytes | None = None

    def seal(self, plain: bytes, place: str) -> bytes:
        """`plain`, sealed with the first key. Raises CredentialsKeyMissing."""
        self._refresh()
        if not self._keys:
            self._make()
            self._refresh(now=True)
        id = self._newest
        if id is None:
            raise CredentialsKeyMissing(self._path)
        data_key = AESGCM.generate_key(256)
        return id + b":" + _seal(self._keys[id], data_key, place) + _seal(AESGCM(data_key), plain, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """The plain value. Raises CredentialsKeyMissing when its key is gone or another one, or its place another."""
        self._refresh()
        id, _, rest = sealed.partition(b":")
        if id not in self._keys:
            self._refresh(now=True)
        try:
            data_key = _open(self._keys[id], rest[:_WRAPPED], place)
            return _open(AESGCM(data_key), rest[_WRAPPED:], place)
        except (KeyError, ValueError, InvalidTag) as error:
            raise CredentialsKeyMissing(self._path) from error

    def reseal(self, sealed: bytes, place: str) -> bytes:
        """The same value, sealed with the first key and another data key. Raises CredentialsKeyMissing."""
        return self.seal(self.open(sealed, place), place)

    def newest(self) -> bytes | None:
        """The id of the key that seals, with which a sealed value begins, before a colon; None without a key file."""
        self._refresh()
        return self._newest

    def _refresh(self, now: bool = False) -> None:
        """Reads the key file if it has changed. While it can't be read, the keys it had open values, and none seals."""
        if not now and self._seconds() < self._check_at:
            return
        self._check_at = self._seconds() + CHECK_SECONDS
        seen = _look(self._path)
        if seen == self._seen:
            return
        self._seen, self._newest = seen, None
        try:
            self._keys = _read(self._path)
            self._newest = next(iter(self._keys), None)
        except (OSError, ValueError) as error:  # whose text could quote the file
            detail = {"file": self._path.name, "error": type(error).__name__}
            _log.warning("the key file can't be read: its earlier keys still open values, and nothing is sealed", extra=detail)

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


def _look(path: Path) -> tuple[int, ...] | None:
    """Changes when the file does; None when there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _read(path: Path) -> dict[bytes, AESGCM]:
    """The keys by their ids, in order. Raises OSError, ValueError."""
    lines = [line.split() for line in path.read_bytes().splitlines() if line.strip()]
    keys = {id: AESGCM(base64.b64decode(key, validate=True)) for id, key in lines}
    if not keys or len(keys) < len(lines) or any(b":" in id for id in keys):
        raise ValueError("no key, an id that is there twice, or one with a colon")
    return keys


def _seal(key: AESGCM, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, plain, place.encode())


def _open(key: AESGCM, sealed: bytes, place: str) -> bytes:
    return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
