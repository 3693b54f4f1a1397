"""Credentials: secrets by which one of the services calls someone else. The secret itself is kept apart, sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kit.errors import EtagMismatch
from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.facts import CredentialDeleted, CredentialUpdated, Fact
from services.admin.domain.organizations import checked_display_name
from services.admin.domain.roles import Actor

MAX_CREDENTIALS = 100
"""How many credentials an organization may have."""


class Kind(StrEnum):
    """How a credential proves who calls; the value is the member of the contract, as JSON names it."""

    API_KEY = "apiKey"
    PASSWORD = "password"
    OAUTH_CLIENT = "oauthClient"
    SIGNING_KEY = "signingKey"


SECRET_OF: Mapping[Kind, str] = {
    Kind.API_KEY: "key",
    Kind.PASSWORD: "password",
    Kind.OAUTH_CLIENT: "clientSecret",
    Kind.SIGNING_KEY: "key",
}
"""The field of each kind that is secret, as JSON names it."""
REQUIRED_OF: Mapping[Kind, Sequence[str]] = {Kind.PASSWORD: ("user",), Kind.OAUTH_CLIENT: ("clientId", "tokenUrl")}


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential without its secret."""

    organization: OrganizationId
    id: str
    display_name: str
    service: str
    """The one service that gets the secret: `CORE`."""
    base_url: str
    """The only place that the secret is sent to."""
    kind: Kind
    details: Mapping[str, object]
    """The contract's fields of the kind beside the secret, by JSON names."""
    number: int
    """Counts new secrets and base URLs."""
    secret_time: datetime
    expires: datetime | None
    created: datetime
    updated: datetime
    revision: int = 1

    @property
    def name(self) -> str:
        """The resource name."""
        return f"organizations/{self.organization}/credentials/{self.id}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A credential as someone wants it. `secret` None: left out."""

    display_name: str
    service: str
    base_url: str
    kind: Kind
    details: Mapping[str, object]
    expires: datetime | None
    secret: str | None
    etag: str = ""


Decided = tuple[Credential, str | None, Sequence[Fact]]
"""A credential as it shall be, its new secret if there is one, and what to write down."""


def create(organization: OrganizationId, id: str, draft: Draft, others: int, by: Actor, now: datetime) -> Decided:
    """A new credential, of an organization that has `others`. Raises SecretRequired."""
    if others >= MAX_CREDENTIALS:
        raise errors.TooManyCredentials(MAX_CREDENTIALS)
    secret = _secret(draft)
    _check_details(draft)
    credential = Credential(
        organization=organization,
        id=id,
        display_name=checked_display_name(draft.display_name),
        service=draft.service,
        base_url=draft.base_url,
        kind=draft.kind,
        details=draft.details,
        number=1,
        secret_time=now,
        expires=draft.expires,
        created=now,
        updated=now,
    )
    return credential, secret, (_updated(credential, by),)


def update(credential: Credential, draft: Draft, by: Actor, now: datetime) -> Decided:
    """A credential with new values. A secret that is left out stays, unless it would be sent to another place."""
    _check_etag(credential, draft.etag)
    _check_details(draft)
    moves = draft.base_url != credential.base_url or draft.details.get("tokenUrl") != credential.details.get("tokenUrl")
    secret = _secret(draft) if moves or draft.secret is not None else None
    after = replace(
        credential,
        display_name=checked_display_name(draft.display_name),
        base_url=draft.base_url,
        details=draft.details,
        expires=draft.expires,
    )
    if after == credential and secret is None:
        return credential, None, ()
    after = replace(after, updated=now, revision=credential.revision + 1)
    if secret is not None:
        after = replace(after, number=credential.number + 1, secret_time=now)
    elif after.details == credential.details:
        return after, None, ()
    else:  # its header, for example: the service that uses it must learn of it
        after = replace(after, number=credential.number + 1)
    return after, secret, (_updated(after, by),)


def delete(credential: Credential, etag: str, by: Actor) -> Sequence[Fact]:
    """Checks that it may be deleted, and says what to write down."""
    _check_etag(credential, etag)
    return (CredentialDeleted(str(by), credential.name),)


def _updated(credential: Credential, by: Actor) -> CredentialUpdated:
    user = f"CREDENTIAL_USER_{credential.service}"
    return CredentialUpdated(str(by), credential.name, credential.number, user, credential.base_url)


def _secret(draft: Draft) -> str:
    if not draft.secret:
        raise errors.SecretRequired(f"{draft.kind}.{SECRET_OF[draft.kind]}")
    return draft.secret


def _check_details(draft: Draft) -> None:
    for field in REQUIRED_OF.get(draft.kind, ()):
        if not draft.details.get(field):
            raise errors.SecretRequired(f"{draft.kind}.{field}")


def _check_etag(credential: Credential, etag: str) -> None:
    if etag and etag != str(credential.revision):
        raise EtagMismatch(str(credential.revision))
