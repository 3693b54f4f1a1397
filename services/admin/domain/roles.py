"""Permissions, the roles made of them, and who may give what.

A permission is what an RPC's contract asks for; `tests/architecture/test_roles.py` compares this page with the contracts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from services.admin.domain import errors

EVERYTHING = "*"

OWNER = "owner"
ADMIN = "admin"
AGENT = "agent"
VIEWER = "viewer"

_GRANTS: Mapping[str, str] = {
    # permission: the built-in roles that have it, besides owner, who has all
    "admin.apiKeys.create": "admin",
    "admin.apiKeys.read": "admin",
    "admin.apiKeys.revoke": "admin",
    "admin.apiKeys.rotate": "admin",
    "admin.auditEvents.read": "admin",
    "admin.credentials.create": "admin",
    "admin.credentials.delete": "admin",
    "admin.credentials.read": "admin viewer",
    "admin.credentials.update": "admin",
    "admin.exports.create": "admin",
    "admin.exports.delete": "admin",
    "admin.exports.read": "admin",
    "admin.invitations.create": "admin",
    "admin.invitations.read": "admin viewer",
    "admin.invitations.renew": "admin",
    "admin.invitations.revoke": "admin",
    "admin.organizations.delete": "",  # for owners alone
    "admin.organizations.read": "admin agent viewer",
    "admin.organizations.update": "",
    "admin.profile.read": "admin agent viewer",
    "admin.profile.update": "admin agent viewer",
    "admin.reports.read": "admin viewer",
    "admin.roles.create": "admin",
    "admin.roles.delete": "admin",
    "admin.roles.read": "admin viewer",
    "admin.roles.update": "admin",
    "admin.settings.publish": "admin",
    "admin.settings.read": "admin viewer",
    "admin.settings.update": "admin",
    "admin.users.activate": "admin",
    "admin.users.assign": "admin",
    "admin.users.create": "admin",
    "admin.users.deactivate": "admin",
    "admin.users.delete": "admin",
    "admin.users.endSessions": "admin",
    "admin.users.read": "admin viewer",
    "admin.users.removeSecondFactor": "admin",
    "admin.users.setPassword": "admin",
    "admin.users.update": "admin",
    "agent.agents.read": "admin agent viewer",
    "agent.agents.update": "admin",
    "agent.cannedReplies.create": "admin agent",
    "agent.cannedReplies.delete": "admin agent",
    "agent.cannedReplies.read": "admin agent viewer",
    "agent.cannedReplies.update": "admin agent",
    "agent.conversations.resolve": "admin agent",
    "agent.conversations.return": "admin agent",
    "agent.conversations.transfer": "admin agent",
    "agent.handovers.accept": "admin agent",
    "agent.handovers.decline": "admin agent",
    "agent.handovers.read": "admin agent viewer",
    "agent.handovers.request": "admin agent",
    "agent.inbox.read": "admin agent",
    "agent.notes.create": "admin agent",
    "agent.presences.read": "admin agent viewer",
    "agent.presences.update": "admin agent",
    "agent.queues.create": "admin",
    "agent.queues.delete": "admin",
    "agent.queues.read": "admin agent viewer",
    "agent.queues.update": "admin",
    "agent.replies.create": "admin agent",
    "channel.channels.create": "admin",
    "channel.channels.delete": "admin",
    "channel.channels.read": "admin agent viewer",
    "channel.channels.update": "admin",
    "channel.deadLetters.delete": "admin",
    "channel.deadLetters.read": "admin",
    "channel.deadLetters.retry": "admin",
    "channel.deliveries.read": "admin agent viewer",
    "channel.deliveries.retry": "admin agent",
    "channel.inboundMessages.read": "admin",
    "channel.inboundMessages.retry": "admin",
    "channel.mail.read": "admin viewer",
    "channel.mail.test": "admin",
    "channel.media.create": "admin agent",
    "channel.media.delete": "admin",
    "channel.media.read": "admin agent viewer",
    "channel.media.retry": "admin agent",
    "channel.webChat.use": "",  # for customers: channel puts it into their tokens
    "core.approvals.decide": "admin agent",
    "core.approvals.read": "admin agent viewer",
    "core.citations.read": "admin agent viewer",
    "core.conversations.list": "admin agent viewer",
    "core.conversations.read": "admin agent viewer",
    "core.conversations.search": "admin agent viewer",
    "core.conversations.update": "admin agent",
    "core.conversations.watch": "admin agent viewer",
    "core.customers.block": "admin agent",
    "core.customers.delete": "admin",
    "core.customers.merge": "admin agent",
    "core.customers.read": "admin agent viewer",
    "core.customers.update": "admin agent",
    "core.evaluations.read": "admin viewer",
    "core.evaluations.run": "admin",
    "core.evaluations.update": "admin",
    "core.messages.read": "admin agent viewer",
    "core.prompts.read": "admin",
    "core.replies.preview": "admin",
    "core.replies.suggest": "admin agent",
    "core.replies.transcribe": "admin agent",
    "core.tools.create": "admin",
    "core.tools.delete": "admin",
    "core.tools.read": "admin viewer",
    "core.tools.update": "admin",
    "core.turns.read": "admin agent viewer",
    "core.workflowRuns.cancel": "admin agent",
    "core.workflowRuns.create": "admin agent",
    "core.workflowRuns.read": "admin agent viewer",
    "core.workflows.create": "admin",
    "core.workflows.delete": "admin",
    "core.workflows.publish": "admin",
    "core.workflows.read": "admin viewer",
    "core.workflows.update": "admin",
    "memory.documents.create": "admin",
    "memory.documents.delete": "admin",
    "memory.documents.read": "admin agent viewer",
    "memory.documents.update": "admin",
    "memory.memories.create": "admin agent",
    "memory.memories.delete": "admin agent",
    "memory.memories.read": "admin agent viewer",
    "memory.memories.update": "admin agent",
    "memory.passages.read": "admin agent viewer",
    "memory.passages.search": "admin agent viewer",
    "memory.sites.create": "admin",
    "memory.sites.delete": "admin",
    "memory.sites.read": "admin agent viewer",
    "memory.sites.update": "admin",
}

PERMISSIONS = frozenset(_GRANTS)
ASSIGNABLE = PERMISSIONS - {"channel.webChat.use"}
"""Those that a role of an organization's own may have."""


