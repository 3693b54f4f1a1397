"""How commands of the operator reach a running installation: with the operator's key, at the services' addresses."""

from __future__ import annotations

from pathlib import Path

from kit.caller import Signer
from stack.problems import Problem
from stack.settings import Settings


def signer(settings: Settings, keys: str | None) -> Signer:
    """Signs with the key in the folder of `--keys`, of FRONTDESK_KEYS_DIR, or of this machine. Raises Problem."""
    folder = Path(keys or settings.environment.get("FRONTDESK_KEYS_DIR") or settings.home.keys)
    try:
        return Signer.load(folder, "stack")
    except OSError as error:
        raise Problem(
            f"the operator's key {error.filename} cannot be read ({error.strerror}); start Frontdesk once with `frontdesk up`, "
            "or name the folder with stack.pem and jwks.json by --keys."
        ) from None


def address(settings: Settings, service: str, option: str | None) -> str:
    """Where a service listens: as its option says, as FRONTDESK_<SERVICE>_URL says, or on this machine."""
    given = option or settings.environment.get(f"FRONTDESK_{service.upper()}_URL", "")
    return given or f"127.0.0.1:{settings.ports.model_dump()[service]}"
