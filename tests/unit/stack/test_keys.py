"""The services' keys: private, kept, and in one public key set."""

import json
from pathlib import Path

from kit.caller import Kind, Signer, Verifier
from stack.home import Home
from stack.keys import ISSUERS, SERVICES, make_keys, make_keys_apart


def test_each_issuer_signs_what_the_key_set_verifies(tmp_path: Path) -> None:
    make_keys(tmp_path)
    verifier = Verifier.load(tmp_path)
    for issuer in ISSUERS:
        caller = verifier.verify(Signer.load(tmp_path, issuer).service_token("demo"))
        assert (caller.kind, caller.id, caller.organization) == (Kind.SERVICE, issuer, "demo")


def test_the_key_set_has_the_names_and_types_that_the_gateway_reads(tmp_path: Path) -> None:
    make_keys(tmp_path)
    keys = json.loads((tmp_path / "jwks.json").read_text())["keys"]
    assert [key["kid"] for key in keys] == [f"{issuer}-1" for issuer in ISSUERS]
    assert {(key["kty"], key["crv"], key["alg"], key["use"]) for key in keys} == {("OKP", "Ed25519", "EdDSA", "sig")}
    assert all("d" not in key for key in keys)


def test_keys_are_kept_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    make_keys(tmp_path)
    before = (tmp_path / "core.pem").read_bytes()
    make_keys(tmp_path)
    assert (tmp_path / "core.pem").read_bytes() == before
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_a_password_is_random_private_and_kept(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    one.make()
    other.make()
    assert one.secret("postgres") == one.secret("postgres")
    assert one.secret("postgres") != other.secret("postgres")
    assert len(one.secret("postgres")) == 48
    assert (one.secrets / "postgres").stat().st_mode & 0o777 == 0o600


def test_a_deep_home_has_its_socket_elsewhere(tmp_path: Path) -> None:
    assert Home(Path("/tmp/home")).control == Path("/tmp/home/run/control.sock")
    deep = Home(tmp_path / ("d" * 120))
    assert len(str(deep.control)) < 100
    assert deep.control != Home(tmp_path / ("e" * 120)).control


def test_on_one_machine_each_service_has_a_folder_with_its_own_key_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    make_keys(home.keys)  # as earlier versions did
    (home.keys / "channel.secrets").write_text("1 key\n")
    before = (home.keys / "core.pem").read_bytes()
    make_keys_apart(home)
    make_keys_apart(home)
    assert (home.keys_of("core") / "core.pem").read_bytes() == before
    assert sorted(each.name for each in home.keys.iterdir() if each.is_file()) == ["jwks.json", "stack.pem"]
    for service in SERVICES:
        own = {"channel.secrets"} if service == "channel" else set()
        assert {each.name for each in home.keys_of(service).iterdir()} == {f"{service}.pem", "jwks.json"} | own
        token = Signer.load(home.keys_of(service), service).service_token("demo")
        assert Verifier.load(home.keys).verify(token).id == service
