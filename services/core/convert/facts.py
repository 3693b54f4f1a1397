"""Facts as messages of the contract: references and numbers, no text."""

from frontdesk.core.internal import v1 as internal

from kit.journal import Fact
from services.core import convert, domain
from services.core.convert import customers
from services.core.convert.money import money_to_pb

WITH_AGENTS, BY_PROVIDER, BY_ASSISTANT = "with-agents", "by-provider", "by-assistant"
"""Labels of MessageCreated: see the contract."""


def fact_to_pb(organization: str, fact: domain.Fact) -> Fact:
    """A fact, as the journal keeps it."""
    if isinstance(fact, domain.CustomerFact):
        told = internal.Event()
        customers.tell(told, organization, fact)
        return Fact(told, customers.customer_name(organization, fact.customer))
    if isinstance(fact, domain.TurnCharged):
        charged = internal.TurnCharged(input_tokens=fact.input_tokens, output_tokens=fact.output_tokens)
        if fact.micros:
            charged.cost.CopyFrom(money_to_pb(fact.micros))
        return Fact(internal.Event(turn_charged=charged), convert.turn_name(organization, fact.conversation, fact.turn))
    current = fact.conversation
    event = internal.Event(conversation=convert.version_to_pb(current))
    subject = event.conversation.name
    labels: tuple[str, ...] = ()
    match fact:
        case domain.MessageCreated(message=message):
            said = event.message_created
            said.seq, said.role, said.note, said.epoch = message.seq, convert.ROLES[message.role], message.note, message.epoch
            if message.role is domain.Role.ASSISTANT:
                said.kind = convert.KINDS[message.kind]
            if message.turn:
                said.turn = message.turn
            subject, labels = f"{subject}/messages/{message.id}", _labels(current, message)
        case domain.TurnStarted(turn=turn):
            event.turn_started.SetInParent()
            subject = f"{subject}/turns/{turn}"
        case domain.TurnEnded(turn=turn, state=state, attempt=attempt):
            event.turn_ended.state, event.turn_ended.attempt = convert.TURN_STATES[state], attempt
            subject = f"{subject}/turns/{turn}"
        case domain.HandoverRequested():
            event.handover_requested.SetInParent()
        case domain.ConversationTaken(from_agent=agent):
            event.conversation_taken.SetInParent()
            event.conversation_taken.from_agent = _agent(organization, agent)
        case domain.ConversationReturned(from_agent=agent):
            event.conversation_returned.SetInParent()
            event.conversation_returned.from_agent = _agent(organization, agent)
        case domain.ConversationOpened():
            event.conversation_opened.SetInParent()
        case domain.ConversationClosed():
            event.conversation_closed.SetInParent()
        case domain.ConversationReopened():
            event.conversation_reopened.SetInParent()
        case domain.ConversationTagged():
            event.conversation_tagged.SetInParent()
        case domain.ConversationRated():
            event.conversation_rated.score = current.rating or 0
        case domain.ConversationUpdated():
            event.conversation_updated.SetInParent()
        case domain.ConversationMoved(from_customer=customer):
            event.conversation_moved.from_customer = customers.customer_name(organization, customer)
        case domain.ConversationErased():
            event.conversation_erased.SetInParent()
    return Fact(event, subject, labels)


def _labels(conversation: domain.Conversation, message: domain.Message) -> tuple[str, ...]:
    labels = []
    if conversation.state in (domain.State.WAITING, domain.State.ASSIGNED):
        labels.append(WITH_AGENTS)
    address = conversation.address
    to_provider = address is not None and address.kind not in domain.IN_BROWSER
    if to_provider and message.role is not domain.Role.CUSTOMER and not message.note:
        labels.append(BY_PROVIDER)
    if message.role is domain.Role.ASSISTANT:
        labels.append(BY_ASSISTANT)
    return tuple(labels)


def _agent(organization: str, agent: str) -> str:
    return f"organizations/{organization}/agents/{agent}" if agent else ""
