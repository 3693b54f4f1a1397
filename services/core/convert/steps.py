"""Steps of turns as messages of the contract."""

from collections.abc import Sequence
from datetime import timedelta

from frontdesk.core import v1 as pb
from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import Value

from kit import names
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from services.core import domain
from services.core.app.steps import RebuiltPrompt
from services.core.convert import conversation_name, turn_name
from services.core.convert.money import money_to_pb
from services.core.domain import ConversationId, Ending, Omission, Purpose, StepState, TurnId, TurnStepNotFound
from services.core.domain.contexts import Cut, WhyLeftOut
from services.core.ports.assistant import RenderedMessage

STEP = "organizations/{organization}/conversations/{conversation}/turns/{turn}/steps/{step}"
MAX_NUMBER = 2**31 - 1
_STATES = {
    StepState.DONE: pb.STEP_STATE_DONE,
    StepState.FAILED: pb.STEP_STATE_FAILED,
    StepState.CANCELLED: pb.STEP_STATE_CANCELLED,
}
_OUTCOMES = {
    StepState.DONE: pb.MODEL_CALL_OUTCOME_COMPLETE,
    StepState.FAILED: pb.MODEL_CALL_OUTCOME_FAILED,
    StepState.CANCELLED: pb.MODEL_CALL_OUTCOME_CANCELLED,
}
_PURPOSES = {
    Purpose.REPLY: pb.MODEL_CALL_PURPOSE_REPLY,
    Purpose.WRITE_QUERY: pb.MODEL_CALL_PURPOSE_WRITE_QUERY,
    Purpose.JUDGE_PASSAGES: pb.MODEL_CALL_PURPOSE_JUDGE_PASSAGES,
    Purpose.SUMMARIZE: pb.MODEL_CALL_PURPOSE_SUMMARIZE,
}
_ENDINGS = {
    Ending.TOO_LONG: pb.MODEL_CALL_OUTCOME_TOO_LONG,
    Ending.REFUSED: pb.MODEL_CALL_OUTCOME_REFUSED,
    Ending.SILENT: pb.MODEL_CALL_OUTCOME_FAILED,
}
_OMISSIONS = {
    Omission.BELOW_THRESHOLD: pb.RECALL_OUTCOME_BELOW_THRESHOLD,
    Omission.OVER_BUDGET: pb.RECALL_OUTCOME_OVER_BUDGET,
    Omission.DUPLICATE: pb.RECALL_OUTCOME_DUPLICATE,
}
_LEFT_OUT = {
    WhyLeftOut.OVER_BUDGET: pb.LEFT_OUT_MESSAGES_REASON_OVER_BUDGET,
    WhyLeftOut.TOO_OLD: pb.LEFT_OUT_MESSAGES_REASON_TOO_OLD,
    WhyLeftOut.BEFORE_CUSTOMER: pb.LEFT_OUT_MESSAGES_REASON_BEFORE_CUSTOMER,
}
_ROLES = {"system": pb.PROMPT_ROLE_SYSTEM, "user": pb.PROMPT_ROLE_CUSTOMER, "assistant": pb.PROMPT_ROLE_ASSISTANT}


def parse(name: str) -> tuple[OrganizationId, ConversationId, TurnId, int]:
    """The parts of a step's name. Raises TurnStepNotFound for a step that is no number."""
    ids = names.parse(STEP, name)
    step = ids["step"]
    if not (step.isascii() and step.isdigit() and not step.startswith("0") and int(step) <= MAX_NUMBER):
        raise TurnStepNotFound(step)
    return OrganizationId(ids["organization"]), ConversationId(ids["conversation"]), TurnId(ids["turn"]), int(step)


def step_to_pb(organization: OrganizationId, conversation: ConversationId, step: domain.Step) -> pb.TurnStep:
    """A step."""
    turn = turn_name(organization, conversation, step.turn)
    told = unnamed_step_to_pb(organization, step)
    told.name = f"{turn}/steps/{step.number}"
    if step.recall is not None and step.recall.query_after:
        told.recall.query_step = f"{turn}/steps/{step.number - step.recall.query_after}"
    if (call := step.model_call) is not None:
        if call.after:
            told.model_call.prompt.steps.append(f"{turn}/steps/{step.number - call.after}")
        if (summary := call.summary) is not None:
            of = turn_name(organization, conversation, summary.turn)
            told.model_call.prompt.steps.append(f"{of}/steps/{summary.step}")
            told.model_call.prompt.summary_last_seq = summary.until
        if step.message is not None:
            told.model_call.message = f"{conversation_name(organization, conversation)}/messages/{step.message}"
    return told


