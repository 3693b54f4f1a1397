"""Previews of replies between core's values and the contract."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from frontdesk.core import v1 as pb
from google.protobuf.duration_pb2 import Duration

from kit import names
from kit.access import InvalidRequest
from kit.errors import Unimplemented
from kit.ids import OrganizationId
from services.core.app.model_trials import ModelTrial
from services.core.app.replies import Preview, PreviewStep
from services.core.convert import KINDS, citation_to_pb
from services.core.convert.money import money_to_pb
from services.core.convert.steps import messages_to_pb, outcome_to_pb, unnamed_step_to_pb
from services.core.domain import Hit
from services.core.domain.model_problems import remedy
from services.core.domain.policy import ModelChoice
from services.core.ports.assistant import Findings, Recalled

SETTINGS = ("assistant",)
"""The settings that shape a reply."""


def versions_from_pb(request: pb.PreviewReplyRequest) -> list[str]:
    """The versions of settings to use. Raises InvalidRequest."""
    if request.workflow_versions:
        raise Unimplemented("Workflows are not built yet; leave workflowVersions out.", field="workflowVersions")
    return setting_versions_from_pb(request.setting_versions)


def setting_versions_from_pb(versions: Sequence[str], path: str = "setting_versions") -> list[str]:
    """Versions of settings that shape a reply, one of each; `path` names their field. Raises InvalidRequest."""
    named: set[str] = set()
    for index, version in enumerate(versions):
        setting = names.parse("organizations/{organization}/settings/{setting}/versions/{version}", version)["setting"]
        if setting not in SETTINGS:
            why = f"must be a version of {' or '.join(SETTINGS)}: of {setting}, what is published is used"
            raise InvalidRequest([(f"{path}[{index}]", why)])
        if setting in named:
            raise InvalidRequest([(f"{path}[{index}]", f"must be the only version of {setting}")])
        named.add(setting)
    return list(versions)


def preview_to_pb(organization: OrganizationId, frame: str | Preview) -> Iterator[pb.PreviewReplyResponse]:
    """A piece of text; or the steps, then the last frame."""
    if isinstance(frame, str):
        yield pb.PreviewReplyResponse(text=frame)
        return
    for one in frame.steps:
        yield pb.PreviewReplyResponse(step=_step(organization, one, frame.findings))
    if frame.reply is None:
        yield pb.PreviewReplyResponse(hands_over=frame.hands_over)
        return
    reply = frame.reply
    yield pb.PreviewReplyResponse(
        citations=map(citation_to_pb, reply.citations),
        kind=KINDS[reply.kind],
        hands_over=frame.hands_over,
        assistant=reply.assistant,
        tokens=pb.TokenUsage(input_tokens=reply.input_tokens, output_tokens=reply.output_tokens),
        cost=None if frame.micros is None else money_to_pb(frame.micros),
        first_text_duration=_duration(frame.first_text),
        duration=_duration(frame.whole),
    )


def _step(organization: OrganizationId, one: PreviewStep, findings: Findings) -> pb.PreviewStep:
    told = pb.PreviewStep(step=unnamed_step_to_pb(organization, one.step), prompt=messages_to_pb(one.prompt))
    if one.step.recall is not None:
        found = (*findings.passages, *findings.left_out, *findings.over_budget, *findings.duplicates)
        by_name = {recalled.passage.name: recalled for recalled in found}
        told.passages.extend(_passage(hit, by_name[hit.passage]) for hit in one.step.recall.hits)
    return told


def _passage(hit: Hit, recalled: Recalled) -> pb.PreviewPassage:
    passage = recalled.passage
    return pb.PreviewPassage(
        name=passage.name,
        document_title=passage.title,
        heading=passage.heading,
        uri=passage.uri,
        text=passage.text,
        score=recalled.score,
        dense_score=recalled.similarity,
        lexical_score=recalled.lexical,
        outcome=outcome_to_pb(hit),
    )


def choice_from_pb(request: pb.TestModelRequest) -> ModelChoice | None:
    """The model to try; None: the installation's own."""
    if not request.model:
        return None
    temperature = request.temperature if request.HasField("temperature") else None
    return ModelChoice(request.model, names.last(request.credential), temperature)


def trial_to_pb(trial: ModelTrial) -> pb.TestModelResponse:
    """The result of a trial."""
    if trial.problem is not None:
        return pb.TestModelResponse(problem=f"MODEL_PROBLEM_{trial.problem}", message=remedy(trial.problem))
    return pb.TestModelResponse(
        works=True,
        first_text_duration=_duration(trial.first_text),
        duration=_duration(trial.whole),
        tokens=pb.TokenUsage(input_tokens=trial.usage.input_tokens, output_tokens=trial.usage.output_tokens),
        cost=None if trial.micros is None else money_to_pb(trial.micros),
    )


def _duration(length: timedelta) -> Duration:
    made = Duration()
    made.FromTimedelta(length)
    return made
