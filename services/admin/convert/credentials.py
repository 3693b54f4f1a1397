"""Credentials between admin's domain and its contract."""

import re
from collections.abc import Callable
from typing import Any, cast

from frontdesk.admin import v1 as pb
from google.protobuf import json_format
from google.protobuf.field_mask_pb2 import FieldMask

from kit.convert import time_from_pb, time_to_pb
from kit.errors import UnknownField, json_name
from services.admin.domain.credentials import SECRET_OF, Credential, Draft, Kind

CREDENTIAL = "organizations/{organization}/credentials/{credential}"
_DESCRIPTOR: Any = pb.Credential.DESCRIPTOR
_FIELDS = frozenset({"display_name", "base_url", "expire_time"})
_OUTPUT = frozenset({"name", "etag", "user", "revision", "secret_time", "create_time", "update_time"})


def credential_to_pb(credential: Credential) -> pb.Credential:
    found = pb.Credential(
        name=credential.name,
        display_name=credential.display_name,
        user=f"CREDENTIAL_USER_{credential.service}",
        base_url=credential.base_url,
        revision=credential.number,
        secret_time=time_to_pb(credential.secret_time),
        expire_time=time_to_pb(credential.expires),
        create_time=time_to_pb(credential.created),
        update_time=time_to_pb(credential.updated),
        etag=str(credential.revision),
    )
    json_format.ParseDict(cast(Any, {credential.kind.value: credential.details}), found)
    return found


def draft_from_pb(wanted: pb.Credential) -> Draft:
    kind = Kind(json_name(wanted.WhichOneof("kind") or "api_key"))
    details = json_format.MessageToDict(wanted).get(kind.value, {})
    secret = details.pop(SECRET_OF[kind], None)
    return Draft(
        display_name=wanted.display_name,
        service=pb.CredentialUser.Name(wanted.user).removeprefix("CREDENTIAL_USER_"),
        base_url=wanted.base_url,
        kind=kind,
        details=details,
        expires=time_from_pb(wanted.expire_time, "expireTime") if wanted.HasField("expire_time") else None,
        secret=secret,
        etag=wanted.etag,
    )


def merged(wanted: pb.Credential, mask: FieldMask) -> Callable[[Credential], Draft]:
    """Makes what an update asks for of the credential as it is. Raises UnknownField."""

    def merge(found: Credential) -> Draft:
        kind = _snake(found.kind.value)
        paths = list(mask.paths) or _set(wanted, kind)
        for path in paths:
            valid = FieldMask(paths=[path]).IsValidForDescriptor(_DESCRIPTOR)
            if path not in _FIELDS and not (valid and path.startswith(f"{kind}.")):
                raise UnknownField(path, _FIELDS | {f"{kind}.…"})
        value = credential_to_pb(found)
        FieldMask(paths=paths).MergeMessage(wanted, value, replace_message_field=True, replace_repeated_field=True)
        value.etag = wanted.etag
        return draft_from_pb(value)

    return merge


def _set(wanted: pb.Credential, kind: str) -> list[str]:
    """The paths of what is set. Raises UnknownField for another kind than the credential's."""
    paths = []
    for field, value in wanted.ListFields():
        if field.name in _OUTPUT:
            continue
        if field.containing_oneof is None:
            paths.append(field.name)
        elif field.name != kind:
            raise UnknownField(field.name, frozenset({kind}))
        else:
            paths += [f"{kind}.{inner.name}" for inner, _ in value.ListFields()]
    return paths


def _snake(name: str) -> str:
    return re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)
