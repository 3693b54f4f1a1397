"""The caller of an RPC: tokens are signed by services, verified locally by each, and turned into a `Caller`.

A token is a JWT signed with Ed25519 (RFC 8037), valid for at most ten minutes. Every service has its own key, so what a token
may claim depends on who signed it: admin speaks for users and API keys, channel for customers, each service for itself. The
organization of a call comes from here alone.
"""

import json
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kit import errors, ids

AUDIENCE = "frontdesk"
EVERY_ORGANIZATION = "*"
MAX_SECONDS = 600
SKEW_SECONDS = 30


class Kind(StrEnum):
    """The sort of caller; the word is also the prefix of the token's subject."""

    USER = "users"
    API_KEY = "apiKeys"
    CUSTOMER = "customers"
    SERVICE = "services"


_SPEAKS_FOR = {"admin": {Kind.USER, Kind.API_KEY}, "channel": {Kind.CUSTOMER}}


class InvalidToken(errors.Unauthenticated):
    reason = "INVALID_TOKEN"


class TokenMissing(errors.Unauthenticated):
    reason = "TOKEN_MISSING"

    def __init__(self) -> None:
        super().__init__("The token is missing: send it as `authorization: Bearer …`.")


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller, by a verified token."""

    organization: str
    kind: Kind
    id: str
    permissions: frozenset[str]
    expires: float
    """Seconds since 1970, when the token ends; streams end with it."""
    session: str = ""
    """Of a customer `<channel>/<session>`, of a user the session they signed in to; empty for others."""
    display_name: str = ""
    token: str = field(default="", repr=False)
    issued: float = 0.0
    """Seconds since 1970, when the token was made, to the millisecond."""
    roles: tuple[str, ...] = ()
    """Ids of the organization's own roles among those that the permissions come from."""

    def may(self, permission: str) -> bool:
        """Whether the token carries a permission."""
        return permission in self.permissions or "*" in self.permissions


_current: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current() -> Caller:
    """The caller of the running call. Raises TokenMissing in a public call or outside of one."""
    caller = _current.get()
    if caller is None:
        raise TokenMissing
    return caller


def current_or_none() -> Caller | None:
    """The caller of the running call, if there is one."""
    return _current.get()


def set_current(caller: Caller | None) -> None:
    """For the interceptor and tests: names the caller of what runs in this context."""
    _current.set(caller)


