"""Rules: each takes a conversation and gives a `Change`, which is committed as one, or None when nothing changes."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from kit import ids
from kit.errors import PartNotAllowed, TextEmpty, TextTooLong
from services.core.domain import wishes
from services.core.domain.content import (
    MAX_CHARACTERS,
    Attachment,
    Contact,
    Content,
    Interactive,
    Location,
    Reaction,
    Template,
    Text,
)
from services.core.domain.facts import (
    Change,
    ConversationClosed,
    ConversationErased,
    ConversationFact,
    ConversationRated,
    ConversationReopened,
    ConversationReturned,
    ConversationTagged,
    ConversationTaken,
    ConversationUpdated,
    HandoverRequested,
    MessageCreated,
    TurnEnded,
    TurnStarted,
)
from services.core.domain.problems import (
    MAX_TAGS,
    ConversationIsClosed,
    ConversationIsTaken,
    ConversationNotAssigned,
    PartNotCarried,
    TooManyTags,
    TurnLost,
    WindowClosed,
)
from services.core.domain.values import (
    AgentId,
    Capabilities,
    Conversation,
    HandOver,
    Message,
    MessageId,
    MessageKind,
    Priority,
    Reply,
    Responder,
    Role,
    State,
    Turn,
    TurnId,
    TurnState,
)

MAX_SUPERSEDES = 2
MAX_ATTEMPTS = 3
MAX_QUIET = timedelta(seconds=5)
"""How long the assistant waits at most for a customer to stop writing, from the first message that it has not answered."""
BUDGET_TEXT = (
    "I can't answer any more today. Your message is safe, and I have asked our team to take over: they will answer you here."
)
ASSISTANT_OFF = "The assistant is off on this channel."
_OF_AGENTS = (Text, Attachment, Location, Contact, Reaction, Interactive, Template)
"""The parts that agents send."""
LEASE = timedelta(seconds=30)
"""How long a worker may be silent before its turn is another's."""
HOLDING_TEXT = (
    "I can't answer right now. Your message is safe, and I have asked our team to take over: they will answer you here."
)


def receive(
    conversation: Conversation,
    content: Content,
    source: str,
    now: datetime,
    request_id: str = "",
    quiet: timedelta = timedelta(),
    *,
    room: bool = True,
    responder: Responder = Responder.ASSISTANT,
    capabilities: Capabilities | None = None,
    notice: Callable[[str], str] | None = None,
) -> Change:
    """Accepts a customer's message. It reopens a closed conversation, and obliges the assistant if that owns it; a request for
    a human obliges agents instead.

    `quiet`: how long to wait for more before answering; zero: the receiving process answers at once (the turn is RUNNING), if
    it has `room`. `notice`: the words to a customer who asks for a human, by what they wrote. A message that no one answers
    starts no turn, reopens nothing and asks no one; it is read with the next one.
    None of its content is refused: the channel has checked it, where the sender still gets the answer.
    """
    if conversation.blocked or content.asks_nothing:
        responder = Responder.NOBODY
    after = _next(conversation)
    reopened = conversation.state is State.CLOSED and responder is not Responder.NOBODY
    if reopened:
        after = replace(after, state=State.AUTOMATED, epoch=after.epoch + 1)
    if capabilities is not None:
        after = replace(after, capabilities=_newest(conversation.capabilities, capabilities))
    after, message = _said(after, Role.CUSTOMER, content, source, now, author=conversation.customer, request_id=request_id)
    if responder is not Responder.NOBODY:
        after = replace(after, last_customer_seq=message.seq)
    turns: tuple[Turn, ...] = ()
    asked: tuple[ConversationFact, ...] = ()
    notices: tuple[Message, ...] = ()
    reason = ASSISTANT_OFF
    if responder is Responder.ASSISTANT and after.state is State.AUTOMATED and wishes.is_for_a_human(content.written):
        responder, reason = Responder.AGENTS, content.written
    if after.state is State.AUTOMATED and responder is Responder.ASSISTANT:
        after, turns = _oblige(after, now, quiet, room)
    elif after.state is State.AUTOMATED and responder is Responder.AGENTS:
        silent, turns = _silence(after, now)
        after = replace(silent, state=State.WAITING, handover_reason=reason, epoch=silent.epoch + 1)
        if notice and reason is not ASSISTANT_OFF and (words := notice(content.written)):
            after, told = _said(after, Role.ASSISTANT, Content.of(words), f"{source}/notice", now, kind=MessageKind.HOLDING)
            notices = (told,)
        asked = (*(MessageCreated(after, told) for told in notices), HandoverRequested(after))
    facts: list[ConversationFact] = [ConversationReopened(after)] if reopened else []
    facts += _retold(tuple(t for t in turns if t.state in (TurnState.SUPERSEDED, TurnState.CANCELLED)), after)
    open_now = [t for t in turns if t.state in (TurnState.PENDING, TurnState.RUNNING)]
    facts += [TurnStarted(after, t.id) for t in open_now if conversation.turn is None or t.id != conversation.turn.id]
    return Change(conversation, after, (message, *notices), turns, (*facts, MessageCreated(after, message), *asked))


