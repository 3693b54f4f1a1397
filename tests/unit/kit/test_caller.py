"""Claims of identity: a token is worth what its signer may say."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from kit import caller
from kit.caller import MAX_SECONDS, SKEW_SECONDS, InvalidToken, Kind, TokenMissing, Verifier
from tests.support.serving import Keys


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def verifier(keys: Keys) -> Verifier:
    return Verifier.load(keys.folder)


def private(folder: Path, issuer: str) -> Ed25519PrivateKey:
    key = load_pem_private_key((folder / f"{issuer}.pem").read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def forge(keys: Keys, signer: str = "admin", kid: str = "", **claims: Any) -> str:
    """A token that `signer` signs with whatever claims; None takes one away."""
    now = int(time.time())
    body = {
        "iss": signer,
        "aud": "frontdesk",
        "sub": "users/u1",
        "org": "acme",
        "permissions": ["*"],
        "iat": now,
        "exp": now + 60,
    }
    body = {key: value for key, value in (body | claims).items() if value is not None}
    return jwt.encode(body, private(keys.folder, signer), algorithm="EdDSA", headers={"kid": kid or f"{signer}-1"})


def test_a_token_may_bear_an_earlier_moment_without_ending_earlier(keys: Keys, verifier: Verifier) -> None:
    signer, now = keys.signer("admin"), time.time()
    early = verifier.verify(signer.sign("users/u1", "acme", [], moment=now - 5.5))
    late = verifier.verify(signer.sign("users/u1", "acme", []))
    assert early.issued == pytest.approx(now - 5.5, abs=0.001)
    assert late.issued == pytest.approx(now, abs=1)
    assert abs(late.expires - early.expires) <= 1


def test_admin_speaks_for_users(keys: Keys, verifier: Verifier) -> None:
    who = verifier.verify(keys.user_token("acme", ["core.conversations.read"], "u7", "Robin"))
    assert (who.kind, who.id, who.organization, who.display_name) == (Kind.USER, "u7", "acme", "Robin")
    assert who.may("core.conversations.read")
    assert not who.may("core.conversations.list")


def test_channel_speaks_for_customers_in_a_session(keys: Keys, verifier: Verifier) -> None:
    who = verifier.verify(keys.customer_token("acme", "k1", []))
    assert (who.kind, who.id, who.session) == (Kind.CUSTOMER, "k1", "web/s1")


def test_a_service_speaks_for_itself_in_any_organization(keys: Keys, verifier: Verifier) -> None:
    who = verifier.verify(keys.service_token("memory"))
    assert (who.kind, who.id, who.organization) == (Kind.SERVICE, "memory", "*")
    assert who.may("anything")


def test_the_token_is_not_shown_when_a_caller_is_printed(keys: Keys, verifier: Verifier) -> None:
    token = keys.service_token("core")
    assert token not in repr(verifier.verify(token))


FORGED: dict[str, Callable[[Keys], str]] = {
    "a service speaks for a user": lambda k: forge(k, "core"),
    "channel speaks for a user": lambda k: forge(k, "channel"),
    "channel speaks for an API key": lambda k: forge(k, "channel", sub="apiKeys/a1"),
    "admin speaks for a customer": lambda k: forge(k, "admin", sub="customers/k1", session="web/s1"),
    "agent speaks for a customer": lambda k: forge(k, "agent", sub="customers/k1", session="web/s1"),
    "a service speaks for another": lambda k: forge(k, "agent", sub="services/core"),
    "admin speaks for a service": lambda k: forge(k, "admin", sub="services/core"),
    "an issuer that did not sign": lambda k: forge(k, "core", iss="admin"),
    "a kid of another issuer": lambda k: forge(k, "core", kid="admin-1", iss="admin"),
    "an unknown kid": lambda k: forge(k, kid="admin-2"),
    "no kid": lambda k: jwt.encode({"sub": "users/u1"}, private(k.folder, "admin"), algorithm="EdDSA"),
    "another audience": lambda k: forge(k, aud="another"),
    "no audience": lambda k: forge(k, aud=None),
    "no end": lambda k: forge(k, exp=None),
    "no beginning": lambda k: forge(k, iat=None),
    "no subject": lambda k: forge(k, sub=None),
    "no issuer": lambda k: forge(k, iss=None),
    "from the future": lambda k: forge(k, iat=int(time.time()) + 3600, exp=int(time.time()) + 3660),
    "valid for an hour": lambda k: forge(k, exp=int(time.time()) + 3600),
    "no organization": lambda k: forge(k, org=None),
    "an empty organization": lambda k: forge(k, org=""),
    "an organization that is no word": lambda k: forge(k, org=["acme"]),
    "every organization, for a user": lambda k: forge(k, org="*"),
    "every organization, for an API key": lambda k: forge(k, sub="apiKeys/a1", org="*"),
    "every organization, for a customer": lambda k: forge(k, "channel", sub="customers/k1", org="*", session="web/s1"),
    "a customer without a session": lambda k: forge(k, "channel", sub="customers/k1"),
    "a customer without a channel": lambda k: forge(k, "channel", sub="customers/k1", session="s1"),
    "a customer with a channel alone": lambda k: forge(k, "channel", sub="customers/k1", session="web/"),
    "a subject of no kind": lambda k: forge(k, sub="gods/zeus"),
    "a subject without an id": lambda k: forge(k, sub="users/"),
    "a subject without a kind": lambda k: forge(k, sub="u1"),
    "permissions that are no list": lambda k: forge(k, permissions="*"),
    "no algorithm": lambda k: jwt.encode({"sub": "users/u1"}, "", algorithm="none", headers={"kid": "admin-1"}),
    "empty": lambda k: "",
    "no token at all": lambda k: "nonsense",
    "dots": lambda k: "..",
    "a number as kid": lambda k: unsigned({"alg": "EdDSA", "kid": 7}),
    "a list as header": lambda k: unsigned([]),
}


def unsigned(header: object) -> str:
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, {}, "sig"))


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused(name: str, keys: Keys, verifier: Verifier) -> None:
    with pytest.raises(InvalidToken) as caught:
        verifier.verify(FORGED[name](keys))
    assert caught.value.reason == "INVALID_TOKEN"


def test_the_public_key_is_no_shared_secret(keys: Keys, verifier: Verifier) -> None:
    public = private(keys.folder, "admin").public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    now = int(time.time())
    claims = {"iss": "admin", "aud": "frontdesk", "sub": "users/u1", "org": "acme", "iat": now, "exp": now + 60}
    token = jwt.encode(claims, public, algorithm="HS256", headers={"kid": "admin-1"})
    with pytest.raises(InvalidToken):
        verifier.verify(token)


def test_any_byte_that_is_changed_makes_it_invalid(keys: Keys, verifier: Verifier) -> None:
    header, body, signature = keys.user_token("acme", []).split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))
    other = urlsafe_b64encode(json.dumps(claims | {"org": "other"}).encode()).decode().rstrip("=")
    swapped = ("B" if signature[0] == "A" else "A") + signature[1:]
    for token in (f"{header}.{other}.{signature}", f"{header}.{body}.{swapped}", f"{header}.{body}."):
        with pytest.raises(InvalidToken):
            verifier.verify(token)


def test_an_expired_token_says_so_after_some_seconds_of_grace_for_clocks(keys: Keys, verifier: Verifier) -> None:
    now = int(time.time())
    assert verifier.verify(forge(keys, iat=now - 100, exp=now - SKEW_SECONDS + 10)).id == "u1"
    with pytest.raises(InvalidToken) as caught:
        verifier.verify(forge(keys, iat=now - 100, exp=now - SKEW_SECONDS - 1))
    assert caught.value.reason == "TOKEN_EXPIRED"


def test_a_known_token_is_forgotten_when_it_ends(keys: Keys, verifier: Verifier) -> None:
    token = forge(keys, iat=int(time.time()) - 100, exp=int(time.time()) - SKEW_SECONDS - 1)
    verifier._known[token] = verifier.verify(keys.user_token("acme", []))
    object.__setattr__(verifier._known[token], "expires", time.time() - 1)
    with pytest.raises(InvalidToken):
        verifier.verify(token)


def test_a_signer_signs_for_ten_minutes_at_most_and_keeps_its_own_tokens(keys: Keys, verifier: Verifier) -> None:
    signer = keys.signer("admin")
    assert verifier.verify(signer.sign("users/u1", "acme", [], seconds=86_400)).expires <= time.time() + MAX_SECONDS
    assert signer.service_token("acme") == signer.service_token("acme") != signer.service_token("other")


def test_the_highest_key_of_a_service_is_the_one_in_use(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    document = json.loads((tmp_path / "jwks.json").read_text())
    newest = next(key for key in document["keys"] if key["kid"] == "admin-1") | {"kid": "admin-12"}
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [*document["keys"], newest]}))
    token = keys.user_token("acme", [])
    assert jwt.get_unverified_header(token)["kid"] == "admin-12"
    assert Verifier.load(tmp_path).verify(token).id == "u1"


def test_outside_of_a_call_there_is_no_caller() -> None:
    with pytest.raises(TokenMissing):
        caller.current()
