"""Core as a follower of admin's facts: settings, credentials and the state of organizations, in memory."""

from typing import Any, Protocol

from frontdesk.admin import v1 as admin
from frontdesk.admin.internal import v1 as internal

from kit import names
from kit.feeds import Feed
from kit.ids import OrganizationId
from services.core.app.policies import Policies
from services.core.convert.policy import values_from_pb
from services.core.domain.business import Business

NAMES = ("OrganizationCreated", "OrganizationUpdated")
KINDS = ("SettingPublished", "CredentialUpdated", "CredentialDeleted")


class Secrets(Protocol):
    """Keeps the secrets of credentials."""

    def expect(self, organization: OrganizationId, credential: str, number: int) -> None:
        """Says that a credential has this number now; 0: it is gone."""


def settings_feed(policies: Policies, secrets: Secrets, open: Any, pool: Any) -> Feed:
    """Follows what organizations have set."""

    def apply(event: internal.Event) -> None:
        handle(policies, secrets, event)

    return Feed(
        name="admin/settings",
        request=internal.WatchEventsRequest,
        open=open,
        event=internal.Event,
        kinds=KINDS,
        key=lambda event: str(event.envelope.subject),
        apply=apply,
        pool=pool,
    )


def businesses_feed(policies: Policies, open: Any, pool: Any) -> Feed:
    """Follows what organizations are called, and where they are."""

    def apply(event: internal.Event) -> None:
        fact = getattr(event, event.WhichOneof("fact"))
        business = Business(fact.display_name, fact.time_zone)
        policies.change(OrganizationId(event.envelope.organization), business=business)

    return Feed(
        name="admin/businesses",
        request=internal.WatchEventsRequest,
        open=open,
        event=internal.Event,
        kinds=NAMES,
        key=lambda event: f"organizations/{event.envelope.organization}/business",
        apply=apply,
        pool=pool,
    )


def handle(policies: Policies, secrets: Secrets, event: internal.Event) -> None:
    """Acts on one fact."""
    organization = OrganizationId(event.envelope.organization)
    match event.WhichOneof("fact"):
        case "setting_published":
            published = event.setting_published
            policies.change(organization, **values_from_pb(published.value, published.version))
        case "credential_updated":
            updated = event.credential_updated
            if updated.user == admin.CREDENTIAL_USER_CORE:
                secrets.expect(organization, names.last(event.envelope.subject), updated.revision)
        case "credential_deleted":
            secrets.expect(organization, names.last(event.envelope.subject), 0)