def unnamed_step_to_pb(organization: OrganizationId, step: domain.Step) -> pb.TurnStep:
    """A step without its name and those of other steps."""
    told = pb.TurnStep(
        attempt=step.attempt,
        state=_STATES[step.state],
        problem=step.problem,
        create_time=time_to_pb(step.created),
        finish_time=time_to_pb(step.finished),
    )
    if step.recall is not None:
        told.recall.CopyFrom(_recall(step.recall))
    if (call := step.model_call) is not None:
        told.model_call.CopyFrom(_call(organization, call, _ENDINGS.get(call.ending, _OUTCOMES[step.state])))
    return told


def messages_to_pb(messages: Sequence[RenderedMessage], parent: str = "") -> list[pb.PromptMessage]:
    """The messages of a prompt. `parent`: the conversation that they are made of."""
    return [
        pb.PromptMessage(
            role=_ROLES[message.role],
            text=message.text,
            origin=f"{parent}/messages/{message.message}" if message.message else "",
        )
        for message in messages
    ]


def prompt_to_pb(name: str, organization: OrganizationId, conversation: ConversationId, prompt: RebuiltPrompt) -> pb.Prompt:
    """A prompt."""
    parent = conversation_name(organization, conversation)
    return pb.Prompt(
        name=name,
        messages=messages_to_pb(prompt.messages, parent),
        exact=prompt.exact,
        request=prompt.request,
    )


def outcome_to_pb(hit: domain.Hit) -> pb.RecallOutcome:
    """Whether a hit was used, and why not."""
    return pb.RECALL_OUTCOME_USED if hit.used else _OMISSIONS[hit.why_not]


def _recall(recall: domain.Recall) -> pb.Recall:
    return pb.Recall(
        query_seqs=recall.query_seqs,
        knowledge_version=recall.knowledge_version,
        embedding_model=recall.embedding_model,
        degraded=recall.degraded,
        passages=[
            pb.RecallHit(
                name=hit.passage,
                score=hit.score,
                outcome=outcome_to_pb(hit),
            )
            for hit in recall.hits
        ],
    )


def _call(organization: OrganizationId, call: domain.ModelCall, outcome: pb.ModelCallOutcome) -> pb.ModelCall:
    return pb.ModelCall(
        purpose=_PURPOSES[call.purpose],
        model=call.model,
        credential=f"organizations/{organization}/credentials/{call.credential}" if call.credential else "",
        prompt=pb.PromptReference(
            template=call.template,
            setting_versions=[call.settings] if call.settings else [],
            messages=_ranges(call.seqs),
            sha256=bytes.fromhex(call.sha256),
            max_output_tokens=call.max_tokens,
            temperature=call.temperature,
            token_count=call.tokens,
            token_budget=call.budget,
            left_out_messages=[
                pb.LeftOutMessages(
                    messages=pb.SeqRange(first_seq=missing.first, last_seq=missing.last), reason=_LEFT_OUT[missing.why]
                )
                for missing in call.left_out
            ],
            left_out_passages=call.left_out_passages,
            cuts=[_cut(cut) for cut in call.cuts],
        ),
        tokens=pb.TokenUsage(input_tokens=call.input_tokens, output_tokens=call.output_tokens),
        cost=None if call.micros is None else money_to_pb(call.micros),
        first_token_duration=None if call.first_token is None else _duration(call.first_token),
        outcome=outcome,
        attempts=call.attempts,
        output=Value(string_value=call.output) if call.output else None,
    )


def _cut(cut: Cut) -> pb.Cut:
    if cut.passage:
        return pb.Cut(passage=cut.passage, characters=cut.characters)
    return pb.Cut(seq=cut.seq, characters=cut.characters)


def _ranges(seqs: tuple[int, ...]) -> list[pb.SeqRange]:
    """Numbers as ranges, in their order."""
    ranges: list[pb.SeqRange] = []
    for seq in seqs:
        if ranges and ranges[-1].last_seq == seq - 1:
            ranges[-1].last_seq = seq
        else:
            ranges.append(pb.SeqRange(first_seq=seq, last_seq=seq))
    return ranges


def _duration(length: timedelta) -> Duration:
    made = Duration()
    made.FromTimedelta(length)
    return made