def begin(conversation: Conversation, turn: TurnId, now: datetime) -> Change | None:
    """Starts a turn that waited for room. None when it no longer waits, or waits for something else."""
    waiting = conversation.turn
    if waiting is None or waiting.id != turn or waiting.state is not TurnState.PENDING or waiting.due > now:
        return None
    running = replace(waiting, state=TurnState.RUNNING, attempt=waiting.attempt + 1)
    return Change(conversation, replace(_next(conversation), turn=running), turns=(running,))


def _oblige(conversation: Conversation, now: datetime, quiet: timedelta, room: bool) -> tuple[Conversation, tuple[Turn, ...]]:
    """The open turn that answers the newest message, and the turns that changed."""
    open_turn = conversation.turn
    if open_turn is not None and open_turn.state is TurnState.PENDING:
        due = max(open_turn.due, min(now + quiet, open_turn.created + MAX_QUIET))
        waiting = replace(open_turn, answers_seq=conversation.last_customer_seq, due=due)
        return replace(conversation, turn=waiting), (waiting,)
    if open_turn is not None and open_turn.supersedes >= MAX_SUPERSEDES:
        return conversation, ()  # it answers now; `finish` then obliges the assistant again
    supersedes = open_turn.supersedes + 1 if open_turn is not None else 0
    fresh = _turn(conversation, now, quiet, room, supersedes)
    ended = (replace(open_turn, state=TurnState.SUPERSEDED, finished=now),) if open_turn is not None else ()
    return replace(conversation, turn=fresh), (*ended, fresh)


def _turn(conversation: Conversation, now: datetime, quiet: timedelta, room: bool, supersedes: int = 0) -> Turn:
    at_once = room and not quiet
    return Turn(
        id=TurnId(ids.new()),
        state=TurnState.RUNNING if at_once else TurnState.PENDING,
        epoch=conversation.epoch,
        answers_seq=conversation.last_customer_seq,
        created=now,
        due=now + quiet,
        attempt=1 if at_once else 0,
        supersedes=supersedes,
    )


