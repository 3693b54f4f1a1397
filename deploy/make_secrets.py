"""Makes the passwords and keys of an installation, as the files that compose.yaml and Kubernetes read.

    python -m deploy.make_secrets deploy/secrets

Existing files stay unchanged, so it may be run again, after an upgrade too. `<service>.env` holds the addresses of a service's
stores: change them to use stores of your own. In Kubernetes: `kubectl apply -k deploy/secrets`. Never commit the folder.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from stack.keys import ISSUERS, SERVICES, make_keys

WITH_MONGO = ("core", "memory")
FOR_CONTAINERS = 0o644
"""The folder excludes other users; the containers' users are not users of this machine and must read."""
SEALING = ("admin", "channel", "core")
"""Services that seal secrets at rest, each with a key file of its own: see kit/vault.py."""
ROLES = Path(__file__).resolve().parent / "postgres" / "roles.sql"
EXTRA = {
    "core": "# FRONTDESK_OPENAI_API_KEY=\n# FRONTDESK_OPENAI_MODEL=gpt-4o\n",
    "memory": "FRONTDESK_CHROMA_URL=http://chroma:8000\n# FRONTDESK_EMBEDDINGS_API_KEY=\n",
}


def make(folder: Path) -> None:
    """Writes the files that are missing. The folder is for its owner alone; inside, containers may read."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _once(folder / ".gitignore", "*\n")
    make_keys(folder)
    for service in SEALING:
        _once(folder / f"{service}.secrets", f"1 {base64.b64encode(secrets.token_bytes(32)).decode()}\n")
    for file in (*(folder / f"{issuer}.pem" for issuer in ISSUERS), folder / "jwks.json"):
        file.chmod(FOR_CONTAINERS)
    postgres = {service: _password(folder, f"postgres-{service}") for service in SERVICES}
    mongo = {service: _password(folder, f"mongo-{service}") for service in WITH_MONGO}
    redis = _password(folder, "redis")
    for service in SERVICES:
        _once(folder / f"{service}.env", _service(service, postgres[service], mongo.get(service), redis))
    _once(folder / "postgres.env", f"POSTGRES_PASSWORD={_password(folder, 'postgres')}\n")
    shutil.copyfile(ROLES, folder / "10-roles.sql")
    _once(folder / "20-passwords.sql", "".join(f"ALTER ROLE frontdesk_{s} PASSWORD '{p}';\n" for s, p in postgres.items()))
    root = f"MONGO_INITDB_ROOT_USERNAME=root\nMONGO_INITDB_ROOT_PASSWORD={_password(folder, 'mongo')}\n"
    _once(folder / "mongo.env", root)
    _once(folder / "mongo-keyfile", base64.b64encode(secrets.token_bytes(96)).decode() + "\n")
    _once(folder / "10-users.js", "".join(_mongo_user(service, password) for service, password in mongo.items()))
    _once(folder / "redis.env", f"VALKEY_PASSWORD={redis}\n")
    _write(folder / "kustomization.yaml", json.dumps(_kustomization(), indent=2) + "\n")


def _service(service: str, postgres: str, mongo: str | None, redis: str) -> str:
    lines = [
        f"FRONTDESK_POSTGRES_URL=postgresql://frontdesk_{service}:{postgres}@postgres:5432/frontdesk\n",
        f"FRONTDESK_REDIS_URL=redis://:{redis}@redis:6379/0\n",
    ]
    if mongo:
        options = f"replicaSet=rs0&authSource={service}"
        lines.append(f"FRONTDESK_MONGO_URL=mongodb://frontdesk_{service}:{mongo}@mongo:27017/{service}?{options}\n")
    return "".join(lines) + EXTRA.get(service, "")


def _mongo_user(service: str, password: str) -> str:
    roles = [{"role": role, "db": service} for role in ("readWrite", "dbAdmin")]
    user = {"user": f"frontdesk_{service}", "pwd": password, "roles": roles}
    return f'db.getSiblingDB("{service}").createUser({json.dumps(user)});\n'


def _kustomization() -> Mapping[str, object]:
    """Every secret under the name that the manifests ask for. JSON is YAML, too."""
    generated: list[dict[str, object]] = []
    for service in SERVICES:
        generated.append({"name": f"frontdesk-{service}", "envs": [f"{service}.env"]})
        keys = [f"{service}.pem", *([f"{service}.secrets"] if service in SEALING else [])]
        generated.append({"name": f"frontdesk-{service}-key", "files": keys})
    generated.append({"name": "frontdesk-postgres", "envs": ["postgres.env"]})
    generated.append({"name": "frontdesk-postgres-init", "files": ["10-roles.sql", "20-passwords.sql"]})
    generated.append({"name": "frontdesk-mongo", "envs": ["mongo.env"]})
    generated.append({"name": "frontdesk-mongo-keyfile", "files": ["keyfile=mongo-keyfile"]})
    generated.append({"name": "frontdesk-mongo-init", "files": ["10-users.js"]})
    generated.append({"name": "frontdesk-redis", "envs": ["redis.env"]})
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": "frontdesk",
        "generatorOptions": {"disableNameSuffixHash": True},
        "secretGenerator": generated,
        "configMapGenerator": [{"name": "frontdesk-jwks", "files": ["jwks.json"]}],
    }


def _password(folder: Path, name: str) -> str:
    """A password of hex digits, made once and kept: nothing in it needs quoting in SQL, JavaScript or a URL."""
    file = folder / f"{name}.password"
    _once(file, secrets.token_hex(24))
    file.chmod(0o600)
    return file.read_text()


def _once(file: Path, text: str) -> None:
    if not file.exists():
        _write(file, text)


def _write(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    part.write_text(text)
    part.chmod(FOR_CONTAINERS)
    part.replace(file)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deploy.make_secrets FOLDER")
    make(Path(sys.argv[1]))
