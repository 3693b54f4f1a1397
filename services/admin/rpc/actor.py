"""The actor of a call, by the verified token."""

from kit import caller
from services.admin.domain.roles import Actor


def current_actor() -> Actor:
    """The caller, as the domain knows it."""
    who = caller.current()
    return Actor(who.kind.value, who.id, who.permissions, who.session)