def finish(
    conversation: Conversation, turn: Turn, reply: Reply, now: datetime, room: bool = True, hand_over: HandOver | None = None
) -> Change:
    """Says the assistant's reply, if the turn is still this worker's and the assistant still owns the conversation.

    Raises TurnLost. Messages that the customer wrote meanwhile get a turn of their own, which runs at once if there is `room`.
    `hand_over`: asks agents to take over.
    """
    _hold(conversation, turn)
    done = replace(
        turn,
        state=TurnState.DONE,
        finished=now,
        assistant=reply.assistant,
        input_tokens=turn.input_tokens + reply.input_tokens,
        output_tokens=turn.output_tokens + reply.output_tokens,
    )
    after, message = _said(
        replace(_next(conversation), turn=None, answered_seq=turn.answers_seq),
        Role.ASSISTANT,
        Content.of(reply.text, markdown=True),
        f"turn/{turn.id}/1",
        now,
        kind=reply.kind,
        citations=reply.citations,
        turn=turn.id,
    )
    turns: tuple[Turn, ...] = (done,)
    if after.unanswered and hand_over is None:
        fresh = _turn(after, now, timedelta(), room)
        after, turns = replace(after, turn=fresh), (done, fresh)
    facts: list[ConversationFact] = [TurnEnded(after, done.id, done.state, done.attempt), MessageCreated(after, message)]
    facts += [TurnStarted(after, t.id) for t in turns[1:]]
    if hand_over is None:
        return Change(conversation, after, (message,), turns, tuple(facts))
    after, notices = replace(after, state=State.WAITING, handover_reason=hand_over.reason), tuple[Message, ...]()
    if hand_over.notice:
        source = f"turn/{turn.id}/2"
        after, notice = _said(
            after, Role.ASSISTANT, Content.of(hand_over.notice), source, now, kind=MessageKind.HOLDING, turn=turn.id
        )
        notices = (notice,)
    facts += [MessageCreated(after, notice) for notice in notices]
    facts.append(HandoverRequested(after))
    return Change(conversation, after, (message, *notices), turns, tuple(facts))


def retry(conversation: Conversation, turn: Turn, why: str, now: datetime, again: bool = True, notice: str = "") -> Change:
    """Retries a turn that failed, after a growing pause. The last failure notifies the customer, and asks agents.

    `again`: whether the customer can be asked to wait for another attempt. `notice`: the organization's own. Raises TurnLost.
    """
    _hold(conversation, turn)
    if again and turn.attempt < MAX_ATTEMPTS:
        waiting = replace(turn, state=TurnState.PENDING, due=now + timedelta(seconds=turn.attempt), error=why[:500])
        return Change(conversation, replace(_next(conversation), turn=waiting, updated=now), turns=(waiting,))
    return _give_up(conversation, turn, why, now, notice or HOLDING_TEXT, "The assistant could not answer.")


def stop(conversation: Conversation, turn: Turn, why: str, now: datetime) -> Change:
    """Ends a turn that the budget does not pay for: notifies the customer, and asks agents. Raises TurnLost.

    The customer is notified once, because from then on the conversation waits for agents.
    """
    _hold(conversation, turn)
    return _give_up(conversation, turn, why, now, BUDGET_TEXT, why)


def _give_up(conversation: Conversation, turn: Turn, why: str, now: datetime, notice: str, reason: str) -> Change:
    failed = replace(turn, state=TurnState.FAILED, finished=now, error=why[:500])
    after, message = _said(
        replace(_next(conversation), turn=None, state=State.WAITING, handover_reason=reason),
        Role.ASSISTANT,
        Content.of(notice),
        f"turn/{turn.id}/1",
        now,
        kind=MessageKind.HOLDING,
        turn=turn.id,
    )
    facts = (
        TurnEnded(after, failed.id, failed.state, failed.attempt),
        MessageCreated(after, message),
        HandoverRequested(after),
    )
    return Change(conversation, after, (message,), (failed,), facts)


def signed(change: Change, name: str) -> Change:
    """The change with the assistant's messages under its name, as customers see it. Empty: they have none."""
    if not name:
        return change

    def sign(message: Message) -> Message:
        return replace(message, author_display_name=name) if message.role is Role.ASSISTANT else message

    facts = (replace(fact, message=sign(fact.message)) if isinstance(fact, MessageCreated) else fact for fact in change.facts)
    return replace(change, messages=tuple(map(sign, change.messages)), facts=tuple(facts))


