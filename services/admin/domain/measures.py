"""Measurements for reports: core's facts of a conversation are folded into them one after the other.

A measurement is one thing that counts, at the time when it happened. Most stay as they are. Whether the assistant answered a
conversation alone, and how it was rated, can change; such a measurement is dropped and replaced.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, log

ONCE = ""
"""The key of a measurement that a conversation has once."""
GROWTH = 1.05
"""Durations are counted in bins, each this much wider than the one before, so that percentiles are exact to 2.5 %."""


class Measure(StrEnum):
    """The kinds of measurements."""

    STARTED = "started"
    ANSWERED_ALONE = "answered_alone"
    HANDED_OVER = "handed_over"
    CUSTOMER_MESSAGE = "customer_message"
    ASSISTANT_MESSAGE = "assistant_message"
    AGENT_MESSAGE = "agent_message"
    UNANSWERED = "unanswered"
    ASSISTANT_RESPONSE = "assistant_response"
    AGENT_RESPONSE = "agent_response"
    WAITING = "waiting"
    RATING = "rating"
    INPUT_TOKENS = "input_tokens"
    OUTPUT_TOKENS = "output_tokens"
    COST = "cost"


DURATIONS = frozenset({Measure.ASSISTANT_RESPONSE, Measure.AGENT_RESPONSE, Measure.WAITING})
"""Measures whose values are milliseconds."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing that counts."""

    measure: Measure
    key: str
    """Unique among those of the same measure and conversation."""
    at: datetime
    value: int = 0
    """Milliseconds, millionths of a currency, tokens or a score, by its measure."""
    agent: str = ""
    """The agent it is counted for; empty: the assistant, or no one."""

    @property
    def bin(self) -> int:
        """Of a duration, its bin; otherwise 0."""
        return bin_of(self.value) if self.measure in DURATIONS else 0


@dataclass(frozen=True, slots=True)
class Story:
    """The memory of a conversation that is needed to measure its next fact."""

    started: datetime | None = None
    """The customer's first message."""
    responded: bool = False
    """Whether the assistant has responded to the customer's first message."""
    answered: datetime | None = None
    """The assistant's last message, if that was an answer."""
    alone: datetime | None = None
    """When the measurement ANSWERED_ALONE is counted; None: it isn't."""
    handed_over: bool = False
    """Whether a human was ever asked for, or stepped in."""
    waiting: datetime | None = None
    """Since when the customer waits for an agent to take the conversation."""
    asked: datetime | None = None
    """Since when the customer waits for an agent's first words."""
    agent: str = ""
    """The agent that it is or was assigned to; empty after its return to the assistant."""
    rated: bool = False


@dataclass(frozen=True, slots=True)
class CustomerSaid:
    """A message of the customer."""


@dataclass(frozen=True, slots=True)
class AssistantSaid:
    """A message of the assistant."""

    is_answer: bool
    is_notice: bool
    """That no answer comes in time: it responds to nothing."""


@dataclass(frozen=True, slots=True)
class AgentSaid:
    """A message of an agent to the customer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The conversation waits for an agent."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An agent has the conversation."""

    agent: str
    from_agent: bool = False
    """Whether another agent had it before."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The assistant has the conversation again."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The conversation has ended."""


@dataclass(frozen=True, slots=True)
class Rated:
    """The customer's opinion, in place of an earlier one."""

    score: int


@dataclass(frozen=True, slots=True)
class Charged:
    """Model calls took this."""

    input_tokens: int
    output_tokens: int
    micros: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Something else, after which an open message may count as answered."""


Happening = CustomerSaid | AssistantSaid | AgentSaid | Asked | Taken | Returned | Closed | Rated | Charged | Changed


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact of a conversation."""

    what: Happening
    at: datetime
    key: str
    """Of the fact, unique in its organization."""
    is_open: bool | None = None
    """Whether the customer has said something that no one has answered; None: the fact doesn't say."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements that a fact adds to its conversation, and those that it drops before."""

    story: Story
    added: tuple[Measurement, ...] = ()
    dropped: tuple[Measure, ...] = ()
    """Measures with the key ONCE."""