class Verifier:
    """Checks tokens against the public keys of all services."""

    def __init__(self, keys: dict[str, jwt.PyJWK]) -> None:
        self._keys = keys
        self._known: dict[str, Caller] = {}

    @classmethod
    def load(cls, keys_dir: Path) -> "Verifier":
        """Reads `jwks.json`: an RFC 7517 key set whose `kid` is `<issuer>-<number>`."""
        document = json.loads((keys_dir / "jwks.json").read_text())
        return cls({key["kid"]: jwt.PyJWK(key, algorithm="EdDSA") for key in document["keys"]})

    def verify(self, token: str) -> Caller:
        """The caller a token stands for. Raises InvalidToken."""
        known = self._known.get(token)
        if known is not None and known.expires > time.time():
            return known
        caller = self._check(token)
        if len(self._known) >= 20_000:  # a bound, not a policy: the cache refills in a moment
            self._known.clear()
        self._known[token] = caller
        return caller

    def _check(self, token: str) -> Caller:
        try:
            kid = str(jwt.get_unverified_header(token).get("kid", ""))
            key = self._keys.get(kid)
            if key is None:
                raise InvalidToken("The token was signed with a key that no one here knows; sign in again.")
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                leeway=SKEW_SECONDS,
                options={"require": ["exp", "iat", "iss", "sub", "aud"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise InvalidToken("The token has expired; refresh it or sign in again.", reason="TOKEN_EXPIRED") from error
        except jwt.PyJWTError as error:
            raise InvalidToken("The token is not valid; sign in again.") from error
        return _caller(claims, kid.rpartition("-")[0], token)


def _caller(claims: dict[str, object], signer: str, token: str) -> Caller:
    kind_word, _, id = str(claims["sub"]).partition("/")
    if claims["iss"] != signer or kind_word not in set(Kind) or not id:
        raise InvalidToken("The token's issuer and subject do not fit together.")
    kind = Kind(kind_word)
    allowed = id == signer if kind is Kind.SERVICE else kind in _SPEAKS_FOR.get(signer, set())
    organization, permissions = claims.get("org"), claims.get("permissions", [])
    if float(str(claims["exp"])) - float(str(claims["iat"])) > MAX_SECONDS:
        raise InvalidToken("The token is valid for longer than any may be.")
    if not allowed or not isinstance(organization, str) or not isinstance(permissions, list):
        raise InvalidToken("The token claims what its issuer may not give.")
    if not organization or (organization == EVERY_ORGANIZATION and kind is not Kind.SERVICE):
        raise InvalidToken("The token names no organization.")
    session = str(claims.get("session", ""))
    if kind is Kind.CUSTOMER and not all(session.partition("/")):
        raise InvalidToken("The token names no session.")
    return Caller(
        organization=organization,
        kind=kind,
        id=id,
        permissions=frozenset(map(str, permissions)),
        expires=float(str(claims["exp"])),
        session=session,
        display_name=str(claims.get("name", "")),
        token=token,
        issued=ids.made(str(claims.get("jti", ""))) or float(str(claims["iat"])),
        roles=tuple(str(claims.get("roles", "")).split()),
    )


class Signer:
    """Signs tokens with a service's own key."""

    def __init__(self, service: str, key: Ed25519PrivateKey, number: int = 1) -> None:
        self._service = service
        self._key = key
        self._kid = f"{service}-{number}"
        self._service_tokens: dict[str, tuple[float, str]] = {}

    @classmethod
    def load(cls, keys_dir: Path, service: str) -> "Signer":
        """Reads `<service>.pem`; of the key set, the highest `kid` of the service is the one in use."""
        key = load_pem_private_key((keys_dir / f"{service}.pem").read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{keys_dir / service}.pem is not an Ed25519 key.")
        document = json.loads((keys_dir / "jwks.json").read_text())
        numbers = [int(k["kid"].rpartition("-")[2]) for k in document["keys"] if k["kid"].startswith(f"{service}-")]
        return cls(service, key, max(numbers, default=1))

    def sign(
        self,
        subject: str,
        organization: str,
        permissions: list[str],
        seconds: int = MAX_SECONDS,
        moment: float | None = None,
        **claims: str,
    ) -> str:
        """A token for `subject`, such as `customers/c1`, valid for `seconds` (at most 600).

        `moment`: when what the token says was read, in seconds since 1970, if not now. A revocation after it revokes the
        token, also one that came while the token was being made: take it before the read.
        """
        now = int(time.time())
        payload = {
            "iss": self._service,
            "aud": AUDIENCE,
            "sub": subject,
            "org": organization,
            "permissions": permissions,
            "iat": now,
            "exp": now + min(seconds, MAX_SECONDS),
            "jti": ids.new(moment),
            **claims,
        }
        return jwt.encode(payload, self._key, algorithm="EdDSA", headers={"kid": self._kid})

    def sign_note(self, purpose: str, life: timedelta, **claims: str) -> str:
        """A note of this service to itself that others keep for it: no access token, since its audience is the purpose."""
        payload = {**claims, "aud": _note_audience(purpose), "exp": int(time.time() + life.total_seconds())}
        return jwt.encode(payload, self._key, algorithm="EdDSA", headers={"kid": self._kid})

    def read_note(self, purpose: str, note: str) -> dict[str, str]:
        """The claims of a note that this service signed with its present key; empty if it is expired or not valid."""
        try:
            claims = jwt.decode(
                note,
                self._key.public_key(),
                algorithms=["EdDSA"],
                audience=_note_audience(purpose),
                options={"require": ["exp", "aud"]},
            )
        except (jwt.PyJWTError, ValueError):
            return {}
        return {name: str(value) for name, value in claims.items()}

    def service_token(self, organization: str = EVERY_ORGANIZATION) -> str:
        """This service's own token, kept until a minute before it ends."""
        known = self._service_tokens.get(organization)
        if known is not None and known[0] > time.time():
            return known[1]
        if len(self._service_tokens) >= 10_000:
            self._service_tokens.clear()
        token = self.sign(f"{Kind.SERVICE}/{self._service}", organization, ["*"])
        self._service_tokens[organization] = (time.time() + MAX_SECONDS - 60, token)
        return token


def _note_audience(purpose: str) -> str:
    return f"{AUDIENCE}/{purpose}"