def _hold(conversation: Conversation, turn: Turn) -> None:
    """Raises TurnLost unless `turn` is still open, in the same attempt and epoch, and the assistant owns the conversation."""
    now = conversation.turn
    if (
        conversation.state is not State.AUTOMATED
        or now is None
        or (now.id, now.attempt, now.state) != (turn.id, turn.attempt, TurnState.RUNNING)
        or conversation.epoch != turn.epoch
    ):
        raise TurnLost(turn.id)


def request_handover(conversation: Conversation, reason: str, now: datetime) -> Change | None:
    """Puts a conversation in line for an agent; the assistant falls silent. None when it is already in line or taken."""
    match conversation.state:
        case State.CLOSED:
            raise ConversationIsClosed(conversation.id)
        case State.WAITING | State.ASSIGNED:
            return None
        case State.AUTOMATED:
            silent, turns = _silence(_next(conversation), now)
            after = replace(silent, state=State.WAITING, handover_reason=reason, updated=now, epoch=silent.epoch + 1)
            facts = (*_retold(turns, after), HandoverRequested(after))
            return Change(conversation, after, turns=turns, facts=facts)


def take(
    conversation: Conversation, agent: AgentId, display_name: str, from_agent: AgentId | None, now: datetime
) -> Change | None:
    """Gives the conversation to an agent. None when they have it. Raises ConversationIsTaken or ConversationIsClosed."""
    if conversation.state is State.CLOSED:
        raise ConversationIsClosed(conversation.id)
    if conversation.state is State.ASSIGNED:
        if conversation.agent == agent:
            return None
        if conversation.agent != from_agent:
            raise ConversationIsTaken(conversation)
    elif from_agent is not None:
        raise ConversationNotAssigned(conversation.id, from_agent)
    silent, turns = _silence(_next(conversation), now)
    after = replace(
        silent,
        state=State.ASSIGNED,
        agent=agent,
        agent_display_name=display_name,
        epoch=silent.epoch + 1,
        handover_reason="",
        updated=now,
    )
    facts = (*_retold(turns, after), ConversationTaken(after, conversation.agent or ""))
    return Change(conversation, after, turns=turns, facts=facts)


def return_to_assistant(conversation: Conversation, agent: AgentId, now: datetime, room: bool = True) -> Change | None:
    """Gives the conversation back to the assistant, which answers what is open at once. None when it has it already."""
    if conversation.state is State.AUTOMATED:
        return None
    if conversation.state is State.CLOSED:
        raise ConversationIsClosed(conversation.id)
    if conversation.agent != agent:
        raise ConversationNotAssigned(conversation.id, agent)
    after = _unassigned(_next(conversation), State.AUTOMATED, now)
    turns: tuple[Turn, ...] = ()
    if after.unanswered:
        after, turns = _oblige(after, now, timedelta(), room)
    facts: list[ConversationFact] = [ConversationReturned(after, agent), *(TurnStarted(after, turn.id) for turn in turns)]
    return Change(conversation, after, turns=turns, facts=tuple(facts))


def leave_line(conversation: Conversation, settled_seq: int, now: datetime, room: bool = True) -> Change | None:
    """The customer leaves the line: the assistant has the conversation again. None when it doesn't wait.

    `settled_seq`: up to which message the customer said nothing that the assistant could answer. Later ones get a turn.
    """
    if conversation.state is not State.WAITING:
        return None
    after = _unassigned(_next(conversation), State.AUTOMATED, now)
    after = replace(after, answered_seq=max(after.answered_seq, min(settled_seq, after.last_customer_seq)))
    turns: tuple[Turn, ...] = ()
    if after.unanswered and not after.blocked:
        after, turns = _oblige(after, now, timedelta(), room)
    facts: list[ConversationFact] = [ConversationReturned(after, ""), *(TurnStarted(after, turn.id) for turn in turns)]
    return Change(conversation, after, turns=turns, facts=tuple(facts))