def measure(story: Story, seen: Seen) -> Measured:
    """Measures one more fact of a conversation."""
    after, added, dropped = _measure(story, seen)
    alone = after.answered if after.started and not after.handed_over and seen.is_open is False else None
    if seen.is_open is not None and alone != after.alone:
        dropped += (Measure.ANSWERED_ALONE,) if after.alone else ()
        added += (Measurement(Measure.ANSWERED_ALONE, ONCE, alone),) if alone else ()
        after = replace(after, alone=alone)
    return Measured(after, added, dropped)


_Step = tuple[Story, tuple[Measurement, ...], tuple[Measure, ...]]


def _measure(story: Story, seen: Seen) -> _Step:
    at, key = seen.at, seen.key
    match seen.what:
        case CustomerSaid():
            said = Measurement(Measure.CUSTOMER_MESSAGE, key, at)
            if story.started:
                return story, (said,), ()
            return replace(story, started=at), (said, Measurement(Measure.STARTED, ONCE, at)), ()
        case AssistantSaid() as words:
            return _assistant_said(story, words, at, key)
        case AgentSaid():
            said = Measurement(Measure.AGENT_MESSAGE, key, at, agent=story.agent)
            if story.asked is None:
                return story, (said,), ()
            took = Measurement(Measure.AGENT_RESPONSE, key, at, _milliseconds(at - story.asked), story.agent)
            return replace(story, asked=None), (said, took), ()
        case Asked():
            return replace(story, handed_over=True, waiting=at, asked=at, agent=""), _handed_over(story, at), ()
        case Taken(agent=agent, from_agent=from_agent):
            asked = story.asked or (None if from_agent else at)
            after = replace(story, handed_over=True, waiting=None, asked=asked, agent=agent)
            if story.waiting is None:
                return after, _handed_over(story, at), ()
            waited = Measurement(Measure.WAITING, key, at, _milliseconds(at - story.waiting), agent)
            return after, (*_handed_over(story, at), waited), ()
        case Returned():
            return replace(story, waiting=None, asked=None, agent=""), (), ()
        case Closed():
            return replace(story, waiting=None, asked=None), (), ()
        case Rated(score=score):
            rating = Measurement(Measure.RATING, ONCE, at, score, story.agent)
            return replace(story, rated=True), (rating,), (Measure.RATING,) if story.rated else ()
        case Charged(input_tokens=given, output_tokens=taken, micros=micros):
            values = ((Measure.INPUT_TOKENS, given), (Measure.OUTPUT_TOKENS, taken), (Measure.COST, micros))
            return story, tuple(Measurement(kind, key, at, value) for kind, value in values if value), ()
        case Changed():
            return story, (), ()


def _assistant_said(story: Story, words: AssistantSaid, at: datetime, key: str) -> _Step:
    added = [Measurement(Measure.ASSISTANT_MESSAGE, key, at)]
    if not words.is_answer:
        added.append(Measurement(Measure.UNANSWERED, key, at))
    if story.started and not story.responded and not words.is_notice:
        added.append(Measurement(Measure.ASSISTANT_RESPONSE, ONCE, at, _milliseconds(at - story.started)))
        story = replace(story, responded=True)
    return replace(story, answered=at if words.is_answer else None), tuple(added), ()


def _handed_over(story: Story, at: datetime) -> tuple[Measurement, ...]:
    return () if story.handed_over else (Measurement(Measure.HANDED_OVER, ONCE, at),)


def _milliseconds(duration: timedelta) -> int:
    return max(0, round(duration / timedelta(milliseconds=1)))


def bin_of(milliseconds: int) -> int:
    """The bin of a duration: 0 up to a millisecond."""
    return ceil(log(milliseconds) / log(GROWTH)) if milliseconds > 1 else 0


def duration_of(bin: int) -> timedelta:
    """The middle of a bin."""
    return timedelta(milliseconds=GROWTH ** (bin - 0.5) if bin else 0)
