"""The facts of admin's journal. Ids and names only: no e-mail address, password, key or token.

The class's name is the fact's kind and its fields are those of the contract's message of the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EndReason(StrEnum):
    """Why a session ended before its time."""

    LOGOUT = "LOGOUT"
    TOKEN_REUSED = "TOKEN_REUSED"
    ENDED = "ENDED"
    ENDED_BY_OTHER = "ENDED_BY_OTHER"


@dataclass(frozen=True, slots=True)
class OrganizationCreated:
    display_name: str
    time_zone: str = ""
    """Empty in facts that are older than this field."""


@dataclass(frozen=True, slots=True)
class OrganizationUpdated:
    actor: str
    display_name: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class OrganizationStateChanged:
    actor: str
    state: str


@dataclass(frozen=True, slots=True)
class UserCreated:
    actor: str
    user: str
    display_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserUpdated:
    actor: str
    user: str
    display_name: str
    email_changed: bool


@dataclass(frozen=True, slots=True)
class UserRolesAssigned:
    actor: str
    user: str
    roles: tuple[str, ...]
    previous_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserDeactivated:
    actor: str
    user: str


@dataclass(frozen=True, slots=True)
class UserActivated:
    actor: str
    user: str


@dataclass(frozen=True, slots=True)
class UserDeleted:
    actor: str
    user: str


@dataclass(frozen=True, slots=True)
class UserPasswordChanged:
    actor: str
    user: str


@dataclass(frozen=True, slots=True)
class SessionStarted:
    user: str
    session: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    user: str
    session: str
    """Empty if all of the user's sessions ended."""
    reason: EndReason


@dataclass(frozen=True, slots=True)
class ApiKeyCreated:
    actor: str
    api_key: str
    display_name: str
    scopes: tuple[str, ...]
    expire_time: datetime


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked:
    actor: str
    api_key: str


@dataclass(frozen=True, slots=True)
class SettingDrafted:
    actor: str
    version: str
    value: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SettingPublished:
    actor: str
    setting: str
    version: str
    previous_version: str
    value: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CredentialUpdated:
    actor: str
    credential: str
    revision: int
    user: str
    base_url: str


@dataclass(frozen=True, slots=True)
class CredentialDeleted:
    actor: str
    credential: str


@dataclass(frozen=True, slots=True)
class RoleCreated:
    actor: str
    role: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleUpdated:
    actor: str
    role: str
    permissions: tuple[str, ...]
    previous_permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleDeleted:
    actor: str
    role: str


@dataclass(frozen=True, slots=True)
class InvitationCreated:
    actor: str
    invitation: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvitationRenewed:
    actor: str
    invitation: str


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    actor: str
    invitation: str


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    actor: str
    invitation: str
    user: str


@dataclass(frozen=True, slots=True)
class SecondFactorEnabled:
    actor: str
    user: str


@dataclass(frozen=True, slots=True)
class SecondFactorDisabled:
    actor: str
    user: str


@dataclass(frozen=True, slots=True)
class RecoveryCodesRegenerated:
    actor: str
    user: str


@dataclass(frozen=True, slots=True)
class RecoveryCodeUsed:
    actor: str
    user: str
    left: int


@dataclass(frozen=True, slots=True)
class PasswordResetLinkCreated:
    actor: str
    user: str
    clears_second_factor: bool


@dataclass(frozen=True, slots=True)
class ApiKeyRotated:
    actor: str
    api_key: str
    previous_expire_time: datetime


@dataclass(frozen=True, slots=True)
class ApiKeySecretsEnded:
    actor: str
    api_key: str


Fact = (
    OrganizationCreated
    | OrganizationUpdated
    | OrganizationStateChanged
    | UserCreated
    | UserUpdated
    | UserRolesAssigned
    | UserDeactivated
    | UserActivated
    | UserDeleted
    | UserPasswordChanged
    | SessionStarted
    | SessionEnded
    | ApiKeyCreated
    | ApiKeyRevoked
    | SettingDrafted
    | SettingPublished
    | CredentialUpdated
    | CredentialDeleted
    | RoleCreated
    | RoleUpdated
    | RoleDeleted
    | InvitationCreated
    | InvitationRenewed
    | InvitationRevoked
    | InvitationAccepted
    | SecondFactorEnabled
    | SecondFactorDisabled
    | RecoveryCodesRegenerated
    | RecoveryCodeUsed
    | PasswordResetLinkCreated
    | ApiKeyRotated
    | ApiKeySecretsEnded
)