def rate(conversation: Conversation, score: int, comment: str, now: datetime) -> Change | None:
    """Notes the customer's opinion in place of an earlier one. None when it is the same."""
    if (conversation.rating, conversation.rating_comment) == (score, comment):
        return None
    after = replace(_next(conversation), rating=score, rating_comment=comment, rated=now, updated=now)
    return Change(conversation, after, facts=(ConversationRated(after),))


def close(conversation: Conversation, now: datetime) -> Change | None:
    """Ends the conversation; nothing is open then. None when it has ended."""
    if conversation.state is State.CLOSED:
        return None
    silent, turns = _silence(_next(conversation), now)
    after = replace(_unassigned(silent, State.CLOSED, now), answered_seq=silent.last_customer_seq)
    return Change(conversation, after, turns=turns, facts=(*_retold(turns, after), ConversationClosed(after)))


def reopen(conversation: Conversation, now: datetime) -> Change | None:
    """Opens a closed conversation for the assistant. None when it is open."""
    if conversation.state is not State.CLOSED:
        return None
    after = _unassigned(_next(conversation), State.AUTOMATED, now)
    return Change(conversation, after, facts=(ConversationReopened(after),))


def block(conversation: Conversation, blocked: bool, now: datetime) -> Change | None:
    """Blocks a conversation's customer or lets them write again; blocking ends the open turn. None when nothing changes."""
    if conversation.blocked == blocked:
        return None
    after, turns = _silence(_next(conversation), now) if blocked else (_next(conversation), ())
    after = replace(after, blocked=blocked)
    return Change(conversation, after, turns=turns, facts=(*_retold(turns, after), ConversationUpdated(after)))


def update(conversation: Conversation, subject: str, priority: Priority, language: str, now: datetime) -> Change | None:
    """Changes what a conversation is about. None when nothing changes."""
    after = replace(_next(conversation), subject=subject, priority=priority, language=language, updated=now)
    if details(after) == details(conversation):
        return None
    return Change(conversation, after, facts=(ConversationUpdated(after),))


def details(conversation: Conversation) -> tuple[str, Priority, str]:
    """The changes of `update`."""
    return conversation.subject, conversation.priority, conversation.language


def details_etag(conversation: Conversation) -> str:
    """Changes with what `update` changes, and with nothing else."""
    return hashlib.sha256("\0".join(details(conversation)).encode()).hexdigest()[:16]


def erase(conversation: Conversation, now: datetime) -> Change:
    """Ends a conversation for good: nothing shows any more whose it was, or its subject."""
    silent, turns = _silence(_next(conversation), now)
    after = replace(
        _unassigned(silent, State.CLOSED, now),
        answered_seq=silent.last_customer_seq,
        address=None,
        tags=(),
        subject="",
        language="",
        thread_key="",
        rating_comment="",
        erased=now,
    )
    return Change(conversation, after, turns=turns, facts=(*_retold(turns, after), ConversationErased(after)))


def tag(conversation: Conversation, add: tuple[str, ...], remove: tuple[str, ...], now: datetime) -> Change | None:
    """Adds and removes tags, keeping their order. None when nothing changes. Raises TooManyTags."""
    kept = tuple(tag for tag in dict.fromkeys((*conversation.tags, *add)) if tag not in remove)
    if kept == conversation.tags:
        return None
    if len(kept) > MAX_TAGS:
        raise TooManyTags
    after = replace(_next(conversation), tags=kept, updated=now)
    return Change(conversation, after, facts=(ConversationTagged(after),))


def post(conversation: Conversation, agent: AgentId, content: Content, request_id: str, now: datetime) -> Change:
    """Says something to the customer as the agent who has the conversation."""
    _check(content)
    if conversation.state is State.CLOSED:
        raise ConversationIsClosed(conversation.id)
    if conversation.state is not State.ASSIGNED or conversation.agent != agent:
        raise ConversationNotAssigned(conversation.id, agent)
    _check_carried(conversation.capabilities, content, now)
    after, message = _said(
        replace(_next(conversation), answered_seq=conversation.last_customer_seq),
        Role.AGENT,
        content,
        agent_source(agent, request_id),
        now,
        author=agent,
        author_display_name=conversation.agent_display_name,
        request_id=request_id,
    )
    return Change(conversation, after, (message,), facts=(MessageCreated(after, message),))