NO_ROLES: Mapping[str, "Role"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions."""

    id: str
    display_name: str
    description: str
    permissions: frozenset[str]
    created: datetime | None = None
    updated: datetime | None = None
    revision: int = 1


def _permissions_of(role: str) -> frozenset[str]:
    return frozenset(permission for permission, roles in _GRANTS.items() if role in roles.split())


BUILT_IN: Mapping[str, Role] = {
    role.id: role
    for role in (
        Role(OWNER, "Owner", "May do everything, forever.", frozenset({EVERYTHING})),
        Role(ADMIN, "Admin", "Sets up everything but the organization itself and its owners.", _permissions_of(ADMIN)),
        Role(AGENT, "Agent", "Answers customers.", _permissions_of(AGENT)),
        Role(VIEWER, "Viewer", "Reads conversations, knowledge and reports; changes nothing.", _permissions_of(VIEWER)),
    )
}


def grantees(permission: str) -> list[str]:
    """The built-in roles that have a permission, besides owner."""
    return sorted(_GRANTS[permission].split())


def find(id: str, own: Mapping[str, Role] = NO_ROLES) -> Role:
    """A role by its id, built in or of the organization's `own`. Raises RoleNotFound."""
    role = BUILT_IN.get(id) or own.get(id)
    if role is None:
        raise errors.RoleNotFound(id)
    return role


def permissions_of(roles: Iterable[str], own: Mapping[str, Role] = NO_ROLES) -> frozenset[str]:
    """All permissions of some roles: `{"*"}` if one of them has everything. Raises RoleNotFound."""
    return together(find(role, own).permissions for role in roles)


def together(permissions: Iterable[frozenset[str]]) -> frozenset[str]:
    """All of these permissions: `{"*"}` if everything is among them."""
    union = frozenset[str]().union(*permissions)
    return frozenset({EVERYTHING}) if EVERYTHING in union else union


def own_of(roles: Iterable[str]) -> list[str]:
    """Of some roles those that aren't built in."""
    return [role for role in roles if role not in BUILT_IN]


def intersection(wanted: frozenset[str], held: frozenset[str]) -> frozenset[str]:
    """The part of `wanted`, which has no `*`, that `held` covers."""
    return wanted if EVERYTHING in held else wanted & held


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor of a call, and their permissions."""

    kind: str
    """`users`, `apiKeys` or `services`."""
    id: str
    permissions: frozenset[str]
    """Those of the token."""
    session: str = ""
    """The session of a user that the token belongs to."""

    def must_hold(self, needed: frozenset[str]) -> None:
        """Raises PermissionNotHeld if a permission is missing: no one gives, or reigns over, what they don't have."""
        if EVERYTHING in self.permissions:
            return
        missing = sorted(needed - self.permissions)
        if missing:
            raise errors.PermissionNotHeld(missing[0])

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"
