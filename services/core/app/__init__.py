"""Use cases of conversations. A field is a port, a method is a use case."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from kit.clock import Clock
from kit.errors import EtagMismatch, RequestIdReused
from kit.ids import OrganizationId
from services.core import domain
from services.core.app.admission import Admission
from services.core.app.changes import Changes, Decide
from services.core.app.live import LiveConversations, Token, Watcher
from services.core.app.policies import Policies
from services.core.app.rights import Rights
from services.core.domain import (
    AgentId,
    Capabilities,
    ChannelId,
    Content,
    Conversation,
    ConversationId,
    ConversationNotFound,
    CustomerId,
    EpochPassed,
    Message,
    MessageId,
    MessageNotFound,
    Opening,
    Overview,
    Priority,
    Responder,
    Role,
    State,
    Turn,
    TurnId,
    TurnState,
    Wanted,
    wishes,
)
from services.core.domain.languages import language_of
from services.core.domain.offers import notice_of
from services.core.ports.conversations import AlreadySaid, Conversations, Dispatches
from services.core.ports.customers import Customers

ON_THE_WIRE = timedelta(seconds=60)
"""How long after its claim a message may still be on its way to the provider."""


@dataclass(frozen=True)
class App:
    """The use cases of conversations."""

    conversations: Conversations
    customers: Customers
    dispatches: Dispatches
    changes: Changes
    live_conversations: LiveConversations
    rights: Rights
    now: Clock
    admission: Admission
    expect: Callable[[OrganizationId, str], None] = lambda organization, text: None
    """Called with a customer's text before it is committed, so that the search for an answer can begin."""
    policies: Policies = field(default_factory=Policies)
    has_model: bool = True
    """Whether a model of the installation answers, where an organization has chosen none."""

    async def receive_message(
        self,
        organization: OrganizationId,
        channel: ChannelId,
        source_id: str,
        conversation: ConversationId | Opening,
        content: Content,
        *,
        request_id: str = "",
        quiet: timedelta = timedelta(),
        responder: Responder = Responder.ASSISTANT,
        capabilities: Capabilities | None = None,
    ) -> tuple[ConversationId, Message, TurnId | None]:
        """Accepts a customer's message once, however often it comes; the turn is the one that will answer it."""
        if isinstance(conversation, Opening):
            conversation = (await self.conversations.open(organization, conversation)).id
        if content.reply_to and not await self._has(organization, conversation, content.reply_to):
            content = content.without_reply()  # what the customer says is taken all the same
        known = self.changes.latest(conversation)
        if known is not None and known.organization != organization:
            raise ConversationNotFound(conversation)
        policy = self.policies.of(organization)
        if responder is Responder.ASSISTANT and policy.disabled:
            responder = Responder.AGENTS
        source = domain.customer_source(channel, source_id)
        decided: list[domain.Change] = []

        with self.admission.place(organization) as room:
            if room and responder is Responder.ASSISTANT and (known is None or known.state is State.AUTOMATED):
                self.expect(organization, content.words)

            def decide(current: Conversation) -> domain.Change:
                decided[:] = [
                    domain.receive(
                        *(current, content, source, self.now(), request_id, quiet),
                        room=room,
                        responder=responder,
                        capabilities=capabilities,
                        notice=lambda written: notice_of(policy, self.now(), language_of(written)),
                    )
                ]
                return decided[0]

            try:
                after = await self.changes.apply(organization, conversation, decide, known)
            except AlreadySaid:
                where, said = await self._said(organization, source)
                await self.rights.settle(await self.conversations.load(organization, where))
                return where, said, None
        if any(turn.state in (TurnState.SUPERSEDED, TurnState.CANCELLED) for turn in decided[0].turns):
            await self.rights.settle(after)
        return conversation, decided[0].messages[0], after.turn.id if after.turn else None

    async def _said(self, organization: OrganizationId, source: str) -> tuple[ConversationId, Message]:
        found = await self.conversations.said(organization, source)
        assert found is not None, "the message that collided is gone"
        return found

    async def post_message(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId, content: Content, request_id: str
    ) -> Message:
        """Says something to the customer as an agent."""
        source = domain.agent_source(agent, request_id)
        return await self._say_once(
            organization,
            conversation,
            source,
            content,
            request_id,
            lambda current: domain.post(current, agent, content, request_id, self.now()),
        )

    async def add_note(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        content: Content,
        request_id: str,
    ) -> Message:
        """Adds a note that only agents see."""
        source = domain.agent_source(agent, request_id)
        return await self._say_once(
            organization,
            conversation,
            source,
            content,
            request_id,
            lambda current: domain.note(current, agent, display_name, content, request_id, self.now()),
        )

    async def _say_once(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        source: str,
        content: Content,
        request_id: str,
        say: Callable[[Conversation], domain.Change],
    ) -> Message:
        """The message that a request makes, or has made before.

        Raises RequestIdReused if it was another, and MessageNotFound for a `reply_to` that is not in the conversation.
        """
        found = await self.conversations.said(organization, source)
        if found is None:
            if content.reply_to and not await self._has(organization, conversation, content.reply_to):
                raise MessageNotFound(content.reply_to)
            said: list[Message] = []

            def decide(current: Conversation) -> domain.Change:
                change = say(current)
                said[:] = change.messages
                return change

            try:
                await self.changes.apply(organization, conversation, decide)
                return said[0]
            except AlreadySaid:
                found = await self._said(organization, source)
        where, message = found
        if where != conversation or (message.text, message.content) != (content.words, content.unless_plain):
            raise RequestIdReused(request_id)
        return message

    async def _has(self, organization: OrganizationId, conversation: ConversationId, message: str) -> bool:
        try:
            await self.conversations.message(organization, conversation, MessageId(message))
        except MessageNotFound:
            return False
        return True

    async def get_conversation(
        self, organization: OrganizationId, conversation: ConversationId, reader: CustomerId | None = None
    ) -> Overview:
        """One conversation, with what a list shows of it. `reader`: the customer who asks; None: someone of the organization.

        Raises ConversationNotFound, also for a customer who does not take part in it.
        """
        await self._load(organization, conversation, reader)
        return await self.conversations.overview(organization, conversation, reader is None)

    async def _load(
        self, organization: OrganizationId, conversation: ConversationId, reader: CustomerId | None
    ) -> Conversation:
        """A conversation that the reader takes part in: as they are, or as the customer whom they were merged into."""
        current = await self.conversations.load(organization, conversation)
        if reader is None or current.customer == reader:
            return current
        if not await self.conversations.takes_part(organization, conversation, reader):
            raise ConversationNotFound(conversation)
        return current

    async def list_conversations(
        self,
        organization: OrganizationId,
        wanted: Wanted,
        notes: bool,
        before: tuple[datetime, str] | None,
        limit: int,
    ) -> list[Overview]:
        """Conversations, the one that changed last first."""
        if wanted.customer is not None:
            wanted = replace(wanted, customer=await self.customers.standing(organization, wanted.customer))
        return await self.conversations.page(organization, wanted, before, limit, notes=notes)

    async def update_conversation(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        changed: Mapping[str, str],
        etag: str,
    ) -> Conversation:
        """Changes subject, priority or language; `etag`: the one that was read."""

        def decide(now: Conversation) -> domain.Change | None:
            if etag and etag != domain.details_etag(now):
                raise EtagMismatch(domain.details_etag(now))
            subject, priority, language = (
                changed.get("subject", now.subject),
                Priority(changed.get("priority", now.priority)),
                changed.get("language", now.language),
            )
            return domain.update(now, subject, priority, language, self.now())

        return await self.changes.apply(organization, conversation, decide)

    async def list_messages(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        before: int | None,
        limit: int,
        reader: CustomerId | None,
    ) -> tuple[list[Message], Token]:
        """A page of messages, and the token for everything that is not in the newest page. Customers get no notes."""
        current = await self._load(organization, conversation, reader)
        newest = current.last_seq + 1 if before is None else before  # what comes now, the token's watcher learns of
        messages = await self.conversations.messages(
            organization, conversation, before=newest, limit=limit, notes=reader is None
        )
        return messages, Token(current.last_seq, current.revision)

    def quotes_only(self, organization: OrganizationId) -> bool:
        """Whether the assistant quotes pages, since no model is connected."""
        return not self.has_model and not self.policies.of(organization).models

    async def get_message(
        self, organization: OrganizationId, conversation: ConversationId, message: MessageId, reader: CustomerId | None
    ) -> Message:
        """One message. To customers a note is none."""
        if reader is not None:
            await self._load(organization, conversation, reader)
        found = await self.conversations.message(organization, conversation, message)
        if reader is not None and found.note:
            raise MessageNotFound(message)
        return found

    async def watch_conversation(
        self, organization: OrganizationId, conversation: ConversationId, resume_token: str, reader: CustomerId | None
    ) -> AbstractContextManager[Watcher]:
        """A live view of a conversation. Customers see no notes."""
        current = await self._load(organization, conversation, reader)
        return self.live_conversations.watch(organization, current, resume_token, reader is None)

    async def request_handover(self, organization: OrganizationId, conversation: ConversationId, reason: str) -> Conversation:
        """Puts a conversation in line for an agent."""
        current = await self.conversations.load(organization, conversation)
        decide = partial(domain.request_handover, reason=reason, now=self.now())
        return await self._silence(organization, conversation, decide, current)

    async def _silence(
        self, organization: OrganizationId, conversation: ConversationId, decide: Decide, known: Conversation | None = None
    ) -> Conversation:
        """Applies a rule after which the assistant is silent: no screen shows more of its text when this has returned, not even
        if the rule changes nothing, because someone else's call may have applied it a moment ago.
        """
        after = await self.changes.apply(organization, conversation, decide, known)
        await self.rights.settle(after)
        return after

    async def take_conversation(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        agent: AgentId,
        display_name: str,
        from_agent: AgentId | None,
    ) -> tuple[Conversation, list[MessageId]]:
        """Gives a conversation to an agent; the assistant can say and show nothing more when this has returned.

        With it come the assistant's messages that were on their way out before, and may still arrive.
        """
        taken = await self._silence(
            organization, conversation, lambda now: domain.take(now, agent, display_name, from_agent, self.now())
        )
        return taken, await self.dispatches.recent(organization, conversation, ON_THE_WIRE)

    async def return_to_assistant(
        self, organization: OrganizationId, conversation: ConversationId, agent: AgentId
    ) -> Conversation:
        """Gives a conversation back to the assistant."""
        with self.admission.place(organization) as room:
            return await self.changes.apply(
                organization, conversation, lambda now: domain.return_to_assistant(now, agent, self.now(), room)
            )

    async def leave_line(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        """Takes a conversation out of the line for the customer: the assistant has it again, and answers what is open."""
        current = await self.conversations.load(organization, conversation)
        open_messages = await self.conversations.messages(organization, conversation, after=current.answered_seq)
        questions = [m for m in open_messages if m.role is Role.CUSTOMER and not wishes.is_for_a_human(m.text)]
        settled_seq = questions[0].seq - 1 if questions else current.last_customer_seq
        with self.admission.place(organization) as room:
            return await self.changes.apply(
                organization, conversation, lambda now: domain.leave_line(now, settled_seq, self.now(), room), current
            )

    async def rate(self, organization: OrganizationId, conversation: ConversationId, score: int, comment: str) -> Conversation:
        """Notes the customer's opinion of a conversation."""
        decide = partial(domain.rate, score=score, comment=comment.strip(), now=self.now())
        return await self.changes.apply(organization, conversation, decide)

    async def mark_read(self, organization: OrganizationId, conversation: ConversationId, seq: int) -> None:
        """Notes up to which message the customer has read, and shows it to watchers. It only moves forward."""
        moved = await self.conversations.mark_read(organization, conversation, seq)
        if moved is not None:
            self.live_conversations.read_on(conversation, Role.CUSTOMER, moved)

    async def close_conversation(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        """Ends a conversation."""
        return await self._silence(organization, conversation, lambda now: domain.close(now, self.now()))

    async def reopen_conversation(self, organization: OrganizationId, conversation: ConversationId) -> Conversation:
        """Opens a closed conversation."""
        return await self.changes.apply(organization, conversation, lambda now: domain.reopen(now, self.now()))

    async def tag_conversation(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        add: tuple[str, ...],
        remove: tuple[str, ...],
    ) -> Conversation:
        """Adds and removes tags."""
        return await self.changes.apply(organization, conversation, lambda now: domain.tag(now, add, remove, self.now()))

    async def claim_dispatch(self, organization: OrganizationId, conversation: ConversationId, message: MessageId) -> int:
        """The epoch in which a message may leave the house. Raises EpochPassed for the assistant's words of an earlier one."""
        said = await self.conversations.message(organization, conversation, message)
        if said.role is not Role.ASSISTANT:
            return (await self.conversations.load(organization, conversation)).epoch
        if not await self.dispatches.claim(organization, conversation, message, said.epoch):
            raise EpochPassed(await self.conversations.load(organization, conversation))
        return said.epoch

    def set_typing(self, conversation: ConversationId, role: Role, typing: bool) -> None:
        """Shows watchers that someone types."""
        self.live_conversations.typing(conversation, role, typing)

    async def get_turn(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId) -> Turn:
        """One turn."""
        return await self.conversations.turn(organization, conversation, turn)

    async def list_turns(
        self, organization: OrganizationId, conversation: ConversationId, before: str | None, limit: int
    ) -> list[Turn]:
        """A conversation's turns, the newest first."""
        return await self.conversations.turns(organization, conversation, before, limit)