def _newest(before: Capabilities | None, told: Capabilities) -> Capabilities:
    """The capabilities by a message that may be older than others: a window that was opened later stays open."""
    if before is None or before.window_closes is None or told.window_closes is None:
        return told
    return replace(told, window_closes=max(before.window_closes, told.window_closes))


def _check_carried(capabilities: Capabilities | None, content: Content, now: datetime) -> None:
    """Raises WindowClosed or PartNotCarried."""
    if capabilities is None:
        return
    if capabilities.window_closes is not None and now >= capabilities.window_closes:
        raise WindowClosed(capabilities.window_closes)
    for part in content.parts:
        if isinstance(part, Attachment) and not capabilities.files:
            raise PartNotCarried("attachment")
        if isinstance(part, Interactive) and len(part.options) > capabilities.max_options:
            raise PartNotCarried("interactive")


def note(
    conversation: Conversation, agent: AgentId, display_name: str, content: Content, request_id: str, now: datetime
) -> Change:
    """Adds a note that only agents see."""
    _check(content)
    after, message = _said(
        _next(conversation),
        Role.AGENT,
        content,
        agent_source(agent, request_id),
        now,
        author=agent,
        author_display_name=display_name,
        request_id=request_id,
        note=True,
    )
    return Change(conversation, after, (message,), facts=(MessageCreated(after, message),))


def agent_source(agent: str, request_id: str) -> str:
    """The key that makes an agent's message unique."""
    return f"agent/{agent}/{request_id}"


def customer_source(channel: str, source_id: str) -> str:
    """The key that makes a customer's message unique."""
    return f"channel/{channel}/{source_id}"


def _said(
    conversation: Conversation, role: Role, content: Content, source: str, now: datetime, **more: object
) -> tuple[Conversation, Message]:
    message = Message(
        id=MessageId(ids.new()),
        seq=conversation.last_seq + 1,
        role=role,
        text=content.words[:MAX_CHARACTERS],
        created=now,
        source=source,
        epoch=conversation.epoch,
        markdown=content.markdown,
        content=content.unless_plain,
        **more,  # type: ignore[arg-type]  # the fields of Message that only some roles have
    )
    return replace(conversation, last_seq=message.seq, updated=now), message


def _check(content: Content) -> None:
    """Raises PartNotAllowed, TextEmpty or TextTooLong for what agents can't say."""
    for part in content.parts:
        if not isinstance(part, _OF_AGENTS):
            raise PartNotAllowed(str(part.__struct_config__.tag))
    if content.is_blank:
        raise TextEmpty
    if len(content.words) > MAX_CHARACTERS:
        raise TextTooLong(MAX_CHARACTERS)


def _next(conversation: Conversation) -> Conversation:
    return replace(conversation, revision=conversation.revision + 1)


def _silence(conversation: Conversation, now: datetime) -> tuple[Conversation, tuple[Turn, ...]]:
    """Cancels the open turn: the assistant's words for it can no longer be committed."""
    if conversation.turn is None:
        return conversation, ()
    cancelled = replace(conversation.turn, state=TurnState.CANCELLED, finished=now)
    return replace(conversation, turn=None), (cancelled,)


def _retold(ended: tuple[Turn, ...], after: Conversation) -> tuple[ConversationFact, ...]:
    return tuple(TurnEnded(after, turn.id, turn.state, turn.attempt) for turn in ended)


def _unassigned(conversation: Conversation, state: State, now: datetime) -> Conversation:
    return replace(
        conversation,
        state=state,
        agent=None,
        agent_display_name="",
        handover_reason="",
        epoch=conversation.epoch + 1,
        updated=now,
    )
