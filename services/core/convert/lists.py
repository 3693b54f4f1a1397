"""Which conversations a list shows, from the contract."""

from frontdesk.core import v1 as pb

from kit import names
from kit.convert import time_from_pb
from services.core import convert
from services.core.domain import AgentId, ChannelId, ConversationId, CustomerId, Wanted

_Request = pb.ListConversationsRequest | pb.SearchConversationsRequest


def wanted_from_pb(request: _Request, reader: CustomerId | None = None) -> Wanted:
    """The conditions of a request. `reader`: a customer, who sees only their own."""
    customer, ids = reader, None
    if isinstance(request, pb.ListConversationsRequest):
        customer = reader or (CustomerId(names.last(request.customer)) if request.customer else None)
        ids = tuple(sorted({ConversationId(names.last(name)) for name in request.names})) or None
    return Wanted(
        states=tuple(sorted(convert.state_from_pb(state) for state in request.states)),
        customer=customer,
        channel=ChannelId(names.last(request.channel)) if request.channel else None,
        agent=AgentId(names.last(request.agent)) if request.agent else None,
        tags=tuple(sorted(request.tags)),
        unanswered=request.unanswered if request.HasField("unanswered") else None,
        ratings=tuple(sorted(request.ratings)),
        changed_since=time_from_pb(request.start_time, "startTime") if request.HasField("start_time") else None,
        changed_before=time_from_pb(request.end_time, "endTime") if request.HasField("end_time") else None,
        ids=ids,
    )
