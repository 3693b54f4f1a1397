"""The shared parts of the servicers: the caller, which agent a name means, update masks, required values."""

from collections.abc import Iterable

from google.protobuf.field_mask_pb2 import FieldMask

from kit import caller, names
from kit.access import InvalidRequest
from kit.ids import OrganizationId
from services.agent.domain.agent import InvalidUpdateMask, Me, NotAnAgent
from services.agent.domain.ids import AgentId, ConversationId

MANAGE = "agent.conversations.manage"


def me() -> Me:
    """The agent who calls. Raises NotAnAgent for API keys, customers and services."""
    who = caller.current()
    if who.kind is not caller.Kind.USER:
        raise NotAnAgent(f"{who.kind}/{who.id}")
    return Me(OrganizationId(who.organization), AgentId(who.id), who.display_name)


def manages() -> bool:
    """Whether the caller may act on conversations that another agent has."""
    return caller.current().may(MANAGE)


def organization_of(name: str) -> OrganizationId:
    """The organization in a resource name, which the interceptor has compared with the token's."""
    return OrganizationId(name.split("/", 2)[1])


def agent_of(name: str) -> AgentId:
    """The agent in a resource name; `agents/me` is the caller."""
    id = name.split("/")[3]
    return me().id if id == "me" else AgentId(id)


def conversation_of(name: str) -> ConversationId:
    """The conversation in its resource name."""
    return ConversationId(names.last(name))


def paths(mask: FieldMask, allowed: tuple[str, ...]) -> frozenset[str]:
    """The fields to change; an empty mask means all. Raises InvalidUpdateMask."""
    for path in mask.paths:
        if path not in allowed:
            raise InvalidUpdateMask(path, allowed)
    return frozenset(mask.paths or allowed)


def require(values: Iterable[tuple[str, str]]) -> None:
    """Raises InvalidRequest for each (field, value) without a value."""
    missing = [(field, "is missing") for field, value in values if not value]
    if missing:
        raise InvalidRequest(missing)
