"""Between admin's domain and its contract."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, cast

from frontdesk.access.v1 import Access, access
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf import descriptor_pool
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from kit import names
from kit.convert import time_from_pb, time_to_pb
from kit.errors import UnknownField
from kit.ids import OrganizationId
from kit.journal import Fact, by_fields
from services.admin.app.sign_in import AccessToken, SignedIn
from services.admin.domain import facts, organizations, own_roles, users
from services.admin.domain.api_keys import ApiKey, ApiKeyDraft, Tier
from services.admin.domain.organizations import Organization, OrganizationErasure, OrganizationUpdate
from services.admin.domain.own_roles import RoleUpdate
from services.admin.domain.roles import ASSIGNABLE, BUILT_IN, PERMISSIONS, Role, grantees
from services.admin.domain.users import Draft, User, UserUpdate

ORGANIZATION = "organizations/{organization}"
USER = "organizations/{organization}/users/{user}"
ROLE = "organizations/{organization}/roles/{role}"
API_KEY = "organizations/{organization}/apiKeys/{api_key}"

_TIERS = {
    pb.API_KEY_TIER_UNSPECIFIED: Tier.STANDARD,
    pb.API_KEY_TIER_BASIC: Tier.BASIC,
    pb.API_KEY_TIER_STANDARD: Tier.STANDARD,
    pb.API_KEY_TIER_PREMIUM: Tier.PREMIUM,
}


_BY_FIELDS = by_fields(
    internal,
    {
        "user": "users/{}",
        "api_key": "apiKeys/{}",
        "role": "roles/{}",
        "session": "sessions/{}",
        "setting": "settings/{}",
        "version": "settings/{}",
        "credential": "credentials/{}",
        "invitation": "invitations/{}",
    },
)


def fact_to_pb(organization: str, fact: facts.Fact) -> Fact:
    """A fact, as the journal keeps it."""
    told = _BY_FIELDS(organization, fact)
    match fact:
        case facts.SessionStarted(user=user, session=session):
            return told._replace(subject=f"organizations/{organization}/sessions/{session}", actor=f"users/{user}")
        case facts.SessionEnded(session=session) if session:
            return told._replace(subject=f"organizations/{organization}/sessions/{session}")
        case facts.SessionEnded(user=user):
            return told._replace(subject=f"organizations/{organization}/users/{user}")
    return told


def organization_to_pb(organization: Organization) -> pb.Organization:
    return pb.Organization(
        name=f"organizations/{organization.id}",
        display_name=organization.display_name,
        language=organization.language,
        time_zone=organization.time_zone,
        create_time=time_to_pb(organization.created),
        update_time=time_to_pb(organization.updated),
        etag=str(organization.revision),
        state=f"ORGANIZATION_STATE_{organization.state}",
        purge_time=organization.purge and time_to_pb(organization.purge),
    )


def erasure_to_pb(erasure: OrganizationErasure) -> internal.OrganizationErasure:
    return internal.OrganizationErasure(
        name=f"organizationErasures/{erasure.organization}",
        create_time=time_to_pb(erasure.created),
        finish_time=erasure.finished and time_to_pb(erasure.finished),
        confirmations=[
            internal.OrganizationErasure.Confirmation(
                service=each.service, finish_time=each.finished and time_to_pb(each.finished), item_count=each.count
            )
            for each in erasure.confirmations
        ],
    )


def organization_update_from_pb(organization: pb.Organization, mask: FieldMask) -> OrganizationUpdate:
    """Raises UnknownField."""
    chosen = _chosen(organization, mask, organizations.FIELDS)
    return OrganizationUpdate(**chosen, etag=organization.etag)


def user_to_pb(user: User) -> pb.User:
    return pb.User(
        name=f"organizations/{user.organization}/users/{user.id}",
        email=user.email,
        display_name=user.display_name,
        roles=[f"organizations/{user.organization}/roles/{role}" for role in user.roles],
        state=f"USER_STATE_{user.state}",
        create_time=time_to_pb(user.created),
        update_time=time_to_pb(user.updated),
        login_time=time_to_pb(user.login),
        etag=str(user.revision),
        second_factor=user.second_factor,
    )


def draft_from_pb(user: pb.User, id: str) -> Draft:
    return Draft(user.email, user.display_name, [names.last(role) for role in user.roles], id)


def user_update_from_pb(user: pb.User, mask: FieldMask) -> UserUpdate:
    """Raises UnknownField."""
    return UserUpdate(**_chosen(user, mask, users.FIELDS), etag=user.etag)


def role_to_pb(role: Role, organization: OrganizationId) -> pb.Role:
    return pb.Role(
        name=f"organizations/{organization}/roles/{role.id}",
        display_name=role.display_name,
        description=role.description,
        permissions=sorted(role.permissions),
        built_in=role.id in BUILT_IN,
        create_time=time_to_pb(role.created),
        update_time=time_to_pb(role.updated),
        etag=str(role.revision),
    )


def role_update_from_pb(role: pb.Role, mask: FieldMask) -> RoleUpdate:
    """Raises UnknownField."""
    chosen: dict[str, Any] = _chosen(role, mask, own_roles.FIELDS)
    if "permissions" in chosen:
        chosen["permissions"] = frozenset(chosen["permissions"])
    return RoleUpdate(**chosen, etag=role.etag)


@cache
def permissions_to_pb() -> Sequence[pb.Permission]:
    """All permissions by id, with the RPCs that ask for each, as the contracts say."""
    methods: dict[str, list[str]] = {}
    for contract in ("admin", "agent", "channel", "core", "memory"):
        for service in import_module(f"frontdesk.{contract}.v1").SERVICES:  # at the first call: admin needs only its own
            for method in descriptor_pool.Default().FindServiceByName(service).methods:
                option = cast(Access, method.GetOptions().Extensions[cast(Any, access)])
                if option.permission:
                    methods.setdefault(option.permission, []).append(f"{service}/{method.name}")
    return [
        pb.Permission(
            id=permission,
            description=f"Allows {', '.join(name.rpartition('/')[2] for name in methods.get(permission, ()))}.",
            methods=methods.get(permission, ()),
            roles=grantees(permission),
            assignable=permission in ASSIGNABLE,
        )
        for permission in sorted(PERMISSIONS)
    ]


def api_key_to_pb(key: ApiKey) -> pb.ApiKey:
    return pb.ApiKey(
        name=f"organizations/{key.organization}/apiKeys/{key.id}",
        display_name=key.display_name,
        scopes=key.scopes,
        tier=f"API_KEY_TIER_{key.tier}",
        hint=key.hint,
        creator=f"organizations/{key.organization}/users/{key.creator}",
        create_time=time_to_pb(key.created),
        expire_time=time_to_pb(key.expires),
        last_use_time=time_to_pb(key.used),
        revoke_time=time_to_pb(key.revoked),
        rotate_time=time_to_pb(key.rotated),
        previous_expire_time=time_to_pb(key.previous_expires),
    )


def wish_from_pb(key: pb.ApiKey) -> ApiKeyDraft:
    expires = time_from_pb(key.expire_time, "expireTime") if key.HasField("expire_time") else None
    return ApiKeyDraft(key.display_name, list(key.scopes), _TIERS[key.tier], expires)


def tokens_to_pb(signed_in: SignedIn) -> pb.Tokens:
    return pb.Tokens(
        access_token=signed_in.access.token,
        access_expire_time=time_to_pb(signed_in.access.expires),
        refresh_token=signed_in.refresh_token,
        refresh_expire_time=time_to_pb(signed_in.refresh_expires),
    )


def access_token_to_pb(access: AccessToken) -> pb.ExchangeApiKeyResponse:
    return pb.ExchangeApiKeyResponse(access_token=access.token, expire_time=time_to_pb(access.expires))


def _chosen(message: Message, mask: FieldMask, allowed: frozenset[str]) -> dict[str, str]:
    """The fields of a message that an update mask names; without one, those that are set."""
    for path in mask.paths:
        if path not in allowed:
            raise UnknownField(path, allowed)
    paths = mask.paths or [field.name for field, _ in message.ListFields() if field.name in allowed]
    return {path: getattr(message, path) for path in paths}
